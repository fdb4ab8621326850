"""Posts for Hexo, in the form of the feed site (document-format §4)."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime
from pathlib import PurePosixPath
from typing import ClassVar

from newscrawl.cleaning.text import plain
from newscrawl.config import PICSUM, Config
from newscrawl.export.body import INDENT, checked, paragraph, with_image_policy
from newscrawl.export.front_matter import (
    ExactHandler,
    Style,
    dashed_list,
    plain_or_single,
    single_quoted,
)
from newscrawl.export.posts import Post, Record, SlugOf
from newscrawl.export.urls import encoded

_STOCK_PICTURES = 9999


class _Handler(ExactHandler):
    styles: ClassVar[Mapping[str, Style]] = {
        "title": single_quoted,
        "categories": dashed_list,
        "headimg": single_quoted,
        "author": plain_or_single,
        "comments": str,
        "date": str,
        "thumbnail": single_quoted,
    }
    layout: ClassVar[str] = "\n---\n{metadata}---\n\n<div>   \n{content}  \n</div>\n            "


class Hexo:
    """The ``hexo`` dialect: posts in ``source/_posts/``."""

    name: ClassVar[str] = "hexo"
    version: ClassVar[int] = 1
    folder: ClassVar[PurePosixPath] = PurePosixPath("source", "_posts")
    page_folders: ClassVar[tuple[PurePosixPath, ...]] = ()
    suffix: ClassVar[str] = ".md"

    def __init__(self, config: Config, slug_of: SlugOf) -> None:
        """The form of these posts depends on neither configuration nor slugs."""

    def render(self, record: Record) -> Post:
        """Return the post (X1 to X8); raise ``Withheld``."""
        place = record.place
        picture = _head_image(record)
        text = _Handler.write(
            _text(record),
            title=record.title,
            categories=(place.group, place.site, place.feed),
            headimg=picture,
            author=place.site,
            comments="false",
            date=format_datetime(record.when.astimezone(UTC), usegmt=True),
            thumbnail=picture,
        )
        return Post(text)


def _text(record: Record) -> str:
    """Return the article with the lines that the publisher sets around it."""
    original_title = plain(record.article.original_title or "")
    editor = plain(record.article.editor or "")
    lines = [
        paragraph(f"{INDENT}原标题：{original_title}") if original_title else "",
        with_image_policy(checked(record.body)),
        paragraph(f"责任编辑：{editor} ", "article-editor") if editor else "",
    ]
    return "\n".join(filter(None, lines))


def _head_image(record: Record) -> str:
    """Return the first picture of the body, else one of the stock pictures (X5).

    Which stock picture follows from the article, so that a second export is the same.
    """
    for image in record.article.images:
        if image.url.startswith(("http://", "https://")):
            return encoded(image.url).replace("'", "%27")
    return f"{PICSUM}{int(record.article.url_hash or '0', 16) % _STOCK_PICTURES + 1}"
