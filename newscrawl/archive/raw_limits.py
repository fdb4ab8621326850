"""The limits of the raw record: the oldest files go first, whole, and out of the index first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newscrawl.archive.disk import sync
from newscrawl.archive.warc_files import WarcFile, WarcFiles


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept. total: bytes of all files. age: since a file was finished.

    None is no limit. What is still written does not go, whatever the limits say.
    """

    total: int | None = None
    age: timedelta | None = None

    def is_old(self, kept: datetime, at: datetime) -> bool:
        """Whether a page of then has less than half of its time left."""
        return self.age is not None and at - kept > self.age / 2

    def exceeds(self, file: WarcFile, size: int, at: datetime) -> bool:
        """Whether the oldest file has to go. size: bytes of all."""
        too_much = self.total is not None and size > self.total
        too_old = (
            self.age is not None and file.closed_at is not None and at - file.closed_at > self.age
        )
        return too_much or too_old


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Expired:
    """What was removed: files, the captures in them, and bytes."""

    files: int = 0
    captures: int = 0
    bytes: int = 0

    def __add__(self, other: "Expired") -> "Expired":
        return Expired(
            self.files + other.files,
            self.captures + other.captures,
            self.bytes + other.bytes,
        )


def expire(files: WarcFiles, folder: Path, limits: Limits, at: datetime) -> Expired:
    """Remove the oldest closed files until the rest is within the limits; return what went.

    A kill leaves a file that the index has marked; ``remove_given_up`` takes it away. Raises
    ``OSError`` and ``ArchiveError``.
    """
    expired = Expired()
    while (oldest := files.oldest()) and limits.exceeds(oldest, files.size(), at):
        expired += Expired(1, files.give_up(oldest.file), oldest.bytes)
        remove_given_up(files, folder)
    return expired


def remove_given_up(files: WarcFiles, folder: Path) -> None:
    """Remove the files that the index has given up, and then forget them.

    First the index goes to the disk: it must not tell of files that are gone.
    """
    given_up = files.given_up()
    if given_up:
        files.sync()
    for file in given_up:
        (folder / file.name).unlink(missing_ok=True)
        if folder.is_dir():  # else there is no name that could come back
            sync(folder)
        files.forget(file.file)
