"""What is told of a process that was killed: as much as the archive knows, and no more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.archive import Archive, Found
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.identity.identities import Identity
from newscrawl.listings import Entry
from newscrawl.operations.crawl import CrawlRequest
from newscrawl.operations.lost import lost
from newscrawl.outcomes import Outcome
from newscrawl.spiders.registry import spiders

SOURCES = tuple(spiders())[:2]
BEGUN = datetime(2026, 11, 22, 12, tzinfo=UTC)
KILLED = "its process was killed by signal 9; the next run goes on from here"


def asked(output: Path) -> CrawlRequest:
    return CrawlRequest(config=Config(), sources=SOURCES, output=output)


def test_without_an_archive_nothing_was_begun(tmp_path: Path) -> None:
    report = lost(asked(tmp_path), BEGUN, -9)
    assert report.failures == tuple(f"{name}: {KILLED}" for name in SOURCES)
    assert (report.exit_code, report.sections) == (ExitCode.PARTIAL, ())


def test_a_source_that_was_done_by_then_keeps_its_end_and_an_older_run_is_none_of_it(
    tmp_path: Path,
) -> None:
    done, killed = SOURCES
    section = next(iter(spiders()[killed].sections.values()))
    with Archive.open(tmp_path / "archive.db") as archive:
        old = archive.begin_run(killed, {}, BEGUN - timedelta(hours=1))
        archive.end_run(old, finished_at=BEGUN, exit_code=0)
        first = archive.begin_run(done, {}, BEGUN)
        archive.end_run(first, finished_at=BEGUN, exit_code=ExitCode.LOOK, error="drift")
        assert lost(asked(tmp_path), BEGUN, -9).failures[1] == f"{killed}: {KILLED}"
        run = archive.begin_run(killed, {}, BEGUN + timedelta(seconds=1))
        entry = Found(Entry("https://news.example.com/1"), Identity("ex:1", "https://e.cn/1"))
        archive.discover(run, killed, section.id, [entry], BEGUN)
    report = lost(asked(tmp_path), BEGUN, -9)
    assert report.failures == (f"{done}: drift", f"{killed}: {KILLED}")
    assert report.exit_code is ExitCode.LOOK
    (found,) = report.sections
    assert (found.source, found.section, found.name) == (killed, section.id, section.name)
    assert found.counts == {Outcome.PENDING: 1}


def test_an_archive_that_cannot_be_read_is_the_failure(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"")
    report = lost(asked(tmp_path), BEGUN, 1)
    assert report.exit_code is ExitCode.STORAGE
    assert all("empty" in failure for failure in report.failures)
