"""One engine for the selectors of all trees finds what each tree's own would."""

import sys

import pytest
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from newscrawl.cleaning.selecting import select, select_first

PAGES = (
    "<div id=a class='x Y'><p class=x>甲<b>乙</b></p></div><p id=A title='&#120;'>丙</p>",
    "<!DOCTYPE html><body><div id=a class='x Y'><p class=X>甲</p><template><p>丁</p></template>",
    "",
)
SELECTORS = ("p", ".x", "#a", "div > p, b", "html:has(b) p", '[title*="x" i]', "p:not(.x)", "u")


@pytest.mark.parametrize("css", SELECTORS)
def test_the_same_elements_are_found_as_by_the_engine_of_the_tree(css: str) -> None:
    trees = [LexborHTMLParser(page) for page in PAGES]
    for tree in (*trees, *trees):  # in turn: nothing of one tree is left for the next
        for start in (tree.root, tree.body):
            assert start is not None
            found = [node.mem_id for node in select(css, start)]
            assert found == [node.mem_id for node in start.css(css)]
            first = select_first(css, start)
            assert (first and first.mem_id) == (found[0] if found else None)


def test_what_is_no_selector_is_refused_and_does_no_harm() -> None:
    root = LexborHTMLParser("<p>甲</p>").root
    assert root is not None
    with pytest.raises(SelectolaxError):
        select("p[", root)
    assert [node.text() for node in select("p", root)] == ["甲"]


def test_no_tree_stays_alive_by_what_was_looked_for_in_it() -> None:
    tree = LexborHTMLParser("<p>甲</p><p>乙</p>")
    before = sys.getrefcount(tree)
    root = tree.root
    assert root is not None
    select("p", root)
    select_first("p", root)
    del root
    assert sys.getrefcount(tree) == before
