"""Work that is cheaper for several at once: those who come at about the same time go together."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

PATIENCE = 0.02
"""Seconds that one waits for others; less than a site takes to answer."""

Item = TypeVar("Item")
End = TypeVar("End")


class Batcher(Generic[Item, End]):
    """Collects items until there are ``most``, or one has waited for ``PATIENCE``.

    work: takes the items in the order in which they came and returns the end of each, or what
    it raises. Where it raises by itself all are cancelled. What nobody waits for any more is
    worked on, too.
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], Sequence[End | Exception]], most: int
    ) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[End]]] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, item: Item, *, wait: bool = True) -> "asyncio.Future[End]":
        """Return the end of an item, which raises what the work found in its place.

        wait: without it, the item and those before it do not wait for others.
        """
        loop = asyncio.get_running_loop()
        end: asyncio.Future[End] = loop.create_future()
        self._waiting.append((item, end))
        if not wait or len(self._waiting) >= self._most:
            self._go()
        elif self._timer is None:
            self._timer = loop.call_later(PATIENCE, self._go)
        return end

    def _go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        try:
            ends = self._work([item for item, _ in waiting])
        except BaseException:
            for _, future in waiting:  # else they would wait for ever
                future.cancel()
            raise
        for (_, future), end in zip(waiting, ends, strict=True):
            if future.done():  # whoever waited was cancelled
                continue
            if isinstance(end, Exception):
                future.set_exception(end)
            else:
                future.set_result(end)
