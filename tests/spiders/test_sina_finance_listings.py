"""The four kinds of listing of Sina Finance."""

import json
from typing import Any

import pytest

from newscrawl.identity.urls import canonical_url
from newscrawl.listings import Section
from newscrawl.outcomes import ListingError
from newscrawl.spiders.sina_finance import SinaFinance
from tests.sources.pages import NOW, fixture, page_of

CHINA = SinaFinance.sections["china"]
COLUMN = SinaFinance.sections["col-market-comment"]
LIVE = SinaFinance.sections["live"]
STOCK = SinaFinance.stock_section("sh600000")
CORE = "https://finance.sina.com.cn/stock/s/2026-09-28/doc-inaaaaaa{:07d}.shtml"


def address(section: Section, cursor: str | None = None) -> str:
    return SinaFinance.listing_request(section, cursor).url


def roll(**changes: Any) -> str:
    answer = {"status": {"code": 0, "msg": "succ"}, "total": 9, "data": [], **changes}
    return json.dumps({"result": answer})


# ---- requests --------------------------------------------------------------------------


def test_each_surface_has_its_address() -> None:
    assert address(CHINA) == (
        "https://feed.mix.sina.com.cn/api/roll/get?pageid=155&lid=1686&k=&num=50&page=1"
    )
    assert address(CHINA, "7").endswith("&page=7")
    assert address(COLUMN) == "https://finance.sina.com.cn/roll/c/56589.shtml"
    assert address(LIVE) == (
        "https://zhibo.sina.com.cn/api/zhibo/feed?zhibo_id=152&tag_id=0"
        "&page_size=100&dire=f&dpc=1&type=0&page=1"
    )
    assert address(STOCK, "2") == (
        "https://vip.stock.finance.sina.com.cn/corp/view/vCB_AllNewsStock.php"
        "?symbol=sh600000&Page=2"
    )


def test_every_section_has_an_address_of_its_own() -> None:
    sections = SinaFinance.sections.values()
    assert len({address(section) for section in sections}) == len(sections)


def test_china_is_the_first_section_and_keeps_the_name_of_its_feed() -> None:
    assert next(iter(SinaFinance.sections.values())) is CHINA
    assert (CHINA.name, CHINA.feed) == ("国内滚动", "新浪财经－国內")


def test_any_stock_is_a_section() -> None:
    assert SinaFinance.find_section("stock-sz000001") == SinaFinance.stock_section("SZ000001")
    assert SinaFinance.find_section("china") is CHINA
    assert SinaFinance.find_section("stock-../../etc") is None
    assert SinaFinance.find_section("nowhere") is None
    with pytest.raises(ValueError, match="not a stock symbol"):
        SinaFinance.stock_section("600000")


# ---- roll API --------------------------------------------------------------------------


def test_roll_rows_become_entries() -> None:
    listing = SinaFinance.parse_listing(
        fixture("sina_finance/roll.json", address(CHINA)), CHINA, None
    )
    first, second = listing.entries[:2]
    assert listing.next_cursor == "2"
    assert first.url == CORE.format(1)
    assert (first.title, first.media, first.summary) == ("示例标题1", "示例媒体", "一两句导语")
    assert str(first.published_at) == "2026-09-28 23:39:00+08:00"
    assert str(first.modified_at) == "2026-09-28 23:39:51+08:00"
    assert second.keywords == ("季报", "营收")


def test_H53_references_in_titles_are_decoded_once() -> None:
    listing = SinaFinance.parse_listing(
        fixture("sina_finance/roll.json", address(CHINA)), CHINA, None
    )
    assert listing.entries[1].title == "甲&lt;乙&gt; 丙"


def test_H67_rows_that_are_no_articles_say_what_they_are() -> None:
    listing = SinaFinance.parse_listing(
        fixture("sina_finance/roll.json", address(CHINA)), CHINA, None
    )
    skips = [entry.skip for entry in listing.entries]
    assert skips == [None, None, "video", "gallery", None, None, None, "live", "topic"]


def test_rows_of_other_hosts_and_forms_keep_their_identity() -> None:
    entries = SinaFinance.parse_listing(
        fixture("sina_finance/roll.json", address(CHINA)), CHINA, None
    ).entries
    media_page, markdown, only_urls = entries[4], entries[5], entries[6]
    assert media_page.url.startswith("https://cj.sina.com.cn/articles/view/1234567890/")
    assert media_page.aliases == ("https://finance.sina.com.cn/doc-inaaaaaa0000005.shtml",)
    assert markdown.url == "https://news.sina.com.cn/c/2026-09-28/doc-inaaaaaa0000006.shtml"
    assert only_urls.url == CORE.format(7)
    assert not any(entry.aliases for entry in (entries[0], markdown, only_urls))


def test_the_callback_around_an_answer_is_taken_off() -> None:
    guarded = SinaFinance.parse_listing(fixture("sina_finance/roll-jsonp.js", "u"), CHINA, None)
    assert [entry.url for entry in guarded.entries] == [CORE.format(1)]
    plain = page_of(f"cb({roll(data=[{'url': CORE.format(2), 'title': ')};'}])});", "u")
    assert [entry.title for entry in SinaFinance.parse_listing(plain, CHINA, None).entries] == [
        ")};"
    ]


