"""Posts for Hugo (document-format §5): HTML, which it passes through as it stands."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import ClassVar

from newscrawl.cleaning.text import plain
from newscrawl.export.body import first_picture, with_credits
from newscrawl.export.front_matter import ExactHandler, Style, double_list, double_quoted
from newscrawl.export.posts import Dialect, Post, Record
from newscrawl.export.urls import encoded

_MOST_TAGS = 20
_LONGEST_TERM = 80
"""Bytes: a category or tag is a folder of the built site; 255, some of them escaped, end it."""
_listed = lru_cache(maxsize=1024)(double_list)
"""Of categories and tags, of which there are far fewer than posts."""


class _Handler(ExactHandler):
    styles: ClassVar[Mapping[str, Style]] = {
        "title": double_quoted,
        "date": str,
        "categories": _listed,
        "tags": _listed,
        "author": double_quoted,
        "images": double_list,
        "source": double_quoted,
    }
    around: ClassVar[tuple[str, str, str]] = ("---\n", "---\n", "\n")


class Hugo(Dialect):
    """The ``hugo`` dialect: posts in ``content/posts/``."""

    name: ClassVar[str] = "hugo"
    version: ClassVar[int] = 1
    folder: ClassVar[PurePosixPath] = PurePosixPath("content", "posts")
    image_folder: ClassVar[PurePosixPath | None] = PurePosixPath("static", "images")
    suffix: ClassVar[str] = ".html"

    def file_name(self, when: datetime, post_id: str) -> str:
        """Return the name in lower case, as Hugo will have the address (H2)."""
        return super().file_name(when, post_id).lower()

    def render(self, record: Record) -> Post:
        """Return the post (H1 to H4); raise ``Withheld``."""
        place, picture = record.place, first_picture(record)
        text = _Handler.write(
            with_credits(record),
            title=record.title,
            date=record.when.isoformat(timespec="seconds"),
            categories=_terms((place.group, place.site, place.feed)),
            tags=_terms((record.media, *record.article.keywords))[:_MOST_TAGS],
            author=plain(record.article.author or "") or record.media,
            images=(picture,) if picture else (),
            source=encoded(record.url),
        )
        return Post(text)


@lru_cache(maxsize=1024)
def _terms(names: tuple[object, ...]) -> tuple[str, ...]:
    """Return names as categories or tags: words, each once, in their order (H107).

    Each is a folder of the built site. So a ``/`` is written full-width (``../posts`` would
    be another list's folder), a long name is cut, and what holds no letter or digit is none.
    """
    found: dict[str, str] = {}
    for name in names:
        text = plain(name).replace("/", "／") if isinstance(name, str) else ""
        term = text.encode("utf-8")[:_LONGEST_TERM].decode("utf-8", "ignore").rstrip()
        if any(map(str.isalnum, term)):
            found.setdefault(term.casefold(), term)
    return tuple(found.values())
