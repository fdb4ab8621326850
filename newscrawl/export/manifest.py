"""Which files of a folder are ours, what they hold, and for which state of the archive.

A file is claimed here before it is renamed into place and confirmed afterwards. So a kill
at any point leaves either the old file or the new one, and both are known as ours (H117).
"""

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from newscrawl import __version__
from newscrawl.archive.disk import name_new, sync
from newscrawl.export.entries import Entry, entry_of_row, row_of, state_of
from newscrawl.export.files import TEMPORARY
from newscrawl.export.posts import ExportError, ExportLocked
from newscrawl.export.tables import MIGRATION, SAVE, SCHEMA, SCHEMA_VERSION, UPDATE

FILE_NAME = ".newscrawl-posts.db"
WAIT = 1.0
"""Seconds that an export waits for another one that writes into its folder."""
_REFUSED = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
"""How the names of errors begin that are the disk's, and say nothing of the file."""
_CACHE = -8192
"""KiB, for what one transaction touches: with less it is written, and synced, in parts."""
_LIST = 128
_LOOK_UP = f"SELECT * FROM files WHERE owner IN ({', '.join('?' * _LIST)})"  # noqa: S608
"""A row each costs a third of a statement each."""


class Manifest:
    """The record of one dialect's folder, as one SQLite file in it.

    Reading writes nothing and makes no file (H133). From ``open_for_writing`` to ``close``
    the file is locked against a second writer, for whose end ``wait`` seconds are waited.
    Every method raises ``ExportError`` for a file that cannot be used; it is never replaced
    (H123).
    """

    def __init__(self, root: Path, dialect: str, wait: float = WAIT) -> None:
        self._file = root / FILE_NAME
        self._dialect = dialect
        self._wait = wait
        self._db: sqlite3.Connection | None = None
        self.is_writable = False
        self.was_empty = not self._exists()
        """Whether there was no file: then nothing was ever exported under any other name."""
        self._known: dict[str, Entry | None] = {}
        self._planned: dict[str, Entry] = {}
        self._noted: dict[str, Entry] = {}
        self._planned_ids: dict[str, str] = {}

    def close(self) -> None:
        """Release the file."""
        if self._db is not None:
            self._db.close()
        self._db = None
        self.is_writable = False
        self._known.clear()
        self._noted.clear()

    def open_for_writing(self) -> None:
        """Create or lock the file; raise ``ExportLocked`` while another export has it."""
        self.close()
        if self._exists():
            self.was_empty = False  # somebody else may have made it by now
        else:
            self._create()
        self._db = self._connect("mode=rw")
        self.is_writable = True
        for statement in (
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA synchronous = FULL",
            f"PRAGMA cache_size = {_CACHE}",
            "BEGIN EXCLUSIVE",  # takes the lock, which then stays
            "COMMIT",
        ):
            self._rows(statement)
        if self._rows("PRAGMA user_version") != [(SCHEMA_VERSION,)]:
            self._migrate(self._db)
        if not self.trusts_stamps():
            self._rows("UPDATE files SET stamp = NULL")
            self._rows("INSERT OR REPLACE INTO meta VALUES ('stamped_by', ?)", [__version__])
        if self._file.with_name(f"{FILE_NAME}-journal").exists():
            # Finished, and left by a kill: SQLite removes it at the end of the next one that
            # writes, and an export that has nothing to save would write nothing.
            self._rows(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def entry(self, owner: str) -> Entry | None:
        """Return the file of an article or page; a planned one is found too."""
        if owner in self._planned:
            return self._planned[owner]
        if owner in self._noted:
            return self._noted[owner]
        if owner in self._known:
            return self._known[owner]
        for row in self._rows("SELECT * FROM files WHERE owner = ?", [owner]):
            return entry_of_row(row)
        return None

    def look_up(self, owners: Iterable[str]) -> None:
        """Read the rows of some articles at once, for ``entry`` to know until ``forget``.

        Those that it knows already are not read again.
        """
        left = [owner for owner in owners if owner not in self._known]
        for start in range(0, len(left), _LIST):
            batch = left[start : start + _LIST]
            self._known.update(dict.fromkeys(batch))
            asked = batch + batch[-1:] * (_LIST - len(batch))  # one statement to be parsed
            for row in self._rows(_LOOK_UP, asked):
                self._known[row[0]] = entry_of_row(row)

    def forget(self) -> None:
        """Let go of what was looked up."""
        self._known.clear()

    def trusts_stamps(self) -> bool:
        """Whether the stamps are of this version, which renders as it did when it set them."""
        return self._rows("SELECT value FROM meta WHERE name = 'stamped_by'") == [(__version__,)]

    def owner_of(self, post_id: str) -> str | None:
        """Return which article has this id, in any letter case."""
        for (owner,) in self._rows("SELECT owner FROM files WHERE post_id = ?", [post_id]):
            return str(owner)
        return self._planned_ids.get(post_id.lower())

    def owners_at(self, path: PurePosixPath | str) -> list[str]:
        """Return whose file stands at a path; several where posts are lines of it."""
        rows = self._rows("SELECT owner FROM files WHERE path = ?", [str(path)])
        return [str(owner) for (owner,) in rows]

    def plan(self, entry: Entry) -> None:
        """Reserve a new file and its id in memory; ``save`` makes them last."""
        self._planned[entry.owner] = entry
        if entry.post_id:
            self._planned_ids[entry.post_id.lower()] = entry.owner

    def is_planned(self, entry: Entry) -> bool:
        """Whether an entry is in memory only."""
        return entry.owner in self._planned

    def note(self, entries: Iterable[Entry]) -> None:
        """Keep what became of entries in memory until the next ``save``, which is to come."""
        self._noted.update((each.owner, each) for each in entries)

    def save(self, entries: Iterable[Entry] = ()) -> None:
        """Write entries, and before them those that were noted, in one transaction."""
        self._save(entries)

    def _save(self, entries: Iterable[Entry], meta: Sequence[tuple[str, str]] = ()) -> None:
        saved = [*self._noted.values(), *entries]
        if not saved and not meta:
            return
        placed = [each for each in saved if each.path != each.row_path]
        standing = [state_of(each) for each in saved if each.path == each.row_path]
        self._rows("BEGIN")
        try:
            self._many(SAVE, [row_of(each) for each in placed])
            self._many(UPDATE, standing)
            self._many("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)
            self._rows("COMMIT")
        except ExportError:
            with contextlib.suppress(ExportError):
                self._rows("ROLLBACK")
            raise
        self._noted.clear()
        for each in placed:
            each.row_path = each.path
            if self._planned.pop(each.owner, None) is not None:
                self._planned_ids.pop((each.post_id or "").lower(), None)

    def restamp(self, path: str, former: str, stamp: str) -> None:
        """Note the new stamp of a file whose other posts were written as they stood."""
        self._rows("UPDATE files SET stamp = ? WHERE path = ? AND stamp = ?", [stamp, path, former])

    def drop(self, owner: str) -> None:
        """Forget a post or page whose file was taken away on purpose."""
        self._known.pop(owner, None)
        self._rows("DELETE FROM files WHERE owner = ?", [owner])

    def posts_between(self, low: str, high: str) -> list[Entry]:
        """Return the posts with ``low <= path < high``, in the order of their paths."""
        rows = self._rows(
            "SELECT * FROM files WHERE path >= ? AND path < ? AND post_id IS NOT NULL"
            " ORDER BY path",
            [low, high],
        )
        return [entry_of_row(row) for row in rows]

    def last_sequence(self) -> int:
        """Return the highest sequence that any post is of, or that all is done up to."""
        settled = self._rows("SELECT value FROM meta WHERE name = 'settled'")
        posts = self._rows("SELECT max(sequence) FROM files")
        done = [int(value.partition(" ")[2]) for (value,) in settled]
        return max([0, *done, *(int(number) for (number,) in posts if number)])

    def count(self) -> int:
        """Return the number of posts and pages."""
        return sum(number for (number,) in self._rows("SELECT count(*) FROM files"))

    def entries(self) -> Iterator[Entry]:
        """Yield all posts and pages in the order of their paths, in constant memory."""
        last = ("", "")
        while rows := self._rows(
            "SELECT * FROM files WHERE (path, owner) > (?, ?) ORDER BY path, owner LIMIT 1000",
            last,
        ):
            yield from map(entry_of_row, rows)
            last = (rows[-1][1], rows[-1][0])

    def owed(self) -> list[str]:
        """Return the articles whose post is not up to date whatever their sequence is."""
        # Without it SQLite reads the whole manifest by post_id: seconds at a million posts.
        rows = self._rows(
            "SELECT owner FROM files INDEXED BY owed_posts"
            " WHERE sequence IS NULL AND post_id IS NOT NULL"
        )
        return [owner for (owner,) in rows]

    def settled(self, rendering: str) -> int:
        """Return the sequence up to which nothing but ``owed`` is left to do."""
        for (value,) in self._rows("SELECT value FROM meta WHERE name = 'settled'"):
            of, _, sequence = value.partition(" ")
            return int(sequence) if of == rendering else 0
        return 0

    def settle(self, rendering: str, sequence: int) -> None:
        """Save that all up to ``sequence`` is done in this rendering, with what was noted."""
        self._save((), [("settled", f"{rendering} {sequence}")])

    def _exists(self) -> bool:
        if self._file.is_symlink():
            raise ExportError(f"{self._file}: is a symbolic link; it is not ours")
        return self._file.exists()

    def _create(self) -> None:
        """Make the file under another name: an empty one must never be taken for ours."""
        draft = self._file.with_name(TEMPORARY + secrets.token_hex(16))
        try:
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
            with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as db:
                db.executescript(SCHEMA)
                db.execute("INSERT INTO meta VALUES ('dialect', ?)", [self._dialect])
            name_new(draft, self._file)
            sync(self._file.parent)
        except (OSError, sqlite3.Error) as error:
            if not self._exists():  # else another export has made it, and tidied our draft away
                raise ExportError(f"{self._file}: cannot be made: {error}") from error
        finally:
            draft.unlink(missing_ok=True)

    def _migrate(self, db: sqlite3.Connection) -> None:
        try:
            db.executescript(MIGRATION)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _connect(self, mode: str) -> sqlite3.Connection:
        """Open the file and make sure that it is ours."""
        address = f"{self._file.absolute().as_uri()}?{mode}"
        try:
            db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=self._wait)
        except sqlite3.Error as error:
            raise self._failure(error) from error
        try:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > SCHEMA_VERSION:
                raise ExportError(f"{self._file}: written by a newer newscrawl; update this one")
            found = db.execute("SELECT value FROM meta WHERE name = 'dialect'").fetchone()
            if found != (self._dialect,):
                raise ExportError(
                    f"{self._file.parent}: holds posts of the dialect {found and found[0]}, "
                    f"not of {self._dialect}; export to another folder"
                )
        except sqlite3.Error as error:
            db.close()
            raise self._failure(error) from error
        except ExportError:
            db.close()
            raise
        return db

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; none while there is no file."""
        if self._db is None:
            if not self._exists():
                return []
            self._db = self._connect("mode=ro")
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if self._db is None:
            raise ExportError(f"{self._file}: not open for writing")
        try:
            self._db.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.Error) -> ExportError:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return ExportLocked(f"{self._file.parent}: another export is writing here")
        if name.startswith(_REFUSED) and name != "SQLITE_READONLY_ROLLBACK":
            return ExportError(f"{self._file}: {error}")
        if name == "SQLITE_READONLY_ROLLBACK":
            return ExportError(
                f"{self._file}: was cut off while writing; an export that is no dry run repairs it"
            )
        return ExportError(
            f"{self._file}: cannot be used ({error}); put it aside, and the next export takes "
            "over the posts that hold what it would write"
        )
