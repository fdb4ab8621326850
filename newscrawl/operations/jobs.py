"""A crawl over several processes: the sources are shared out, and the reports become one.

Every process crawls its share by the code that crawls alone (``operations.crawl``). They meet
in the archive and in the folders of posts, as runs do that cron starts beside each other.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import wait
from time import monotonic
from typing import NoReturn

from newscrawl.extensions.progress import Line
from newscrawl.operations.crawl import CrawlRequest, live_line, run_crawl
from newscrawl.operations.interrupts import Interrupts, Stop, leave
from newscrawl.operations.lost import lost
from newscrawl.operations.processes import context, signals_held_back
from newscrawl.operations.report import CrawlReport, merged
from newscrawl.operations.share import STOP, crawl_share, crawled

_LAST_SECONDS = 1.0
"""How long a process that leaves at once waits for those that it has killed."""


def crawl_all(request: CrawlRequest) -> CrawlReport:
    """Crawl in ``request.jobs`` processes, no more than there are sources; this is one of them.

    The report is that of one crawl. A process that is killed is a failure of its sources, and
    the others go on. A signal is handed on, and a second one ends all at once; where this
    process is killed the others end, too. Raises as ``run_crawl`` for one process.
    """
    shares = shared_out(request.sources, request.jobs)
    if len(shares) < 2:
        return run_crawl(request)
    begun, started_at = monotonic(), datetime.now(UTC)
    line = live_line() if request.progress else None
    stop, others = Stop(), list[_Other]()
    with Interrupts(stop, again=lambda: _leave(others)):
        try:
            for sources in shares[1:]:
                others.append(_Other(replace(request, sources=sources), stop, line))
            for other in others:  # only now: a process with threads is not copied
                other.listen()
            reports = [crawled(replace(request, sources=shares[0]), stop, line)]
            reports += [other.report(started_at) for other in others]
        finally:
            _end(others)
    return merged(reports, request.sources, monotonic() - begun)


def shared_out(sources: Sequence[str], jobs: int) -> list[tuple[str, ...]]:
    """Return the sources of each process: as many in each, or one more."""
    return [tuple(sources[first::jobs]) for first in range(min(jobs, len(sources)))]


class _Other:
    """Another process and its share."""

    def __init__(self, request: CrawlRequest, stop: Stop, line: Line | None) -> None:
        """Start it. stop: handed on. line: where its progress is shown."""
        self._request = request
        self._line = line
        self._report: CrawlReport | None = None
        made = context(is_early=True)
        self._connection, theirs = made.Pipe()
        self.process = made.Process(
            target=crawl_share,
            args=(replace(request, progress=False), theirs, self._connection),
            kwargs={"shown": line is not None},
            daemon=True,
        )
        with signals_held_back():
            self.process.start()
        theirs.close()
        stop.tell(self._say_stop)
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def listen(self) -> None:
        """Begin to take what it says."""
        self._listener.start()

    def report(self, started_at: datetime) -> CrawlReport:
        """Wait for its end and return its report, or what it left where it was killed."""
        self._listener.join()
        self.process.join()
        if self._report is not None:
            return self._report
        for source in self._request.sources:
            if self._line is not None:
                self._line.drop(source)
        return lost(self._request, started_at, self.process.exitcode or 0)

    def _say_stop(self) -> None:
        with suppress(OSError):  # it has ended already
            self._connection.send(STOP)

    def _listen(self) -> None:
        """Take what it says, to its report or its end."""
        with suppress(EOFError, OSError):
            while not isinstance(said := self._connection.recv(), CrawlReport):
                source, state = said
                if self._line is not None and state is not None:
                    self._line.show(source, state)
                elif self._line is not None:
                    self._line.drop(source)
            self._report = said


def _end(others: Iterable[_Other]) -> None:
    """Leave no process behind, however this one came here."""
    for other in others:
        if other.process.is_alive():
            other.process.kill()
        other.process.join()


def _leave(others: Sequence[_Other]) -> NoReturn:
    """End all processes at once."""
    for other in others:
        other.process.kill()
    wait([other.process.sentinel for other in others], _LAST_SECONDS)
    leave()
