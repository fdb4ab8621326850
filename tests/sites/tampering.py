"""A built page with one thing changed, to see that the comparison tells it."""

from collections.abc import Callable, Mapping

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString


def tampered(soup: BeautifulSoup, what: str) -> str:
    """Return a page as HTML after the change of one property; ``soup`` stays as it is."""
    copy = BeautifulSoup(str(soup), "html.parser")
    TAMPERED[what](copy)
    return str(copy)


def _one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found, selector
    return found


def _replace(selector: str, old: str, new: str) -> Callable[[BeautifulSoup], None]:
    def change(soup: BeautifulSoup) -> None:
        text = next(
            node
            for tag in soup.select(selector)
            for node in tag.find_all(string=True)
            if old in node
        )
        text.replace_with(NavigableString(text.replace(old, new, 1)))

    return change


def _add_term(kind: str) -> Callable[[BeautifulSoup], None]:
    def change(soup: BeautifulSoup) -> None:
        term = soup.new_tag("li")
        term.string = "乙"
        _one(soup, f"article > ul.{kind}").append(term)

    return change


def _lead_away(selector: str, attribute: str) -> Callable[[BeautifulSoup], None]:
    def change(soup: BeautifulSoup) -> None:
        tag = _one(soup, selector)
        tag[attribute] = f"{tag[attribute]}?x"

    return change


def _rename(soup: BeautifulSoup) -> None:
    _one(soup, ".content b").name = "i"


TAMPERED: Mapping[str, Callable[[BeautifulSoup], None]] = {
    "title": _replace("article > h1", "篇", "编"),
    "date": _replace("article > time", "+0800", "+0000"),
    "categories": _add_term("categories"),
    "tags": _add_term("tags"),
    "text": _replace(".content p", "甲", "乙"),
    "elements": _rename,
    "links": _lead_away(".content a", "href"),
    "images": _lead_away(".content img", "src"),
    "preformatted": _replace(".content pre", "\n", "\n\n"),
}
"""Property -> the change of a page that has something of everything (the corpus's first)."""
