"""Discovery on Eastmoney: every listing surface, its traps, and what its rows say."""

from urllib.parse import parse_qs, urlsplit

import pytest

from newscrawl.extraction.page import Page
from newscrawl.listings import Entry, Listing, Section
from newscrawl.outcomes import ListingError
from newscrawl.spiders.eastmoney import EastmoneySpider as Spider
from tests.spiders.eastmoney import at, fixture, page

LISTINGS = {
    "flash-focus": "list_flash.js",
    "fast": "list_fast.json",
    "yaowen": "list_column.json",
    "legacy-flash": "list_legacy_flash.json",
    "legacy-important": "list_legacy_important.json",
    "legacy-market-37": "list_legacy_market.json",
    "stock-sh600999": "list_stock.json",
}
SHARE = "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode="


def section(section_id: str) -> Section:
    found = Spider.find_section(section_id)
    assert found is not None
    return found


def listing(section_id: str, cursor: str | None = None, *, of: Page | None = None) -> Listing:
    return Spider.parse_listing(of or fixture(LISTINGS[section_id]), section(section_id), cursor)


def entries(section_id: str) -> tuple[Entry, ...]:
    return listing(section_id).entries


def asked(section_id: str, cursor: str | None = None) -> dict[str, str]:
    url = Spider.listing_request(section(section_id), cursor).url
    return {k: v[0] for k, v in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


# ---- requests --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section_id", "cursor", "url"),
    [
        (
            "flash-global",
            None,
            "https://newsapi.eastmoney.com/kuaixun/v1/getlist_102_ajaxResult_50_1_.html",
        ),
        (
            "flash-stocks",
            "3",
            "https://newsapi.eastmoney.com/kuaixun/v1/getlist_zhiboall_ajaxResult_50_3_.html",
        ),
        ("legacy-flash", None, "http://183.136.162.242/web/webapi?type=102&count=500&newsid=1"),
        ("legacy-important", None, "http://183.136.162.242/web/webapi?type=45&count=100&newsid=1"),
        (
            "legacy-market-39",
            None,
            "http://43.240.125.15:1818/information/newmarket/web/webapi?marketType=39&count=100",
        ),
    ],
)
def test_listing_addresses(section_id: str, cursor: str | None, url: str) -> None:
    assert Spider.listing_request(section(section_id), cursor).url == url


def test_fast_news_is_asked_for_by_its_cursor() -> None:
    assert asked("fast")["sortEnd"] == ""
    assert asked("fast", "1790604000057217")["sortEnd"] == "1790604000057217"


def test_a_column_is_asked_for_by_page() -> None:
    first, third = asked("cgnjj"), asked("cgnjj", "3")
    assert (first["column"], first["page_index"]) == ("350", "1")
    assert third["page_index"] == "3"


def test_req_trace_is_sent_and_never_twice_the_same() -> None:
    for section_id in ("fast", "cgnjj"):
        assert asked(section_id)["req_trace"]
        assert asked(section_id)["req_trace"] != asked(section_id)["req_trace"]


def test_news_of_one_stock_is_a_section_of_its_own() -> None:
    assert asked("stock-sh600999")["mTypeAndCode"] == "1.600999"
    assert asked("stock-sz000999")["mTypeAndCode"] == "0.000999"
    assert asked("stock-hk01999")["mTypeAndCode"] == "116.01999"
    assert Spider.find_section("stock-600999") is None


def test_the_column_table_is_complete() -> None:
    columns = [each for each in Spider.sections.values() if each.surface == "column"]
    assert len(columns) == 37
    assert len({each.params["column"] for each in columns}) == 37
    assert section("cgnjj").name == "国内经济"


def test_flash_sections_are_marked_and_legacy_ones_wait_to_be_asked_for() -> None:
    flashes = {each.id for each in Spider.sections.values() if each.flash}
    assert {"flash-global", "fast", "legacy-flash"} <= flashes
    assert "yaowen" not in flashes
    assert all(
        each.default is not each.id.startswith("legacy-") for each in Spider.sections.values()
    )