def test_H63_the_end_is_an_empty_page_or_the_last_page_served() -> None:
    empty = SinaFinance.parse_listing(page_of(roll(), "u"), CHINA, "3")
    assert (empty.entries, empty.next_cursor) == ((), None)
    full = fixture("sina_finance/roll.json", "u")
    assert SinaFinance.parse_listing(full, CHINA, "49").next_cursor == "50"
    assert SinaFinance.parse_listing(full, CHINA, "50").next_cursor is None


def test_H64_the_next_page_is_always_a_later_one() -> None:
    cursor, seen = None, []
    while True:
        listing = SinaFinance.parse_listing(fixture("sina_finance/roll.json", "u"), CHINA, cursor)
        if (cursor := listing.next_cursor) is None:
            break
        seen.append(int(cursor))
    assert seen == list(range(2, 51))


@pytest.mark.parametrize(
    "text",
    [
        roll(status={"code": 11, "msg": "no such list"}),
        roll(status={"code": "11"}),
        roll(status=None),
        roll(data=None),
        roll(data={}),
        roll(data=[1, 2]),
        roll(data=[{"title": "no address"}]),
        '{"code":500}',
        '{"result":null}',
        "[]",
        roll()[:-20],
        roll(total=float("nan")),
        "try{cb({)}",
        "<html><body>404</body></html>",
        "",
    ],
)
def test_H59_H61_what_is_no_listing_is_an_error_and_not_an_end(text: str) -> None:
    with pytest.raises(ListingError):
        SinaFinance.parse_listing(page_of(text, "u"), CHINA, None)


def test_H52_half_an_emoji_does_not_cost_the_listing() -> None:
    text = roll(data=[{"url": CORE.format(1), "title": "涨\ud83d"}, {"url": CORE.format(2)}])
    assert len(SinaFinance.parse_listing(page_of(text, "u"), CHINA, None).entries) == 2


# ---- column pages ----------------------------------------------------------------------


def test_column_rows_take_their_year_from_the_address_or_the_clock() -> None:
    listing = SinaFinance.parse_listing(
        fixture("sina_finance/column.html", address(COLUMN)), COLUMN, None
    )
    assert [(entry.title, str(entry.published_at)) for entry in listing.entries] == [
        ("收评：甲", "2026-09-28 23:54:00+08:00"),
        ("午评：乙", "2025-12-31 11:40:00+08:00"),
        ("没有日期的地址", "2025-12-30 09:00:00+08:00"),
    ]
    assert listing.next_cursor is None  # ?page=2 is the same page
    assert all(entry.url.startswith("https://") for entry in listing.entries)


@pytest.mark.parametrize("section", [COLUMN, STOCK])
def test_H59_a_page_without_the_list_is_no_listing(section: Section) -> None:
    with pytest.raises(ListingError):
        SinaFinance.parse_listing(page_of("<html><p>维护中</p></html>", "u"), section, None)


# ---- 7x24 ------------------------------------------------------------------------------


def test_live_rows_hold_the_whole_article() -> None:
    listing = SinaFinance.parse_listing(
        fixture("sina_finance/live.json", address(LIVE)), LIVE, None
    )
    paged, bare, deleted, _ = listing.entries
    assert listing.next_cursor == "2"
    assert paged.url == "https://finance.sina.com.cn/7x24/2026-09-28/doc-inaaaaaa7654321.shtml"
    assert paged.aliases == ("https://finance.sina.com.cn/7x24/?id=4500001",)
    assert (paged.title, paged.stock_codes) == ("示例指数收涨", ("AMZN",))
    assert SinaFinance.identify(bare.url).key == "sina:zhibo-4500000"
    assert deleted.skip == "deleted"
    assert all(SinaFinance.article_requests(entry) == () for entry in listing.entries)


def test_H61_a_live_answer_without_list_is_an_error() -> None:
    for data in ({}, {"feed": None}, {"feed": {"list": None}}):
        with pytest.raises(ListingError):
            SinaFinance.parse_listing(page_of(roll(data=data), "u"), LIVE, None)


# ---- per-stock news --------------------------------------------------------------------


def test_H45_stock_news_are_read_from_gbk() -> None:
    page = fixture(
        "sina_finance/stock-gbk.html", address(STOCK), content_type="text/html; charset=gb2312"
    )
    listing = SinaFinance.parse_listing(page, STOCK, None)
    assert [(entry.title, str(entry.published_at)) for entry in listing.entries] == [
        ("示例股份：喆先生任董事长", "2026-09-28 16:03:00+08:00"),
        ("研报", "2026-09-27 08:00:00+08:00"),
    ]
    assert listing.next_cursor == "2"
    assert SinaFinance.parse_listing(page, STOCK, "5").next_cursor is None


def test_every_entry_of_the_fixtures_has_a_canonical_address_and_no_future() -> None:
    files = (
        ("roll.json", CHINA),
        ("column.html", COLUMN),
        ("live.json", LIVE),
        ("stock-gbk.html", STOCK),
    )
    for name, section in files:
        page = fixture(f"sina_finance/{name}", address(section))
        for entry in SinaFinance.parse_listing(page, section, None).entries:
            assert canonical_url(entry.url)
            assert entry.published_at is None or entry.published_at <= NOW
