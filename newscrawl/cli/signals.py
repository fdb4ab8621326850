"""SIGINT and SIGTERM while a command runs: once it ends in order, twice at once (H125).

A crawl, which has requests in flight to wait for, sets its own handlers meanwhile
(``operations.interrupts``).
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from newscrawl.operations.interrupts import SIGNALS, leave


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` on the first signal within the block; leave on the second.

    What is under way is rolled back then, and files half written are removed. A signal that
    whoever started us wants ignored, as nohup does, stays so; outside the main thread, which
    alone hears of signals, nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    heard = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _end(_number: int, _frame: FrameType | None) -> None:
    for number in SIGNALS:
        if signal.getsignal(number) is _end:
            signal.signal(number, _leave)
    raise KeyboardInterrupt


def _leave(_number: int, _frame: FrameType | None) -> None:
    leave()
