"""Those who come at about the same time go together, and every one is told its own end."""

import asyncio
from collections.abc import Sequence

import pytest

from newscrawl.batching import Batcher

MOST = 4


class Work:
    """Doubles numbers; 1 is a fault. done: what came together."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.done.append(list(numbers))
        return [ValueError(str(each)) if each == 1 else 2 * each for each in numbers]


def test_those_that_come_at_the_same_time_go_together_up_to_a_number() -> None:
    work = Work()

    async def several() -> list[int]:
        batcher = Batcher(work, MOST)
        return await asyncio.gather(*map(batcher.add, range(2, 12)))

    assert asyncio.run(several()) == [2 * number for number in range(2, 12)]
    assert work.done == [[2, 3, 4, 5], [6, 7, 8, 9], [10, 11]]


def test_what_comes_later_than_patience_lasts_goes_by_itself() -> None:
    work = Work()

    async def one_after_another() -> list[int]:
        batcher = Batcher(work, MOST)
        return [await batcher.add(2), await batcher.add(3)]

    assert asyncio.run(one_after_another()) == [4, 6]
    assert work.done == [[2], [3]]


def test_what_does_not_wait_takes_those_before_it_along() -> None:
    work = Work()

    async def hurried() -> tuple[bool, bool]:
        batcher = Batcher(work, MOST)
        first, second = batcher.add(2), batcher.add(3, wait=False)
        return first.done(), second.done()

    assert asyncio.run(hurried()) == (True, True)
    assert work.done == [[2, 3]]


def test_a_fault_is_raised_where_its_item_is_waited_for_and_nowhere_else() -> None:
    async def with_a_fault() -> int:
        batcher = Batcher(Work(), MOST)
        fault, other = batcher.add(1), batcher.add(2)
        with pytest.raises(ValueError, match="1"):
            await fault
        return await other

    assert asyncio.run(with_a_fault()) == 4


def test_what_nobody_waits_for_any_more_is_worked_on_with_the_others() -> None:
    work = Work()

    async def cancelled() -> int:
        batcher = Batcher(work, MOST)
        gone, other = batcher.add(2), batcher.add(3)
        gone.cancel()
        return await other

    assert asyncio.run(cancelled()) == 6
    assert work.done == [[2, 3]]


def test_nobody_waits_for_ever_for_work_that_raises_by_itself() -> None:
    def work(_: Sequence[int]) -> list[int | Exception]:
        raise KeyboardInterrupt

    async def interrupted() -> list[bool]:
        batcher = Batcher(work, MOST)
        first = batcher.add(2)
        with pytest.raises(KeyboardInterrupt):
            batcher.add(3, wait=False)
        return [first.cancelled()]

    assert asyncio.run(interrupted()) == [True]
