"""Work on all cores: tasks in, results out in the same order, nothing left behind.

Workers read; whoever asks is the only one who writes.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from newscrawl.exit_codes import ExitCode

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 3
"""Tasks a worker has in hand or in line: enough never to wait, few enough to hold."""
_state: dict[str, Any] = {}
"""In a worker: the function that does its tasks."""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    make: Callable[..., Callable[[T], R]], arguments: tuple[Any, ...], tasks: Iterable[T], jobs: int
) -> Iterator[R]:
    """Yield the result of every task, in their order, from ``jobs`` processes.

    make: called with ``arguments`` in each process, returns the function that does a task;
    both go there pickled. One job is done in this process. Raises what a task raises, and
    ``ChildProcessError`` where a worker was killed. However the iteration ends, its
    processes end too; they also do where this process is killed.
    """
    if jobs == 1:
        yield from map(make(*arguments), tasks)
        return
    # Not by fork: a copy of a process with threads and open databases is none to work in.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, _begin, (make, arguments))
    left = iter(tasks)
    try:
        waiting: deque[Future[Any]] = deque()
        _submit(pool, islice(left, jobs * _AHEAD), waiting)
        while waiting:
            result = waiting.popleft().result()
            _submit(pool, islice(left, 1), waiting)
            yield result
    except BrokenProcessPool as error:
        raise ChildProcessError(
            "a reading process was killed, perhaps for want of memory; run it again, "
            "with fewer --jobs"
        ) from error
    finally:
        with _undisturbed():
            pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, tasks: Iterable[Any], waiting: deque[Future[Any]]) -> None:
    """Hand tasks to the workers, which begin with the first ones."""
    for task in tasks:
        with _undisturbed():
            waiting.append(pool.submit(_do, task))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off Ctrl-C and SIGTERM to the end of the block.

    The pool does not bear an exception in the middle of starting its thread and processes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: received.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            signal.raise_signal(received[0])


def _begin(make: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    """Set up a worker: Ctrl-C is the parent's to handle, and without it there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _state["do"] = make(*arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(ExitCode.INTERRUPTED)


def _do(task: Any) -> Any:
    return _state["do"](task)
