"""A clock that is wrong, or jumps: it decides nothing but what the time of fetching says."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.replica.process import ReplicaProcess
from tests.faults.boundaries import Plan
from tests.faults.comparing import differences, faults, kept
from tests.faults.crawls import Crawls, Scenario
from tests.faults.zygote import Zygote

YEARS = ("1970-01-01T00:00:05+00:00", "1999-12-31T23:59:58+00:00", "2099-06-01T12:00:00+00:00")

pytestmark = pytest.mark.slow


def sequences(output: Path) -> list[tuple[int, str]]:
    """Return sequence and time of fetching of every article, in the order of storing."""
    with closing(sqlite3.connect(output / "archive.db")) as database:
        sql = "SELECT sequence, fetched_at FROM articles ORDER BY sequence"
        return list(database.execute(sql))


@pytest.mark.parametrize("year", YEARS)
def test_H83_a_wrong_year_changes_nothing_but_the_time_of_fetching(
    first: Crawls, year: str
) -> None:
    with first.lane() as zygote, first.prepared() as output:
        ended = first.crawl(zygote, output, clock=year)
        assert ended.code == 0, ended
        with closing(sqlite3.connect(output / "archive.db")) as database:
            begun = database.execute("SELECT DISTINCT substr(started_at, 1, 4) FROM runs")
            assert begun.fetchall() == [(year[:4],)], "the clock is really wrong"
        assert not differences(first.end, kept(output))
        first.finish(zygote, output, year)


@pytest.mark.parametrize("years", [YEARS, YEARS[::-1]])
def test_H83_a_clock_that_jumps_between_killed_runs(first: Crawls, years: tuple[str, ...]) -> None:
    with first.lane() as zygote, first.prepared() as output:
        for number, year in enumerate(years, start=1):
            at = len(first.passages) * number // 8
            first.crawl(zygote, output, Plan(str(output), at=at), clock=year)
        first.finish(zygote, output, years)


def test_H83_a_clock_set_back_hides_no_correction(
    scratch: Path, zygote: Zygote, output: Path
) -> None:
    """The second crawl is years before the first; its corrections are later all the same."""
    ends: list[dict[str, Any]] = []
    for clocks in ((None, None), (YEARS[2], YEARS[0])):
        folder = output / str(len(ends))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with ReplicaProcess(articles=Scenario.ARTICLES, seed=Scenario.SEED) as replica:
            options = ("--via", replica.url, "--output", folder, *Scenario.of(*Scenario.SECTIONS))
            assert zygote.run("crawl", *options, clock=clocks[0]).code == 0
            replica.advance(articles=24, corrections=12)
            last = max(sequence for sequence, _ in sequences(folder))
            assert zygote.run("crawl", *options, clock=clocks[1]).code == 0
            assert zygote.run("verify", "--output", folder).code == 0
        assert not faults(folder)
        assert max(sequence for sequence, _ in sequences(folder)) > last
        ends.append(kept(folder))
    assert not differences(*ends)
