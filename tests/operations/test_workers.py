"""Work on all cores: order, errors, and workers that die."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from newscrawl.operations.workers import cores, in_order


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
    results.close()  # type: ignore[attr-defined]


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
