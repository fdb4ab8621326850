"""What the crawl decides: what is fetched, when a walk stops, how every entry ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from newscrawl.archive import Archive, ArchiveError
from newscrawl.extraction.page import Page
from newscrawl.middlewares.responses import page_of as page_of_response
from newscrawl.outcomes import Ended
from tests.memory import left_by
from tests.spiders.toy import Desk, listing_url, site, url


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def articles(desk: Desk) -> list[str]:
    return [path for path in desk.asked if not path.startswith("list/")]


def listings(desk: Desk) -> list[str]:
    return [path for path in desk.asked if path.startswith("list/")]


def test_every_entry_is_fetched_and_stored_once(desk: Desk) -> None:
    counts = desk.crawl(site({"a/1": [3, 2], "a/2": [1], "a/3": [], "b/1": []}))
    assert counts == {"a new": 3}
    assert desk.titles() == ["文章1", "文章2", "文章3"]


def test_a_second_run_asks_for_one_listing_page_a_section_and_nothing_else(desk: Desk) -> None:
    world = site({"a/1": [3, 2], "a/2": [1], "a/3": [], "b/1": [9], "b/2": []})
    desk.crawl(world)
    counts = desk.crawl(world)
    assert counts == {"a unchanged": 2, "b unchanged": 1}
    assert desk.asked == ["list/a/1", "list/b/1"]


def test_H89_an_article_in_two_sections_is_fetched_once(desk: Desk) -> None:
    counts = desk.crawl(site({"a/1": [1, 2], "a/2": [], "b/1": [2], "b/2": []}))
    assert counts == {"a new": 2, "b duplicate": 1}
    assert sorted(articles(desk)) == ["1", "2"]


def test_H63_a_listing_that_repeats_its_last_window_ends(desk: Desk) -> None:
    world = site({"a/1": [2, 1], "b/1": []})
    world |= {listing_url("a", page): world[listing_url("a", 1)] for page in range(2, 99)}
    assert desk.crawl(world) == {"a new": 2}
    assert listings(desk) == ["list/a/1", "list/a/2", "list/b/1"]


def test_a_walk_stops_at_the_first_page_without_a_new_identity(desk: Desk) -> None:
    desk.crawl(site({"a/1": [2, 1], "a/2": [], "b/1": []}))
    counts = desk.crawl(site({"a/1": [4, 3], "a/2": [2, 1], "a/3": [0], "b/1": []}))
    assert counts == {"a new": 2, "a unchanged": 2}
    assert "list/a/3" not in desk.asked


def test_full_walks_past_what_is_known(desk: Desk) -> None:
    desk.crawl(site({"a/1": [2, 1], "a/2": [], "b/1": []}))
    counts = desk.crawl(site({"a/1": [2, 1], "a/2": [0], "a/3": [], "b/1": []}), full="1")
    assert counts == {"a unchanged": 2, "a new": 1}


def test_H116_a_run_that_died_is_finished_by_the_next_one(desk: Desk) -> None:
    world = site({"a/1": [6, 5], "a/2": [4, 3], "a/3": [2, 1], "a/4": [], "b/1": []})
    desk.crawl(world, stop_after=4)
    desk.crawl(world)
    assert desk.titles() == [f"文章{number}" for number in range(1, 7)]


def test_a_limit_takes_the_newest_of_each_section_and_the_next_run_goes_on(desk: Desk) -> None:
    world = site({"a/1": [4, 3], "a/2": [2, 1], "a/3": [], "b/1": [8, 7], "b/2": []})
    assert desk.crawl(world, limit=1) == {"a new": 1, "b new": 1}
    assert sorted(articles(desk)) == ["4", "8"]
    desk.crawl(world)
    assert len(desk.titles()) == 6


def test_a_section_can_be_chosen_by_id_and_by_its_chinese_name(desk: Desk) -> None:
    world = site({"a/1": [1], "a/2": [], "b/1": [2], "b/2": [], "extra/1": [3], "extra/2": []})
    assert desk.crawl(world, section="extra") == {"extra new": 1}
    assert desk.crawl(world, section="乙") == {"b new": 1}


def test_a_changed_entry_is_fetched_again_and_becomes_a_revision(desk: Desk) -> None:
    first = {"url": url(1), "modified_at": "2026-11-22T08:00:00+00:00"}
    later = {"url": url(1), "modified_at": "2026-11-22T09:00:00+00:00"}
    desk.crawl(site({"a/1": [], "b/1": []}))
    desk.crawl(_timed(first, "一"), section="a")
    assert desk.crawl(_timed(first, "一"), section="a") == {"a unchanged": 1}
    assert desk.crawl(_timed(later, "二"), section="a") == {"a updated": 1}
    assert desk.titles() == ["二"]


def _timed(row: dict[str, str], body: str) -> dict[str, str]:
    return site({"a/1": [row], "a/2": []}, {row["url"]: body})


def test_H19_a_page_that_is_gone_tries_its_fallback_and_then_ends_as_gone(desk: Desk) -> None:
    world = site({"a/1": [1, 2], "a/2": [], "b/1": []})
    del world[url(1)], world[url(2)]
    world[url(2) + "?fallback"] = "文章2"
    assert desk.crawl(world) == {"a gone": 1, "a new": 1}
    assert desk.crawl(world) == {"a gone": 1, "a unchanged": 1}
    assert not articles(desk)


def test_a_failed_article_is_tried_again_by_the_next_run(desk: Desk) -> None:
    world = site({"a/1": [1], "a/2": [], "b/1": []})
    broken = world | {url(1): "RESET", url(1) + "?fallback": "RESET"}
    assert desk.crawl(broken) == {"a failed": 1}
    assert desk.crawl(world) == {"a new": 1}


def test_H62_a_listing_that_fails_leaves_its_walk_open_and_the_others_go_on(desk: Desk) -> None:
    world = site({"a/1": [3], "a/2": [2], "a/3": [1], "a/4": [], "b/1": [9], "b/2": []})
    cut = {address: body for address, body in world.items() if address != listing_url("a", 2)}
    assert desk.crawl(cut) == {"a new": 1, "b new": 1}
    assert desk.spider.crawl is not None
    assert list(desk.spider.crawl.failures) == ["a"]
    assert desk.crawl(world) == {"a unchanged": 1, "a new": 2, "b unchanged": 1}


def test_H71_block_pages_in_a_row_stop_the_source(desk: Desk) -> None:
    world = site({"a/1": list(range(1, 9)), "a/2": [], "b/1": []})
    blocked = {address: "请输入验证码" if "list" not in address else body
               for address, body in world.items()}  # fmt: skip
    desk.crawl(blocked)
    assert desk.closed == "blocked_in_a_row"


def test_H29_an_unsafe_or_foreign_address_is_never_asked_for(desk: Desk) -> None:
    rows = [{"url": "file:///etc/passwd"}, {"url": "https://other.test/1"}, {"url": url(1)}]
    assert desk.crawl(site({"a/1": rows, "a/2": [], "b/1": []})) == {"a skipped": 2, "a new": 1}
    assert articles(desk) == ["1"]


def test_since_ends_the_walk_and_leaves_older_entries_alone(desk: Desk) -> None:
    def row(number: int, day: str) -> dict[str, str]:
        return {"url": url(number), "published_at": f"2026-11-{day}T00:00:00+08:00"}

    world = site({"a/1": [row(3, "20"), row(2, "15")], "a/2": [row(1, "10")], "a/3": [], "b/1": []})
    assert desk.crawl(world, since="2026-11-14") == {"a new": 2}
    assert "list/a/3" not in desk.asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"section": "aa"}, "no section of toy 'aa'"),
        ({"since": "22.11.2026"}, "not a date"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "later than"),
        ({"limit": "0"}, "at least 1"),
        ({"secton": "a"}, "no argument 'secton'; did you mean section"),
    ],
)
def test_H132_wrong_arguments_are_refused_before_anything_is_asked(
    desk: Desk, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        desk.crawl({}, **arguments)
    assert not desk.asked


def test_a_row_with_text_serves_where_every_address_is_gone(desk: Desk) -> None:
    row = {"url": url(1), "record": {"text": "行内正文"}}
    world = site({"a/1": [row], "a/2": [], "b/1": []})
    del world[url(1)]
    assert desk.crawl(world) == {"a new": 1}
    assert "行内正文" in desk.titles()[0]


def test_a_failure_is_not_hidden_by_a_fallback_that_is_gone(desk: Desk) -> None:
    row = {"url": url(1), "record": {"text": "行内正文"}}
    world = site({"a/1": [row], "a/2": [], "b/1": []}) | {url(1): "RESET"}
    assert desk.crawl(world) == {"a failed": 1}


def test_H62_a_listing_that_was_full_and_is_empty_is_a_drift(desk: Desk) -> None:
    world = site({"a/1": [2, 1], "a/2": [], "b/1": []})
    desk.crawl(world)
    assert not desk.crawled.failures  # b never had anything: empty is no alarm there
    assert desk.crawl(site({"a/1": [], "b/1": [9], "b/2": []})) == {"b new": 1}
    assert desk.crawled.failures == {"a": "drift: the listing is empty, and was not before"}
    assert desk.crawled.look


def test_H65_a_page_of_too_many_rows_is_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("newscrawl.spiders.entries.MAX_ENTRIES", 3)
    assert desk.crawl(site({"a/1": [1, 2, 3, 4], "a/2": [], "b/1": []})) == {"a new": 3}
    assert "4 entries on one page, 3 taken" in caplog.text


def test_H71_a_block_page_in_the_place_of_a_listing_is_looked_at(desk: Desk) -> None:
    world = site({"a/1": [1], "a/2": [], "b/1": [2], "b/2": []})
    assert desk.crawl(world | {listing_url("a"): "请输入验证码"}) == {"b new": 1}
    assert desk.crawled.failures == {"a": "captcha"}
    assert desk.crawled.look


def test_H127_a_bug_in_the_rules_of_a_listing_stops_no_other(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    world = site({"a/1": [{"url": url(1), "unknown": 1}], "b/1": [2], "b/2": []})
    assert desk.crawl(world) == {"b new": 1}
    assert list(desk.crawled.failures) == ["a"]
    assert caplog.text.count("Traceback") == 1


def test_H127_a_bug_of_the_crawl_itself_leaves_its_entry_to_the_next_run_and_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def page_of(response: Response) -> Page:
        if response.url == url(1):
            raise KeyError(response.url)
        return page_of_response(response)

    monkeypatch.setattr("newscrawl.spiders.articles.page_of", page_of)
    world = site({"a/1": [2, 1], "a/2": [], "b/1": []})
    assert desk.crawl(world) == {"a new": 1, "a pending": 1}
    assert desk.stats["spider_exceptions/count"] == 1  # by which the run ends as a bug
    assert caplog.text.count("Traceback") == 1
    monkeypatch.undo()
    assert desk.crawl(world)["a new"] == 1


def test_H71_a_site_that_is_left_alone_is_asked_nothing_more(desk: Desk) -> None:
    world = site({"a/1": list(range(1, 9)), "a/2": [], "b/1": [9]})
    walls = {url(number): "请输入验证码" for number in range(1, 9)}
    desk.crawl(world | walls)
    assert articles(desk) == ["1", "2", "3"]
    assert "list/b/1" not in listings(desk)


def test_H118_an_archive_that_fails_under_an_ending_entry_ends_the_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise ArchiveError("disk full")

    monkeypatch.setattr(Archive, "end", full)
    world = site({"a/1": [1], "a/2": [], "b/1": []})
    del world[url(1)]
    desk.crawl(world)
    assert [str(error) for error in desk.storage_errors] == ["disk full"]
    assert desk.crawled.articles.in_flight == 0


def test_H118_an_archive_that_fails_under_a_listing_ends_the_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise ArchiveError("disk full")

    monkeypatch.setattr(Archive, "discover", full)
    desk.crawl(site({"a/1": [1], "b/1": [2]}))
    assert [str(error) for error in desk.storage_errors] == ["disk full"]
    assert listings(desk) == ["list/a/1"]


def test_H74_a_paid_article_is_stored_and_not_asked_for_again(desk: Desk) -> None:
    world = site({"a/1": [1], "a/2": [], "b/1": []}) | {url(1): "付费：导语"}
    assert desk.crawl(world) == {"a new": 1}
    assert desk.crawl(world) == {"a unchanged": 1}
    assert not articles(desk)
    with Archive.open(desk.path) as archive:
        (stored,) = archive.articles()
    assert stored.article.flags == ["paid"]  # which the export withholds


def test_H130_what_a_publisher_wrote_cannot_fake_a_line_of_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    fake = {"message": "x\n2026-11-22 [newscrawl] ERROR: fake\x1b[2J"}
    desk.crawl(site({"a/1": [], "b/1": []}) | {listing_url("a"): json.dumps(fake)})
    assert "fake" in caplog.text
    assert all("\n" not in line and "\x1b" not in line for line in caplog.messages)


def dated(number: int, day: str) -> dict[str, str]:
    return {"url": url(number), "published_at": f"2026-11-{day}T00:00:00+08:00"}


def test_until_passes_over_newer_pages(desk: Desk) -> None:
    pages = {"a/1": [dated(4, "20"), dated(3, "18")], "a/2": [dated(2, "10"), dated(1, "05")]}
    world = site({**pages, "a/3": [], "b/1": []})
    assert desk.crawl(world, since="2026-11-06", until="2026-11-12") == {"a new": 1}
    assert articles(desk) == ["2"]


def test_a_limit_counts_what_is_taken_and_not_what_is_out_of_range(desk: Desk) -> None:
    pages = {"a/1": [dated(4, "20"), dated(3, "10")], "a/2": [dated(2, "09"), dated(1, "08")]}
    world = site({**pages, "a/3": [], "b/1": []})
    assert desk.crawl(world, until="2026-11-12", limit=2) == {"a new": 2}
    assert articles(desk) == ["3", "2"]


def test_a_site_that_could_not_be_reached_is_not_walked_whole_afterwards(desk: Desk) -> None:
    world = site({"a/1": [2, 1], "a/2": [], "b/1": []})
    desk.crawl(world)
    desk.crawl({})
    assert desk.crawled.failures.keys() == {"a", "b"}
    desk.crawl(world)
    assert listings(desk) == ["list/a/1", "list/b/1"]


def test_an_entry_that_has_ended_leaves_no_page_in_memory(desk: Desk) -> None:
    world = site({"a/1": [2, 1], "b/1": []})
    del world[url(1)]
    assert left_by(lambda: desk.crawl(world), Ended) == []
    assert desk.crawl(world) == {"a gone": 1, "a unchanged": 1}