# ---- rows ------------------------------------------------------------------------------


def test_flash_row() -> None:
    entry = entries("flash-focus")[0]
    assert entry.url == "https://finance.eastmoney.com/a/202609283000000001.html"
    assert entry.title == "示例：央行开展操作"
    assert entry.published_at == at("2026-09-28 22:10:05")
    assert entry.modified_at == at("2026-09-28 22:15:00")
    assert entry.record is not None


def test_one_leading_bracket_only_is_taken_off_a_digest() -> None:
    assert entries("flash-focus")[0].summary == "【快讯】央行28日开展1000亿元逆回购操作。"


def test_a_flash_without_title_and_time_has_both_from_the_rest_of_its_row() -> None:
    entry = entries("flash-focus")[1]
    assert entry.title == "示例公司公告称，拟以不超过5亿元回购股份"
    assert entry.published_at == at("2026-09-28 22:00:00")  # of its sort key


@pytest.mark.parametrize(("position", "reason"), [(2, "forum"), (3, "data")])
def test_H67_rows_that_are_no_articles_are_skipped_with_a_reason(
    position: int, reason: str
) -> None:
    assert entries("flash-focus")[position].skip == reason


def test_H67_a_video_in_a_column_is_skipped() -> None:
    assert [entry.skip for entry in entries("yaowen")] == [None, None, "video"]


def test_fast_news_row() -> None:
    listed = listing("fast")
    assert listed.next_cursor == "1790604000057217"
    first, second = listed.entries
    assert first.stock_codes == ("1.600999", "90.BK0437")
    assert first.summary == "央行28日开展1000亿元逆回购操作。"
    assert second.published_at == at("2026-09-28 22:00:00")  # showTime as a number


def test_column_row() -> None:
    entry = entries("yaowen")[0]
    assert (entry.title, entry.media) == ("示例城市公布交通规划", "示例经济报")
    assert entry.summary == "五年内新增六条轨道线路。"
    assert entry.record is None


def test_the_summary_of_another_article_is_not_believed() -> None:
    assert entries("yaowen")[1].summary is None


def test_three_legacy_shapes_say_the_same_things() -> None:
    flash, important, market = (
        entries(section_id)[0]
        for section_id in ("legacy-flash", "legacy-important", "legacy-market-37")
    )
    assert flash.url == "https://finance.eastmoney.com/a/202112089999990004.html"
    assert flash.aliases == (f"{SHARE}NW202112089999990005",)
    assert important.url == f"{SHARE}NW202112219999990001"
    assert important.media == "示例证券报·示例证券网"
    assert important.aliases == ()
    assert market.url == f"{SHARE}NW202205269999990003"
    assert market.published_at == at("2022-05-26 15:05:00")


def test_a_record_without_title_time_and_address_survives() -> None:
    entry = entries("legacy-flash")[1]
    assert entry.url == "https://finance.eastmoney.com/a/202205269999990006.html"
    assert entry.title == "示例平台上线"
    assert entry.published_at == at("2022-05-26 00:00")
    assert entry.summary == "示例平台26日上线。"


def test_stock_news_row() -> None:
    entry = entries("stock-sh600999")[0]
    assert entry.url == "https://finance.eastmoney.com/a/202609183000000009.html"
    assert (entry.title, entry.media) == ("示例股份：新增订单", "示例经济新闻")
    assert entry.published_at == at("2026-09-18 14:29:25")


@pytest.mark.parametrize("url", ["http://[", "javascript:alert(1)", "http://a@data.eastmoney.com/"])
def test_a_row_whose_address_is_none_costs_the_others_nothing(url: str) -> None:
    rows = f'{{"title":"示例","url":"{url}"}},{{"code":"202609193000000003","title":"示例"}}'
    listed = listing("yaowen", of=page(f'{{"code":1,"data":{{"list":[{rows}]}}}}'))
    assert [entry.url[-23:] for entry in listed.entries] == ["202609193000000003.html"]


