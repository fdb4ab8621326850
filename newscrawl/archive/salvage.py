"""What a broken archive can still say, and how another one takes its place.

The old file is never changed and never deleted. What the raw record and the posts cannot tell
(tombstones, slugs, runs, pictures, versions of listings) is read out of it as far as it goes.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import Any

from newscrawl.archive.database import Database
from newscrawl.archive.disk import sync
from newscrawl.archive.records import ArchiveError
from newscrawl.archive.schema import APPLICATION_ID, MIGRATIONS

DRAFT = ".rebuild"
ASIDE = ".broken-"
_COMPANIONS = ("-wal", "-shm", "-journal")
_DRAFT = (
    "journal_mode = MEMORY",
    "synchronous = OFF",
    "cache_size = -65536",
    "locking_mode = EXCLUSIVE",  # nobody else has it open
)
_STEPS = 64
"""Transactions of a draft that are written to its file together."""


class Condition(Enum):
    """What an archive is like, before anybody replaces it."""

    MISSING = "there is none"
    BROKEN = "it is broken"
    NEWER = "it was written by a newer newscrawl"
    SOUND = "it is sound"


def condition_of(path: Path) -> Condition:
    """Return what an archive is like; nothing is written."""
    if not path.exists():
        return Condition.MISSING
    try:
        with closing(_read_only(path)) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            said = connection.execute("PRAGMA quick_check").fetchall()
    except (sqlite3.Error, OSError):
        return Condition.BROKEN
    if not ours or said != [("ok",)]:
        return Condition.BROKEN
    if version > len(MIGRATIONS):
        return Condition.NEWER
    if version == len(MIGRATIONS):
        try:
            Database.open(path, read_only=True).close()
        except ArchiveError:
            return Condition.BROKEN
    return Condition.SOUND


def _read_only(path: Path) -> sqlite3.Connection:
    """Connect to a file with its write-ahead log, without writing into either.

    Where there is no log, or none that can be read, the file alone is.
    """
    last: sqlite3.Error | None = None
    log = path.with_name(f"{path.name}-wal")
    has_log = log.is_file() and log.stat().st_size > 0
    for mode in ("mode=ro", "immutable=1") if has_log else ("immutable=1",):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            connection.close()
            last = error
        else:
            return connection
    raise last or sqlite3.DatabaseError(str(path))


class Old:
    """An archive that may be damaged, read as far as it goes; ``damaged``: what it said no to."""

    def __init__(self, path: Path) -> None:
        self.damaged: set[str] = set()
        self._connection: sqlite3.Connection | None = None
        if path.is_file():
            with suppress(sqlite3.Error, OSError):
                self._connection = _read_only(path)

    @property
    def readable(self) -> bool:
        """Whether anything can be read at all."""
        return self._connection is not None

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield what can be read of a table; of a damaged one from both of its ends.

        A row may come twice. A table that there is not, or that lacks a column, has none.
        """
        for order in ("", " ORDER BY rowid DESC"):
            sql = f"SELECT {', '.join(columns)} FROM {table}{order}"  # noqa: S608  (our own names)
            try:
                if self._connection is None:
                    return
                yield from self._connection.execute(sql)
            except sqlite3.Error:
                self.damaged.add(table)
            else:
                return

    def current_revisions(self) -> Iterator[tuple[Any, ...]]:
        """Yield hash and text of the newest revisions that can be read, one of each article."""
        newest: dict[bytes, int] = {}
        for url_hash, number in self.rows("revisions", ("url_hash", "number")):
            newest[url_hash] = max(number, newest.get(url_hash, 0))
        for url_hash, number, text in self.rows("revisions", ("url_hash", "number", "article")):
            if newest.get(url_hash, number) == number:
                yield url_hash, text


class Draft(Database):
    """An archive that nobody else sees before it is finished, and that a kill may take away.

    So many transactions reach the file as one, which saves writing the same pages each time;
    one that fails is taken back alone, as in any archive.
    """

    _steps = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, as in any archive."""
        if not self.connection.in_transaction:
            self.execute("BEGIN")
        self.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # SQLite itself rolls back on a full disk
                self.connection.execute("ROLLBACK TO step")
                self.connection.execute("RELEASE step")
            raise
        self.execute("RELEASE step")
        self._steps += 1
        if self._steps % _STEPS == 0:
            self.execute("COMMIT")

    def close(self) -> None:
        """Write what is left, and close the file."""
        if self.connection.in_transaction:
            self.execute("COMMIT")
        super().close()


def begin_draft(path: Path) -> Draft:
    """Return an empty archive beside ``path``, in the place of one that was not finished.

    Nothing is brought to the disk before ``promote``: the draft of a killed rebuild is begun
    anew. Raises ``ArchiveError``.
    """
    draft = path.with_name(f"{path.name}{DRAFT}")
    try:
        for each in (draft, *_companions(draft)):
            each.unlink(missing_ok=True)
    except OSError as error:
        raise ArchiveError(f"{draft}: {error.strerror}") from error
    database = Database.open(draft)
    for setting in _DRAFT:
        database.execute(f"PRAGMA {setting}")
    return Draft(database.connection, database.path)


def discard(draft: Draft) -> None:
    """Remove a draft, unless it took the archive's name."""
    draft.connection.close()
    draft.path.unlink(missing_ok=True)


def promote(draft: Draft, path: Path) -> Path | None:
    """Give a finished draft the name of the archive; return where the old one is now.

    The new one takes the name in one step, when it is on the disk; the old one has its second
    name before. Raises ``ArchiveError``.
    """
    draft.close()
    try:
        sync(draft.path)
        aside = _set_aside(path) if os.path.lexists(path) else None
        draft.path.replace(path)
        sync(path.parent)
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}: {draft.path} holds the new one") from error
    return aside


def _set_aside(path: Path) -> Path:
    """Give an archive and its companions second names that are free; return that of the file."""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}{ASIDE}{number}")):
        number += 1
    try:
        os.link(path, aside, follow_symlinks=False)
    except OSError:  # a file system without links: for a moment there is no archive
        path.rename(aside)
    for companion in _companions(path):
        if companion.exists():
            companion.rename(f"{aside}{companion.name.removeprefix(path.name)}")
    sync(path.parent)
    return aside


def _companions(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{suffix}") for suffix in _COMPANIONS]
