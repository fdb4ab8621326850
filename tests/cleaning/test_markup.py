"""Pages that a tree builder would work on for minutes are refused at once."""

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.markup import PLAIN_TREE, check_markup
from newscrawl.outcomes import Failed

NAMES = [f"a{number}" for number in range(100_000)]
ATTRIBUTES = " ".join(f"{name}=x" for name in NAMES)


def _valued(value: str) -> str:
    return "".join(f'{name}="{value}"' for name in NAMES)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<p {ATTRIBUTES}>甲</p>", id="H57 attributes"),
        pytest.param(f"<p {ATTRIBUTES}", id="H57 never closed"),
        pytest.param("<div>" * 30_000 + "甲", id="H55 nesting"),
        pytest.param("<DIV></span>" * 30_000 + "甲", id="H55 nesting that looks balanced"),
        pytest.param("<b>甲<p>" * 15_000, id="H55 formatting"),
        pytest.param("<div><!--</div>-->" * 30_000 + "甲", id="H55 end tags in comments"),
        pytest.param("<div title='</div>'>" * 30_000 + "甲", id="H55 end tags in values"),
        pytest.param("<div><script></div></script>" * 30_000, id="H55 end tags in scripts"),
        pytest.param("<div><table></div></table>" * 30_000, id="H55 end tags out of scope"),
        pytest.param("<b><div></b>" * 30_000, id="H55 end tags of formatting"),
        pytest.param("<" * 600_000, id="H55 tags that are none"),
        pytest.param("<span>" * 9_000 + "<li>甲" * 200_000, id="H55 many tags in the deep"),
        pytest.param("<select>" + "<option>甲" * 30_000, id="H55 options"),
        pytest.param(
            "<p>" + "".join(f"<b a={n}>" for n in range(1_000)) + "</p>" + "<p>甲</p>" * 4_000,
            id="H55 formatting that every paragraph repeats",
        ),
        pytest.param(f"<p {'/'.join(NAMES)}>甲</p>", id="H57 slashes"),
        pytest.param(f"<p {_valued('')}>甲</p>", id="H57 quotes"),
        pytest.param(f"<p {_valued('>')}>甲</p>", id="H57 values with ends"),
        pytest.param(f"<p {_valued('<b>')}>甲</p>", id="H57 values like markup"),
    ],
)
def test_H55_H57_hostile_markup_is_refused(html: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Failed, match=r"^extract: "):
        check_markup(html)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>" + "甲" * 100_000,
        "<li>甲<p>乙" * 50_000,
        "<div>甲</div>" * 50_000,
        f'<p title="{ATTRIBUTES.replace(" ", "")}">甲</p>',
        "<script>" + "if (a < b) { c = d } " * 20_000 + "</script>",
        '<script type="application/json">' + '{"a": "b", "c": 1} ' * 50_000 + "</script>",
        "<p><font color=red>甲\n" * 4_000,
        "<i class=icon></i>" * 5_000,
        "<svg><path d='M0'/></svg><b>甲</b>" * 10_000,
        "<a href='/a'>甲</a><!-- </div> --><br>" * 20_000,
    ],
)
def test_large_pages_are_not(html: str) -> None:
    check_markup(html)


def test_a_tree_holds_what_the_page_says_and_no_copies() -> None:
    html = "<select><selectedcontent></selectedcontent><option>甲</option></select>" * 2
    assert LexborHTMLParser(html).text().count("甲") == 4
    assert LexborHTMLParser(html, options=PLAIN_TREE).text().count("甲") == 2
