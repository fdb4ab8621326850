"""Where articles stand in the posts, by registry and configuration."""

from datetime import UTC, datetime

import pytest

from newscrawl.archive import StoredArticle
from newscrawl.config import parse_config
from newscrawl.items import Article
from newscrawl.pipelines.placement import placement, primary_section
from newscrawl.spiders.registry import spiders


def stored(source: str, *sections: str) -> StoredArticle:
    return StoredArticle(
        article=Article(source=source),
        sections=sections,
        revision=1,
        sequence=1,
        first_seen_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_a_sina_article_of_china_stands_where_the_existing_posts_do() -> None:
    place = placement(parse_config(""))(stored("sina_finance", "china"))
    assert (place.group, place.site, place.feed) == ("金融", "新浪财经", "新浪财经－国內")
    assert place.channel_slug is None


def test_a_rolling_flash_of_eastmoney_has_the_channel_of_the_existing_posts() -> None:
    flash = next(s for s in spiders()["eastmoney"].sections.values() if s.flash)
    place = placement(parse_config(""))(stored("eastmoney", flash.id))
    assert (place.channel_slug, place.channel_label) == ("emnews", "东财滚动新闻")


@pytest.mark.parametrize("source", sorted(spiders()))
def test_the_first_section_in_the_sources_own_order_is_primary(source: str) -> None:
    spider = spiders()[source]
    recorded = tuple(reversed(list(spider.sections)))
    section = primary_section(spider, recorded)
    assert section is not None
    assert section.id == next(iter(spider.sections))


def test_a_section_that_is_gone_from_the_source_counts_last() -> None:
    section = primary_section(spiders()["sina_finance"], ("no-longer-there", "china"))
    assert section is not None
    assert section.id == "china"
    place = placement(parse_config(""))(stored("sina_finance", "no-longer-there"))
    assert place.feed == "新浪财经"


def test_the_configuration_names_group_site_and_feed() -> None:
    config = parse_config(
        """
        [sources.sina_finance]
        group = "财经"
        title = "新浪"
        [sources.sina_finance.names.china]
        feed = "国内要闻"
        """
    )
    place = placement(config)(stored("sina_finance", "china"))
    assert (place.group, place.site, place.feed) == ("财经", "新浪", "国内要闻")


def test_a_feed_without_a_name_of_its_own_is_site_and_section() -> None:
    plain = next(s for s in spiders()["eastmoney"].sections.values() if s.feed is None)
    place = placement(parse_config("[sources.eastmoney]\ntitle = '东财'"))(
        stored("eastmoney", plain.id)
    )
    assert place.feed == f"东财－{plain.name}"
