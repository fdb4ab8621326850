"""What a listing page means, given what is known."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from newscrawl.archive import Archive, Discovery
from newscrawl.archive.codec import to_time
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, crawl, found, identity, later, query


def fetched(discovery: Discovery) -> list[str]:
    return [work.entry.url.rsplit("/", 1)[1].removesuffix(".html") for work in discovery.fetch]


def show(archive: Archive, run: int, section: str, *names: str, attempts: int = 5) -> list[str]:
    """List articles and return which of them are to be fetched."""
    page = [found(name) for name in names]
    return fetched(archive.discover(run, SOURCE, section, page, NOON, attempts=attempts))


def fail(archive: Archive, run: int, section: str, name: str, reason: str = "timeout") -> None:
    archive.end(run, SOURCE, section, identity(name).url_hash, Outcome.FAILED, reason, later(1))


def test_an_unknown_article_is_pending_and_fetched(archive: Archive) -> None:
    run = begin(archive)
    discovery = archive.discover(run, SOURCE, "china", [found("a", title="甲"), found("b")], NOON)
    assert fetched(discovery) == ["a", "b"]
    assert discovery.fetch[0].entry.title == "甲"
    assert discovery.fetch[0].url_hash == identity("a").url_hash
    assert (discovery.fresh, discovery.added) == (2, 2)
    assert archive.counts(run) == {"china": {Outcome.PENDING: 2}}


def test_an_entry_marked_to_skip_ends_without_a_fetch(archive: Archive) -> None:
    run = begin(archive)
    discovery = archive.discover(run, SOURCE, "china", [found("a", skip="video")], NOON)
    assert discovery == Discovery((), fresh=1, added=1)
    assert archive.counts(run) == {"china": {Outcome.SKIPPED: 1}}


def test_H63_an_entry_shown_twice_in_a_run_counts_once(archive: Archive) -> None:
    run = begin(archive)
    assert show(archive, run, "china", "a", "a", "b") == ["a", "b"]
    again = archive.discover(run, SOURCE, "china", [found("a"), found("b")], NOON)
    assert again == Discovery((), fresh=0, added=0)
    assert archive.counts(run) == {"china": {Outcome.PENDING: 2}}


def test_known_articles_count_as_unchanged_once_a_run(archive: Archive) -> None:
    crawl(archive, begin(archive), "china", "a", "b")
    run = begin(archive)
    for _ in range(2):  # the listing shifted, or repeats its last page
        assert show(archive, run, "china", "a", "b") == []
    assert archive.counts(run) == {"china": {Outcome.UNCHANGED: 2}}
    run = begin(archive)
    assert show(archive, run, "china", "a") == []
    assert archive.counts(run) == {"china": {Outcome.UNCHANGED: 1}}


def test_a_run_with_nothing_new_writes_next_to_nothing(archive: Archive) -> None:
    names = [f"a{n}" for n in range(50)]
    crawl(archive, begin(archive), "china", *names)
    run = begin(archive)
    connection = archive._database.connection
    before = connection.total_changes
    page = [found(name, f"alias-of-{name}") for name in names]
    archive.discover(run, SOURCE, "china", page, NOON)
    assert connection.total_changes - before == 50 + 1  # the aliases are new, and one count
    before = connection.total_changes
    archive.discover(begin(archive), SOURCE, "china", page, NOON)
    assert connection.total_changes - before == 1 + 1  # the run, and one count


@pytest.mark.parametrize("state", [Outcome.SKIPPED, Outcome.GONE, Outcome.QUARANTINED])
def test_what_can_not_be_had_keeps_its_outcome(archive: Archive, state: Outcome) -> None:
    run = begin(archive)
    show(archive, run, "china", "a")
    archive.end(run, SOURCE, "china", identity("a").url_hash, state, "reason", later(1))
    run = begin(archive)
    assert show(archive, run, "china", "a") == []
    assert archive.counts(run) == {"china": {state: 1}}


def test_H89_another_section_of_the_same_run_counts_a_duplicate(archive: Archive) -> None:
    run = begin(archive)
    assert show(archive, run, "china", "a") == ["a"]
    discovery = archive.discover(run, SOURCE, "stock", [found("a")], NOON)
    assert discovery == Discovery((), fresh=0, added=1)
    assert archive.counts(run) == {
        "china": {Outcome.PENDING: 1},
        "stock": {Outcome.DUPLICATE: 1},
    }


def test_H89_a_later_section_is_recorded_and_the_post_knows(archive: Archive) -> None:
    run = begin(archive)
    crawl(archive, run, "china", "a")
    before = archive.article(identity("a").url_hash)
    assert crawl(archive, run, "stock", "a") == []
    after = archive.article(identity("a").url_hash)
    assert before is not None
    assert after is not None
    assert (before.sections, after.sections) == (("china",), ("china", "stock"))
    assert after.sequence > before.sequence
    assert after.revision == 1
    crawl(archive, begin(archive), "stock", "a")
    assert archive.article(identity("a").url_hash) == after


def test_aliases_of_a_listing_are_one_article(archive: Archive) -> None:
    """A flash record names both codes; other lists know only one of them."""
    run = begin(archive)
    assert show(archive, run, "news", "NW1") == ["NW1"]
    both = archive.discover(run, SOURCE, "flash", [found("18", "NW1")], NOON)
    assert both == Discovery((), fresh=0, added=1)
    assert show(archive, run, "column", "18") == []
    assert archive.counts(run)["column"] == {Outcome.DUPLICATE: 1}


@pytest.mark.parametrize(
    ("modified", "fetch"), [(None, []), (later(0), []), (later(5), []), (later(6), ["a"])]
)
def test_H91_a_modification_the_listing_tells_is_fetched(
    archive: Archive, modified: object, fetch: list[str]
) -> None:
    run = begin(archive)
    archive.discover(run, SOURCE, "china", [found("a", modified_at=later(5))], NOON)
    archive.store(run, "china", identity("a").url_hash, article("a"))
    run = begin(archive)
    page = [found("a", modified_at=modified)]
    assert fetched(archive.discover(run, SOURCE, "china", page, NOON)) == fetch
    assert fetched(archive.discover(run, SOURCE, "stock", page, NOON)) == []


def test_H91_without_an_earlier_hint_the_time_of_the_fetch_is_compared(archive: Archive) -> None:
    crawl(archive, begin(archive), "china", "a")  # fetched one minute past noon
    for minute, fetch in ((0.5, []), (2, ["a"])):
        page = [found("a", modified_at=later(minute))]
        discovery = archive.discover(begin(archive), SOURCE, "china", page, NOON)
        assert fetched(discovery) == fetch


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Outcome.GONE, []),
        (Outcome.QUARANTINED, []),
        (Outcome.FAILED, ["a"]),
        (Outcome.BLOCKED, ["a"]),
    ],
)
def test_H91_a_modification_is_looked_at_once_but_failures_are_repeated(
    archive: Archive, outcome: Outcome, again: list[str]
) -> None:
    crawl(archive, begin(archive), "china", "a")
    modified = [found("a", modified_at=later(9))]
    tried = []
    for attempts in (5, 5, 1):
        run = begin(archive)
        page = archive.discover(run, SOURCE, "china", modified, NOON, attempts=attempts)
        tried.append(fetched(page))
        for work in page.fetch:
            archive.end(run, SOURCE, "china", work.url_hash, outcome, "reason", later(10))
    assert tried == [["a"], again, []]
    newer = [found("a", modified_at=later(20))]
    discovery = archive.discover(begin(archive), SOURCE, "china", newer, NOON, attempts=1)
    assert fetched(discovery) == ["a"]


def test_refetch_fetches_once_in_all_sections(archive: Archive) -> None:
    run = begin(archive)
    for section in ("china", "stock"):
        crawl(archive, run, section, "a")
    archive.discover(run, SOURCE, "china", [found("v", skip="video")], NOON)
    run = begin(archive)
    page = [found("a"), found("v", skip="video")]
    first = archive.discover(run, SOURCE, "stock", page, NOON, refetch=True)
    assert fetched(first) == ["a"]
    assert archive.discover(run, SOURCE, "china", page, NOON, refetch=True).fetch == ()
    assert archive.store(run, "stock", identity("a").url_hash, article("a")) is Outcome.UNCHANGED
    assert archive.discover(run, SOURCE, "china", page, NOON, refetch=True).fetch == ()
    assert archive.counts(run) == {
        "stock": {Outcome.UNCHANGED: 1, Outcome.DUPLICATE: 1},
        "china": {Outcome.DUPLICATE: 1, Outcome.SKIPPED: 1},
    }


def test_a_failure_is_tried_again_until_the_attempts_are_spent(archive: Archive) -> None:
    tried = []
    for _ in range(4):
        run = begin(archive)
        tried += [show(archive, run, "china", "a", attempts=2)]
        if tried[-1]:
            fail(archive, run, "china", "a")
    assert tried == [["a"], ["a"], [], []]
    assert archive.counts(run) == {"china": {Outcome.FAILED: 1}}


def test_a_failure_of_this_run_is_not_tried_by_the_next_section(archive: Archive) -> None:
    run = begin(archive)
    show(archive, run, "china", "a")
    fail(archive, run, "china", "a")
    assert show(archive, run, "stock", "a") == []
    assert archive.counts(run)["stock"] == {Outcome.DUPLICATE: 1}


def test_what_one_section_gave_up_the_others_give_up(archive: Archive) -> None:
    run = begin(archive)
    show(archive, run, "china", "a")
    fail(archive, run, "china", "a")
    run = begin(archive)
    assert show(archive, run, "stock", "a", attempts=1) == []
    assert archive.counts(run) == {"stock": {Outcome.FAILED: 1}}


@pytest.mark.parametrize("failed", [True, False])
def test_what_an_unasked_section_left_is_taken_over(archive: Archive, failed: bool) -> None:
    """The run over ``china`` was killed and only ``stock`` is crawled now: nothing is lost."""
    first = begin(archive)
    show(archive, first, "china", "a")
    if failed:
        fail(archive, first, "china", "a")
    run = begin(archive)
    assert list(archive.resume(run, SOURCE, ["stock"], attempts=5)) == []
    assert show(archive, run, "stock", "a") == ["a"]
    assert archive.counts(run) == {"stock": {Outcome.PENDING: 1}}
    left = Outcome.FAILED if failed else Outcome.DUPLICATE
    assert archive.counts(first) == {"china": {left: 1}}
    assert list(archive.resume(begin(archive), SOURCE, ["china"], attempts=5)) == []


def test_an_open_entry_that_its_listing_deletes_ends_as_skipped(archive: Archive) -> None:
    first = begin(archive)
    show(archive, first, "china", "a")
    run = begin(archive)
    page = [found("a", skip="deleted")]
    assert archive.discover(run, SOURCE, "china", page, NOON).fetch == ()
    assert archive.counts(first) == {}
    assert archive.counts(run) == {"china": {Outcome.SKIPPED: 1}}


class TestResume:
    """A run begins with what earlier ones left."""

    def left(self, archive: Archive, names: Sequence[str]) -> int:
        run = begin(archive)
        page = [found(name, title=name, record={"text": "全文\ud83d"}) for name in names]
        archive.discover(run, SOURCE, "china", page, NOON)
        return run

    def test_H116_pending_entries_move_in_their_order(self, archive: Archive) -> None:
        first = self.left(archive, ["c", "a", "b"])
        run = begin(archive)
        work = list(archive.resume(run, SOURCE, None, attempts=5))
        assert [item.entry.title for item in work] == ["c", "a", "b"]
        assert work[0].entry.record == {"text": "全文\ud83d"}
        assert archive.counts(first) == {}
        assert archive.counts(run) == {"china": {Outcome.PENDING: 3}}
        assert list(archive.resume(run, SOURCE, None, attempts=5)) == []
        assert show(archive, run, "china", "a", "b", "c") == []

    def test_failures_come_back_with_their_attempts(self, archive: Archive) -> None:
        first = self.left(archive, ["a", "b"])
        fail(archive, first, "china", "a")
        archive.end(
            first, SOURCE, "china", identity("b").url_hash, Outcome.BLOCKED, "login", later(1)
        )
        assert list(archive.resume(begin(archive), SOURCE, None, attempts=1)) == []
        run = begin(archive)
        work = list(archive.resume(run, SOURCE, None, attempts=2))
        assert [(item.entry.title, item.attempts) for item in work] == [("a", 1), ("b", 1)]
        assert archive.counts(first) == {"china": {Outcome.FAILED: 1, Outcome.BLOCKED: 1}}
        assert archive.counts(run) == {"china": {Outcome.PENDING: 2}}

    def test_only_the_sections_and_the_source_that_are_asked(self, archive: Archive) -> None:
        self.left(archive, ["a"])
        run = begin(archive)
        assert list(archive.resume(run, SOURCE, ["stock"], attempts=5)) == []
        assert list(archive.resume(run, "other", None, attempts=5)) == []
        assert len(list(archive.resume(run, SOURCE, {"china"}, attempts=5))) == 1


def test_a_walk_that_was_never_closed_is_known(archive: Archive) -> None:
    assert not archive.walks.open(SOURCE, "china")
    assert archive.walks.open(SOURCE, "china")
    assert not archive.walks.open(SOURCE, "stock")
    archive.walks.close(SOURCE, "china")
    assert not archive.walks.open(SOURCE, "china")


@pytest.mark.parametrize("length", [1, 3, 64, 65, 203])
def test_rows_of_a_listing_stand_in_its_order_however_long_it_is(
    archive: Archive, path: Path, length: int
) -> None:
    names = [f"n{number}" for number in range(length)]
    run = begin(archive)
    assert show(archive, run, "china", *names, names[0], names[-1]) == names
    assert archive.counts(run) == {"china": {Outcome.PENDING: length}}
    rows = query(path, "SELECT id, hex(url_hash), state, first_seen_at FROM outcomes ORDER BY id")
    assert rows == [
        (number, identity(name).url_hash.upper(), "pending", to_time(NOON))
        for number, name in enumerate(names, 1)
    ]
    assert query(path, "SELECT state, n FROM totals") == [("pending", length)]
    assert show(archive, begin(archive), "stock", *names) == names, "one look-up for all of them"
