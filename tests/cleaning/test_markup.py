"""Pages that a tree builder would work on for minutes are refused at once."""

import time

import pytest

from newscrawl.cleaning.markup import check_markup
from newscrawl.outcomes import Failed

ATTRIBUTES = " ".join(f"a{number}=x" for number in range(100_000))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<p {ATTRIBUTES}>甲</p>", id="H57 attributes"),
        pytest.param(f"<p {ATTRIBUTES}", id="H57 never closed"),
        pytest.param("<div>" * 30_000 + "甲", id="H55 nesting"),
        pytest.param("<DIV></span>" * 30_000 + "甲", id="H55 nesting that looks balanced"),
        pytest.param("<b>甲<p>" * 15_000, id="H55 formatting"),
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
    ],
)
def test_large_pages_are_not(html: str) -> None:
    check_markup(html)
