"""SIGINT and SIGTERM: once, finish what is in flight; twice, leave at once (H125).

Scrapy's own handlers lose a signal that comes before its engine runs, and then never end.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def leave() -> NoReturn:
    """End the process at once, with code 130; nothing that waits is waited for."""
    sys.stderr.write("newscrawl: left at once; everything stored so far is whole\n")
    sys.stderr.flush()
    os._exit(ExitCode.INTERRUPTED)


class Interrupts:
    """Context manager that hands the first signal to ``stop`` and ends on the second.

    stop: called in the event loop, at once where it runs already. Leaving at once is safe:
    the archive commits whole articles and posts appear by renaming whole files.
    """

    def __init__(self, loop: "AbstractEventLoop", stop: Callable[[], None]) -> None:
        self._loop = loop
        self._stop = stop
        self._before: Mapping[signal.Signals, Any] = {}
        self.received = False

    def __enter__(self) -> "Interrupts":
        self._before = {number: signal.signal(number, self._handle) for number in SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.received:
            leave()
        self.received = True
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop)
