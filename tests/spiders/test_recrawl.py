"""A recrawl: what is known is fetched again, listed or not, and nothing good is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.recall import Recall
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome
from tests.spiders.toy import NOW, Desk, ToySpider, dated, site, url


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def articles(desk: Desk) -> list[str]:
    return sorted(path for path in desk.asked if not path.startswith("list/"))


def test_what_is_listed_and_what_is_stored_is_fetched_again_once(desk: Desk) -> None:
    desk.crawl(site({"a/1": [3, 2, 1], "a/2": [], "b/1": [2], "b/2": []}))
    world = site({"a/1": [4, 3], "a/2": [], "b/1": [2], "b/2": []}, {url(1): "文章1", url(3): "改"})
    counts = desk.crawl(world, recrawl="1")
    assert counts == {"a new": 1, "a updated": 1, "a unchanged": 2, "b duplicate": 1}
    assert articles(desk) == ["1", "2", "3", "4"]
    assert desk.titles() == sorted(["文章1", "文章2", "改", "文章4"])


def test_the_whole_listing_is_walked_past_what_is_known(desk: Desk) -> None:
    desk.crawl(site({"a/1": [3], "a/2": [], "b/1": []}))
    counts = desk.crawl(
        site({"a/1": [3], "a/2": [2], "a/3": [1], "a/4": [], "b/1": []}), recrawl="1"
    )
    assert counts == {"a new": 2, "a unchanged": 1}


def test_H19_an_article_that_is_gone_keeps_its_text(desk: Desk) -> None:
    desk.crawl(site({"a/1": [2, 1], "a/2": [], "b/1": []}))
    counts = desk.crawl(site({"a/1": [2], "a/2": [], "b/1": []}), recrawl="1")
    assert counts == {"a unchanged": 1, "a gone": 1}
    assert desk.titles() == ["文章1", "文章2"]


@pytest.mark.parametrize(
    ("answer", "outcome"), [("请输入验证码", "blocked"), ("", "failed"), ("RESET", "failed")]
)
def test_H71_the_last_good_copy_outlasts_a_page_that_is_none(
    desk: Desk, answer: str, outcome: str
) -> None:
    world = site({"a/1": [1], "a/2": [], "b/1": []})
    desk.crawl(world)
    broken = world | {url(1): answer, url(1) + "?fallback": answer}
    assert desk.crawl(broken, recrawl="1") == {f"a {outcome}": 1}
    assert desk.titles() == ["文章1"]
    assert desk.crawl(world) == {"a unchanged": 1}  # tried again, and the same as ever


def test_a_row_never_takes_the_place_of_a_page_that_was_read(desk: Desk) -> None:
    row = {"url": url(1), "record": {"text": "行内"}}
    world = site({"a/1": [row], "a/2": [], "b/1": []})
    desk.crawl(world)
    del world[url(1)]
    assert desk.crawl(world, recrawl="1") == {"a gone": 1}
    assert desk.titles() == ["文章1"]


def test_sections_and_days_choose_what_is_fetched_again(desk: Desk) -> None:
    rows = [dated(3, "20"), dated(2, "15"), dated(1, "10")]
    desk.crawl(site({"a/1": rows, "a/2": [], "b/1": [9], "b/2": []}))
    world = site({"a/1": rows, "a/2": [], "b/1": [9], "b/2": []})
    assert desk.crawl(world, recrawl="1", section="b") == {"b unchanged": 1}
    assert articles(desk) == ["9"]
    counts = desk.crawl(world, recrawl="1", since="2026-11-12", until="2026-11-16", section="a")
    assert counts == {"a unchanged": 1}
    assert articles(desk) == ["2"]


def test_a_limit_is_one_of_listing_and_archive_together(desk: Desk) -> None:
    desk.crawl(site({"a/1": [4, 3, 2, 1], "a/2": [], "b/1": []}))
    world = site({"a/1": [5], "a/2": [], "b/1": []}, {url(n): f"文章{n}" for n in range(1, 5)})
    assert desk.crawl(world, recrawl="1", limit=3) == {"a new": 1, "a unchanged": 2}


@pytest.mark.parametrize("killed_after", [1, 2, 3, 5])
def test_H116_a_recrawl_that_died_is_finished_by_the_next_run(
    desk: Desk, killed_after: int
) -> None:
    first = site({"a/1": [4, 3], "a/2": [2, 1], "a/3": [], "b/1": []})
    desk.crawl(first)
    changed = {url(n): f"改{n}" for n in range(1, 5)}
    world = site({"a/1": [4, 3], "a/2": [], "b/1": []}, changed)
    desk.crawl(world, stop_after=killed_after, recrawl="1")
    desk.crawl(world)
    assert desk.titles() == ["改1", "改2", "改3", "改4"]


class Rowed(ToySpider):
    """A toy whose stored articles have no page of their own."""

    @classmethod
    def stored_entry(cls, article: Article) -> Entry:
        return replace(super().stored_entry(article), skip="listing_row")


def test_an_article_of_a_listing_row_alone_stays_and_is_counted(desk: Desk) -> None:
    desk.crawl(site({"a/1": [2, 1], "a/2": [], "b/1": []}))
    desk.toy = Rowed
    counts = desk.crawl(site({"a/1": [2], "a/2": [], "b/1": []}), recrawl="1")
    assert counts == {"a unchanged": 2}
    assert articles(desk) == ["2"]
    with Archive.open(desk.path) as archive:
        assert [stored.sections for stored in archive.articles()] == [("a",), ("a",)]


def test_a_listing_that_marks_a_stored_article_as_none_of_ours_costs_it_nothing(
    desk: Desk,
) -> None:
    desk.crawl(site({"a/1": [1], "a/2": [], "b/1": []}))
    deleted = site({"a/1": [{"url": url(1), "skip": "deleted"}], "a/2": [], "b/1": []})
    assert desk.crawl(deleted, recrawl="1") == {"a unchanged": 1}
    with Archive.open(desk.path) as archive:
        assert [stored.sections for stored in archive.articles()] == [("a",)]


def test_more_articles_than_one_batch_are_marked_in_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscrawl.archive.recall.BATCH", 2)
    desk = Desk(tmp_path)
    desk.crawl(site({"a/1": [5, 4, 3, 2, 1], "a/2": [], "b/1": []}))

    def entries(sizes: Iterator[int]) -> list[int]:
        return list(sizes)

    with Archive.open(desk.path) as archive:
        recall = Recall("toy")
        assert archive.count_recall(recall) == 5
        run = archive.begin_run("toy", {}, NOW)
        assert entries(archive.recall(run, recall, NOW, lambda a: Entry(a.url or ""))) == [2, 2, 1]
        assert archive.counts(run) == {"a": {Outcome.PENDING: 5}}
        assert len({work.url_hash for work in archive.recalled(run, "toy")}) == 5
