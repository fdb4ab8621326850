"""How another process is begun: as a copy of this one while nothing is open, else anew."""

import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import ForkContext, SpawnContext

from newscrawl.operations.interrupts import SIGNALS


def context(*, is_early: bool) -> ForkContext | SpawnContext:
    """Return what makes processes.

    is_early: nothing is open yet, no lock is held, and what the work needs is imported. Then
    this process is copied (fork), in a hundredth of a second, where that is safe: it has but
    one thread, and is not on macOS. Any other copy is none to work in: locks that nobody
    frees, databases that another one has open. So else each process is begun anew (spawn),
    which takes half a second.
    """
    if is_early and sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    resource_tracker.ensure_running()  # else the first process starts it, and unblocks signals
    return multiprocessing.get_context("spawn")


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Begin processes that have ``SIGNALS`` blocked, until they are ready to hear them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
