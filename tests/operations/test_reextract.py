"""Re-extraction: a crawl with its raw record, other rules, and what comes of the two."""

import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.lock import LockedError, hold
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.operations.readings import Changed, Rescued
from newscrawl.operations.reextract import ReextractReport, ReextractRequest, run_reextract
from newscrawl.outcomes import Outcome, Quarantined
from newscrawl.spiders.registry import spiders
from tests.operations.processes import end, start
from tests.operations.raw_pages import copied, crawl, posts, stored

SOURCES = tuple(spiders())
SINA = "sina_finance"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("crawled") / "output"
    crawl(output)
    return output


@pytest.fixture
def config(crawled: Path, tmp_path: Path) -> Config:
    return copied(crawled, tmp_path / "output")


def reextract(config: Config, **how: Any) -> ReextractReport:
    wanted: dict[str, Any] = {"sources": SOURCES, "jobs": 1}
    return run_reextract(ReextractRequest(config, **wanted | how))


def read_as(monkeypatch: pytest.MonkeyPatch, source: str, change: Any) -> None:
    """Let the rules of a source read something else: ``change`` gets what they read now."""
    spider = spiders()[source]
    parse = spider.parse_article

    def changed(page: Page, entry: Entry | None = None) -> Article:
        return change(parse(page, entry))  # type: ignore[no-any-return]

    monkeypatch.setattr(spider, "parse_article", changed)


def with_editor(article: Article) -> Article:
    article.editor, article.extractor_version = "远山", 99
    return article


def test_rules_that_did_not_change_read_what_is_stored_of_every_article(config: Config) -> None:
    before, written = stored(config), posts(config)
    report = reextract(config)
    assert report.exit_code == ExitCode.OK
    assert report.unchanged == report.read == len(before) > 100
    assert not report.fields
    assert report.without_raw == 0
    assert stored(config) == before
    assert posts(config) == written