# ---- ends and errors -------------------------------------------------------------------


def test_an_empty_list_is_the_end() -> None:
    empty = page('var ajaxResult={"rc":1,"me":"","LivesList":[]}')
    assert listing("flash-focus", "4", of=empty) == Listing((), None)


def test_the_next_page_follows_whatever_the_total_says() -> None:
    assert listing("yaowen").next_cursor == "2"
    assert listing("yaowen", "300").next_cursor == "301"


def test_H63_a_repeated_window_brings_the_same_identities() -> None:
    first, again = (
        {Spider.identify(entry.url).key for entry in listing("flash-focus", cursor).entries}
        for cursor in ("40", "41")
    )
    assert first == again


def test_H64_a_cursor_that_points_to_its_own_page_ends_the_walk() -> None:
    assert listing("fast", "1790604000057217").next_cursor is None


def test_legacy_lists_have_one_page() -> None:
    assert listing("legacy-flash").next_cursor is None


@pytest.mark.parametrize(
    ("section_id", "body", "message"),
    [
        ("flash-focus", 'var ajaxResult={"rc":0,"me":"error","LivesList":[]};', "rc is 0: error"),
        ("flash-focus", 'var ajaxResult={"rc":1,"LivesList":[{"id":"2026', "expected JSON"),
        ("fast", '{"code":"0","message":"req_trace 不能为空","data":null}', "req_trace"),
        ("fast", '{"code":"1","message":"success","data":null}', "no list at data.fastnewslist"),
        ("yaowen", '{"code":500}', "code is 500"),
        ("yaowen", '{"code":"1","data":{"list":{}}}', "no list"),
        ("yaowen", '{"code":"1","data":{"list":[{"title":NaN}]}}', "expected JSON"),
        ("yaowen", '{"code":"1","data":{"list":[{"title":"无编号"}]}}', "none names an article"),
        ("yaowen", "[]", "expected an object"),
        ("legacy-flash", '{"records":null}', "no list at records"),
        ("legacy-important", '{"records":[]}', "no list at nodelist"),
    ],
)
def test_H61_a_listing_that_is_none_says_so(section_id: str, body: str, message: str) -> None:
    with pytest.raises(ListingError, match=message):
        listing(section_id, of=page(body))


@pytest.mark.parametrize("section_id", LISTINGS)
def test_H59_html_in_place_of_a_listing(section_id: str) -> None:
    with pytest.raises(ListingError):
        listing(section_id, of=page("<html><body>系统繁忙</body></html>"))


def test_keys_are_read_whatever_their_case() -> None:
    shouted = page('{"RECORD":[{"INFOCODE":"NW202205269999990003","TITLE":"示例","DateTime":""}]}')
    assert listing("legacy-market-37", of=shouted).entries[0].title == "示例"


def test_numbers_as_text_and_text_as_numbers() -> None:
    odd = page('{"code":1,"data":{"list":[{"code":202609193000000003,"title":600999}]}}')
    entry = listing("yaowen", of=odd).entries[0]
    assert entry.url == "https://finance.eastmoney.com/a/202609193000000003.html"
    assert entry.title == "600999"


def test_H53_references_in_a_title_are_decoded_once() -> None:
    body = page('{"code":1,"data":{"list":[{"code":"202609193000000003","title":"A&amp;lt;B"}]}}')
    assert listing("yaowen", of=body).entries[0].title == "A&lt;B"


@pytest.mark.parametrize("time", ["2026-13-45 10:00:00", "0000-00-00", "20226-01-01"])
def test_H78_an_impossible_time_leaves_the_day_of_the_code(time: str) -> None:
    row = f'{{"code":"202609193000000003","title":"示例","showTime":"{time}"}}'
    body = page(f'{{"code":1,"data":{{"list":[{row}]}}}}')
    assert listing("yaowen", of=body).entries[0].published_at == at("2026-09-19 00:00")
