"""Which articles there are and when: arithmetic that can be turned round."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.replica.options import NOW, ReplicaOptions
from newscrawl.replica.registry import build, standins
from newscrawl.replica.world import (
    Clock,
    Codes,
    Lane,
    Members,
    Rota,
    lanes,
    letters,
    letters_value,
)
from tests.replica.asking import stand_in

HEX = "0123456789abcdef"


def _lanes(count: int, articles: int, clock: Clock | None = None) -> list[Lane]:
    return lanes(
        count, articles=articles, now=NOW, interval=60.0, correct=0, clock=clock or Clock()
    )


@given(st.integers(-(10**6), 10**7), st.text(max_size=5))
def test_codes_lead_back_to_the_number(number: int, key: str) -> None:
    codes = Codes(10**10, key)

    assert codes.number(codes.code(number)) == number


def test_codes_of_neighbours_are_far_apart_and_differ_by_seed() -> None:
    one, other = Codes(10**10, "a"), Codes(10**10, "b")

    assert len({one.code(number) for number in range(1000)}) == 1000
    assert one.code(1) != other.code(1)


@given(st.integers(0, 16**9 - 1))
def test_letters_lead_back_to_the_value(value: int) -> None:
    assert letters_value(letters(value, HEX, 9), HEX) == value


@given(st.sets(st.integers(0, 11), min_size=1), st.integers(-30, 30), st.integers(0, 60))
def test_members_are_what_counting_finds(residues: set[int], first: int, more: int) -> None:
    counted = [number for number in range(first, first + more) if number % 12 in residues]
    members = Members(12, sorted(residues), first, first + more)

    assert list(members) == counted
    assert members[1:3] == counted[1:3]
    assert [members.place(number) for number in counted] == list(range(len(counted)))


def test_a_rota_says_the_same_from_both_sides() -> None:
    rota = Rota([("a",), ("a", "b"), ("c",)])

    assert list(rota.members(["b", "c"], -3, 4)) == [-2, -1, 1, 2]
    assert rota.sections(-2) == ("a", "b")


@given(st.integers(0, 50), st.integers(0, 9))
def test_lanes_share_all_articles(articles: int, published: int) -> None:
    clock = Clock()
    clock.advance(articles=published)
    shares = _lanes(2, articles, clock)
    times = [lane.published_at(n) for lane in shares for n in range(lane.first, lane.end)]

    assert sorted(times) == [
        NOW - (number + 1) * timedelta(minutes=1)
        for number in reversed(range(-published, articles))
    ]


@given(st.integers(-5, 40), st.integers(-30, 30))
def test_a_moment_leads_to_the_first_article_before_it(number: int, seconds: int) -> None:
    lane = _lanes(2, 100)[1]
    moment = lane.published_at(number) + timedelta(seconds=seconds)

    found = lane.number_before(moment)

    assert lane.published_at(found) < moment <= lane.published_at(found - 1)


def test_the_clock_publishes_and_corrects_with_its_ticks() -> None:
    times = iter([0.0, 4.9, 5.0, 11.0, 11.0])
    clock = Clock(tick=5.0, correct=3, monotonic=lambda: next(times))

    assert [clock.published, clock.published, clock.published, clock.corrections] == [0, 1, 2, 2]


def test_a_world_without_tick_stands_still() -> None:
    times: Iterator[float] = iter(range(0, 10**6, 1000))

    clock = Clock(correct=3, monotonic=lambda: next(times))

    assert (clock.published, clock.corrections) == (0, 0)


def test_corrections_meet_one_article_of_each_window_then_begin_again() -> None:
    clock = Clock()
    lane = lanes(1, articles=10, now=NOW, interval=60.0, correct=5, clock=clock)[0]

    def versions() -> list[int]:
        return [lane.corrected(number, lambda n: n not in (0, 5, 6)) for number in range(10)]

    clock.advance(corrections=1)
    assert versions() == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    clock.advance(corrections=1)
    assert versions() == [0, 1, 0, 0, 0, 0, 0, 1, 0, 0]
    clock.advance(corrections=1)
    assert versions() == [0, 2, 0, 0, 0, 0, 0, 1, 0, 0]


def test_a_correction_changes_title_text_and_time_and_nothing_else() -> None:
    for name in standins():
        clock = Clock()
        source = stand_in(name, clock, correct=5)
        before = list(source.all_expected())
        clock.advance(corrections=1)
        changed = [
            (old, new) for old, new in zip(before, source.all_expected(), strict=True) if old != new
        ]

        [(old, new)] = changed
        assert old.identity == new.identity
        assert old.published_at == new.published_at
        assert old.body_text != new.body_text
        assert "更正" in new.body_text


@pytest.mark.parametrize("name", list(standins()))
def test_the_same_seed_makes_the_same_world(name: str) -> None:
    first, second, other = (
        list(islice(stand_in(name, seed=seed).all_expected(), 50)) for seed in ("a", "a", "b")
    )

    assert first == second
    assert {item.identity for item in first}.isdisjoint(item.identity for item in other)


@pytest.mark.parametrize("name", list(standins()))
def test_no_two_articles_share_an_identity(name: str) -> None:
    identities = [item.identity for item in stand_in(name, articles=3000).all_expected()]

    assert len(set(identities)) == len(identities)


def test_a_start_does_nothing_for_each_article(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 articles cost no more than none: not one is looked at before it is asked for."""
    looked_at: list[Any] = []

    def note(self: Lane, number: int) -> datetime:
        looked_at.append(number)
        return NOW

    monkeypatch.setattr(Lane, "published_at", note)
    build(ReplicaOptions(articles=100_000), Clock())

    assert looked_at == []


@pytest.mark.parametrize("name", list(standins()))
@pytest.mark.parametrize("articles", [10_000, 100_000])
def test_every_article_is_within_the_reach_of_some_listing(name: str, articles: int) -> None:
    source = next(
        one for one in build(ReplicaOptions(articles=articles), Clock()) if one.name == name
    )
    # The oldest turn of the rota has the deepest article of every section.
    oldest = range(source.lane.end - source.rota.period, source.lane.end)
    lost = {
        source.rota.sections(number) for number in oldest if not source.visible_sections(number)
    }

    assert lost == (
        {("legacy-flash/102",)} if (name, articles) == ("eastmoney", 100_000) else set()
    )
