"""Which articles there are and when: pure arithmetic, nothing is held or looped over.

Articles are numbered from 0, the newest when the replica starts, to N - 1, the oldest;
what is published afterwards has the numbers -1, -2, … The sources take turns: article i
belongs to source i mod S and is number i div S there (its *lane*).
"""

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import overload

from newscrawl.replica.text import Dice

CORRECTION = timedelta(minutes=10)
"""How long after publication (or the last correction) a correction says it was made."""
_SPACING = 5
"""Every which article a correction meets where ``correct`` does not say."""
_MICROSECOND = timedelta(microseconds=1)


class Clock:
    """How far the world has moved on: articles published and corrections made since the start.

    tick: seconds of real time for each further article, 0 for a world that stands still.
    correct: with a tick, each one also corrects an article where this is not 0.
    """

    def __init__(
        self,
        tick: float = 0.0,
        correct: int = 0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tick = tick
        self._correct = correct
        self._monotonic = monotonic
        self._start = monotonic()
        self._published = 0
        self._corrections = 0

    @property
    def ticks(self) -> int:
        """Ticks since the start."""
        return int((self._monotonic() - self._start) / self._tick) if self._tick else 0

    @property
    def published(self) -> int:
        """Articles published since the start."""
        return self._published + self.ticks

    @property
    def corrections(self) -> int:
        """Corrections made since the start."""
        return self._corrections + (self.ticks if self._correct else 0)

    def advance(self, articles: int = 0, corrections: int = 0) -> None:
        """Publish and correct so many more."""
        self._published += articles
        self._corrections += corrections


@dataclass(frozen=True, slots=True)
class Lane:
    """One source's share of the world; all its numbers are the lane's own."""

    index: int
    lanes: int
    articles: int
    now: datetime
    interval: timedelta
    spacing: int
    clock: Clock

    @property
    def first(self) -> int:
        """Number of the newest article."""
        return -((self.clock.published + self.index) // self.lanes)

    @property
    def end(self) -> int:
        """One more than the number of the oldest article."""
        return max(0, (self.articles - self.index + self.lanes - 1) // self.lanes)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number < self.end

    def published_at(self, number: int) -> datetime:
        """Return when article ``number`` was published, in Asia/Shanghai."""
        return self.now - (number * self.lanes + self.index + 1) * self.interval

    def number_before(self, moment: datetime) -> int:
        """Return the first (newest) number published before ``moment``."""
        steps = (self.now - moment) // _MICROSECOND
        per_number = self.lanes * (self.interval // _MICROSECOND)
        own = (self.index + 1) * (self.interval // _MICROSECOND)
        return (steps - own) // per_number + 1

    def corrected(self, number: int, can_be: Callable[[int], bool]) -> int:
        """Return how often article ``number`` has been corrected.

        Of each ``spacing`` original articles, newest first, the first one for which
        ``can_be`` holds is corrected; when all have been, it begins again.
        """
        windows = math.ceil(self.end / self.spacing)
        made = (self.clock.corrections - self.index + self.lanes - 1) // self.lanes
        window = number // self.spacing
        if number < 0 or made <= window or not can_be(number):
            return 0
        if any(can_be(other) for other in range(window * self.spacing, number)):
            return 0
        return (made - window - 1) // windows + 1


def lanes(
    count: int, *, articles: int, now: datetime, interval: float, correct: int, clock: Clock
) -> list[Lane]:
    """Return the shares of ``count`` sources in a world of ``articles`` articles."""
    step = timedelta(seconds=interval)
    spacing = correct or _SPACING
    return [Lane(index, count, articles, now, step, spacing, clock) for index in range(count)]


class Members(Sequence[int]):
    """The article numbers of some sections, newest first, by arithmetic."""

    def __init__(self, period: int, residues: Sequence[int], first: int, end: int) -> None:
        self._period = period
        self._residues = residues
        self._low = self._below(first)
        self._high = max(self._low, self._below(end))

    def _below(self, number: int) -> int:
        turns, rest = divmod(number, self._period)
        return turns * len(self._residues) + bisect_left(self._residues, rest)

    def __len__(self) -> int:
        return self._high - self._low

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        turns, place = divmod(self._low + index, len(self._residues))
        return turns * self._period + self._residues[place]

    def place(self, number: int) -> int:
        """Return how many members are newer than ``number``."""
        return self._below(number) - self._low


class Rota:
    """Which sections an article is in: a table that repeats for ever.

    table: for each residue of the number the keys of its sections, the first of which is
    one whose listing reaches deep enough to show all its articles.
    """

    def __init__(self, table: Sequence[tuple[str, ...]]) -> None:
        self._table = table
        self.period = len(table)
        self._residues: dict[tuple[str, ...], tuple[int, ...]] = {}

    def sections(self, number: int) -> tuple[str, ...]:
        """Return the keys of the sections of article ``number``."""
        return self._table[number % self.period]

    def members(self, sections: Iterable[str], first: int, end: int) -> Members:
        """Return the articles from ``first`` up to ``end`` that are in any of ``sections``."""
        wanted = tuple(sections)
        if wanted not in self._residues:
            self._residues[wanted] = tuple(
                residue
                for residue, keys in enumerate(self._table)
                if not set(wanted).isdisjoint(keys)
            )
        return Members(self.period, self._residues[wanted], first, end)


class Codes:
    """A keyed one-to-one mixing of article numbers and codes below ``space``."""

    def __init__(self, space: int, *key: object) -> None:
        dice = Dice("codes", space, *key)
        self._space = space
        self._bias = space // 2
        factor = self._draw(dice)
        while math.gcd(factor, space) != 1:
            factor += 1
        self._factor = factor
        self._inverse = pow(factor, -1, space)
        self._offset = self._draw(dice)

    def _draw(self, dice: Dice) -> int:
        drawn = dice.below(1 << 32) << 64 | dice.below(1 << 32) << 32 | dice.below(1 << 32)
        return drawn % self._space

    def code(self, number: int) -> int:
        """Return the code of an article number, which may be negative."""
        return ((number + self._bias) * self._factor + self._offset) % self._space

    def number(self, code: int) -> int:
        """Return the article number that has ``code``."""
        return (code - self._offset) * self._inverse % self._space - self._bias


def letters(value: int, alphabet: str, width: int) -> str:
    """Return ``value`` in the digits of ``alphabet``, padded to ``width``."""
    digits = ""
    for _ in range(width):
        value, digit = divmod(value, len(alphabet))
        digits = alphabet[digit] + digits
    return digits


def letters_value(text: str, alphabet: str) -> int:
    """Return the number that ``letters`` wrote as ``text``."""
    value = 0
    for character in text:
        value = value * len(alphabet) + alphabet.index(character)
    return value
