"""The SQLite file: creating, checking, migrating, transactions. No table of ours here."""

import os
import re
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from functools import cache
from pathlib import Path
from typing import Any, Self

from newscrawl.archive.disk import name_new, sync
from newscrawl.archive.records import ArchiveError
from newscrawl.archive.schema import APPLICATION_ID, MIGRATIONS

_KEEP = (
    "It was not touched: `newscrawl rebuild` makes a new one from the raw record and the posts, "
    "or restore a backup"
)
_MOST = 256
"""How many keys a statement asks for at once."""
_AT_ONCE = 1024
"""Rows of a long read that are taken into memory, before a connection is opened for them."""
_BROKEN = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
# Waits for another process of ours; a crawl holds the write lock for milliseconds.
_WAIT = "PRAGMA busy_timeout = 30000"
_SETTINGS = (
    _WAIT,
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    # Without an fsync per commit: after a crash of the process nothing is missing, after
    # a power loss the file is consistent and may lack the last commits. What they held
    # was pending before, or unknown, so the next run fetches it again.
    "PRAGMA synchronous = NORMAL",
    # It fills in a long run. Hashes come in no order, so among a million addresses 12 MB save
    # 2.6 of 20 reads an article, and those are answered from the kernel's cache.
    "PRAGMA cache_size = -4096",
)
_READER_SETTINGS = (_WAIT, "PRAGMA query_only = ON")


class Database:
    """One connection, in autocommit; every SQLite error comes out as ``ArchiveError``."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, read_only: bool = False
    ) -> None:
        self.connection = connection
        self.path = path
        self.read_only = read_only

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the file, or create it; bring its schema up to date.

        Raises ``ArchiveError`` for anything that is not a whole archive of a version we
        know, or that cannot be written (or, with ``read_only``, does not exist).
        """
        path = path.absolute()
        try:
            if not read_only:
                _make_sure(path)
            _check_file(path)
            connection = _connect(path, read_only=read_only)
        except (OSError, sqlite3.Error) as error:
            raise ArchiveError(f"{path}: {error}") from error
        database = cls(connection, path, read_only=read_only)
        try:
            database._prepare()
        except BaseException:
            connection.close()
            raise
        return database

    def close(self) -> None:
        """Close the connection; the write-ahead log goes into the file."""
        self.connection.close()

    def sync(self) -> None:
        """Return when every commit so far would outlast a power loss; raise ``ArchiveError``.

        A commit alone only reaches the write-ahead log (``_SETTINGS``). To be called before
        anything outside is brought to the disk that takes for granted what was committed.
        """
        try:
            for path in (self.path.with_name(f"{self.path.name}-wal"), self.path.parent):
                if path.exists():  # without the log, all is in the file, and on the disk
                    sync(path)
        except OSError as error:
            raise ArchiveError(f"{self.path}: {error.strerror}") from error

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: commit at the end of the block, roll back on any exception."""
        return _Transaction(self)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        try:
            return self.connection.execute(sql, values)
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values, in the caller's transaction."""
        try:
            self.connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row, None where there is none."""
        found: tuple[Any, ...] | None = self.execute(sql, values).fetchone()
        return found

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as SQLite finds them."""
        try:
            yield from self.connection.execute(sql, values)
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield rows, however many, between which everybody may write: we and others.

        While a connection has rows to give it sees the state of then, and SQLite lets it write
        only where nobody else has written since. So a long read has a connection of its own,
        and does not see what is not committed yet.
        """
        cursor = self.execute(sql, values)
        rows = cursor.fetchmany(_AT_ONCE)
        if self.read_only or len(rows) < _AT_ONCE:
            yield from rows
            yield from cursor
            return
        cursor.close()
        try:
            with closing(_connect(self.path, read_only=True)) as connection:
                for setting in _READER_SETTINGS:
                    connection.execute(setting)
                yield from connection.execute(sql, values)
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def rows_in(self, sql: str, keys: Collection[bytes]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement for any number of keys, each given once.

        It has them as ``column1`` of ``asked``, behind every ``FROM asked CROSS JOIN``, which
        keeps that order. For ``IN (?, …)`` SQLite makes a table, of two keys too, and for each
        of these takes and fills the first 80 KB of a page cache. Numbers of keys are powers of
        two, the rest NULL, which equals nothing: SQLite parses few statements.
        """
        left: list[bytes | None] = list(keys)
        for start in range(0, len(left), _MOST):
            batch = left[start : start + _MOST]
            room = 1 << (len(batch) - 1).bit_length()
            batch += [None] * (room - len(batch))
            yield from self.rows(_listing(sql, room), batch)

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, None where there is none."""
        row = self.row(sql, values)
        return row[0] if row else None

    def _explain(self, error: sqlite3.Error) -> Exception:
        """Return what to raise: a wrong statement is our bug, the rest is the storage's."""
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            name = getattr(error, "sqlite_errorname", "") or ""
            broken = any(name.startswith(each) for each in _BROKEN)
            said = "not an SQLite file" if name == "SQLITE_NOTADB" else error
            return ArchiveError(f"{self.path}: {said}{f'. {_KEEP}' if broken else ''}")
        return error

    def _prepare(self) -> None:
        """Refuse what is not ours or not whole, migrate, and prove that we can write."""
        if self.value("PRAGMA application_id") != APPLICATION_ID:
            raise ArchiveError(f"{self.path}: not an archive of newscrawl. {_KEEP}")
        version, ours = self.value("PRAGMA user_version"), len(MIGRATIONS)
        if version > ours:
            raise ArchiveError(
                f"{self.path}: schema {version} was written by a newer newscrawl (this one "
                f"knows {ours}): install that one, or `newscrawl rebuild --force`"
            )
        if self.read_only:
            if version < ours:
                raise ArchiveError(f"{self.path}: schema {version} is old: run a crawl first")
            self.execute("PRAGMA query_only = ON")
        else:
            for setting in _SETTINGS:
                self.execute(setting)
            if self.value("PRAGMA journal_mode") != "wal":
                raise ArchiveError(f"{self.path}: needs a local file system (SQLite's WAL)")
            with self.transaction():
                migrate(self)
        for (table,) in list(self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")):
            self.row(f"SELECT * FROM {table} LIMIT 1")  # noqa: S608  (names of our schema)


class _Transaction(AbstractContextManager[None]):
    """A class, not a generator: an article has one, and half of its calls were the generator's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._database.execute("COMMIT")
        finally:
            connection = self._database.connection
            if connection.in_transaction:  # SQLite itself rolls back on a full disk
                connection.execute("ROLLBACK")


@cache
def _listing(sql: str, room: int) -> str:
    """Return a statement that has so many keys, the same ones, wherever it reads ``asked``."""
    keys = ", ".join(f"(?{number})" for number in range(1, room + 1))
    return sql.replace("FROM asked ", f"FROM (VALUES {keys}) AS asked ")


def migrate(database: Database) -> None:
    """Run the migrations that the file lacks, in the caller's transaction."""
    for version in range(database.value("PRAGMA user_version"), len(MIGRATIONS)):
        for statement in MIGRATIONS[version]:
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {version + 1}")


def _make_sure(path: Path) -> None:
    """Make a new archive where there is none, and remove what a killed process left of one."""
    if not os.path.lexists(path):
        _create(path)
    drafts = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{16}}(-journal|-wal|-shm)?")
    for each in path.parent.iterdir():
        if drafts.fullmatch(each.name):
            each.unlink(missing_ok=True)


