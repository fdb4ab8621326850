"""Processes that begin with everything imported: forked from a server that has done it once.

Not from this process: a copy of one with threads and open databases is none to work in.
"""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext

from newscrawl.operations.interrupts import SIGNALS

_IMPORTED = ["newscrawl.operations.share"]


def warm_up() -> ForkServerContext:
    """Start the server, where it does not run; return what makes processes.

    It imports on another core while this process does. It ends with this process, whatever
    ends that. Its processes have ``SIGNALS`` blocked until they are ready to hear them.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    resource_tracker.ensure_running()  # else the server starts it, which unblocks the signals
    with _blocked():
        forkserver.ensure_running()
    return context


@contextmanager
def _blocked() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
