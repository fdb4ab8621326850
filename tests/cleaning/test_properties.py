"""What holds for every body, whatever a publisher wrote."""

import re
from typing import Any
from unittest.mock import patch

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.body import clean_fragment
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.writer import Writer

URL = "https://news.example.com/2026/a.html"
NOISE = Noise(drop_text=("x",), drop_edges=("甲",), unwrap=(".u",), drop=(".d",))

_TAG_NAMES = (
    "p div span b strong a i table thead tr td th caption ul li ol dl dt dd h1 h2 pre "
    "blockquote br hr img ruby rt rp section font o:p center figure figcaption form button "
    "object select svg math title textarea script style template noscript iframe video sup "
    "marquee nobr details summary address menu fieldset html body head frameset colgroup "
    "col em xmp plaintext "
)
ATTRIBUTES = [
    "",
    ' class="u"',
    " class='d x'",
    " href='/a b?c={}'",
    " src=//i.example.com/x.png",
    " data-src='u/v.jpg'",
    " style='display:none'",
    " hidden",
    " onclick=x",
    " href='java\tscript:1'",
    " title='a\n\nb\"<>`{{'",
    " width=1",
    " align=center",
    " colspan=2",
    " alt",
]
_TEXTS = (
    "甲 x {{x}} {%y%} ``` ~~~ &lt;b&gt; & < > ' \" * --> <!-- <!--c--> <![CDATA[x]]> </ "
    "&#10; &nbsp; &#x2028; &#65532;"
)
_SPACES = ("\n", " ", "\n\n", "\t", "\u3000", "\xa0", "\r\n", "\x0b", "\ufeff")

MARKUP = st.lists(
    st.one_of(
        st.sampled_from([*_TEXTS.split(), *_SPACES]),
        st.builds(
            "<{}{}>".format, st.sampled_from(_TAG_NAMES.split()), st.sampled_from(ATTRIBUTES)
        ),
        st.builds("</{}>".format, st.sampled_from(_TAG_NAMES.split())),
        st.text(max_size=4),
    ),
    max_size=50,
).map("".join)


def tree(html: str) -> list[Any]:
    """Return the tree that Python's own lax parser reads, as nested lists."""

    def read(parent: Tag) -> list[Any]:
        return [
            str(child)
            if isinstance(child, NavigableString)
            else [child.name, dict(child.attrs), read(child)]
            for child in parent.children
            if isinstance(child, NavigableString | Tag)
        ]

    return read(BeautifulSoup(html, "html.parser"))


@settings(max_examples=400, deadline=None)
@given(MARKUP)
def test_H96_what_comes_out_is_clean_and_stays_so(source: str) -> None:
    body = clean_fragment(source, base_url=URL, noise=NOISE)
    html = body.html

    assert clean_fragment(html, base_url=URL, noise=NOISE) == body, "not idempotent"
    assert not re.search(r"[{}\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffc]", html)
    assert not re.search(r"^[ \t]*$", html, re.MULTILINE) or not html, "blank line"
    assert "```" not in html
    assert "~~~" not in html
    assert html == html.strip(" \t\n")

    document = BeautifulSoup(html, "html.parser")
    assert not document.find_all(
        ["script", "style", "iframe", "svg", "math", "form", "template", "font", "o:p", "title"]
    )
    for element in document.find_all(True):
        assert set(element.attrs) <= {"class", "title", "href", "src", "alt", "align", "colspan"}
        assert len(list(element.parents)) <= 64
        for name in ("href", "src"):
            assert str(element.get(name, "https://")).startswith(("http://", "https://"))
    for child in document.children:
        assert isinstance(child, Tag) or not str(child).strip(" \t\n"), "text outside blocks"


@settings(max_examples=200, deadline=None)
@given(MARKUP.filter(lambda source: "<pre" not in source))
def test_two_independent_parsers_read_the_same_tree(source: str) -> None:
    html = clean_fragment(source, base_url=URL, noise=NOISE).html
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{html}").body
    assert body is not None
    assert tree(body.inner_html or "") == tree(html)


_PARAGRAPHS = st.builds(
    "<p{}>{}</p>".format,
    st.sampled_from(ATTRIBUTES),
    st.sampled_from(["甲", "x", " 甲 x ", "　　乙\n丙", "甲&amp;乙", "{{x}}", " ", "", "丙x丁"]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(_PARAGRAPHS, MARKUP), max_size=12).map("\n".join))
def test_a_plain_paragraph_is_written_as_it_would_be_step_by_step(source: str) -> None:
    body = clean_fragment(source, base_url=URL, noise=NOISE)
    with patch.object(Writer, "add_paragraph", return_value=False):
        assert clean_fragment(source, base_url=URL, noise=NOISE) == body
