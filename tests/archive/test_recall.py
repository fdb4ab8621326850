"""Which stored articles are fetched again, and where they stay listed meanwhile."""

from pathlib import Path

from newscrawl.archive import Archive, Work
from newscrawl.archive.recall import NOWHERE, Recall
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome
from tests.archive.builders import NOON, SOURCE, article, found, identity, later
from tests.archive.test_imports import post


def entry(stored: Article) -> Entry:
    return Entry(stored.url or "")


def recall(archive: Archive, run: int, wanted: Recall) -> list[Work]:
    for _ in archive.recall(run, wanted, NOON, entry):
        pass
    return list(archive.recalled(run, SOURCE))


def test_an_imported_post_of_no_section_is_fetched_and_stays_in_none(archive: Archive) -> None:
    archive.imports.take(archive.begin_run(SOURCE, {}, NOON), [post("a")])
    run = archive.begin_run(SOURCE, {}, NOON)
    (work,) = recall(archive, run, Recall(SOURCE))
    assert (work.section, work.entry.url, work.stored) == (NOWHERE, identity("a").url, True)

    archive.store(run, work.section, work.url_hash, article("a", "新文。"))

    assert archive.counts(run) == {NOWHERE: {Outcome.UPDATED: 1}}
    (stored,) = archive.articles()
    assert stored.article.body_text == "新文。"
    assert stored.sections == ()


def test_an_imported_post_of_no_section_is_in_none_that_is_asked_for(archive: Archive) -> None:
    archive.imports.take(archive.begin_run(SOURCE, {}, NOON), [post("a")])
    wanted = Recall(SOURCE, frozenset({"china"}))
    assert archive.count_recall(wanted) == 0
    assert recall(archive, archive.begin_run(SOURCE, {}, NOON), wanted) == []


def test_days_are_those_of_publication_and_the_last_is_not_included(archive: Archive) -> None:
    archive.imports.take(archive.begin_run(SOURCE, {}, NOON), [post("a")])
    for wanted, number in (
        (Recall(SOURCE, since=NOON, until=later(1)), 1),
        (Recall(SOURCE, since=later(1)), 0),
        (Recall(SOURCE, until=NOON), 0),
        (Recall("other"), 0),
    ):
        assert archive.count_recall(wanted) == number


def test_what_is_under_way_in_this_run_is_not_marked_again(archive: Archive) -> None:
    first = archive.begin_run(SOURCE, {}, NOON)
    archive.discover(first, SOURCE, "china", [found("a")], NOON)
    archive.store(first, "china", identity("a").url_hash, article("a"))
    run = archive.begin_run(SOURCE, {}, NOON)
    (work,) = archive.discover(run, SOURCE, "stock", [found("a")], NOON, refetch=True).fetch
    assert work.stored
    assert recall(archive, run, Recall(SOURCE)) == []


def test_an_archive_that_is_only_read_can_be_counted(archive: Archive, path: Path) -> None:
    archive.imports.take(archive.begin_run(SOURCE, {}, NOON), [post("a")])
    archive.close()
    with Archive.open(path, read_only=True) as reader:
        assert reader.count_recall(Recall(SOURCE)) == 1
