"""What the crawl decides: what is fetched, when a walk stops, how every entry ends."""

from pathlib import Path
from typing import Any

import pytest

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
        ({"section": "aa"}, "no section 'aa'"),
        ({"since": "22.11.2026"}, "not a date"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "later than"),
        ({"limit": "0"}, "at least 1"),
        ({"secton": "a"}, "unknown argument"),
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
