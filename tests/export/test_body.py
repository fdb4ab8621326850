"""Edits on the clean fragment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newscrawl.export import body
from newscrawl.export.body import checked, for_kramdown, paragraph, with_image_policy
from newscrawl.export.posts import Reason, Withheld


def test_J6_every_pair_of_full_width_spaces_goes() -> None:
    assert for_kramdown("<p>　　甲　乙　　丙　　　</p>") == "<p>甲　乙丙　</p>"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>a<br>\n　　\nb</p>", "<p>a<br>\nb</p>"),
        ("<p>a</p>\n　　 \n <p>b</p>", "<p>a</p>\n <p>b</p>"),
        ("<pre>a\n　　\nb</pre>", "<pre>a\n&#10;b</pre>"),
        ("<pre>a\n　　\n　　\nb</pre>", "<pre>a\n&#10;&#10;b</pre>"),
        ("<pre>　　\nb</pre>", "<pre>\n&#10;b</pre>"),
        ("<pre>　　\n&#10;b</pre>", "<pre>\n&#10;&#10;b</pre>"),
        ("<pre>\n&#10;　　\nb</pre>", "<pre>\n&#10;\nb</pre>"),
        ("<pre><b>　　\n</b>x　　\n \ny</pre>", "<pre><b>\n</b>x\n &#10;y</pre>"),
        ("<p>`　　``</p>", "<p>&#96;&#96;&#96;</p>"),
        (
            "<p>a</p>\t<p>b</p>    <pre>\tc</pre> \t<p>d\te</p>",
            "<p>a</p> <p>b</p> <pre>\tc</pre> <p>d\te</p>",
        ),
        ("<p>~~　　~~</p>", "<p>&#126;&#126;&#126;&#126;</p>"),
    ],
)
def test_B4_B5_hold_when_the_indents_are_gone(fragment: str, expected: str) -> None:
    written = for_kramdown(fragment)
    assert written == expected
    assert checked(written) == expected
    text = LexborHTMLParser(fragment).text().replace("　　", "")
    assert LexborHTMLParser(written).text().split() == text.split()


def test_B8_images() -> None:
    assert with_image_policy('<img src="a" alt="">') == (
        '<img src="a" alt referrerpolicy="no-referrer">'
    )
    assert with_image_policy('<p><img alt="" src="a"><img src="b" alt=" alt="></p>') == (
        '<p><img alt src="a" referrerpolicy="no-referrer">'
        '<img src="b" alt=" alt=" referrerpolicy="no-referrer"></p>'
    )
    assert with_image_policy('<img referrerpolicy="origin" src="a">') == (
        '<img src="a" referrerpolicy="no-referrer">'
    )


def test_B3_credits_are_text() -> None:
    assert paragraph('甲<b>&{{x}}"`~~~', "em_media") == (
        '<p class="em_media">甲&lt;b&gt;&amp;&#123;&#123;x&#125;&#125;"`&#126;&#126;&#126;</p>'
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "<p>{{ x }}</p>",
        "<p>{% raw %}</p>",
        '<p title="}">a</p>',
        "<p>a</p>\n \t\n<p>b</p>",
        "\n<p>a</p>",
        "<p>```</p>",
        "<p>~~~</p>",
        "<p>a<!-- more --></p>",
        "<p>\ufffc</p>",
        "<p>\x00</p>",
        "<SCRIPT>1</SCRIPT>",
        "<p>a\r\nb</p>",
    ],
)
def test_C5_a_body_that_could_end_the_build_is_withheld(fragment: str) -> None:
    with pytest.raises(Withheld) as end:
        checked(fragment)
    assert end.value.reason is Reason.UNSAFE_BODY


_PIECES = [
    *("　　", "　", "<p>", "</p>", "\n", " ", "\t", "`", "``", "~~~", "{", "<!", "<?", "示"),
    *("<script>", "<ſcript ", "<scrıpt ", "<ıframe>", "<STYLE>", "<prefix>", "<pre>", "</pre>"),
    *("\ufffc", "\x7f", "\r", "\n\n", "<示!", '<img src="a" alt="">', "é", "A"),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_C5_B5_a_quick_look_at_the_ascii_characters_finds_all_that_the_whole_text_has(
    fragment: str,
) -> None:
    try:
        passed = checked(fragment) == fragment
    except Withheld:
        passed = False
    assert passed is not body._is_unsafe(fragment)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body, "_PERHAPS_UNEVEN", re.compile(b""))  # so that nothing is passed over
        slow = for_kramdown(fragment)
    assert for_kramdown(fragment) == slow
