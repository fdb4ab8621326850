"""Listings that tell their version: asked for only if changed, at the cost of no entry."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.spiders.toy import Desk, listing_url, site


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.version = version
    return desk


def version(body: str) -> Mapping[str, str]:
    return {"ETag": f'"{hashlib.sha256(body.encode()).hexdigest()}"'}


WORLD = site({"a/1": [2, 1], "a/2": [], "b/1": [9], "b/2": []})


def test_a_listing_that_did_not_change_has_no_entries_and_is_no_drift(desk: Desk) -> None:
    desk.crawl(WORLD)
    assert desk.crawl(WORLD) == {}
    assert desk.asked == ["list/a/1", "list/b/1"]
    assert desk.crawled.walker.not_modified == {"a", "b"}
    assert not desk.crawled.failures
    assert not desk.crawled.look


def test_a_listing_that_changed_is_read(desk: Desk) -> None:
    desk.crawl(WORLD)
    world = site({"a/1": [3, 2, 1], "a/2": [], "b/1": [9], "b/2": []})
    assert desk.crawl(world) == {"a new": 1, "a unchanged": 2}
    assert desk.crawled.walker.not_modified == {"b"}
    assert desk.crawl(world) == {}


def test_a_server_without_versions_is_read_as_ever(desk: Desk) -> None:
    desk.version = lambda _: {}
    desk.crawl(WORLD)
    assert desk.crawl(WORLD) == {"a unchanged": 2, "b unchanged": 1}


def test_a_server_that_knows_no_conditions_is_read_as_ever(desk: Desk) -> None:
    count = iter(range(99))
    desk.version = lambda _: {"ETag": f'"{next(count)}"'}
    desk.crawl(WORLD)
    assert desk.crawl(WORLD) == {"a unchanged": 2, "b unchanged": 1}


@pytest.mark.parametrize(
    "asked", [{"full": "1"}, {"recrawl": "1"}, {"since": "2026-01-01"}, {"until": "2026-12-31"}]
)
def test_whoever_asks_for_more_than_news_gets_the_whole_page(
    desk: Desk, asked: dict[str, Any]
) -> None:
    desk.crawl(WORLD)
    assert desk.crawl(WORLD, section="a", **asked) == {"a unchanged": 2}
    assert not desk.crawled.walker.not_modified


@pytest.mark.parametrize("asked", [{"since": "2026-01-01"}, {"limit": 1}])
def test_a_page_that_was_not_taken_in_whole_is_asked_for_again(
    desk: Desk, asked: dict[str, Any]
) -> None:
    desk.crawl(WORLD, section="a", **asked)
    desk.crawl(WORLD, section="a")
    assert not desk.crawled.walker.not_modified
    assert desk.titles() == ["文章1", "文章2"]


@pytest.mark.parametrize("killed_after", range(1, 8))
def test_H116_a_kill_at_any_moment_hides_no_entry_behind_a_version(
    desk: Desk, killed_after: int
) -> None:
    world = site({"a/1": [6, 5], "a/2": [4, 3], "a/3": [2, 1], "a/4": [], "b/1": []})
    desk.crawl(world, stop_after=killed_after)
    desk.crawl(world)
    assert desk.titles() == [f"文章{number}" for number in range(1, 7)]


def test_H62_a_deeper_page_that_fails_leaves_the_first_one_to_be_read(desk: Desk) -> None:
    world = site({"a/1": [3], "a/2": [2], "a/3": [], "b/1": []})
    desk.crawl({address: body for address, body in world.items() if address != listing_url("a", 2)})
    assert desk.crawl(world) == {"a unchanged": 1, "a new": 1}


def test_an_article_that_failed_is_tried_again_though_its_listing_did_not_change(
    desk: Desk,
) -> None:
    broken = WORLD | {"https://toy.test/1": "RESET", "https://toy.test/1?fallback": "RESET"}
    assert desk.crawl(broken) == {"a failed": 1, "a new": 1, "b new": 1}
    assert desk.crawl(WORLD) == {"a new": 1}
