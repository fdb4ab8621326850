"""Articles on their way to their posts: rendered here, or ahead by a process that only reads."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import TypeAlias

import msgspec

from newscrawl.archive import Archive, StoredArticle
from newscrawl.config import Config
from newscrawl.export.dialects import dialect_named
from newscrawl.export.posts import CHINA, Placement, Post, Reason, Record, Withheld
from newscrawl.items import Article

Drafting: TypeAlias = Callable[[Iterable[list[str]]], Iterable[bytes]]
"""Told the hashes of some articles at a time; returns what ``Drafter.drafts`` makes of each."""


class Rendered(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An article as its post.

    content: UTF-8. pages: path and content of those that must stand beside it. moment:
    ``Record.when``, in any zone. dated_back: as there.
    """

    content: bytes
    pages: tuple[tuple[str, bytes], ...]
    moment: datetime
    dated_back: bool

    @property
    def when(self) -> datetime:
        """In +0800; MessagePack has times without their zones."""
        return self.moment.astimezone(CHINA)

    @classmethod
    def of(cls, record: Record, post: Post) -> "Rendered":
        """Return what a dialect, or an import, made of a record."""
        pages = tuple([(str(page.path), page.text.encode("utf-8")) for page in post.pages])
        content = post.text.encode("utf-8")
        return cls(content, pages, record.when, dated_back=record.dated_back)


class Draft(msgspec.Struct, gc=False, array_like=True):
    """An article that is to become a post.

    rendered: None where that is left to who writes it. stored: where it is rendered, only
    which article it is and of which state.
    """

    stored: StoredArticle
    rendered: Rendered | Reason | None = None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Draft])


def drafted(drafting: Drafting, hashes: Iterable[list[str]]) -> Iterator[Draft]:
    """Yield the drafts that others make; they begin with the first one that is asked for."""
    for lot in drafting(hashes):
        yield from _DECODER.decode(lot)


class Drafter:
    """Renders articles of an archive that another process may write.

    It knows neither the folder nor pictures that stand in it, and claims nothing: an article
    that shows a name whose slug nobody has claimed is left to who writes the posts.
    """

    def __init__(
        self,
        archive: Archive,
        dialect: str,
        config: Config,
        place: Callable[[StoredArticle], Placement],
    ) -> None:
        """Raise ``KeyError`` for an unknown dialect, ``DialectError`` for an unusable one."""
        self._archive = archive
        self._dialect = dialect_named(dialect)(config, cache(self._claimed))
        self._place = place

    def drafts(self, hashes: Sequence[str]) -> bytes:
        """Return the drafts of the articles with these hashes, in their order."""
        return _ENCODER.encode([self._draft(each) for each in self._archive.articles_of(hashes)])

    def _draft(self, stored: StoredArticle) -> Draft:
        try:
            record = Record.of(stored.article, self._place(stored), stored.sections)
            return Draft(_named(stored), Rendered.of(record, self._dialect.render(record)))
        except Withheld as end:
            return Draft(_named(stored), end.reason)
        except _Unclaimed:
            return Draft(stored)

    def _claimed(self, name: str, _wanted: str) -> str:
        slug = self._archive.slug_of(name)
        if slug is None:
            raise _Unclaimed
        return slug


class _Unclaimed(Exception):  # noqa: N818  (a state, not an error)
    """A name has no slug yet, and only who writes the posts may claim one."""


def _named(stored: StoredArticle) -> StoredArticle:
    """Return an article without what only its post shows."""
    a = stored.article
    slim = Article(
        source=a.source, identity=a.identity, url=a.url, aliases=a.aliases, url_hash=a.url_hash
    )
    return StoredArticle(slim, (), stored.revision, stored.sequence, stored.first_seen_at)
