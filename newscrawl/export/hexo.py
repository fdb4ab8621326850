"""Posts for Hexo, in the form of the feed site (document-format §4)."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import ClassVar

from newscrawl.config import PICSUM
from newscrawl.export.body import first_picture, with_credits
from newscrawl.export.front_matter import (
    ExactHandler,
    Style,
    dashed_list,
    plain_or_single,
    single_quoted,
)
from newscrawl.export.posts import Dialect, Post, Record

_STOCK_PICTURES = 9999
_listed = lru_cache(maxsize=1024)(dashed_list)
"""Of categories, of which there are far fewer than posts."""


class _Handler(ExactHandler):
    styles: ClassVar[Mapping[str, Style]] = {
        "title": single_quoted,
        "categories": _listed,
        "headimg": single_quoted,
        "author": plain_or_single,
        "comments": str,
        "date": str,
        "thumbnail": single_quoted,
    }
    around: ClassVar[tuple[str, str, str]] = (
        "\n---\n",
        "---\n\n<div>   \n",
        "  \n</div>\n            ",
    )


class Hexo(Dialect):
    """The ``hexo`` dialect: posts in ``source/_posts/``."""

    name: ClassVar[str] = "hexo"
    version: ClassVar[int] = 1
    folder: ClassVar[PurePosixPath] = PurePosixPath("source", "_posts")
    image_folder: ClassVar[PurePosixPath | None] = PurePosixPath("source", "images")
    suffix: ClassVar[str] = ".md"

    def render(self, record: Record) -> Post:
        """Return the post (X1 to X8); raise ``Withheld``."""
        place = record.place
        picture = _head_image(record)
        text = _Handler.write(
            with_credits(record),
            title=record.title,
            categories=(place.group, place.site, place.feed),
            headimg=picture,
            author=place.site,
            comments="false",
            date=format_datetime(record.when.astimezone(UTC), usegmt=True),
            thumbnail=picture,
        )
        return Post(text)


def _head_image(record: Record) -> str:
    """Return the first picture of the body, else one of the stock pictures (X5).

    Which stock picture follows from the article, so that a second export is the same; an
    imported post keeps the one that it had.
    """
    picture = first_picture(record)
    if picture:
        return picture.replace("'", "%27")
    had = record.article.lead_image or ""
    if had.startswith(PICSUM) and had.removeprefix(PICSUM).isdecimal():
        return had
    return f"{PICSUM}{int(record.article.url_hash or '0', 16) % _STOCK_PICTURES + 1}"
