"""The rows of the 7x24 feed of Sina Finance, each a whole article."""

import json

import pytest

from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.outcomes import Failed
from newscrawl.spiders.sina_finance import SinaFinance
from tests.sources.pages import NOW, fixture, page_of

DOC = "https://finance.sina.com.cn/stock/s/2026-09-28/doc-inaaaaaa1234567.shtml"


def flashes() -> list[Article]:
    live = SinaFinance.sections["live"]
    listing = SinaFinance.parse_listing(fixture("sina_finance/live.json", "u"), live, None)
    entries = [entry for entry in listing.entries if entry.skip is None]
    return [
        SinaFinance.parse_article(Page.of_record(entry.url, entry.record or {}, NOW), entry)
        for entry in entries
    ]


def test_a_flash_is_read_from_its_row() -> None:
    first, second, third = flashes()
    assert (first.title, first.body_text) == ("示例指数收涨", "示例社9月28日电，指数收涨1%。")
    assert (first.identity, first.flags) == ("sina:naaaaaa7654321", ["flash"])
    assert (first.keywords, first.stock_codes) == (["公司"], ["AMZN"])
    assert (str(first.published_at), first.updated_at) == ("2026-09-28 23:59:01+08:00", None)
    assert second.title == "示例央行开展逆回购操作，规模为一百亿元。"
    assert second.body_text == "示例央行开展逆回购操作，规模为一百亿元。利率与此前持平。"
    assert str(second.updated_at) == "2026-09-28 23:59:00+08:00"
    assert (third.title, third.body_text) == ("只有标题", "【只有标题】")


def test_a_long_first_sentence_is_cut_and_markup_in_a_flash_is_cleaned() -> None:
    row = {
        "id": 1,
        "rich_text": "长" * 60 + "。<br><a href='javascript:x'>链接</a>",
        "create_time": "2026-09-28 23:00:00",
    }
    found = SinaFinance.parse_article(
        page_of(json.dumps(row), "https://finance.sina.com.cn/7x24/?id=1")
    )
    assert found.title == "长" * 40 + "…"
    assert "javascript" not in (found.body_html or "")


def test_H61_another_record_is_no_flash() -> None:
    with pytest.raises(Failed):
        SinaFinance.parse_article(page_of('{"code":500}', DOC))
