"""Articles that come at the same time are stored in one transaction, or each by itself."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from newscrawl.archive import Archive, ArchiveError
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.storing import MOST, Storing
from tests.archive.builders import article, begin, query
from tests.archive.conftest import archive, path

__all__ = ["archive", "path"]  # fixtures of the archive's own tests


def named(*numbers: int) -> list[Article]:
    return [article(f"{number:02}") for number in numbers]


def ends(archive: Archive, run: int, articles: Sequence[Article]) -> list[object]:
    """Store articles that come at the same time; return what each of them ends with."""

    async def together() -> list[object]:
        storing = Storing(archive, run, claim_images=False)
        return await asyncio.gather(*map(storing.stored, articles), return_exceptions=True)

    return asyncio.run(together())


def transactions(archive: Archive) -> list[str]:
    """Return a list that is told each commit from now on."""
    begun: list[str] = []
    trace = begun.append
    archive._database.connection.set_trace_callback(
        lambda statement: trace(statement) if statement == "COMMIT" else None
    )
    return begun


def test_those_that_come_at_the_same_time_share_a_transaction(archive: Archive) -> None:
    run = begin(archive)
    commits = transactions(archive)
    assert ends(archive, run, named(*range(MOST))) == [Outcome.NEW] * MOST
    assert len(commits) == 1
    assert archive.counts(run) == {"china": {Outcome.NEW: MOST}}


def test_one_that_comes_alone_does_not_wait_for_others(archive: Archive) -> None:
    run = begin(archive)
    commits = transactions(archive)
    assert ends(archive, run, named(1)) == [Outcome.NEW]
    assert ends(archive, run, named(1)) == [Outcome.UNCHANGED]
    assert len(commits) == 2


def test_the_archive_is_the_same_as_of_articles_stored_one_by_one(tmp_path: Path) -> None:
    # The same one twice, another text for it, and another page that shows it under its address.
    articles = [*named(1, 2, 1), article("02", "更正。"), article("03", aliases=[named(1)[0].url])]
    dumps = []
    for name in ("one", "all"):
        with Archive.open(tmp_path / name) as archive:
            run = begin(archive)
            if name == "all":
                outcomes = ends(archive, run, articles)
            else:
                single = [
                    archive.store(run, each.section or "", each.url_hash or "", each)
                    for each in articles
                ]
        with sqlite3.connect(tmp_path / name) as database:
            dumps.append(list(database.iterdump()))
        database.close()
    assert outcomes == single
    assert dumps[0] == dumps[1]


def test_H127_a_fault_in_one_article_stops_no_other(archive: Archive) -> None:
    run = begin(archive)
    articles = [*named(1, 2), article("03", title=""), *named(4)]
    *stored, fault, last = ends(archive, run, articles)
    assert [*stored, last] == [Outcome.NEW] * 3
    assert isinstance(fault, ValueError)
    assert "title" in str(fault)
    assert archive.counts(run) == {"china": {Outcome.NEW: 3}}


def test_H118_a_storage_error_is_of_all_and_nothing_of_them_is_kept(
    archive: Archive, path: Path
) -> None:
    run = begin(archive)
    archive._database.execute("PRAGMA busy_timeout = 0")
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # as a backup that does not end
        found = ends(archive, run, named(1, 2, 3))
    other.close()
    assert [type(each) for each in found] == [ArchiveError] * 3
    assert query(path, "SELECT count(*) FROM articles") == [(0,)]
    assert archive.counts(run) == {}


def test_one_that_nobody_waits_for_any_more_is_stored_with_the_others(archive: Archive) -> None:
    run = begin(archive)

    async def cancelled() -> list[Outcome]:
        storing = Storing(archive, run, claim_images=False)
        first, *others = map(storing.stored, named(1, 2, 3))
        first.cancel()
        return await asyncio.gather(*others)

    assert asyncio.run(cancelled()) == [Outcome.NEW] * 2
    assert archive.counts(run) == {"china": {Outcome.NEW: 3}}
