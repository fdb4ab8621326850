"""What is near to what: exactly, as comparing each with each would say."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.identity.fingerprints import WIDEST, distance
from newscrawl.identity.nearness import groups, parts

values = st.integers(0, 2**64 - 1)


def moved(value: int, bits: Sequence[int]) -> int:
    """Return a fingerprint in which some bits are the other way round."""
    for bit in bits:
        value ^= 1 << bit
    return value


def each_with_each(found: Sequence[int], radius: int) -> list[list[int]]:
    """Return the groups of two and more, made in the square of the time."""
    left, made = set(range(len(found))), []
    while left:
        group, fresh = set(), {min(left)}
        while fresh:
            left -= fresh
            group |= fresh
            fresh = {
                other for other in left
                if any(distance(found[one], found[other]) <= radius for one in fresh)
            }  # fmt: skip
        if len(group) > 1:
            made.append(sorted(group))
    return made


def drawn(count: int, spread: int, seed: int) -> list[int]:
    """Return fingerprints of which a half lies around others, at up to ``spread`` bits."""
    chance = random.Random(seed)
    found = [chance.getrandbits(64) for _ in range(-(-count // 2))]
    while len(found) < count:
        near = chance.sample(range(64), chance.randint(0, spread))
        found.append(moved(chance.choice(found), near))
    chance.shuffle(found)
    return found


@settings(deadline=None)
@given(values, st.lists(st.integers(0, 63), unique=True, max_size=WIDEST))
@pytest.mark.parametrize("widths", [(16, 16, 16, 16), (22, 21, 21)])
def test_what_is_near_meets_in_a_part(widths: tuple[int, ...], value: int, bits: list[int]) -> None:
    other = moved(value, bits)
    cut = parts(widths, len(bits))
    assert any(part.key(value) ^ part.key(other) in part.masks for part in cut)


def test_the_parts_are_all_of_a_fingerprint() -> None:
    for widths in ((16, 16, 16, 16), (22, 21, 21)):
        cut = parts(widths, 0)
        assert sum(part.key(2**64 - 1) << part.shift for part in cut) == 2**64 - 1


@pytest.mark.parametrize(
    ("radius", "keys"), [(0, [1]), (3, [1, 1, 1, 1]), (8, [137, 17, 17, 17]), (11, [137] * 4)]
)
def test_no_more_keys_are_asked_for_than_must_be(radius: int, keys: list[int]) -> None:
    cut = parts((16, 16, 16, 16), radius)
    assert [len(part.masks) for part in cut if part.masks] == keys


@settings(deadline=None)
@given(st.integers(0, WIDEST), st.integers(0, 60), st.integers(0, 16), st.integers(0, 2**32))
def test_groups_are_those_of_comparing_each_with_each(
    radius: int, count: int, spread: int, seed: int
) -> None:
    found = drawn(count, spread, seed)
    assert groups(found, radius) == each_with_each(found, radius)


def test_large_groups_are_those_of_comparing_each_with_each() -> None:
    """Hundreds that meet in the same keys, where group is compared with group."""
    chance = random.Random(1)
    centres = [chance.getrandbits(64) for _ in range(3)]
    found = [
        moved(chance.choice(centres), chance.sample(range(64), chance.randint(0, 6)))
        for _ in range(600)
    ]  # fmt: skip
    for radius in (1, 2, 4, 8):
        assert groups(found, radius) == each_with_each(found, radius)


def test_a_thousand_copies_are_one_group() -> None:
    assert groups([7] * 1_000 + [2**64 - 1], 8) == [list(range(1_000))]


def test_nothing_is_near_where_there_is_nothing() -> None:
    assert groups([], 8) == groups([1], 8) == groups([0, 2**64 - 1], 8) == []


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    groups([1, 2, 3], 8, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
