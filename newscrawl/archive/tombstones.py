"""What was taken down: an address and a reason, which keep it from coming back.

They stand in the table ``removals`` and, one line each, in ``removed.jsonl`` beside the
archive, which outlasts a lost archive. Neither holds a word of the article.
"""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from newscrawl.archive.codec import digest, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.disk import sync, write_whole
from newscrawl.archive.known import resolve
from newscrawl.archive.records import ArchiveError

FILE = "removed.jsonl"
REASON = "removed"
"""Reason of a ``skipped`` entry whose article was taken down."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One article that was taken down.

    article: the hash it was stored under. hashes: of all its identities and addresses, that
    one among them. source: name, empty where nobody knew the article. removed_at: UTC, as
    ``to_time`` writes it.
    """

    article: str
    hashes: tuple[str, ...]
    source: str
    url: str
    reason: str
    removed_at: str

    @classmethod
    def of(
        cls, article: str, hashes: Iterable[str], source: str, url: str, reason: str, at: datetime
    ) -> "Tombstone":
        """Return the tombstone of an article that is taken down at an aware time."""
        known = tuple(sorted({article, *hashes}))
        return cls(article, known, source, url, reason, to_time(at))


def is_removed(database: Database, *hashes: bytes) -> bool:
    """Whether any of these hashes, or what it is an alias of, was taken down."""
    asked = {*hashes, *(resolve(database, each) for each in hashes)}
    marks = ", ".join("?" * len(asked))
    found = database.row(
        f"SELECT 1 FROM removals WHERE url_hash IN ({marks}) LIMIT 1",  # noqa: S608
        tuple(asked),
    )
    return found is not None


def bury(database: Database, tombstone: Tombstone) -> None:
    """Put a tombstone into the table, in the caller's transaction; the first reason stays."""
    for url_hash in tombstone.hashes:
        database.execute(
            "INSERT OR IGNORE INTO removals VALUES (?, ?, ?, ?, ?, ?)",
            (
                digest(url_hash),
                digest(tombstone.article),
                tombstone.source,
                tombstone.url,
                tombstone.reason,
                tombstone.removed_at,
            ),
        )


def buried(database: Database, hashes: Collection[bytes]) -> list[Tombstone]:
    """Return the tombstones of the table that any of these hashes is under."""
    articles: dict[bytes, None] = {}
    for url_hash in hashes:
        article = database.value("SELECT article FROM removals WHERE url_hash = ?", (url_hash,))
        if article:
            articles[article] = None
    found = (_of_article(database, article) for article in articles)
    return [each for each in found if each is not None]


def all_buried(database: Database) -> dict[str, Tombstone]:
    """Return every tombstone of the table by the hash of its article."""
    articles = [row for (row,) in database.rows("SELECT DISTINCT article FROM removals")]
    found = (_of_article(database, article) for article in articles)
    return {each.article: each for each in found if each is not None}


def _of_article(database: Database, article: bytes) -> Tombstone | None:
    rows = list(
        database.rows(
            "SELECT url_hash, source, url, reason, removed_at FROM removals WHERE article = ?"
            " ORDER BY url_hash",
            (article,),
        )
    )
    if not rows:
        return None
    _, source, url, reason, removed_at = rows[0]
    return Tombstone(
        article.hex(), tuple(row[0].hex() for row in rows), source, url, reason, removed_at
    )


def append(folder: Path, tombstone: Tombstone) -> None:
    """Add a tombstone to the file; when this returns it is on the disk."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(folder / FILE, flags, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        line = (b"\n" if cut else b"") + msgspec.json.encode(tombstone) + b"\n"
        write_whole(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync(folder)


def read_file(folder: Path) -> dict[str, Tombstone]:
    """Return the tombstones of the file by the hash of their article; the first one stays.

    A line that a kill cut short is passed over: its removal had not begun. Raises
    ``ArchiveError`` for a line that is something else, since what it took down could return.
    """
    path = folder / FILE
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}") from error
    found: dict[str, Tombstone] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            tombstone = msgspec.json.decode(line, type=Tombstone)
            for url_hash in (tombstone.article, *tombstone.hashes):
                digest(url_hash)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
            if line.startswith(b'{"article":') and not line.endswith(b"}"):
                continue
            raise ArchiveError(
                f"{path}: line {number} is no tombstone ({error}); restore or correct it"
            ) from error
        known = found.setdefault(tombstone.article, tombstone)
        hashes = tuple(sorted({*known.hashes, *tombstone.hashes}))
        found[tombstone.article] = Tombstone(
            known.article, hashes, known.source, known.url, known.reason, known.removed_at
        )
    return found
