"""Which fingerprints are near to each other, exactly, without comparing each with each.

Multi-index hashing (Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with
multi-index hashing", 2014): cut into parts, two fingerprints that differ in few bits differ in
very few of at least one part, so that only what is near in a part has to be compared.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from newscrawl.identity.fingerprints import BITS, distance

_WIDTHS = (22, 21, 21)
"""Bits of the parts where all are compared with all: a million fill a quarter of the keys."""
_FEW = 64
"""Pairs of two buckets up to which it is quicker not to ask what is joined already."""

Progress = Callable[[int, int], None]
"""Called with how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some bits of a fingerprint, and what a near one may have in their place.

    masks: what a key is to be XORed with for every key that is near enough; none where the
    other parts are enough.
    """

    shift: int
    width: int
    masks: tuple[int, ...]

    def key(self, value: int) -> int:
        """Return the part of a fingerprint, 0 to 2**width - 1."""
        return value >> self.shift & (1 << self.width) - 1


@lru_cache(maxsize=64)
def parts(widths: tuple[int, ...], radius: int) -> tuple[Part, ...]:
    """Return the parts, highest bits first, such that what is within ``radius`` meets in one.

    Were all of them farther apart than their masks reach, the sum would exceed the radius.
    """
    least, more = divmod(radius + 1, len(widths))
    found, shift = [], BITS
    for number, width in enumerate(widths):
        shift -= width
        found.append(Part(shift, width, _masks(width, least - 1 + (number < more))))
    return tuple(found)


def _masks(width: int, most: int) -> tuple[int, ...]:
    """Return all numbers of so many bits of which at most ``most`` are set."""
    return tuple(
        sum(1 << bit for bit in bits)
        for count in range(most + 1)
        for bits in combinations(range(width), count)
    )


def _by_highest_bit(masks: Sequence[int]) -> dict[int, list[int]]:
    """Return the masks but 0 by their highest bit, which says what is above a key."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for mask in filter(None, masks):
        found[1 << mask.bit_length() - 1].append(mask)
    return found


def groups(values: Sequence[int], radius: int, progress: Progress | None = None) -> list[list[int]]:
    """Return what hangs together: groups of places in ``values``, each near to another of it.

    Only those of two and more, in the order of their first places. A hundred
    thousand take five seconds, a million some minutes and 200 MB.
    """
    joining = _Joining(values, radius)
    cut = [part for part in parts(_WIDTHS, radius) if part.masks]
    for number, part in enumerate(cut, 1):
        joining.meet(part)
        if progress is not None:
            progress(number, len(cut))
    return joining.groups()


class _Joining:
    """Joins places whose values are near (union-find with path halving)."""

    def __init__(self, values: Sequence[int], radius: int) -> None:
        self._values = values
        self._radius = radius
        self._above = array("Q", range(len(values)))

    def groups(self) -> list[list[int]]:
        """Return the groups so far."""
        found: dict[int, list[int]] = {}
        for place in range(len(self._above)):
            if (root := self._root(place)) != place:
                found.setdefault(root, [root]).append(place)
        return sorted(found.values())

    def meet(self, part: Part) -> None:
        """Join what is near and meets in a part."""
        buckets: defaultdict[int, list[int]] = defaultdict(list)
        for place, value in enumerate(self._values):
            buckets[part.key(value)].append(place)
        upward = _by_highest_bit(part.masks)
        for key, bucket in buckets.items():
            if len(bucket) > 1:
                self._join_within(bucket)
            for highest, masks in upward.items():
                if not key & highest:  # else the other key is lower, and meets this one
                    for other in filter(buckets.__contains__, map(key.__xor__, masks)):
                        self._join(bucket, buckets[other])

    def _join_within(self, bucket: Sequence[int]) -> None:
        """Join what is near in one bucket.

        Each is compared with one group after another, until it is near to one of it: so a
        thousand copies of a text cost a thousand comparisons, not half a million.
        """
        together: list[list[int]] = []
        for place in bucket:
            apart, mine = [], [place]
            for group in together:
                if self._are_near(place, group):
                    self._unite(place, group[0])
                    mine = group + mine
                else:
                    apart.append(group)
            together = [*apart, mine]

    def _join(self, one: Sequence[int], other: Sequence[int]) -> None:
        """Join what is near in two buckets; in large ones, group by group."""
        if len(one) * len(other) <= _FEW:
            for near, far in product(one, other):
                if distance(self._values[near], self._values[far]) <= self._radius:
                    self._unite(near, far)
            return
        together: defaultdict[int, list[int]] = defaultdict(list)
        for place in other:
            together[self._root(place)].append(place)
        for near, group in product(one, together.values()):
            if self._root(near) != self._root(group[0]) and self._are_near(near, group):
                self._unite(near, group[0])

    def _are_near(self, place: int, group: Sequence[int]) -> bool:
        value = self._values[place]
        return any(distance(value, self._values[each]) <= self._radius for each in group)

    def _root(self, place: int) -> int:
        above = self._above
        while above[place] != place:
            above[place] = place = above[above[place]]
        return place

    def _unite(self, one: int, other: int) -> None:
        """Join two groups under the lower root, which is the first place of both."""
        low, high = sorted((self._root(one), self._root(other)))
        self._above[high] = low
