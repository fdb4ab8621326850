"""Posts for Jekyll, in the form of the finews site (document-format §3)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import ClassVar
from urllib.parse import urlsplit

from newscrawl.cleaning.text import plain
from newscrawl.config import Config
from newscrawl.export import markdown
from newscrawl.export.body import for_kramdown, fragment_of, paragraph
from newscrawl.export.front_matter import (
    ExactHandler,
    Style,
    double_quoted,
    plain_or_double,
    word_or_list,
)
from newscrawl.export.posts import Dialect, File, Post, Reason, Record, SlugOf, Withheld
from newscrawl.export.slugs import slug
from newscrawl.export.urls import encoded

_SHARE_PAGE = "/html_News/NewsShare.html"
_shown = lru_cache(maxsize=1024)(markdown.inline)
"""Of labels, of which there are far fewer than posts."""
_LEADING_TITLE = re.compile(r"\A【[^】]*】\s*")


class _PostHandler(ExactHandler):
    styles: ClassVar[Mapping[str, Style]] = {
        "layout": str,
        "title": double_quoted,
        "date": str,
        "categories": word_or_list,
        "tags": word_or_list,
    }
    around: ClassVar[tuple[str, str, str]] = ("---\n", "---\n", "")


class _CategoryHandler(ExactHandler):
    styles: ClassVar[Mapping[str, Style]] = {
        "layout": str,
        "title": plain_or_double,
        "category": plain_or_double,
    }
    around: ClassVar[tuple[str, str, str]] = ("---\n", "---", "")


class Jekyll(Dialect):
    """The ``jekyll`` dialect: posts in ``_posts/``, one page a slug in ``category/``."""

    name: ClassVar[str] = "jekyll"
    version: ClassVar[int] = 1
    folder: ClassVar[PurePosixPath] = PurePosixPath("_posts")
    image_folder: ClassVar[PurePosixPath | None] = PurePosixPath("images")
    page_folders: ClassVar[tuple[PurePosixPath, ...]] = (PurePosixPath("category"),)
    suffix: ClassVar[str] = ".md"

    def __init__(self, config: Config, slug_of: SlugOf) -> None:
        self._site = config.site
        self._overrides = config.slugs
        self._slug_of = slug_of

    def render(self, record: Record) -> Post:
        """Return the post and its category page (J1 to J10); raise ``Withheld``.

        A post without the address of its article is none of this form (J7).
        """
        if not record.url:
            raise Withheld(Reason.NO_ADDRESS)
        place = record.place
        flash = bool(place.channel_slug and place.channel_label)
        if flash:
            label = place.channel_label or ""
            category = self._slug_of(label, place.channel_slug or "")
            href = f"{self._site.base}/{category}/"
        else:
            label = f"{record.media}新闻"
            wanted = slug(self._overrides.get(record.media, record.media))
            category = self._slug_of(record.media, wanted)
            href = f"{self._site.base}/category/{category}.html"
        blocks = [
            *self._text(record, flash=flash),
            f"<{self._address(record.url)}>",
            f"[返回{_shown(label)}]({href})｜[返回首页]({self._site.base}/)",
        ]
        text = _PostHandler.write(
            "\n\n".join(blocks),
            layout="post",
            title=record.title,
            date=f"{record.when.isoformat(' ', 'seconds')[:19]} +0800",
            categories=category,
            tags=label,
        )
        return Post(text, (_category_page(label, category),))

    def _text(self, record: Record, *, flash: bool) -> list[str]:
        """Return the digest of flash news and the article, whichever there are (J5, J6)."""
        digest = _digest(record.article.summary or "") if flash else ""
        body = for_kramdown(fragment_of(record))
        media = plain(record.article.media or "")
        if media:
            body += paragraph(f"（文章来源：{media}）", "em_media")
        if not digest:
            return [body]
        quoted = f"> {markdown.line(digest)}"
        if _digest(record.article.body_text or "") == digest:
            return [quoted]
        return [quoted, body]

    def _address(self, url: str) -> str:
        """Return the link to the article; share pages have a base of the site's choice (J7)."""
        if _SHARE_PAGE in url and (parts := urlsplit(url)).path == _SHARE_PAGE:
            url = f"{self._site.share_base}{parts.path}?{parts.query}"
        return encoded(url)


def _digest(summary: str) -> str:
    """Return a summary without its leading ``【title】``: one, not all up to the last (J5)."""
    return _LEADING_TITLE.sub("", plain(summary), count=1)


@lru_cache(maxsize=1024)
def _category_page(label: str, category: str) -> File:
    """Return the page of a slug (J10); ``label`` is the name with its 新闻."""
    text = _CategoryHandler.write("", layout="category", title=label, category=category)
    return File(PurePosixPath("category", f"{category}.html"), text)
