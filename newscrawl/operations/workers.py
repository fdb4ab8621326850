"""Work on all cores: tasks in, results out in the same order, nothing left behind.

Workers read; whoever asks is the only one who writes.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, Generic, Self, TypeVar

from newscrawl.exit_codes import ExitCode
from newscrawl.operations.processes import context

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3
"""Enough never to wait where results are taken in at once, and few enough to hold."""
_state: dict[str, Any] = {}
"""In a worker: the function that does its tasks."""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers(Generic[T, R]):
    """Context manager around ``jobs`` processes, which are there from the beginning.

    make: called with ``arguments`` in each process before its first task, returns the function
    that does a task; both go there pickled. One job is done in this process, or with
    ``is_aside`` in another one, too, for which this one has other work. However the block
    ends, its processes end too; they also do where this process is killed.

    is_early: see ``processes.context``. ahead: tasks that each has in hand or in line.
    """

    def __init__(
        self,
        make: Callable[..., Callable[[T], R]],
        arguments: tuple[Any, ...],
        jobs: int,
        *,
        is_early: bool,
        is_aside: bool = False,
        ahead: int = AHEAD,
    ) -> None:
        self._is_early = is_early
        self._fewest = 1 if is_aside else 2
        self._ahead = ahead
        self._make = make
        self._arguments = arguments
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._jobs >= self._fewest:
            made = context(is_early=self._is_early)
            todo = (self._make, self._arguments)
            self._pool = ProcessPoolExecutor(self._jobs, made, _begin, todo)
            if made.get_start_method() == "fork":
                try:
                    with _undisturbed():
                        self._pool.submit(_nothing)
                except BaseException:  # a signal that was put off: nobody else ends them
                    self.close()
                    raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes. To be called before a database is closed that they have open.

        Whoever closes it last tidies up beside it, and a copied process ends without closing.
        """
        if self._pool is not None:
            with _undisturbed():
                self._pool.shutdown(cancel_futures=True)

    def in_order(self, tasks: Iterable[T]) -> Generator[R, None, None]:
        """Return an iterator of the result of every task, in their order; work begins at once.

        The iterator raises what a task raises, and ``ChildProcessError`` where a worker was
        killed.
        """
        if self._pool is None:
            return self._here(tasks)
        left, waiting = iter(tasks), deque[Future[R]]()
        _submit(self._pool, islice(left, self._jobs * self._ahead), waiting)
        return _results(self._pool, left, waiting)

    def _here(self, tasks: Iterable[T]) -> Generator[R, None, None]:
        yield from map(self._make(*self._arguments), tasks)


def in_order(
    make: Callable[..., Callable[[T], R]], arguments: tuple[Any, ...], tasks: Iterable[T], jobs: int
) -> Generator[R, None, None]:
    """Yield the result of every task from processes that end with the iteration.

    It may be called anywhere; for the rest see ``Workers``.
    """
    with Workers(make, arguments, jobs, is_early=False) as workers:
        yield from workers.in_order(tasks)


def _results(
    pool: ProcessPoolExecutor, left: Iterator[Any], waiting: deque[Future[R]]
) -> Generator[R, None, None]:
    while waiting:
        with _told_if_killed():
            result = waiting.popleft().result()
        _submit(pool, islice(left, 1), waiting)
        yield result


def _submit(pool: ProcessPoolExecutor, tasks: Iterable[Any], waiting: deque[Future[R]]) -> None:
    """Hand tasks to the workers, which begin with the first ones."""
    for task in tasks:
        with _undisturbed(), _told_if_killed():
            waiting.append(pool.submit(_do, task))


@contextmanager
def _told_if_killed() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise ChildProcessError(
            "a reading process was killed, perhaps for want of memory; run it again, "
            "with fewer --jobs"
        ) from error


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
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _state.update(make=make, arguments=arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(ExitCode.INTERRUPTED)


def _nothing() -> None:
    """Do nothing: for this task the processes are begun."""


def _do(task: Any) -> Any:
    if "do" not in _state:
        _state["do"] = _state["make"](*_state["arguments"])
    return _state["do"](task)
