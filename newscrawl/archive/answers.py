"""What the archive knows of one address: its names, its entries, what was taken down.

Every question goes through an index: an answer takes as long with ten million addresses as
with ten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newscrawl.archive.codec import digest, from_time
from newscrawl.archive.database import Database
from newscrawl.archive.known import resolve
from newscrawl.archive.tombstones import Tombstone, buried
from newscrawl.outcomes import Outcome

SHORTEST = 8
"""Hex digits of a hash that stand for the whole of it."""
_KNOWN = (
    "SELECT 1 FROM articles WHERE url_hash = ?",
    "SELECT 1 FROM outcomes WHERE url_hash = ?",
    "SELECT 1 FROM removals WHERE url_hash = ?",
)
_BEGINNING = (
    "SELECT url_hash FROM articles WHERE url_hash BETWEEN ? AND ? LIMIT ?",
    "SELECT url_hash FROM outcomes WHERE url_hash BETWEEN ? AND ? LIMIT ?",
    "SELECT url_hash FROM aliases WHERE url_hash BETWEEN ? AND ? LIMIT ?",
    "SELECT url_hash FROM removals WHERE url_hash BETWEEN ? AND ? LIMIT ?",
)
_MOST = 1_000
"""Rows that are looked at for one beginning: an address has one for each section."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of an article: a canonical address or an identity's, and its hash."""

    url: str
    url_hash: str


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """What became of one address in one section; fields as in ``outcomes`` (docs/archive.md)."""

    source: str
    section: str
    url: str
    state: Outcome
    reason: str
    attempts: int
    run: int
    first_seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredAs:
    """How an article stands in ``articles``, without its text. Times are UTC."""

    source: str
    identity: str
    url: str
    title: str
    published_at: datetime
    revision: int
    first_seen_at: datetime
    fetched_at: datetime


class Answers:
    """Questions about single articles. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, hashes: Iterable[str]) -> str | None:
        """Return the hash that the first known one of these stands for, None for none."""
        for each in hashes:
            key = resolve(self._database, digest(each))
            if any(self._database.row(sql, (key,)) for sql in _KNOWN):
                return key.hex()
        return None

    def beginning(self, prefix: str) -> list[str]:
        """Return the articles that a hash with these first hex digits stands for.

        At least ``SHORTEST`` digits, else ``ValueError``, as for what is no hex.
        """
        if len(prefix) < SHORTEST:
            raise ValueError(f"fewer than {SHORTEST} digits: {prefix!r}")
        low, high = (bytes.fromhex(prefix.ljust(64, digit)) for digit in "0f")
        found = {
            resolve(self._database, url_hash)
            for sql in _BEGINNING
            for (url_hash,) in self._database.rows(sql, (low, high, _MOST))
        }
        return sorted(key.hex() for key in found)

    def stored(self, url_hash: str) -> StoredAs | None:
        """Return the article that is stored under this very hash, None where none is."""
        row = self._database.row(
            "SELECT source, identity, url, title, published_at, revision, first_seen_at,"
            " fetched_at FROM articles WHERE url_hash = ?",
            (digest(url_hash),),
        )
        if row is None:
            return None
        source, identity, url, title, published_at, revision, first_seen_at, fetched_at = row
        return StoredAs(
            source,
            identity,
            url,
            title,
            from_time(published_at),
            revision,
            from_time(first_seen_at),
            from_time(fetched_at),
        )

    def aliases(self, url_hash: str) -> list[Alias]:
        """Return the other names of an article, by their addresses."""
        rows = self._database.rows(
            "SELECT url, url_hash FROM aliases WHERE article = ?", (digest(url_hash),)
        )
        return sorted((Alias(url, key.hex()) for url, key in rows), key=lambda each: each.url)

    def entries(self, url_hash: str) -> list[ListedEntry]:
        """Return where an article was listed, in the order of discovery."""
        rows = self._database.rows(
            "SELECT source, section, url, state, reason, attempts, run, first_seen_at,"
            " ended_at FROM outcomes WHERE url_hash = ? ORDER BY id",
            (digest(url_hash),),
        )
        return [
            ListedEntry(
                source,
                section,
                url,
                Outcome(state),
                reason,
                attempts,
                run,
                from_time(first_seen),
                from_time(ended) if ended else None,
            )
            for source, section, url, state, reason, attempts, run, first_seen, ended in rows
        ]

    def removal(self, url_hash: str) -> Tombstone | None:
        """Return why and when an article was taken down, None for any other."""
        found = buried(self._database, [digest(url_hash)])
        return found[0] if found else None
