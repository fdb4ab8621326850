"""The index of the files of the raw record: which there are, and how far each is indexed."""

from dataclasses import dataclass
from datetime import datetime

from newscrawl.archive.codec import from_time, to_time
from newscrawl.archive.database import Database

_GOING = -1
"""In the place of ``bytes``: the file is to be removed, and is no part of the record any more."""


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A file that the index knows.

    file: its number. bytes: how far it is indexed. closed_at: UTC, None while a run has it.
    """

    file: int
    name: str
    source: str
    bytes: int
    begun_at: datetime
    closed_at: datetime | None


class WarcFiles:
    """The table ``warc_files``. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, source: str, run: int | None, begun_at: datetime) -> int:
        """Note a new file and return its number. run: None where nobody knows it."""
        added = self._database.execute(
            "INSERT INTO warc_files (name, source, run, begun_at) VALUES (?, ?, ?, ?)",
            (name, source, run, to_time(begun_at)),
        )
        return int(added.lastrowid or 0)

    def all(self) -> list[WarcFile]:
        """Return every file that is a part of the record, the oldest first."""
        return self._select("bytes >= 0")

    def names(self) -> set[str]:
        """Return the names that are taken, also those of files that are to be removed."""
        return {name for (name,) in self._database.rows("SELECT name FROM warc_files")}

    def newest(self, source: str) -> datetime | None:
        """Return when the last file of a source was begun, None where there is none."""
        begun = self._database.value(
            "SELECT max(begun_at) FROM warc_files WHERE source = ? AND bytes >= 0", (source,)
        )
        return from_time(begun) if begun else None

    def opened(self, source: str) -> list[WarcFile]:
        """Return the files of a source that were never closed."""
        return self._select("source = ? AND closed_at IS NULL AND bytes >= 0", source)

    def has(self, name: str) -> bool:
        """Whether a name is taken."""
        return bool(
            self._database.value("SELECT EXISTS (SELECT 1 FROM warc_files WHERE name = ?)", (name,))
        )

    def size(self) -> int:
        """Return the bytes of all files."""
        return int(self._database.value("SELECT total(bytes) FROM warc_files WHERE bytes >= 0"))

    def oldest(self) -> WarcFile | None:
        """Return the closed file that was closed first, None where there is none."""
        found = self._select(
            "closed_at IS NOT NULL AND bytes >= 0", order="closed_at, file", most=1
        )
        return found[0] if found else None

    def cut_back(self, file: int, size: int) -> int:
        """Take back what was indexed of a file behind a byte; return how many captures."""
        with self._database.transaction():
            gone = self._database.execute(
                "DELETE FROM captures WHERE file = ? AND offset + length > ?", (file, size)
            )
            self._database.execute(
                "UPDATE warc_files SET bytes = (SELECT coalesce(max(offset + length), 0)"
                " FROM captures AS c WHERE c.file = warc_files.file) WHERE file = ?",
                (file,),
            )
        return gone.rowcount

    def indexed(self, file: int) -> int:
        """Return how many bytes of a file are indexed: the end of a record."""
        return int(self._database.value("SELECT bytes FROM warc_files WHERE file = ?", (file,)))

    def give_up(self, file: int) -> int:
        """Take a file and its captures out of the record; return how many captures.

        Its row stays until ``forget``, so that a kill leaves no file that nobody knows.
        Captures elsewhere that repeat its bytes are left without them (``Capture.payload``).
        """
        with self._database.transaction():
            gone = self._database.execute("DELETE FROM captures WHERE file = ?", (file,))
            self._database.execute("UPDATE warc_files SET bytes = ? WHERE file = ?", (_GOING, file))
        return gone.rowcount

    def sync(self) -> None:
        """Return when what was given up would stay so after a power loss."""
        self._database.sync()

    def given_up(self) -> list[WarcFile]:
        """Return the files that are to be removed."""
        return self._select("bytes < 0")

    def forget(self, file: int) -> None:
        """Forget a file that was given up and is removed."""
        self._database.execute("DELETE FROM warc_files WHERE file = ? AND bytes < 0", (file,))

    def _select(
        self, where: str, *values: object, order: str = "file", most: int = -1
    ) -> list[WarcFile]:
        rows = self._database.rows(
            "SELECT file, name, source, bytes, begun_at, closed_at FROM warc_files"  # noqa: S608
            f" WHERE {where} ORDER BY {order} LIMIT {most}",
            values,
        )
        return [
            WarcFile(file, name, source, size, from_time(begun), closed and from_time(closed))
            for file, name, source, size, begun, closed in rows
        ]
