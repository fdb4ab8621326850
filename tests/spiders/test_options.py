"""Spider arguments: typed, checked, with the nearest valid name."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from newscrawl.spiders.options import CrawlOptions, find_sections
from tests.spiders.toy import ToySpider

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_dates_are_days_in_the_sources_zone_and_until_includes_its_day() -> None:
    options = CrawlOptions.of_arguments(ToySpider, {"since": "2026-11-01", "until": "2026-11-02"})
    assert options.since == datetime(2026, 11, 1, tzinfo=SHANGHAI)
    assert options.until == datetime(2026, 11, 3, tzinfo=SHANGHAI)


def test_typed_arguments_are_taken_as_they_are() -> None:
    options = CrawlOptions.of_arguments(
        ToySpider, {"since": date(2026, 11, 1), "limit": 5, "full": True, "section": ""}
    )
    assert (options.limit, options.full, options.sections) == (5, True, ())
    assert options.asked()["since"] == "2026-11-01T00:00:00+08:00"


def test_sections_come_in_the_order_of_the_source_whatever_was_said_first() -> None:
    assert [section.id for section in find_sections(ToySpider, ["b", " 甲", ""])] == ["a", "b"]


def test_H131_a_misspelt_section_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="did you mean extra"):
        find_sections(ToySpider, ["extr"])


def test_a_source_without_news_by_stock_says_so() -> None:
    with pytest.raises(ValueError, match="no news by stock"):
        ToySpider.stock_section("sh600000")
    assert ToySpider.find_section("stock-sh600000") is None
