"""What a post is: the data a dialect reads, what it gives back, and why a record is withheld."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePosixPath
from typing import ClassVar

from newscrawl.cleaning.text import plain
from newscrawl.config import Config
from newscrawl.export.names import file_name
from newscrawl.identity.posts import is_unknown
from newscrawl.items import Article

CHINA = timezone(timedelta(hours=8), "+0800")
"""Posts say +0800 in every year (C7, J3), also where Shanghai once had summer time."""


_SCHEMES = ("http://", "https://")


class ExportError(Exception):
    """The folder cannot be written as asked; the message says what to do. Files are whole."""


class ExportLocked(ExportError):  # noqa: N818  (a state, like its base's other ends)
    """Another export is writing the same folder."""


class Reason(StrEnum):
    """Why a record is not exported (C5)."""

    NO_TITLE = "no_title"
    NO_TIME = "no_time"
    NO_BODY = "no_body"
    NO_ADDRESS = "no_address"
    PAID = "paid"
    UNSAFE_BODY = "unsafe_body"


class Withheld(Exception):  # noqa: N818  (an end, not an error)
    """This record becomes no post."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article stands in the sites.

    group, site, feed: the three Hexo categories (X3). channel_slug, channel_label: the
    Jekyll category of rolling flash news (J5), None for all other articles.
    """

    group: str
    site: str
    feed: str
    channel_slug: str | None = None
    channel_label: str | None = None


@lru_cache(maxsize=1024)  # a site has far fewer places than articles
def _in_one_line(place: Placement) -> Placement:
    """Return a place whose names are plain text (C2, C6)."""
    group, site, feed = map(plain, (place.group, place.site, place.feed))
    return Placement(group, site, feed, place.channel_slug, place.channel_label)


@dataclass(frozen=True, slots=True)
class Record:
    """One article as the dialects read it: checked, with one-line names.

    title, media, site, ...: plain text by C2 and C6. media is the source's own name where
    the publisher names no outlet. when: +0800, to the second, never after the fetch.
    url: http(s), empty for an imported post that told none. body: the clean fragment of the
    archive. sections: all that listed it. pictures: address at the publisher -> in the
    site, of those that stand beside the posts.
    """

    article: Article
    place: Placement
    title: str
    media: str
    when: datetime
    url: str
    body: str
    sections: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article, place: Placement, sections: tuple[str, ...] = ()) -> "Record":
        """Check an article (C5) and return it; raise ``Withheld``.

        A time after the fetch is a clock that runs ahead: the post takes the time of the
        fetch (C7, H111), or Jekyll would leave it out until that time has come.
        """
        title = plain(article.title or "")
        if not title:
            raise Withheld(Reason.NO_TITLE)
        if article.published_at is None:
            raise Withheld(Reason.NO_TIME)
        if not (article.body_html or "").strip():
            raise Withheld(Reason.NO_BODY)
        url = article.url or ""
        if not article.url_hash or not (is_unknown(url) or url.startswith(_SCHEMES)):
            raise Withheld(Reason.NO_ADDRESS)
        if "paid" in article.flags:
            raise Withheld(Reason.PAID)
        place = _in_one_line(place)
        when = min(article.published_at, article.fetched_at or article.published_at)
        return cls(
            article=article,
            place=place,
            title=title,
            media=plain(article.media or "") or place.site,
            when=when.astimezone(CHINA).replace(microsecond=0),
            url="" if is_unknown(url) else url,
            body=(article.body_html or "").strip(),
            sections=sections,
        )

    @property
    def dated_back(self) -> bool:
        """Whether the publisher's time lay after the fetch."""
        published, fetched = self.article.published_at, self.article.fetched_at
        return published is not None and fetched is not None and published > fetched


@dataclass(frozen=True, slots=True)
class File:
    """One file of a site: where, from the dialect's folder, and its text (UTF-8, LF)."""

    path: PurePosixPath
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """What a dialect makes of a record: its text, and pages that must stand beside it."""

    text: str
    pages: tuple[File, ...] = ()


SlugOf = Callable[[str, str], str]
"""(name, slug wanted) -> the slug that this name has for ever (S5)."""


class Dialect(ABC):
    """The form of the posts of one site generator.

    A new dialect is one module with a subclass of this; docs/dialects.md is the contract,
    also for those that another distribution registers.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    """Raised with every change of the bytes: older posts are then written anew."""
    folder: ClassVar[PurePosixPath]
    suffix: ClassVar[str]
    page_folders: ClassVar[tuple[PurePosixPath, ...]] = ()
    """Where ``Post.pages`` go."""
    old_folder: ClassVar[PurePosixPath | None] = PurePosixPath("old_post")
    """Where posts older than a window lie, outside what is built; None: there is no window."""
    image_folder: ClassVar[PurePosixPath | None] = None
    """What the generator publishes as ``/images``; None: pictures stay at the publisher."""
    collected: ClassVar[bool] = False
    """Whether a post is one JSON line of the file of its day, not a file of its own."""

    def __init__(self, config: Config, slug_of: SlugOf) -> None:  # noqa: B027
        """Take what the posts depend on besides their articles; most take nothing."""

    def file_name(self, when: datetime, post_id: str) -> str:
        """Return the name of a new post's file; ``when`` is in +0800."""
        return file_name(when, post_id, self.suffix)

    @abstractmethod
    def render(self, record: Record) -> Post:
        """Return the post; raise ``Withheld``."""
