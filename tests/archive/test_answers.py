"""What the archive answers, and that no answer reads a whole table."""

import re
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.database import Database
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, crawl, found, identity, later

A = identity("a").url_hash
BIG = "articles|outcomes|aliases|captures|revisions|removals|run_counts|images|article_images"
SCAN = re.compile(rf"SCAN (?:{BIG}|runs|[a-z])\b(?! USING (?:COVERING )?INDEX runs_source)")


class Statements:
    """The statements that an archive is asked, and how SQLite would carry them out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.met: list[str] = []
        database.connection.set_trace_callback(self.met.append)

    def plans(self) -> list[str]:
        """Return the plan of every question so far."""
        self._database.connection.set_trace_callback(None)
        asked = [sql for sql in self.met if sql.lstrip().upper().startswith("SELECT")]
        assert asked
        return [
            f"{detail}  <- {sql}"
            for sql in asked
            for *_, detail in self._database.rows(f"EXPLAIN QUERY PLAN {sql}")
        ]


@pytest.fixture
def filled(archive: Archive) -> Archive:
    run = begin(archive)
    crawl(archive, run, "china", "a", "b")
    archive.discover(run, SOURCE, "stock", [found("a", "other")], NOON)
    archive.discover(run, SOURCE, "stock", [found("v", skip="video")], NOON)
    archive.end_run(run, finished_at=later(2), exit_code=0)
    return archive


class TestOneAddress:
    """Questions about single articles."""

    def test_it_is_known_under_each_of_its_names(self, filled: Archive) -> None:
        answers = filled.answers
        assert answers.known([A]) == A
        assert answers.known(["0" * 64, identity("other").url_hash]) == A
        assert answers.known([identity("v").url_hash]) == identity("v").url_hash
        assert answers.known(["0" * 64]) is None

    def test_the_beginning_of_a_hash_stands_for_it(self, filled: Archive) -> None:
        assert filled.answers.beginning(A[:8]) == [A]
        assert filled.answers.beginning(identity("other").url_hash[:11]) == [A]
        assert filled.answers.beginning("0" * 8) == []
        for bad in (A[:7], "no hex at all"):
            with pytest.raises(ValueError, match=r"hex|digits"):
                filled.answers.beginning(bad)

    def test_where_it_was_listed_and_under_which_names(self, filled: Archive) -> None:
        assert [(each.section, each.state) for each in filled.answers.entries(A)] == [
            ("china", Outcome.NEW),
            ("stock", Outcome.DUPLICATE),
        ]
        assert identity("other").url in [each.url for each in filled.answers.aliases(A)]
        (video,) = filled.answers.entries(identity("v").url_hash)
        assert (video.state, video.reason) == (Outcome.SKIPPED, "video")

    def test_how_it_is_stored(self, filled: Archive) -> None:
        stored = filled.answers.stored(A)
        assert stored is not None
        assert (stored.title, stored.revision, stored.published_at) == ("标题 a", 1, NOON)
        assert filled.answers.stored(identity("v").url_hash) is None


class TestAll:
    """Questions about the whole archive."""

    def test_totals_follow_every_change(self, filled: Archive) -> None:
        overview = filled.overview
        assert overview.sources() == [SOURCE]
        assert overview.articles() == {SOURCE: 2}
        assert overview.states()[SOURCE] == {
            "china": {Outcome.NEW: 2},
            "stock": {Outcome.DUPLICATE: 1, Outcome.SKIPPED: 1},
        }
        run = begin(filled)
        filled.discover(run, SOURCE, "china", [found("a")], NOON, refetch=True)
        assert overview.states()[SOURCE]["china"] == {Outcome.NEW: 1, Outcome.PENDING: 1}
        filled.store(run, "china", A, article("a", "更正。", fetched_at=later(9)))
        assert overview.states()[SOURCE]["china"] == {Outcome.NEW: 1, Outcome.UPDATED: 1}

    def test_runs_are_shown_newest_first_with_their_counts(self, filled: Archive) -> None:
        killed = begin(filled)
        newest, first = filled.overview.runs(SOURCE)
        assert (newest.run, newest.finished_at, newest.counts) == (killed, None, {})
        assert first.counts == {Outcome.NEW: 2, Outcome.DUPLICATE: 1, Outcome.SKIPPED: 1}
        assert [run.run for run in filled.overview.runs(limit=1)] == [killed]
        assert filled.overview.runs("nobody") == []

    @pytest.mark.parametrize(
        ("asked", "kind", "regular"),
        [
            ({}, "crawl", True),
            ({"sections": ["china"]}, "crawl", False),
            ({"since": "2026-01-01"}, "crawl", False),
            ({"limit": 3}, "crawl", False),
            ({"recrawl": True}, "recrawl", False),
            ({"pictures": True}, "pictures", False),
            ({"command": "reextract"}, "reextract", False),
        ],
    )
    def test_what_a_run_was(
        self, archive: Archive, asked: dict[str, object], kind: str, regular: bool
    ) -> None:
        archive.begin_run(SOURCE, asked, NOON)
        (run,) = archive.overview.runs()
        assert (run.kind, run.is_regular) == (kind, regular)

    def test_a_listing_without_news_was_read_too(self, archive: Archive) -> None:
        run = begin(archive)
        archive.walks.note_read(run, SOURCE, "china", NOON)
        archive.walks.note_failure(SOURCE, "stock", NOON, "http_500")
        archive.walks.note_failure(SOURCE, "china", later(1), "timeout")
        listings = archive.overview.listings()[SOURCE]
        assert (listings["china"].read_at, listings["china"].failure) == (NOON, "timeout")
        assert (listings["stock"].read_at, listings["stock"].failure) == (None, "http_500")
        archive.walks.note_read(run, SOURCE, "china", later(2))
        assert archive.overview.listings()[SOURCE]["china"].failure == ""


@pytest.mark.parametrize("question", ["explain", "status", "runs"])
def test_H94_no_answer_reads_a_table_that_grows_with_the_archive(
    filled: Archive, path: Path, question: str
) -> None:
    database = Database.open(path, read_only=True)
    asked, archive = Statements(database), Archive(database)
    match question:
        case "explain":
            key = archive.answers.known([identity("other").url_hash]) or ""
            archive.answers.beginning(A[:8])
            archive.answers.stored(key)
            archive.answers.aliases(key)
            archive.answers.entries(key)
            archive.answers.removal(key)
            archive.captures.of_article(key)
            archive.article(key)
            list(archive.revisions(key))
        case "status":
            archive.overview.sources()
            archive.overview.articles()
            archive.overview.states()
            archive.overview.listings()
            archive.overview.raw_files()
        case "runs":
            archive.overview.runs(SOURCE)
    plans = asked.plans()
    database.close()
    assert [plan for plan in plans if SCAN.search(plan)] == []


def test_the_last_runs_of_all_sources_end_where_enough_are_found(
    filled: Archive, path: Path
) -> None:
    """The rows of ``runs`` lie in the order that is asked for, so the scan stops at the limit."""
    database = Database.open(path, read_only=True)
    asked = Statements(database)
    Archive(database).overview.runs(limit=5, with_counts=False)
    plans = asked.plans()
    database.close()
    assert [plan.partition("  <-")[0] for plan in plans] == ["SCAN runs"]
