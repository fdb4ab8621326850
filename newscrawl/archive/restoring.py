"""Putting into a new archive what neither the raw record nor the posts can tell."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from newscrawl.archive import slugs
from newscrawl.archive.codec import from_article, from_time, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.known import is_stored, resolve
from newscrawl.archive.salvage import Old
from newscrawl.archive.tombstones import Tombstone, bury
from newscrawl.items import Article

_REMOVALS = ("url_hash", "article", "source", "url", "reason", "removed_at")
_RUNS = ("run", "source", "asked", "started_at", "finished_at", "exit_code", "error")
_SALVAGED_LATER = {
    # Only rows whose articles or pictures are there again.
    "images": (
        ("url_hash", "url", "state", "reason", "attempts", "ended_at", "content_hash", "type",
         "width", "height", "bytes"),
        "1",
    ),
    "article_images": (
        ("article", "image"),
        "EXISTS (SELECT 1 FROM articles WHERE url_hash = :article)"
        " AND EXISTS (SELECT 1 FROM images WHERE url_hash = :image)",
    ),
    "placements": (
        ("url_hash", "site_group", "site", "feed"),
        "EXISTS (SELECT 1 FROM articles WHERE url_hash = :url_hash)",
    ),
    "documents": (
        ("dialect", "name", "article", "content"),
        "EXISTS (SELECT 1 FROM articles WHERE url_hash = :article)",
    ),
    "backfills": (
        ("source", "section", "since", "until", "cursor", "pages", "oldest", "ended", "run"),
        "EXISTS (SELECT 1 FROM runs WHERE run = :run)",
    ),
}  # fmt: skip
"""Table -> columns, and when a row of it is taken."""


class Restoring:
    """Writes into a new archive. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last_old = 0

    def articles(self) -> int:
        """Return the number of articles so far."""
        return int(self._database.value("SELECT total(n) FROM article_totals"))

    def tombstones(self, known: Mapping[str, Tombstone]) -> int:
        """Put tombstones into the archive and return how many."""
        with self._database.transaction():
            for stone in known.values():
                bury(self._database, stone)
        return len(known)

    def begin_sequence(self, value: int) -> None:
        """Let the sequence of changes go on behind a number."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE counters SET value = max(value, ?) WHERE name = 'sequence'", (value,)
            )

    def run(self, source: str, started_at: datetime, asked: str) -> int:
        """Note a run that only its pages tell of, and return its number."""
        with self._database.transaction():
            added = self._database.execute(
                "INSERT INTO runs (source, asked, started_at) VALUES (?, ?, ?)",
                (source, asked, to_time(started_at)),
            )
        return int(added.lastrowid or 0)

    def runs(self, old: Old) -> int:
        """Take over the runs of an old archive, under their numbers, and return how many."""
        with self._database.transaction():
            for row in _whole(old.rows("runs", _RUNS), 4):
                marks = ", ".join("?" * len(_RUNS))
                self._database.execute(
                    f"INSERT OR IGNORE INTO runs ({', '.join(_RUNS)})"  # noqa: S608
                    f" VALUES ({marks})",
                    row,
                )
        self._last_old = int(self._database.value("SELECT max(run) FROM runs") or 0)
        return int(self._database.value("SELECT count(*) FROM runs"))

    def run_begun(self, source: str, at: datetime) -> tuple[int, str] | None:
        """Return the run of a source that began at just this time, and what it was asked for."""
        row = self._database.row(
            "SELECT run, asked FROM runs WHERE source = ? AND started_at = ?", (source, to_time(at))
        )
        return None if row is None else (row[0], row[1])

    def run_at(self, source: str, at: datetime) -> tuple[int, str] | None:
        """Return the run of a source that was under way at a time, and what it was asked for.

        That is the last one of the old archive begun before; None where it had ended, or
        where there is none.
        """
        moment = to_time(at)
        row = self._database.row(
            "SELECT run, asked, finished_at FROM runs WHERE source = ? AND started_at <= ?"
            " AND run <= ? ORDER BY started_at DESC LIMIT 1",
            (source, moment, self._last_old),
        )
        if row is None or (row[2] is not None and row[2] < moment):
            return None
        return row[0], row[1]

    def slugs(self, old: Old) -> None:
        """Take over the slugs of an old archive."""
        with self._database.transaction():
            for name, slug in _whole(old.rows("slugs", ("name", "slug")), 2):
                slugs.adopt(self._database, str(name), str(slug))

    def adopt_slugs(self, found: Mapping[str, str]) -> None:
        """Give names the slugs that posts have, where nobody has them."""
        with self._database.transaction():
            for name, slug in found.items():
                slugs.adopt(self._database, name, slug)

    def unknown_articles(self, old: Old) -> Iterator[Article]:
        """Yield the articles of an old archive that are not in this one, each as it stood."""
        for url_hash, text in _whole(old.current_revisions(), 2):
            key = resolve(self._database, url_hash)
            if is_stored(self._database, key):
                continue
            with suppress(msgspec.DecodeError, TypeError):
                yield from_article(text)

    def rest(self, old: Old) -> dict[str, int]:
        """Take over what belongs to articles that are there; return how many rows of which."""
        taken: dict[str, int] = {}
        for table, (columns, condition) in _SALVAGED_LATER.items():
            with self._database.transaction():
                for row in old.rows(table, columns):
                    taken[table] = taken.get(table, 0) + self._insert(
                        table, columns, row, condition
                    )
        return taken

    def _insert(
        self, table: str, columns: tuple[str, ...], row: tuple[Any, ...], condition: str
    ) -> int:
        names = ", ".join(f":{name}" for name in columns)
        done = self._database.execute(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)})"
            f" SELECT {names} WHERE {condition}",
            dict(zip(columns, row, strict=True)),  # type: ignore[arg-type]
        )
        return done.rowcount


def old_tombstones(old: Old) -> dict[str, Tombstone]:
    """Return the tombstones of an old archive by the hash of their article."""
    found: dict[str, Tombstone] = {}
    for url_hash, article, source, url, reason, at in _whole(old.rows("removals", _REMOVALS), 6):
        key = article.hex()
        hashes = (*(found[key].hashes if key in found else ()), url_hash.hex())
        stone = Tombstone.of(key, hashes, source, url, reason, from_time(at))
        found[key] = stone
    return found


def old_sequence(old: Old) -> int:
    """Return the last number of an old archive's sequence of changes, 0 where nobody knows."""
    values = [row[0] for row in old.rows("counters", ("value",)) if isinstance(row[0], int)]
    values += [row[0] for row in old.rows("articles", ("max(sequence)",)) if row[0]]
    return max(values, default=0)


def _whole(rows: Iterator[tuple[Any, ...]], least: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows whose first columns all say something."""
    return (row for row in rows if all(value is not None for value in row[:least]))
