"""A share of a crawl's sources, in a process of its own that ``operations.jobs`` has started."""

import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic

from newscrawl.exit_codes import ExitCode
from newscrawl.extensions.progress import Line
from newscrawl.operations.crawl import CrawlRequest, run_crawl
from newscrawl.operations.interrupts import SIGNALS, Interrupts, Stop
from newscrawl.operations.report import CrawlReport, failed
from newscrawl.spiders.registry import spiders

STOP = "stop"
"""What is said to a process that is to end in order."""
_EVERY = 0.1
"""Seconds between two words about a source: a person sees no more."""

spiders()  # imported here, so that a process that is copied has them already


def crawl_share(
    request: CrawlRequest, connection: Connection, starters: Connection, *, shown: bool
) -> None:
    """Crawl, and send the report; before it (source, state) where progress is ``shown``.

    starters: the other end of ``connection``; a copied process has it, too, and would keep it
    open when the starter is gone.
    A signal that the whole group of processes was sent ends the crawl in order, and so does
    ``STOP``, once or several times: to leave at once is the starter's, whose end ends us.
    """
    starters.close()
    stop = Stop()
    with Interrupts(stop, again=stop.ask):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        threading.Thread(target=_hear, args=(connection, stop), daemon=True).start()
        report = crawled(request, stop, _RemoteLine(connection) if shown else None)
        connection.send(report)


def crawled(request: CrawlRequest, stop: Stop, line: Line | None) -> CrawlReport:
    """Crawl; what keeps the crawl from beginning is in the report, too."""
    begun = monotonic()
    try:
        return run_crawl(request, stop, line)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (the others go on)
        return failed(request.sources, error, monotonic() - begun)


def _hear(connection: Connection, stop: Stop) -> None:
    """Hear what the starter says, and leave at once where it is gone."""
    try:
        while connection.recv() == STOP:
            stop.ask()
    except (EOFError, OSError):
        os._exit(ExitCode.INTERRUPTED)


class _RemoteLine:
    """Hands progress to the process that shows it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next: dict[str, float] = {}

    def __deepcopy__(self, _: object) -> "_RemoteLine":
        return self

    def show(self, source: str, state: str) -> None:
        """Say how far a source is, unless that was just said."""
        now = monotonic()
        if now >= self._next.get(source, 0.0):
            self._next[source] = now + _EVERY
            self._send(source, state)

    def drop(self, source: str) -> None:
        """Say nothing more of a source."""
        self._send(source, None)

    def _send(self, source: str, state: str | None) -> None:
        with suppress(OSError):  # nobody is there to see it, and ``_hear`` ends us
            self._connection.send((source, state))
