"""Built pages, read back by an independent reader: what a visitor sees."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bs4 import BeautifulSoup, Tag

_SHOWN_ATTRIBUTES = ("href", "src", "alt", "title")
_ASCII_SPACE = re.compile(r"[ \t\n\f\r]+")


@dataclass(frozen=True)
class Shown:
    """A piece of HTML as shown: its text nodes, its elements in order, its preformatted text."""

    texts: tuple[str, ...]
    elements: tuple[tuple[str, ...], ...]
    preformatted: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The page of one post. name: file name of the post; address: path of the page."""

    name: str
    address: str
    title: str
    time: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    content: Tag
    soup: BeautifulSoup


def read_pages(output: Path) -> list[Page]:
    """Return all pages below ``output`` that show a post."""
    pages = []
    for file in sorted(output.rglob("*.html")):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        article = soup.find("article")
        if isinstance(article, Tag):
            pages.append(_read(article, soup, str(file.relative_to(output))))
    return pages


def show(html: str | Tag, without: str = "") -> Shown:
    """Return what a fragment shows; attributes only where they have a value.

    without: characters to leave out of all that is shown.
    """
    root = BeautifulSoup(html, "html.parser") if isinstance(html, str) else html
    elements = tuple(
        (
            tag.name,
            *(
                f"{name}={value}"
                for name in _SHOWN_ATTRIBUTES
                if (value := _one(tag, name).replace(without, ""))
            ),
        )
        for tag in root.find_all(True)
    )
    preformatted = tuple(
        tag.get_text().removeprefix("\n").replace(without, "") for tag in root.find_all("pre")
    )
    folded = (fold(node.replace(without, "")) for node in root.strings)
    return Shown(tuple(text for text in folded if text.strip(" ")), elements, preformatted)


def fold(text: str) -> str:
    """Return text with its white space as a browser shows it."""
    return _ASCII_SPACE.sub(" ", text)


def _one(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _read(article: Tag, soup: BeautifulSoup, address: str) -> Page:
    def texts(selector: str) -> tuple[str, ...]:
        return tuple(tag.get_text() for tag in article.select(selector))

    (title,), (time,) = texts("h1"), texts("time")
    content = article.select_one("div.content")
    assert content is not None
    return Page(
        name=PurePosixPath(_one(article, "data-path")).name,
        address=address,
        title=title,
        time=time,
        categories=texts("ul.categories li"),
        tags=texts("ul.tags li"),
        content=content,
        soup=soup,
    )
