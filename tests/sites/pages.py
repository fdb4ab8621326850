"""Built pages, read back by an independent reader: what a visitor sees."""

import re
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

from bs4 import BeautifulSoup, Tag

_ASCII_SPACE = re.compile(r"[ \t\n\f\r]+")
_TARGETS = ("href", "src")
_ADDED = ("referrerpolicy", "rel", "target")
"""Not the article's: of the dialect (B8, tested by itself), and of Hexo's default settings."""


@dataclass(frozen=True)
class Shown:
    """A piece of HTML as shown: the parts of which each must be as the publisher wrote it.

    text: its text nodes. elements: in order, each with its attributes but for where it leads.
    links, images: where these lead, in order. preformatted: the text of each, to the space.
    """

    text: tuple[str, ...]
    elements: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]
    images: tuple[str, ...]
    preformatted: tuple[str, ...]


@dataclass(frozen=True)
class Post:
    """What the page of one post must show."""

    title: str
    date: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    content: Shown


@dataclass(frozen=True)
class Page:
    """The page of one post. name: file name of the post; address: path of the page."""

    name: str
    address: str
    title: str
    date: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    content: Tag
    soup: BeautifulSoup

    @property
    def post(self) -> Post:
        """What it shows."""
        return Post(self.title, self.date, self.categories, self.tags, show(self.content))


PROPERTIES = (
    *(each.name for each in fields(Post) if each.name != "content"),
    *(each.name for each in fields(Shown)),
)
"""All that is compared."""


def differences(found: Post, expected: Post) -> dict[str, tuple[object, object]]:
    """Return what is not as expected: property -> what was found, what was expected."""
    pairs = {name: (_property(found, name), _property(expected, name)) for name in PROPERTIES}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def read_pages(output: Path) -> list[Page]:
    """Return all pages below ``output`` that show a post."""
    pages = (
        read_page(file.read_text(encoding="utf-8"), str(file.relative_to(output)))
        for file in sorted(output.rglob("*.html"))
    )
    return [page for page in pages if page]


def read_page(html: str, address: str) -> Page | None:
    """Return the page of a post; None for a page of another kind."""
    soup = BeautifulSoup(html, "html.parser")
    article = soup.find("article")
    return _read(article, soup, address) if isinstance(article, Tag) else None


def show(html: str | Tag, without: str = "") -> Shown:
    """Return what a fragment shows; attributes only where they have a value.

    without: characters to leave out of all that is shown.
    """
    root = BeautifulSoup(html, "html.parser") if isinstance(html, str) else html

    def written(tag: Tag, name: str) -> str:
        return _one(tag, name).replace(without, "")

    def targets(tag: str, name: str) -> tuple[str, ...]:
        return tuple(written(each, name) for each in root.find_all(tag))

    elements = tuple(
        (
            tag.name,
            *(
                f"{name}={value}"
                for name in sorted(tag.attrs)
                if name not in (*_TARGETS, *_ADDED) and (value := written(tag, name))
            ),
        )
        for tag in root.find_all(True)
    )
    preformatted = tuple(
        tag.get_text().removeprefix("\n").replace(without, "") for tag in root.find_all("pre")
    )
    folded = (fold(node.replace(without, "")) for node in root.strings)
    text = tuple(node for node in folded if node.strip(" "))
    return Shown(text, elements, targets("a", "href"), targets("img", "src"), preformatted)


def fold(text: str) -> str:
    """Return text with its white space as a browser shows it."""
    return _ASCII_SPACE.sub(" ", text)


def _property(post: Post, name: str) -> object:
    return getattr(post if hasattr(post, name) else post.content, name)


def _one(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _read(article: Tag, soup: BeautifulSoup, address: str) -> Page:
    def texts(selector: str) -> tuple[str, ...]:
        # Children only: a body may have headings, times and lists of its own.
        return tuple(tag.get_text() for tag in article.select(f":scope > {selector}"))

    (title,), (date,) = texts("h1"), texts("time")
    content = article.select_one(":scope > div.content")
    assert content is not None
    return Page(
        name=PurePosixPath(_one(article, "data-path")).name,
        address=address,
        title=title,
        date=date,
        categories=texts("ul.categories > li"),
        tags=texts("ul.tags > li"),
        content=content,
        soup=soup,
    )
