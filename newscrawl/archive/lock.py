"""One run of a source at a time: an advisory lock that dies with its process."""

import fcntl
import os
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

FOR_EVER = float("inf")
"""Seconds to wait for one who does not want to give up."""
_POLL = 0.2
_HOLDER = re.compile(rb"process (\d{1,10}) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)\n")


class LockedError(Exception):
    """Another process holds the lock; the message names the file and, where known, who."""


class Lock:
    """``flock`` on a file of its own: the kernel frees it however the holder ends (H122).

    The holder writes its process id and the time into the file. That is for people to
    read; whether the lock is held is the kernel's word alone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @classmethod
    def of(cls, folder: Path, name: str) -> "Lock":
        """Return the lock of one source (or whatever ``name`` means) of an output folder."""
        return cls(folder / f".{name}.lock")

    def acquire(self) -> "Lock":
        """Take the lock or raise ``LockedError`` at once; ``OSError`` where it cannot be made."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} since {now}\n".encode(), 0)
        except BlockingIOError as error:
            holder = _holder(os.pread(descriptor, 64, 0))
            os.close(descriptor)
            raise LockedError(f"another run holds {self.path}{holder}") from error
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        """Free the lock; the file stays, since removing it would race with the next holder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> tuple[int, datetime] | None:
        """Return who took the lock last, by process id, and when; None where nobody says so.

        Whether that process holds it still is another question.
        """
        try:
            found = _HOLDER.fullmatch(self.path.read_bytes()[:64])
        except OSError:
            return None
        return (int(found[1]), datetime.fromisoformat(found[2].decode())) if found else None

    def __enter__(self) -> "Lock":
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def _holder(text: bytes) -> str:
    """Return who says to hold the lock, nothing for words that we did not write."""
    found = _HOLDER.fullmatch(text)
    return f" (process {int(found[1])}, since {found[2].decode()})" if found else ""


@contextmanager
def hold(
    folder: Path,
    names: Iterable[str],
    wait: float | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Iterator[dict[str, Lock]]:
    """Hold the locks of several sources of one output folder; yield them by name.

    They are taken in the order of their names, so that two who want several never wait for
    each other. wait: how many seconds to wait for others, None for not at all. stopped: asked
    again and again whether to give up waiting. Raises ``LockedError`` where that was not
    enough, ``OSError`` where a lock cannot be made, and ``KeyboardInterrupt`` when stopped, or
    on SIGINT or SIGTERM, while it waits; then none is held.
    """
    until = monotonic() + (wait or 0.0)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        locks = {name: Lock.of(folder, name) for name in sorted(set(names))}
        with ended_by_sigterm():
            for lock in locks.values():
                _take(lock, until, stopped)
                held.callback(lock.release)
        yield locks


def _take(lock: Lock, until: float, stopped: Callable[[], bool] | None) -> None:
    """Take a lock as soon as it is free; raise ``LockedError`` where it is not by ``until``."""
    while True:
        try:
            lock.acquire()
        except LockedError:
            left = until - monotonic()
            if left <= 0:
                raise
        else:
            return
        if stopped is not None and stopped():
            raise KeyboardInterrupt
        sleep(min(_POLL, left))


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C within the block: it ends with ``KeyboardInterrupt``.

    Only in the main thread, which is the one that hears of signals, and only where nobody
    has another mind of it: the command line has its own (``cli.signals``).
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
