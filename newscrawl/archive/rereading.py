"""Re-extraction as the archive sees it: which capture a revision was read from, and a new
reading of it in the old one's place.

The link is the time: an article bears that of the capture that it was read from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from newscrawl.archive import images, ledger
from newscrawl.archive.codec import digest, from_article, to_article, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.exchange import Capture
from newscrawl.archive.known import link, names_of, resolve
from newscrawl.archive.revisions import complete
from newscrawl.archive.tombstones import is_removed
from newscrawl.items import Article
from newscrawl.outcomes import Outcome

UNREAD = frozenset({Outcome.FAILED, Outcome.QUARANTINED})
"""Ends of an entry whose page other rules may be able to read."""


class Use(Enum):
    """What a capture is to the archive."""

    ITS_OWN = "its own"
    """The current revision was read from it."""
    LATER = "later"
    """A later look at the current revision, whose own capture is not there."""
    UNREAD = "unread"
    """The last look at an article that could not be read."""


@dataclass(frozen=True, slots=True)
class Task:
    """An article to read again from a capture; ``article``: the hash it is stored under.

    section: of its entry that could not be read; None for a stored article.
    """

    article: str
    use: Use
    section: str | None = None


@dataclass(frozen=True, slots=True)
class NewReading:
    """What today's rules read for a revision, to take the place of what is stored.

    revision: the one that it was compared with. shows: whether its post may show something
    else now; a reading that only other rules gave the same moves nothing.
    """

    article: Article
    revision: int
    shows: bool


class Rereading:
    """What re-extraction asks of the archive, and does. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_page(self, capture: Capture) -> Task | None:
        """Return what to read from the capture of an article's page, None for nothing."""
        if capture.article is None:
            return None
        key = resolve(self._database, digest(capture.article))
        at = to_time(capture.fetched_at)
        times = self._times(key)
        if times is not None:
            stored_at, fetched_at = times
            if at == stored_at:
                return Task(key.hex(), Use.ITS_OWN)
            if at == fetched_at and not self._has_raw(key, capture.source, stored_at):
                return Task(key.hex(), Use.LATER)
        if (times is None or at > times[1]) and self._pages(key)[:1] == [capture.capture]:
            return self._unread(key, capture.source)
        return None

    def of_row(self, url_hash: str, source: str, at: datetime) -> Task | None:
        """Return what to read from a listing's row with a whole article, None for nothing.

        at: when the listing was fetched.
        """
        key = resolve(self._database, digest(url_hash))
        times = self._times(key)
        if times is not None:
            return Task(key.hex(), Use.ITS_OWN) if times[0] == to_time(at) else None
        return self._unread(key, source)

    def pages(self, article: str) -> list[int]:
        """Return the captures of an article's pages that came whole, newest first."""
        return self._pages(digest(article))

    def earlier(self, article: str, revision: int) -> Article | None:
        """Return what the revision before one says, None where there is none."""
        text = self._database.value(
            "SELECT article FROM revisions WHERE url_hash = ? AND number = ?",
            (digest(article), revision - 1),
        )
        return from_article(text) if text else None

    def place_of(self, url_hash: str, source: str) -> tuple[str, str | None]:
        """Return the hash that an article is known by, and the first section that lists it."""
        key = resolve(self._database, digest(url_hash))
        rows = (row for row in ledger.rows_of(self._database, key) if row.source == source)
        return key.hex(), next((row.section for row in rows), None)

    def is_removed(self, url_hash: str) -> bool:
        """Whether an article was taken down."""
        return is_removed(self._database, digest(url_hash))

    def replace(
        self,
        run: int,
        readings: Iterable[NewReading],
        counts: Mapping[tuple[str, Outcome], int],
        *,
        claim_images: bool = False,
    ) -> None:
        """Put new readings in the place of the old ones and count, in one transaction.

        The revision and its time stay: the publisher has changed nothing. One that has got
        another revision meanwhile is left alone. counts: (section, outcome) -> number.
        """
        with self._database.transaction():
            for reading in readings:
                self._replace(reading, claim_images=claim_images)
            for (section, outcome), number in counts.items():
                ledger.count(self._database, run, section, outcome, number)

    def _replace(self, reading: NewReading, *, claim_images: bool) -> None:
        article = reading.article
        key = digest(article.url_hash or "")
        current = self._database.value("SELECT revision FROM articles WHERE url_hash = ?", (key,))
        if current != reading.revision:
            return
        if not reading.shows:
            self._database.execute(
                "UPDATE revisions SET article = CAST(? AS TEXT) WHERE url_hash = ? AND number = ?",
                (to_article(article), key, current),
            )
            return
        complete(self._database, key, article)
        for name, url in names_of(article).items():
            link(self._database, name, key, url)
        if claim_images:
            images.claim(self._database, key, images.addresses_of(article))

    def _times(self, key: bytes) -> tuple[str, str] | None:
        """Return when the current revision was read and when it was last looked at."""
        row = self._database.row(
            "SELECT r.stored_at, a.fetched_at FROM articles AS a JOIN revisions AS r"
            " ON r.url_hash = a.url_hash AND r.number = a.revision WHERE a.url_hash = ?",
            (key,),
        )
        return None if row is None else (row[0], row[1])

    def _has_raw(self, key: bytes, source: str, at: str) -> bool:
        """Whether the page, or the listing, that was fetched at a time is there."""
        marks, hashes = self._names(key)
        page = f"SELECT 1 FROM captures WHERE article IN ({marks}) AND fetched_at = ?"  # noqa: S608
        if self._database.row(page, (*hashes, at)):
            return True
        return any(
            self._database.row(
                "SELECT 1 FROM captures WHERE source = ? AND section = ? AND article IS NULL"
                " AND fetched_at = ?",
                (source, row.section, at),
            )
            for row in ledger.rows_of(self._database, key)
        )

    def _pages(self, key: bytes) -> list[int]:
        marks, hashes = self._names(key)
        rows = self._database.rows(
            f"SELECT capture FROM captures WHERE article IN ({marks})"  # noqa: S608
            " AND status = 200 ORDER BY capture DESC",
            hashes,
        )
        return [number for (number,) in rows]

    def _names(self, key: bytes) -> tuple[str, list[bytes]]:
        """Return the hashes of an article and of its aliases, and the SQL for so many."""
        aliases = self._database.rows("SELECT url_hash FROM aliases WHERE article = ?", (key,))
        hashes = [key, *(url_hash for (url_hash,) in aliases)]
        return ", ".join("?" * len(hashes)), hashes

    def _unread(self, key: bytes, source: str) -> Task | None:
        rows = ledger.rows_of(self._database, key)
        for row in rows:
            if row.source == source and row.state in UNREAD:
                return Task(key.hex(), Use.UNREAD, row.section)
        return None
