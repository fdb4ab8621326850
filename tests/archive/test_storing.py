"""Ending entries: revisions, other identities of one article, balanced counts."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.rereading import NewReading
from newscrawl.identity.identities import identify
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, crawl, found, identity, later, query

A = identity("a").url_hash


def list_(archive: Archive, run: int, section: str, *names: str, refetch: bool = False) -> None:
    page = [found(name) for name in names]
    archive.discover(run, SOURCE, section, page, NOON, refetch=refetch)


def test_an_article_comes_back_as_it_went_in(archive: Archive) -> None:
    run = begin(archive)
    list_(archive, run, "china", "a")
    stored = article(
        "a", "{{ x }} “甲”", updated_at=later(3), keywords=["甲", "乙"], flags=["paid"]
    )
    assert archive.store(run, "china", A, stored) is Outcome.NEW
    read = archive.article(A)
    assert read is not None
    assert read.article == stored
    assert (read.sections, read.revision, read.first_seen_at) == (("china",), 1, NOON)
    assert archive.counts(run) == {"china": {Outcome.NEW: 1}}


def test_H91_other_content_is_a_revision_and_the_same_is_none(archive: Archive) -> None:
    outcomes, revisions, sequences, updates = [], [], [], []
    for minute, text in ((1, "一。"), (2, "一。"), (3, "二。"), (4, "一。")):
        run = begin(archive)
        list_(archive, run, "china", "a", refetch=True)
        page = article("a", text, fetched_at=later(minute))
        outcomes.append(archive.store(run, "china", A, page))
        read = archive.article(A)
        assert read is not None
        assert replace(read.article, updated_at=None) == page
        updates.append(read.article.updated_at)
        revisions.append(read.revision)
        sequences.append(read.sequence)
        assert archive.counts(run) == {"china": {outcomes[-1]: 1}}
    assert outcomes == [Outcome.NEW, Outcome.UNCHANGED, Outcome.UPDATED, Outcome.UPDATED]
    assert revisions == [1, 1, 2, 3]
    assert sequences == [1, 1, 2, 3]
    assert updates == [None, None, later(3), later(4)]


def test_H93_every_revision_is_kept(archive: Archive, path: Path) -> None:
    for text in ("一。", "二。"):
        run = begin(archive)
        list_(archive, run, "china", "a", refetch=True)
        archive.store(run, "china", A, article("a", text, title=text))
    assert query(path, "SELECT number, title, run FROM revisions ORDER BY number") == [
        (1, "一。", 1),
        (2, "二。", 2),
    ]


def test_H90_same_title_and_day_are_two_articles(archive: Archive) -> None:
    run = begin(archive)
    list_(archive, run, "china", "a", "b")
    for name in ("a", "b"):
        same = article(name, name, title="早报")
        assert archive.store(run, "china", identity(name).url_hash, same) is Outcome.NEW
    assert sorted(str(read.article.body_text) for read in archive.articles()) == ["a", "b"]


class TestOtherIdentities:
    """One article, met under several names."""

    def test_H88_the_target_of_a_redirect_is_not_fetched_again(self, archive: Archive) -> None:
        run = begin(archive)
        list_(archive, run, "china", "a")
        assert archive.store(run, "china", A, article("b")) is Outcome.NEW
        page = [found("a"), found("b")]
        assert archive.discover(run, SOURCE, "stock", page, NOON).fetch == ()
        read = archive.article(A)
        assert read is not None
        assert read.article.url_hash == identity("b").url_hash
        assert read.sections == ("china", "stock")
        assert archive.counts(run)["china"] == {Outcome.NEW: 1}

    def test_H88_a_redirect_to_a_stored_article_is_a_duplicate(self, archive: Archive) -> None:
        run = begin(archive)
        crawl(archive, run, "stock", "b")
        before = max(stored.sequence for stored in archive.articles())
        list_(archive, run, "china", "a")
        assert archive.store(run, "china", A, article("b", "重定向。")) is Outcome.DUPLICATE
        read, direct = archive.article(A), archive.article(identity("b").url_hash)
        assert read is not None
        assert read == direct
        assert read.sections == ("stock", "china")
        assert read.sequence > before
        assert (read.revision, read.article.body_text) == (1, "正文。")
        assert archive.counts(run)["china"] == {Outcome.DUPLICATE: 1}
        run = begin(archive)
        list_(archive, run, "china", "a", "b")
        assert archive.counts(run) == {"china": {Outcome.UNCHANGED: 1}}

    def test_the_other_code_was_met_first(self, archive: Archive) -> None:
        """Stored by its NW code; the page of the 18 digits names that code."""
        run = begin(archive)
        crawl(archive, run, "news", "NW1")
        list_(archive, run, "column", "18")
        page = article("18", aliases=[identity("NW1").url])
        outcome = archive.store(run, "column", identity("18").url_hash, page)
        assert outcome is Outcome.DUPLICATE
        assert archive.article(identity("18").url_hash) == archive.article(identity("NW1").url_hash)
        assert len(list(archive.articles())) == 1

    def test_two_pending_names_of_one_article_are_stored_once(self, archive: Archive) -> None:
        run = begin(archive)
        list_(archive, run, "news", "NW1")
        list_(archive, run, "column", "18")
        archive.discover(run, SOURCE, "flash", [found("18", "NW1")], NOON)
        first = archive.store(run, "news", identity("NW1").url_hash, article("NW1"))
        assert archive.article(identity("NW1").url_hash) is not None
        second = archive.store(run, "column", identity("18").url_hash, article("18"))
        assert (first, second) == (Outcome.NEW, Outcome.DUPLICATE)
        read = archive.article(identity("18").url_hash)
        assert read is not None
        assert read.article.url_hash == identity("NW1").url_hash
        assert archive.article(identity("NW1").url_hash) == read
        assert read.sections == ("news", "column", "flash")
        assert archive.counts(run) == {
            "news": {Outcome.NEW: 1},
            "column": {Outcome.DUPLICATE: 1},
            "flash": {Outcome.DUPLICATE: 1},
        }

    def test_a_refetch_under_the_other_name_keeps_the_identity(self, archive: Archive) -> None:
        run = begin(archive)
        list_(archive, run, "column", "18")
        page = article("18", aliases=[identity("NW1").url])
        archive.store(run, "column", identity("18").url_hash, page)
        run = begin(archive)
        list_(archive, run, "column", "18", refetch=True)
        fallback = article("NW1", "新。")
        outcome = archive.store(run, "column", identity("18").url_hash, fallback)
        assert outcome is Outcome.UPDATED
        read = archive.article(identity("NW1").url_hash)
        assert read is not None
        assert (read.article.identity, read.article.body_text) == ("ex:18", "新。")

    def test_names_of_a_name_lead_to_the_article(self, archive: Archive) -> None:
        """The listing calls it ``a`` and ``x``; the page of ``a`` is that of ``b``."""
        run = begin(archive)
        archive.discover(run, SOURCE, "china", [found("a", "x")], NOON)
        archive.store(run, "china", A, article("b"))
        assert archive.article(identity("x").url_hash) == archive.article(A)
        assert archive.article(A) is not None

    def test_a_listing_can_not_make_one_stored_article_of_two(self, archive: Archive) -> None:
        crawl(archive, begin(archive), "china", "a", "b")
        archive.discover(begin(archive), SOURCE, "china", [found("a", "b")], NOON)
        read = archive.article(identity("b").url_hash)
        assert read is not None
        assert read.article.identity == "ex:b"

    def test_a_redirect_does_not_hide_a_modification_of_its_target(self, archive: Archive) -> None:
        run = begin(archive)
        crawl(archive, run, "china", "b")
        archive.discover(run, SOURCE, "stock", [found("a", modified_at=later(9))], NOON)
        assert archive.store(run, "stock", A, article("b", "新。")) is Outcome.DUPLICATE
        page = [found("b", modified_at=later(9))]
        assert len(archive.discover(begin(archive), SOURCE, "china", page, NOON).fetch) == 1

    def test_stored_articles_are_never_merged(self, archive: Archive) -> None:
        crawl(archive, begin(archive), "china", "a", "b")
        run = begin(archive)
        list_(archive, run, "china", "a", refetch=True)
        assert archive.store(run, "china", A, article("b", "乙")) is Outcome.DUPLICATE
        assert [read.article.body_text for read in archive.articles()] == ["正文。", "正文。"]
        assert archive.counts(run) == {"china": {Outcome.DUPLICATE: 1}}

    def test_H88_a_home_page_as_canonical_address_merges_nothing(self, archive: Archive) -> None:
        run = begin(archive)
        list_(archive, run, "china", "a", "b")
        home = "https://news.example.com/"
        for name in ("a", "b"):
            page = article(name, url=home)
            outcome = archive.store(run, "china", identity(name).url_hash, page)
            assert outcome is Outcome.NEW
        assert len(list(archive.articles())) == 2

    def test_H84_the_address_of_the_article_finds_it_in_any_spelling(
        self, archive: Archive
    ) -> None:
        run = begin(archive)
        list_(archive, run, "china", "a")
        page = article("a", url="https://www.example.com/china/a.shtml")
        archive.store(run, "china", A, page)
        spelling = identify("http://m.example.com/china/a.shtml?utm_source=x#top")
        assert archive.article(spelling.url_hash) == archive.article(A)


class TestCounts:
    """Entries = sum of outcomes, whatever the caller does."""

    @pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.PENDING})
    def test_every_end_moves_one_pending_entry(self, archive: Archive, outcome: Outcome) -> None:
        run = begin(archive)
        list_(archive, run, "china", "a", "b")
        archive.end(run, SOURCE, "china", A, outcome, "reason", later(1))
        assert archive.counts(run) == {"china": {outcome: 1, Outcome.PENDING: 1}}

    def test_only_the_first_end_counts(self, archive: Archive) -> None:
        run = begin(archive)
        list_(archive, run, "china", "a")
        archive.end(run, SOURCE, "china", A, Outcome.GONE, "404", later(1))
        archive.end(run, SOURCE, "china", A, Outcome.FAILED, "timeout", later(2))
        assert archive.store(run, "china", A, article("a")) is Outcome.NEW
        assert archive.counts(run) == {"china": {Outcome.GONE: 1}}

    def test_pending_is_no_end(self, archive: Archive) -> None:
        with pytest.raises(ValueError, match="pending"):
            archive.end(begin(archive), SOURCE, "china", A, Outcome.PENDING, "", NOON)

    def test_an_article_that_no_listing_showed_counts_too(self, archive: Archive) -> None:
        run = begin(archive)
        archive.store(run, "china", A, article("a"))
        archive.end(run, SOURCE, "china", identity("b").url_hash, Outcome.GONE, "404", NOON)
        archive.end(run, SOURCE, "china", identity("c").url_hash, Outcome.FAILED, "dns", NOON)
        assert archive.counts(run) == {
            "china": {Outcome.NEW: 1, Outcome.GONE: 1, Outcome.FAILED: 1}
        }
        run = begin(archive)
        assert list(archive.resume(run, SOURCE, None, attempts=5)) == []
        assert archive.store(run, "china", A, article("a")) is Outcome.UNCHANGED
        assert archive.counts(run) == {"china": {Outcome.UNCHANGED: 1}}

    def test_H17_a_not_modified_answer_leaves_the_copy(self, archive: Archive) -> None:
        crawl(archive, begin(archive), "china", "a")
        before = archive.article(A)
        run = begin(archive)
        page = [found("a", modified_at=later(9))]
        archive.discover(run, SOURCE, "china", page, NOON)
        archive.end(run, SOURCE, "china", A, Outcome.UNCHANGED, "304", later(10))
        assert archive.article(A) == before
        assert archive.discover(begin(archive), SOURCE, "china", page, NOON).fetch == ()

    def test_H19_a_page_that_is_gone_keeps_its_article(self, archive: Archive) -> None:
        crawl(archive, begin(archive), "china", "a")
        before = archive.article(A)
        run = begin(archive)
        list_(archive, run, "china", "a", refetch=True)
        archive.end(run, SOURCE, "china", A, Outcome.GONE, "404", later(10))
        assert archive.article(A) == before


@pytest.mark.parametrize("field", ["title", "published_at", "body_html", "url_hash", "source"])
def test_an_article_that_lacks_something_is_refused_and_stays_pending(
    archive: Archive, field: str
) -> None:
    run = begin(archive)
    list_(archive, run, "china", "a")
    page = article("a")
    setattr(page, field, None)
    with pytest.raises(ValueError, match=field):
        archive.store(run, "china", A, page)
    assert archive.counts(run) == {"china": {Outcome.PENDING: 1}}


def test_a_store_that_fails_half_way_leaves_nothing(archive: Archive) -> None:
    """The time without a zone is met after the transaction has begun."""
    run = begin(archive)
    list_(archive, run, "china", "a")
    naive = datetime(2026, 9, 28)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        archive.store(run, "china", A, article("a", updated_at=naive))
    assert archive.article(A) is None
    assert archive.store(run, "china", A, article("a")) is Outcome.NEW


def test_the_text_of_every_revision_is_text(archive: Archive, path: Path) -> None:
    """Read as JSON by SQLite and by people, whichever way it came in."""
    run = begin(archive)
    list_(archive, run, "china", "a")
    archive.store(run, "china", A, article("a", "一。"))
    list_(archive, begin(archive), "china", "a", refetch=True)
    archive.store(begin(archive), "china", A, article("a", "二。", fetched_at=later(2)))
    for shows in (True, False):
        again = NewReading(article("a", f"三。{shows}", fetched_at=later(2)), 2, shows)
        archive.rereading.replace(run, [again], {})
    rows = query(path, "SELECT typeof(article), article ->> 'body_text' FROM revisions")
    assert rows == [("text", "一。"), ("text", "三。False")]


def test_a_new_article_has_what_its_listing_told(archive: Archive, path: Path) -> None:
    run = begin(archive)
    page = [found("a", modified_at=later(9)), found("b"), found("c", modified_at=later(9))]
    archive.discover(run, SOURCE, "china", page, NOON)
    for name in "abd":
        archive.store(run, "china", identity(name).url_hash, article(name))
    archive.end(run, SOURCE, "china", identity("c").url_hash, Outcome.GONE, "404", later(1))
    archive.store(run, "china", identity("c").url_hash, article("c"))  # the row has its end
    rows = query(path, "SELECT title, listed_modified_at FROM articles ORDER BY title")
    assert rows == [
        ("标题 a", "2026-09-28T04:09:00.000000Z"),
        ("标题 b", None),
        ("标题 c", None),
        ("标题 d", None),
    ]


@pytest.mark.parametrize("aliases", [0, 2])
def test_an_article_is_stored_with_few_statements(archive: Archive, aliases: int) -> None:
    run = begin(archive)
    page = [found("a", modified_at=later(9)), found("b", modified_at=later(9))]
    archive.discover(run, SOURCE, "china", page, NOON)
    archive.store(run, "china", identity("b").url_hash, article("b"))
    asked: list[str] = []
    archive._database.connection.set_trace_callback(asked.append)
    names = [f"https://wap.example.com/{number}" for number in range(aliases)]
    archive.store(run, "china", A, article("a", aliases=names))
    archive._database.connection.set_trace_callback(None)
    assert len(set(asked)) == 9 + aliases, "each of them once, whatever its triggers do"
