"""The index of the raw record: which exchange stands where in which WARC file."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from newscrawl.archive.codec import digest, from_time, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.exchange import Capture
from newscrawl.archive.known import resolve
from newscrawl.archive.warc_reader import Kept
from newscrawl.identity.identities import hash_url

_COLUMNS = (
    "c.capture, f.name, c.offset, c.length, c.source, c.section, c.article, c.url, c.status,"
    " c.fetched_at, c.digest, c.payload"
)
NOT_KEPT = 0
"""Stands for a capture that is not kept (any more)."""
_SELECT = f"SELECT {_COLUMNS} FROM captures AS c JOIN warc_files AS f USING (file)"  # noqa: S608
_LATEST = (
    f"{_SELECT} WHERE c.url_hash = ? AND c.payload IS NULL AND c.status = coalesce(?, c.status)"
    " ORDER BY c.capture DESC LIMIT 1"
)


class Placed(NamedTuple):
    """A record that stands in a file, before the index knows it; fields as in ``Capture``.

    repeats: address and time of the capture that it refers to; it is looked up as the record
    is indexed, and ``payload`` is 0 where that one is not kept.
    """

    offset: int
    length: int
    source: str
    section: str
    article: str | None
    url: str
    status: int
    fetched_at: datetime
    digest: str
    payload: int | None = None
    repeats: tuple[str, datetime] | None = None

    @classmethod
    def of(cls, kept: Kept) -> "Placed":
        """Return where an exchange that was read from a file stands."""
        exchange, purpose = kept.exchange, kept.exchange.purpose
        return cls(
            offset=kept.offset,
            length=kept.length,
            source=purpose.source,
            section=purpose.section,
            article=purpose.article,
            url=exchange.url,
            status=exchange.status,
            fetched_at=exchange.fetched_at,
            digest=kept.digest or sha256(exchange.body).hexdigest(),
            payload=NOT_KEPT if kept.is_revisit else None,
            repeats=kept.refers_to,
        )


class Captures:
    """What the archive knows of its raw record. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, file: int, placed: Iterable[Placed], bytes_: int, *, closed_at: datetime | None = None
    ) -> None:
        """Index records that are on the disk, and how far their file is indexed now."""
        with self._database.transaction():
            self._database.execute_many(
                "INSERT INTO captures (file, offset, length, source, section, article, url_hash,"
                " url, status, fetched_at, digest, payload)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                # One by one, as they are inserted: a repeat may be of the one before it.
                (self._row(file, record) for record in placed),
            )
            self._database.execute(
                "UPDATE warc_files SET bytes = ?, closed_at = ? WHERE file = ?",
                (bytes_, to_time(closed_at) if closed_at else None, file),
            )

    def _row(self, file: int, record: Placed) -> tuple[Any, ...]:
        payload = record.payload
        if record.repeats is not None:
            url, at = record.repeats
            original = self._database.value(
                "SELECT capture FROM captures"
                " WHERE url_hash = ? AND fetched_at = ? AND payload IS NULL"
                " ORDER BY capture DESC LIMIT 1",  # a repeat is of one of the last
                (digest(hash_url(url)), to_time(at)),
            )
            payload = original or NOT_KEPT
        return (
            file,
            record.offset,
            record.length,
            record.source,
            record.section,
            digest(record.article) if record.article else None,
            digest(hash_url(record.url)),
            record.url,
            record.status,
            to_time(record.fetched_at),
            digest(record.digest),
            payload,
        )

    def capture(self, number: int) -> Capture | None:
        """Return one capture by its number."""
        return next(self._select("c.capture = ?", (number,)), None)

    def last(self) -> int:
        """Return the highest number of a capture, 0 where there is none."""
        return int(self._database.value("SELECT max(capture) FROM captures") or 0)

    def between(self, first: int, last: int) -> list[Capture]:
        """Return the captures of a span of numbers, both ends included, as the files have them."""
        return list(
            self._select("c.capture BETWEEN ? AND ? ORDER BY c.file, c.offset", (first, last))
        )

    def latest(self, url: str, *, status: int | None = None) -> Capture | None:
        """Return the newest capture of an address that holds its bytes itself.

        status: only one with this status.
        """
        found = self._database.rows(_LATEST, (digest(hash_url(url)), status))
        return next(map(_capture, found), None)

    def has(self, url: str, at: datetime) -> bool:
        """Whether an address was captured at just this time."""
        return bool(
            self._database.value(
                "SELECT EXISTS (SELECT 1 FROM captures WHERE url_hash = ? AND fetched_at = ?)",
                (digest(hash_url(url)), to_time(at)),
            )
        )

    def of_article(self, url_hash: str) -> list[Capture]:
        """Return the captures of an article's pages, newest first, under any of its identities."""
        key = resolve(self._database, digest(url_hash))
        hashes = [key, *(row for (row,) in self._aliases(key))]
        marks = ", ".join("?" * len(hashes))
        return list(self._select(f"c.article IN ({marks}) ORDER BY c.capture DESC", hashes))

    def listings(self, source: str, *, since: datetime | None = None) -> Iterator[Capture]:
        """Yield the captures of a source's listings in the order in which they were made."""
        return self._select(
            "c.source = ? AND c.article IS NULL AND c.fetched_at >= ? ORDER BY c.capture",
            (source, to_time(since) if since else ""),
        )

    def _aliases(self, key: bytes) -> Iterator[tuple[bytes]]:
        return self._database.rows("SELECT url_hash FROM aliases WHERE article = ?", (key,))

    def _select(self, where: str, values: Iterable[Any]) -> Iterator[Capture]:
        return map(_capture, self._database.rows(f"{_SELECT} WHERE {where}", tuple(values)))


def _capture(row: tuple[Any, ...]) -> Capture:
    number, name, offset, length, source, section, article, url, *rest = row
    status, fetched_at, body_digest, payload = rest
    return Capture(
        number,
        name,
        offset,
        length,
        source,
        section,
        article.hex() if article else None,
        url,
        status,
        from_time(fetched_at),
        body_digest.hex(),
        payload,
    )
