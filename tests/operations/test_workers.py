"""Work on all cores: order, errors, and workers that die."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newscrawl.operations import workers
from newscrawl.operations.workers import Workers, cores, in_order

marks: list[str] = []
"""What a copy of this process has, too, and one that is begun anew has not."""


ROOT = Path(workers.__file__).parents[2]


def adder(number: int) -> Callable[[int], int]:
    """Return what a worker does; 13 kills it, a negative task is a mistake."""

    def add(task: int) -> int:
        if task == 13:
            os.kill(os.getpid(), signal.SIGKILL)
        if task < 0:
            raise LookupError(task)
        return task + number

    return add


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    assert list(in_order(adder, (1000,), range(100, 300), jobs)) == list(range(1100, 1300))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised(jobs: int) -> None:
    with pytest.raises(LookupError):
        list(in_order(adder, (1,), [1, 2, -3, 4], jobs))


def test_a_killed_worker_is_an_error_and_not_a_wait_without_end() -> None:
    with pytest.raises(ChildProcessError, match="fewer --jobs"):
        list(in_order(adder, (1,), [1, 13, 2], 2))


def tellers() -> Callable[[int], tuple[int, list[str]]]:
    return lambda _: (os.getpid(), marks)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
def test_early_workers_are_copies_and_none_is_made_of_a_process_with_threads() -> None:
    def told(*, is_early: bool) -> list[str]:
        with Workers(tellers, (), 2, is_early=is_early) as copies:
            ((process, found),) = copies.in_order([1])
        assert process != os.getpid()
        return found

    marks[:] = ["mine"]
    assert told(is_early=True) == ["mine"]
    assert told(is_early=False) == []
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        assert told(is_early=True) == []
    finally:
        ended.set()
        other.join()


@pytest.mark.parametrize(
    ("jobs", "is_aside", "expected"), [(1, False, 0), (1, True, 1), (2, True, 2)]
)
def test_one_job_is_done_here_unless_it_is_aside(jobs: int, is_aside: bool, expected: int) -> None:
    with Workers(tellers, (), jobs, is_early=True, is_aside=is_aside) as made:
        told = {process for process, _ in made.in_order(range(50))}
    assert len(told) <= max(1, expected)
    assert (os.getpid() in told) == (expected == 0)


@pytest.mark.parametrize("is_early", [True, False])
def test_one_set_of_workers_does_several_lists_of_tasks(is_early: bool) -> None:
    with Workers(adder, (5,), 2, is_early=is_early) as both:
        assert list(both.in_order(range(100, 140))) == list(range(105, 145))
        assert list(both.in_order([])) == []
        with pytest.raises(LookupError):
            list(both.in_order([1, -3, 4]))
        assert list(both.in_order([1, 2])) == [6, 7]
        with pytest.raises(ChildProcessError, match="fewer --jobs"):
            list(both.in_order([1, 13, 2]))


BUSY = """
import os, sys, time
from tests.operations.test_workers import Workers, sleeper
with Workers(sleeper, (), 3, is_early=sys.argv[1] == "True") as all_of_them:
    for pid in all_of_them.in_order([0, 0, 0, 0, 0, 0, 60, 60, 60]):
        print(pid, flush=True)
"""


def sleeper() -> Callable[[float], int]:
    def sleep(seconds: float) -> int:
        time.sleep(seconds or 0.2)
        return os.getpid()

    return sleep


@pytest.mark.parametrize("is_early", [True, False])
def test_H116_workers_end_when_the_process_that_asked_is_killed(is_early: bool) -> None:
    command = [sys.executable, "-c", BUSY, str(is_early)]
    asking = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert asking.stdout is not None
    pids = {int(asking.stdout.readline()) for _ in range(6)}
    assert len(pids) >= 2
    asking.kill()
    asking.wait()
    asking.stdout.close()
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.05)


def test_tasks_are_taken_only_a_few_ahead_of_the_results() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for task in range(100, 1000):
            taken += 1
            yield task

    results = in_order(adder, (1,), tasks(), 2)
    for _ in range(5):
        next(results)
    assert taken <= 12
    results.close()


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
