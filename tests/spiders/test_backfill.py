"""Walks back to a day: in steps, past what is known, each page taken in, and why they end."""

from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive.walks import BackfillEnd
from newscrawl.spiders.backfill import WayBack
from tests.spiders.toy import Desk, dated, site

SINCE = "2026-11-05"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.config = "crawl.max_pages = 2"
    return desk


def paged(numbers: list[int], rows: int = 2, section: str = "a") -> dict[str, list[Any]]:
    """Return a listing of articles, newest first; article n is of the n-th of November."""
    pages = [numbers[at : at + rows] for at in range(0, len(numbers), rows)] + [[]]
    return {
        f"{section}/{page}": [dated(number, f"{number:02}") for number in found]
        for page, found in enumerate(pages, 1)
    }


def listings(desk: Desk) -> list[str]:
    return [path for path in desk.asked if path.startswith("list/")]


def back(desk: Desk, section: str = "a") -> WayBack:
    return desk.crawled.walker.backfills[section]


def test_each_run_goes_a_step_further_until_it_is_older_than_the_day(desk: Desk) -> None:
    world = site(paged(list(range(16, 0, -1))))
    desk.crawl(world, since=SINCE, section="a")
    assert listings(desk) == ["list/a/1", "list/a/2"]
    assert back(desk).state.ended is None
    desk.crawl(world, since=SINCE, section="a")
    assert listings(desk) == ["list/a/1", "list/a/2", "list/a/3", "list/a/4"]
    desk.crawl(world, since=SINCE, section="a")
    assert listings(desk) == ["list/a/1", "list/a/4", "list/a/5", "list/a/6"]
    desk.crawl(world, since=SINCE, section="a")
    assert listings(desk) == ["list/a/1", "list/a/6", "list/a/7"]
    state = back(desk).state
    assert (state.ended, state.pages) == (BackfillEnd.COMPLETE, 7)
    assert state.oldest is not None
    assert state.oldest.day == 3
    assert len(desk.titles()) == 12


def test_a_finished_one_is_not_walked_again_but_in_full(desk: Desk) -> None:
    desk.config = ""
    world = site(paged([6, 5, 4, 3]))
    desk.crawl(world, since=SINCE, section="a")
    assert back(desk).is_over
    desk.crawl(world, since=SINCE, section="a")
    assert listings(desk) == ["list/a/1"]
    desk.crawl(world, since="2026-11-06", section="a")  # less than what was walked
    assert listings(desk) == ["list/a/1"]
    desk.crawl(world, since=SINCE, section="a", full="1")
    assert listings(desk) == ["list/a/1", "list/a/2"]


def test_days_that_were_over_when_they_were_walked_are_not_asked_for_again(desk: Desk) -> None:
    desk.config = ""
    world = site(paged([9, 8, 7, 6, 5, 4, 3, 2]))
    desk.crawl(world, since=SINCE, until="2026-11-07", section="a")
    assert len(desk.titles()) == 3
    assert desk.crawl(world, since=SINCE, until="2026-11-07", section="a") == {}
    assert not desk.asked
    assert back(desk).state.ended is BackfillEnd.COMPLETE


def test_an_older_day_goes_on_past_what_is_known(desk: Desk) -> None:
    desk.config = ""
    world = site(paged([9, 8, 7, 6, 5, 4, 3, 2]))
    desk.crawl(world, since="2026-11-08", section="a")
    desk.crawl(world, since="2026-11-04", section="a")
    assert len(desk.titles()) == 6


@pytest.mark.parametrize("arrived", [1, 2, 3, 4, 9])
def test_a_listing_that_moves_between_two_steps_loses_nothing(desk: Desk, arrived: int) -> None:
    old = list(range(12, 0, -1))
    desk.crawl(site(paged(old)), since="2026-11-01", section="a")
    world = site(paged(list(range(12 + arrived, 12, -1)) + old))
    for _ in range(8):
        desk.crawl(world, since="2026-11-01", section="a")
    assert len(desk.titles()) == 12 + arrived


def test_entries_that_are_taken_away_between_two_steps_hide_no_others(desk: Desk) -> None:
    old = list(range(12, 0, -1))
    desk.crawl(site(paged(old)), since="2026-11-01", section="a")
    world = site(paged([number for number in old if number not in (11, 10)]))
    for _ in range(4):
        desk.crawl(world, since="2026-11-01", section="a")
    assert len(desk.titles()) == 12


def test_H116_a_step_that_died_is_taken_up_where_it_was(desk: Desk) -> None:
    world = site(paged(list(range(12, 0, -1))))
    desk.crawl(world, since="2026-11-01", section="a")
    desk.crawl(world, since="2026-11-01", section="a", stop_after=6)
    for _ in range(3):
        desk.crawl(world, since="2026-11-01", section="a")
    assert len(desk.titles()) == 12
    assert back(desk).is_over


@pytest.mark.parametrize(
    ("section", "rows", "end"),
    [
        ("a", [9, 8, 7], BackfillEnd.END_OF_LISTING),
        ("capped", [9, 8, 7, 6, 5, 4], BackfillEnd.SOURCE_LIMIT),
        ("a", [9, 8, 7, 6, 4, 3], BackfillEnd.COMPLETE),
    ],
)
def test_why_it_ended_is_known(desk: Desk, section: str, rows: list[int], end: BackfillEnd) -> None:
    desk.config = ""
    desk.crawl(site(paged(rows, section=section)), since=SINCE, section=section)
    assert back(desk, section).state.ended is end


def test_H63_a_listing_that_repeats_its_last_window_is_at_the_sources_limit(desk: Desk) -> None:
    desk.config = ""
    pages = {f"a/{page}": [dated(9, "09"), dated(8, "08")] for page in range(1, 9)}
    desk.crawl(site(pages), since=SINCE, section="a")
    assert listings(desk) == ["list/a/1", "list/a/2"]
    assert back(desk).state.ended is BackfillEnd.SOURCE_LIMIT


def test_H62_a_page_that_fails_is_where_the_next_run_goes_on(desk: Desk) -> None:
    desk.config = ""
    world = site(paged([9, 8, 7, 6, 5, 4, 3]))
    cut = {address: body for address, body in world.items() if not address.endswith("/a/2")}
    desk.crawl(cut, since=SINCE, section="a")
    assert back(desk).state.ended is None
    assert "a" in desk.crawled.failures
    desk.crawl(world, since=SINCE, section="a")
    assert back(desk).state.ended is BackfillEnd.COMPLETE
    assert len(desk.titles()) == 5


def test_a_first_day_does_not_close_a_walk_that_was_left_below_it(desk: Desk) -> None:
    desk.config = ""
    world = site(paged([9, 8, 7, 6, 5, 4, 3, 2]))
    desk.crawl(world, section="a", stop_after=4)  # died on its second page
    desk.crawl(world, section="a", since="2026-11-08")
    desk.crawl(world, section="a")
    assert len(desk.titles()) == 8


def test_a_crawl_without_dates_is_a_walk_of_the_head_alone(desk: Desk) -> None:
    desk.crawl(site(paged([9, 8, 7, 6])), section="a")
    assert not desk.crawled.walker.backfills
