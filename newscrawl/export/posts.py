"""What a post is: the data a dialect reads, what it gives back, and why a record is withheld."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import PurePosixPath
from typing import ClassVar, Protocol

from newscrawl.cleaning.text import plain
from newscrawl.config import Config
from newscrawl.items import Article

CHINA = timezone(timedelta(hours=8), "+0800")
"""Posts say +0800 in every year (C7, J3), also where Shanghai once had summer time."""


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


@dataclass(frozen=True, slots=True)
class Record:
    """One article as the dialects read it: checked, with one-line names.

    title, media, site, ...: plain text by C2 and C6. media is the source's own name where
    the publisher names no outlet. when: +0800, to the second, never after the fetch.
    url: http(s). body: the clean fragment of the archive.
    """

    article: Article
    place: Placement
    title: str
    media: str
    when: datetime
    url: str
    body: str

    @classmethod
    def of(cls, article: Article, place: Placement) -> "Record":
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
        if not (article.url or "").startswith(("http://", "https://")) or not article.url_hash:
            raise Withheld(Reason.NO_ADDRESS)
        if "paid" in article.flags:
            raise Withheld(Reason.PAID)
        place = Placement(
            plain(place.group),
            plain(place.site),
            plain(place.feed),
            place.channel_slug,
            place.channel_label,
        )
        when = min(article.published_at, article.fetched_at or article.published_at)
        return cls(
            article=article,
            place=place,
            title=title,
            media=plain(article.media or "") or place.site,
            when=when.astimezone(CHINA).replace(microsecond=0),
            url=article.url or "",
            body=(article.body_html or "").strip(),
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


class Dialect(Protocol):
    """The form of posts of one site generator. A new dialect is one module with one of these."""

    name: ClassVar[str]
    version: ClassVar[int]
    """Raised with every change of the bytes: older posts are then written anew."""
    folder: ClassVar[PurePosixPath]
    page_folders: ClassVar[tuple[PurePosixPath, ...]]
    """Where ``Post.pages`` go."""
    suffix: ClassVar[str]

    def __init__(self, config: Config, slug_of: SlugOf) -> None: ...

    def render(self, record: Record) -> Post:
        """Return the post; raise ``Withheld``."""
        ...


@dataclass(slots=True)
class ExportCounts:
    """What an export did. ``kept``: paths of files that were edited, or are not ours."""

    written: int = 0
    unchanged: int = 0
    pages: int = 0
    """Category pages written, which are in no other count."""
    dated_back: int = 0
    """Posts whose date is that of the fetch, being given as later (H111)."""
    kept: list[PurePosixPath] = field(default_factory=list)
    withheld: dict[Reason, int] = field(default_factory=dict)

    @property
    def posts(self) -> int:
        """All records that were given, whatever became of them."""
        return self.written + self.unchanged + len(self.kept) + sum(self.withheld.values())
