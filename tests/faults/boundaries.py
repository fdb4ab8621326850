"""Stands at every place where newscrawl changes something below a folder, and may strike there.

A *passage* is one call that makes, writes, syncs, renames, links or removes a file below the
folder, or that begins or commits a transaction of one of its databases. Passages are numbered
from 1 in the order in which a process makes them. Nothing of this is in the package: the
functions are replaced from outside, in a process of its own (``tests.faults.run``).
"""

import errno
import io
import json
import os
import re
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any

ERRORS = {name: getattr(errno, name) for name in ("ENOSPC", "EIO", "EDQUOT", "EROFS")}
DEEDS = ("kill", "torn", "signal", *ERRORS)
"""kill: SIGKILL before the call. torn: half of a write, then SIGKILL. signal: SIGTERM, and on.
The others: the call fails, after half of it where it is a write."""
_SQLITE = {
    errno.ENOSPC: ("database or disk is full", sqlite3.SQLITE_FULL, "SQLITE_FULL"),
    errno.EDQUOT: ("database or disk is full", sqlite3.SQLITE_FULL, "SQLITE_FULL"),
    errno.EIO: ("disk I/O error", sqlite3.SQLITE_IOERR, "SQLITE_IOERR"),
    errno.EROFS: (
        "attempt to write a readonly database", sqlite3.SQLITE_READONLY, "SQLITE_READONLY",
    ),
}  # fmt: skip
_CHANGE = re.compile(
    r"\s*(INSERT|UPDATE|DELETE)(?: OR \w+)?(?: INTO| FROM)? (\w+)"
    r"(?: VALUES \('(\w+)'| SET \((sequence)\b)?"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One call. path: from the folder. to: where a rename or link leads, so far that it does.

    tables: for a commit, what is in the transaction: ``insert captures``, ``update images`` ...
    """

    call: str
    path: str
    to: str = ""
    tables: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What sort of file it is about: ``warc``, ``archive``, ``posts``, ``manifest`` ..."""
        first = self.path.split("/")[0]
        if "archive.db" in first:
            return "archive"
        if "newscrawl-posts.db" in self.path + self.to or self.call in ("begin", "commit"):
            return "manifest"
        if first.endswith(".lock"):
            return "lock"
        return first if first in {"warc", "images", "."} else "posts"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do where.

    folder: only calls below it count. record: a file that every passage is written to, as a
    line of JSON. at: which passage is struck, 0 for none; counted only among the passages of
    ``call`` and ``kind``, where these are given. lasting: all further ones are struck too,
    as on a disk that stays full.
    """

    folder: str
    record: str = ""
    at: int = 0
    deed: str = "kill"
    call: str = ""
    kind: str = ""
    lasting: bool = False


def _path_of(file: int) -> Path:
    """Return where an open file is."""
    return Path(f"/proc/self/fd/{file}").readlink()


def install(plan: Plan) -> None:
    """Replace the functions of this process."""
    _Boundaries(plan).install()


class _Boundaries:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.folder = str(Path(plan.folder).resolve())
        self.passed = 0
        self.write: Callable[[int, Any], int] = os.write
        self.truncate: Callable[[int, int], None] = os.ftruncate
        self.record = -1
        if plan.record:
            self.record = os.open(plan.record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def install(self) -> None:
        for name in ("fsync", "fdatasync"):
            self._replace(name, lambda file, *_, **__: self.named(file))
        for name in ("ftruncate", "pwrite"):
            self._replace(name, lambda file, *_, **__: self.named(file))
        self._replace("mkdir", self._new_folder)
        self._replace("unlink", self._in_folder)
        self._replace("remove", self._in_folder)
        self._replace_open()
        for name in ("rename", "replace", "link"):
            self._replace_pair(name)
        self._replace_sync()
        self._replace_writes()
        self._replace_sqlite()

    # ---- where a call leads --------------------------------------------------------

    def named(self, file: int) -> str | None:
        """Return the path of an open file from the folder, None for one that is elsewhere."""
        return self.below(str(_path_of(file)))

    def below(self, path: str) -> str | None:
        """Return a path from the folder, None for one that is elsewhere."""
        if path == self.folder:
            return "."
        inner = path.startswith(f"{self.folder}/")
        return path[len(self.folder) + 1 :] if inner else None

    def located(self, path: Any, folder: int | None) -> str | None:
        """Return the path of a name, which may be seen from an open folder."""
        if isinstance(path, int):
            return self.named(path)
        above = Path.cwd() if folder is None else _path_of(folder)
        full = Path(above, os.fsdecode(path))
        return self.below(str(full.parent.resolve() / full.name))

    def _in_folder(self, path: Any, *_: Any, **options: Any) -> str | None:
        return self.located(path, options.get("dir_fd"))

    def _new_folder(self, path: Any, *_: Any, **options: Any) -> str | None:
        """Return where a folder is made; None for one that is there, where nothing is done."""
        located = self.located(path, options.get("dir_fd"))
        is_new = located is not None and not Path(self.folder, located).exists()
        return located if is_new else None

    # ---- what is done at a passage -------------------------------------------------

    def passage(self, passage: Passage, half: Callable[[], object] = lambda: None) -> None:
        """Count a passage, and strike if it is the one; half: does half of the call."""
        plan = self.plan
        if self.record >= 0:
            line = json.dumps({**asdict(passage), "kind": passage.kind})
            self.write(self.record, f"{line}\n".encode())
        if plan.call not in ("", passage.call) or plan.kind not in ("", passage.kind):
            return
        self.passed += 1
        if not plan.at or (self.passed != plan.at and not (plan.lasting and self.passed > plan.at)):
            return
        if plan.deed == "signal":
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if plan.deed != "kill":
            half()
        if plan.deed in ("kill", "torn"):
            os.kill(os.getpid(), signal.SIGKILL)
        number = ERRORS[plan.deed]
        if passage.call in ("begin", "commit"):
            text, code, name = _SQLITE[number]
            error = sqlite3.OperationalError(text)
            error.sqlite_errorcode, error.sqlite_errorname = code, name
            raise error
        raise OSError(number, os.strerror(number), str(Path(self.folder, passage.path)))

    # ---- the functions -------------------------------------------------------------

    def _replace(self, name: str, locate: Callable[..., str | None]) -> None:
        real = getattr(os, name)

        @wraps(real)
        def replaced(*arguments: Any, **options: Any) -> Any:
            path = locate(*arguments, **options)
            if path is not None:
                self.passage(Passage("unlink" if name == "remove" else name, path))
            return real(*arguments, **options)

        self._put(name, real, replaced)

    def _replace_pair(self, name: str) -> None:
        real = getattr(os, name)

        @wraps(real)
        def replaced(source: Any, target: Any, **options: Any) -> Any:
            path = self.located(source, options.get("src_dir_fd"))
            to = self.located(target, options.get("dst_dir_fd"))
            if path is not None and to is not None:
                self.passage(Passage("link" if name == "link" else "rename", path, to))
            return real(source, target, **options)

        self._put(name, real, replaced)

    def _replace_open(self) -> None:
        real = os.open

        @wraps(real)
        def replaced(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR):
                located = self.located(path, options.get("dir_fd"))
                if located is not None:
                    self.passage(Passage("open", located))
            return real(path, flags, *arguments, **options)

        self._put("open", real, replaced)

    def _replace_sync(self) -> None:
        real = os.sync

        def replaced() -> None:
            self.passage(Passage("sync", "."))
            # The machine has other things to sync; for a process that is killed it is the same.

        self._put("sync", real, replaced)

    def _replace_writes(self) -> None:
        real, opened = os.write, os.fdopen

        def write(file: int, data: Any) -> int:
            path = self.named(file)
            if path is not None:
                view = memoryview(data).cast("B")
                self.passage(Passage("write", path), lambda: real(file, view[: len(view) // 2]))
            return real(file, data)

        class Raw(io.FileIO):
            """A file whose writes pass through ``os.write`` and ``os.ftruncate``."""

            def write(self, data: Any) -> int:
                return os.write(self.fileno(), data)

            def truncate(self, size: int | None = None) -> int:
                size = self.tell() if size is None else size
                os.ftruncate(self.fileno(), size)
                return size

        def fdopen(file: int, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if mode == "wb":
                return io.BufferedWriter(Raw(file, "w"))
            if mode == "r+b":
                return io.BufferedRandom(Raw(file, "r+"))
            if set(mode) & set("wax+"):
                raise NotImplementedError(f"no passages in a file opened {mode!r}")
            return opened(file, mode, *arguments, **options)

        self._put("write", real, write)
        self._put("fdopen", opened, fdopen)

    def _put(self, name: str, real: Any, replaced: Any) -> None:
        setattr(os, name, replaced)
        for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if real in known:
                known.add(replaced)

    def _replace_sqlite(self) -> None:
        real = sqlite3.connect

        def connect(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection
            connection = real(database, *arguments, **{"factory": _Connection} | options)
            name = os.fsdecode(database)
            if isinstance(connection, _Connection) and name != ":memory:":
                plain = name.removeprefix("file://").partition("?")[0]
                path = self.located(Path(plain), None)
                if path is not None:
                    connection.meet = lambda call, changes: self.passage(
                        Passage(call, path, tables=tuple(sorted(changes)))
                    )
            return connection

        vars(sqlite3)["connect"] = connect


class _Connection(sqlite3.Connection):
    """Tells of beginnings and ends of transactions, and remembers what is in them."""

    changes: frozenset[str] = frozenset()
    meet: Callable[[str, frozenset[str]], None] = staticmethod(lambda _, __: None)
    """Called with ``begin`` or ``commit``; nothing for a database that is not below the folder."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._look(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._look(sql)
        return super().executemany(sql, *values)

    def executescript(self, script: str) -> sqlite3.Cursor:
        self.meet("begin", frozenset())
        found = super().executescript(script)
        self.meet("commit", frozenset())
        return found

    def _look(self, sql: str) -> None:
        first = sql.split(maxsplit=1)[0].upper()
        if first == "BEGIN":
            self.changes = frozenset()
            self.meet("begin", self.changes)
        elif first == "COMMIT":
            self.meet("commit", self.changes)
        elif change := _CHANGE.match(sql):
            words = (change[1].lower(), *change.groups()[1:])
            written = frozenset([" ".join(filter(None, words))])
            if self.in_transaction:
                self.changes |= written
            else:  # a transaction of its own
                self.changes = written
                self.meet("commit", self.changes)
