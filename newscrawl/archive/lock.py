"""One crawl of a source at a time: an advisory lock that dies with its process."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class LockedError(Exception):
    """Another process holds the lock; the message names the file."""


class Lock:
    """``flock`` on a file of its own: the kernel frees it however the holder ends (H122)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> "Lock":
        """Take the lock or raise ``LockedError`` at once; ``OSError`` where it cannot be made."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise LockedError(f"another crawl holds {self.path}") from error
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        """Free the lock; the file stays, since removing it would race with the next holder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "Lock":
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