def _create(path: Path) -> None:
    """Make a new archive under another name and then give it its own.

    A kill at any moment leaves either nothing under ``path`` or a whole archive, so that
    an empty file is always a damage and never a beginning. It has its write-ahead log from the
    beginning: to turn it on, nobody else may read the file, and of two processes that open it at
    the same moment one would be refused at once.
    """
    _make_directory(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            database = Database(connection, draft)
            database.execute("PRAGMA journal_mode = MEMORY")
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            with database.transaction():
                migrate(database)
            # Only now, when all is in the file: what a log holds is lost without a word where the
            # disk is full as it closes.
            database.execute("PRAGMA journal_mode = WAL")
        name_new(draft, path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _make_directory(directory: Path) -> None:
    """Create a folder and its parents; not world-writable whatever the umask (H126)."""
    if not directory.exists():
        _make_directory(directory.parent)
        directory.mkdir(mode=0o755, exist_ok=True)
        sync(directory.parent)


def _check_file(path: Path) -> None:
    """Refuse what cannot be an archive before SQLite sees it: it would fill an empty file.

    The file is not opened: closing it would take away the locks of every connection that this
    process has to it (sqlite.org/howtocorrupt.html, 2.2). A crawl has one for each source; the
    next reader to leave then took itself for the last one, and removed the log under them.
    """
    if path.is_symlink():
        raise ArchiveError(f"{path}: is a symbolic link; give the file itself")
    if not path.exists():
        raise ArchiveError(f"{path}: no such archive: run a crawl first")
    if not path.is_file():
        raise ArchiveError(f"{path}: is not a file")
    if not path.stat().st_size:
        raise ArchiveError(f"{path}: the archive is empty. {_KEEP}")


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Connect to an existing file.

    A reader opens it for writing too where it may, and then sets ``query_only``: only
    such a connection removes its ``-wal`` and ``-shm`` files when it closes.
    """
    mode = "mode=rw"
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        if not read_only:
            raise ArchiveError(f"{path}: not writable")
        mode = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, isolation_level=None)
