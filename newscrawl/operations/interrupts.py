"""SIGINT and SIGTERM: once, finish what is in flight; twice, leave at once (H125).

Scrapy's own handlers lose a signal that comes before its engine runs, and then never end.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import Any, NoReturn

from newscrawl.exit_codes import ExitCode

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def leave() -> NoReturn:
    """End the process at once, with code 130; nothing that waits is waited for."""
    sys.stderr.write("newscrawl: left at once; everything stored so far is whole\n")
    sys.stderr.flush()
    os._exit(ExitCode.INTERRUPTED)


class Stop:
    """The wish that a run ends, and who has to hear of it.

    asked: whether it was uttered; it is never taken back. Safe in signal handlers and threads.
    """

    def __init__(self) -> None:
        self.asked = False
        self._listeners: list[Callable[[], None]] = []

    def ask(self) -> None:
        """Tell all listeners to end."""
        self.asked = True
        for listener in self._listeners:
            listener()

    def tell(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when it is time to end, at once where it is already.

        It may be called twice, and in a signal handler or another thread.
        """
        self._listeners.append(listener)
        if self.asked:
            listener()


class Interrupts:
    """Context manager that takes the first signal as ``stop``, and ends on the second.

    again: called on every further signal. Leaving at once is safe: the archive commits whole
    articles and posts appear by renaming whole files.
    """

    def __init__(self, stop: Stop, again: Callable[[], None] = leave) -> None:
        self._stop = stop
        self._again = again
        self._before: Mapping[signal.Signals, Any] = {}

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
        if self._stop.asked:
            self._again()
        else:
            self._stop.ask()