def test_a_changed_rule_changes_its_field_and_the_posts_and_makes_no_revision(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, written = stored(config), posts(config)
    read_as(monkeypatch, SINA, with_editor)
    report = reextract(config)
    ours = [each for each in before if each.article.source == SINA]
    assert report.changed == len(ours)
    assert report.unchanged == len(before) - len(ours)
    assert report.fields == {"editor": len(ours), "extractor_version": len(ours)}
    after = {each.article.url_hash: each for each in stored(config)}
    for old in ours:
        new = after[old.article.url_hash]
        assert new.revision == old.revision == 1
        assert new.article == replace(old.article, editor="远山", extractor_version=99)
        assert new.sequence > old.sequence
    changed = {name for name, content in posts(config).items() if content != written[name]}
    assert {name for name in changed if name.startswith("hexo")}
    assert reextract(config).changed == 0


def test_only_the_version_of_the_rules_moves_no_post(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {each.article.url_hash: each.sequence for each in stored(config)}
    read_as(monkeypatch, SINA, lambda article: replace(article, extractor_version=99))
    report = reextract(config)
    assert (report.changed, report.relabelled) == (0, len(stored(config, SINA)))
    for each in stored(config, SINA):
        assert each.article.extractor_version == 99
        assert each.sequence == before[each.article.url_hash]


def test_a_dry_run_tells_old_and_new_and_writes_nothing(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_words(article: Article) -> Article:
        article.body_text = f"{article.body_text}\n远山的一句话。"
        return article

    before = stored(config)
    read_as(monkeypatch, SINA, other_words)
    told: list[Changed | Rescued] = []
    report = reextract(config, dry_run=True, details=True, tell=told.append)
    assert report.changed == len(told) == len(stored(config, SINA))
    assert stored(config) == before
    first = told[0]
    assert isinstance(first, Changed)
    (change,) = first.changes
    assert change.field == "body_text"
    assert change.lines[-1] == "+远山的一句话。"


def test_what_todays_rules_cannot_read_stays_and_is_counted_with_its_reason(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(article: Article) -> Article:
        raise Quarantined("no_body", "invented")

    before = stored(config)
    read_as(monkeypatch, SINA, refuse)
    report = reextract(config)
    assert report.kept == {"quarantined (no_body)": len(stored(config, SINA))}
    assert stored(config) == before


def test_a_fixed_rule_stores_what_could_not_be_read_without_a_fetch(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = len(stored(config))
    lost = [each for each in stored(config) if "flash" not in each.article.flags][:3]
    undo(config, [each.article.url_hash or "" for each in lost])
    assert reextract(config, dry_run=True).rescued == 3
    assert len(stored(config)) == known - 3
    report = reextract(config)
    assert report.rescued == 3
    again = {each.article.url_hash: each.article for each in stored(config)}
    for each in lost:
        assert again[each.article.url_hash] == each.article
    with Archive.open(config.directory / "archive.db", read_only=True) as archive:
        runs = [run for run in range(1, 20) if Outcome.NEW in flat(archive.counts(run))]
    assert max(runs) > 2, "the run of the re-extraction counts them as new"
    assert reextract(config).rescued == 0


def test_H127_a_bug_in_the_rules_keeps_the_text_and_ends_with_its_own_code(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(article: Article) -> Article:
        raise ZeroDivisionError

    before = stored(config)
    read_as(monkeypatch, SINA, broken)
    report = reextract(config)
    assert report.exit_code == ExitCode.BUG
    assert "ZeroDivisionError" in report.bug
    assert report.kept == {"failed (bug)": len(stored(config, SINA))}
    assert stored(config) == before


def test_source_section_and_days_choose_as_they_do_elsewhere(config: Config) -> None:
    articles = stored(config, SINA)
    days = sorted({local(each).date() for each in articles})
    first = datetime.combine(days[-1], datetime.min.time(), SHANGHAI)
    chosen = [each for each in articles if local(each) >= first]
    assert reextract(config, sources=(SINA,), since=first).read == len(chosen)
    assert reextract(config, sources=(SINA,), until=first).read == len(articles) - len(chosen)
    section = articles[0].sections[0]
    listed = [each for each in articles if section in each.sections]
    assert reextract(config, sources=(SINA,), section=section).read == len(listed)
    nothing = reextract(config, since=first + timedelta(days=900))
    assert nothing.exit_code == ExitCode.NOTHING_MATCHED


def test_articles_without_a_raw_page_are_counted(config: Config) -> None:
    with closing(sqlite3.connect(config.directory / "archive.db")) as database, database:
        database.execute("PRAGMA foreign_keys = OFF")
        (number,) = database.execute(
            "SELECT count(DISTINCT article) FROM captures JOIN articles ON article = "
            "articles.url_hash WHERE captures.source = ?",
            (SINA,),
        ).fetchone()
        database.execute("DELETE FROM captures WHERE source = ? AND article IS NOT NULL", (SINA,))
    report = reextract(config)
    assert report.without_raw == number > 0
    assert report.read + report.without_raw == len(stored(config))


def test_a_damaged_file_costs_its_own_pages_and_ends_with_code_3(config: Config) -> None:
    before = stored(config)
    file = next((config.directory / "warc").glob(f"*{SINA}*"))
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40_000] = bytes(40_000)
    file.write_bytes(content)
    report = reextract(config)
    assert report.exit_code == ExitCode.PARTIAL
    assert set(report.damaged) == {file.name}
    assert report.kept["failed (raw_damaged)"] > 0
    assert report.unchanged + report.kept.total() + report.without_raw == len(before)
    assert stored(config) == before


def test_H122_a_source_that_is_being_crawled_is_left_alone(config: Config) -> None:
    with hold(config.directory, (SINA,)), pytest.raises(LockedError):
        reextract(config)
    with hold(config.directory, (SINA,)):
        assert reextract(config, dry_run=True).read == len(stored(config))


def test_two_processes_read_what_one_reads(config: Config) -> None:
    with closing(sqlite3.connect(config.directory / "archive.db")) as database, database:
        database.execute(
            "UPDATE revisions SET article = json_set(article, '$.editor', '远山') WHERE number = 1"
        )
    one: list[Changed | Rescued] = []
    two: list[Changed | Rescued] = []
    for jobs, told in ((1, one), (2, two)):
        report = reextract(config, jobs=jobs, dry_run=True, details=True, tell=told.append)
        assert report.changed == len(stored(config))
    assert one == two


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_H125_ended_by_a_signal_it_leaves_no_process_and_the_next_run_does_the_rest(
    config: Config, number: signal.Signals
) -> None:
    with closing(sqlite3.connect(config.directory / "archive.db")) as database, database:
        database.execute(
            "UPDATE revisions SET article = json_set(article, '$.editor', '远山') WHERE number = 1"
        )
    expected = {each.article.url_hash: each.article.editor for each in stored(config)}
    process = start("reextract", "--output", config.output.directory, "--jobs", "2", processes=3)
    end(process, number)
    assert reextract(config).exit_code == ExitCode.OK
    after = {each.article.url_hash: each.article.editor for each in stored(config)}
    assert after.keys() == expected.keys()
    assert "远山" not in after.values()
    assert reextract(config).changed == 0


def undo(config: Config, hashes: list[str]) -> None:
    """Make articles such as other rules would have left: quarantined, with nothing stored."""
    with closing(sqlite3.connect(config.directory / "archive.db")) as database, database:
        for url_hash in map(bytes.fromhex, hashes):
            for table in ("revisions", "articles"):
                database.execute(f"DELETE FROM {table} WHERE url_hash = ?", (url_hash,))
            database.execute(
                "UPDATE outcomes SET state = 'quarantined', reason = 'no_body' WHERE url_hash = ?",
                (url_hash,),
            )


def flat(counts: dict[str, dict[Outcome, int]]) -> set[Outcome]:
    return {outcome for section in counts.values() for outcome in section}


def local(each: Any) -> datetime:
    at: datetime = each.article.published_at
    return at.astimezone(SHANGHAI)
