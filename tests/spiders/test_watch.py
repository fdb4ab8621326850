"""When a site is left alone."""

from datetime import UTC, datetime

import pytest

from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.outcomes import Blocked, Outcome
from newscrawl.spiders.watch import Watch


def page(body: str) -> Page:
    return Page("https://toy.test/x", body.encode(), datetime(2026, 11, 22, tzinfo=UTC))


def test_H75_the_same_bytes_for_a_third_article_are_a_wall() -> None:
    watch = Watch()
    for number in (1, 2):
        watch.read(page("壁"), Article(url=f"https://toy.test/{number}"))
    with pytest.raises(Blocked, match="same_page"):
        watch.read(page("壁"), Article(url="https://toy.test/3"))


def test_H88_one_article_under_many_names_is_no_wall() -> None:
    watch = Watch()
    for _ in range(9):
        watch.read(page("一篇"), Article(url="https://toy.test/1"))


def test_an_article_between_them_forgives_block_pages() -> None:
    watch = Watch()
    ends = [watch.ended(Outcome.BLOCKED) for _ in range(2)]
    watch.read(page("文"), Article(url="https://toy.test/1"))
    ends += [watch.ended(Outcome.BLOCKED) for _ in range(3)]
    assert ends == [None, None, None, None, "blocked_in_a_row"]
