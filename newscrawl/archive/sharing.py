"""One connection to an archive for all sources that a process crawls."""

from pathlib import Path
from typing import ClassVar, Self

from newscrawl.archive.database import Database


class Shared(Database):
    """A connection that everybody of this process has who opens the same path.

    With one each, what a source commits would empty the caches of all others (SQLite knows
    only that somebody wrote), and each would keep a cache. Nobody is in the middle of a
    transaction while another has its turn: each is one call, and all calls are of one thread.
    """

    _opened: ClassVar[dict[Path, "Shared"]] = {}
    _holders = 0

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Return the connection to ``path``, as ``Database.open`` makes it for the first one.

        Each who opens it closes it. Raises ``ArchiveError`` as that does.
        """
        if read_only:
            raise ValueError("a reader has a connection of its own")
        path = path.absolute()
        shared = cls._opened.get(path)
        if not isinstance(shared, cls):
            shared = cls._opened[path] = super().open(path)
        shared._holders += 1
        return shared

    def close(self) -> None:
        """Close the connection when the last one leaves."""
        self._holders -= 1
        if not self._holders:
            del self._opened[self.path]
            super().close()
