"""The Eastmoney dossier's simulator checklist (§7), one test a trap."""

import re
from functools import cache
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.replica.eastmoney.articles import RECIPES, recipe_of
from newscrawl.replica.eastmoney.sections import COLUMNS, FLASHES, MARKETS, kind_of
from newscrawl.replica.standin import Expected
from newscrawl.replica.world import Clock
from tests.replica.asking import ask, ask_json, some, stand_in, text

SOURCE = stand_in("eastmoney", articles=6000)
FLASH = "https://newsapi.eastmoney.com/kuaixun/v1/getlist_{}_ajaxResult_{}_{}_.html"
FAST = (
    "https://np-weblist.eastmoney.com/comm/web/getFastNewsList?client=web&biz=web_724"
    "&fastColumn=102&sortEnd={}&pageSize={}&req_trace=1"
)
COLUMN = (
    "https://np-listapi.eastmoney.com/comm/web/getNewsByColumns?client=web&biz=web_news_col"
    "&column={}&order=1&page_index={}&page_size={}&req_trace=1"
)
DETAIL = "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/{}?guid=1"
CHOICE = "http://183.136.162.242/web/webapi?type={}&count={}&newsid=1"
MARKET = "http://43.240.125.15:1818/information/newmarket/web/webapi?marketType={}&count=100"
NEWS_TEXT = "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do?id={}"


@cache
def everything() -> tuple[Expected, ...]:
    """What a full crawl of ``SOURCE`` must find."""
    return tuple(SOURCE.all_expected())


def flashes(column: str = "102", rows: int = 50, page: int = 1) -> list[dict[str, str]]:
    found: list[dict[str, str]] = ask_json(SOURCE, FLASH.format(column, rows, page))["LivesList"]
    return found


def column(number: str = "345", page: int = 1, rows: int = 200) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask_json(SOURCE, COLUMN.format(number, page, rows))["data"][
        "list"
    ]
    return found


def detail(item: Expected) -> Any:
    return ask_json(SOURCE, DETAIL.format(item.identity.removeprefix("em:")))


def with_trait(trait: str) -> Expected:
    numbers = range(SOURCE.lane.first, SOURCE.lane.end)
    return SOURCE.expected(next(n for n in numbers if trait in recipe_of(n).traits))


def page_of(item: Expected) -> LexborHTMLParser:
    return LexborHTMLParser(text(SOURCE, item.url))


# ---- 2a: flash list --------------------------------------------------------------------


def test_flash_list_is_a_script() -> None:
    assert text(SOURCE, FLASH.format("102", 50, 1)).startswith("var ajaxResult={")
    endings = {text(SOURCE, FLASH.format("102", 50, page))[-2:] for page in (1, 2)}
    assert endings == {"};", "]}"}


def test_flash_rows_are_at_most_50() -> None:
    assert len(flashes(rows=500)) == 50


def test_flash_list_repeats_its_last_window() -> None:
    pages = [flashes(page=page) for page in range(1, 9)]
    last = next(page for page, rows in enumerate(pages) if rows == pages[page + 1])

    assert last > 0
    assert flashes(page=999) == pages[last] != pages[last - 1]


def test_flash_rows_may_lack_showtime_and_newsid() -> None:
    rows = flashes()

    assert {"showtime" in row for row in rows} == {"newsid" in row for row in rows} == {True, False}
    assert all(row["ordertime"] for row in rows)


@pytest.mark.parametrize("name", FLASHES)
def test_every_flash_list_answers(name: str) -> None:
    assert flashes(name)


# ---- 2b: fast news ---------------------------------------------------------------------


def test_fast_news_are_walked_by_their_cursor() -> None:
    met, cursor = [], ""
    while True:
        data = ask_json(SOURCE, FAST.format(cursor, 20))["data"]
        if not data["fastNewsList"]:
            break
        met += [row["code"] for row in data["fastNewsList"]]
        assert data["sortEnd"] == data["fastNewsList"][-1]["realSort"]
        cursor = data["sortEnd"]

    expected = [i.identity[3:] for i in everything() if "fast/102" in i.sections]
    assert met == expected


def test_the_cursor_holds_while_news_arrive() -> None:
    clock = Clock()
    source = stand_in("eastmoney", clock, articles=2000)
    first = ask_json(source, FAST.format("", 5))["data"]
    before = ask_json(source, FAST.format(first["sortEnd"], 5))
    clock.advance(articles=30)

    assert ask_json(source, FAST.format(first["sortEnd"], 5)) == before


def test_real_sort_has_16_or_13_digits() -> None:
    rows = ask_json(SOURCE, FAST.format("", 50))["data"]["fastNewsList"]

    assert {len(row["realSort"]) for row in rows} == {16, 13}


def test_fast_rows_may_have_their_title_in_the_summary_alone() -> None:
    rows = ask_json(SOURCE, FAST.format("", 200))["data"]["fastNewsList"]
    bare = [row for row in rows if not row["title"]]

    assert bare
    assert all(row["summary"].startswith("【") for row in bare)


@pytest.mark.parametrize("url", [FAST.format("", 5), COLUMN.format("345", 1, 20)])
def test_a_request_without_trace_is_refused_inside_200(url: str) -> None:
    reply = ask_json(SOURCE, url.replace("&req_trace=1", ""))

    assert (reply["code"] != "1", reply["data"]) == (True, None)


# ---- 2c: columns -----------------------------------------------------------------------


def test_columns_spell_totle_hits_and_claim_too_much() -> None:
    data = ask_json(SOURCE, COLUMN.format("345", 1, 20))["data"]

    assert data["totle_hits"] > len(column())


def test_columns_can_be_a_list() -> None:
    both = {row["code"] for page in (1, 2) for row in column("345,350", page)}

    assert both == {row["code"] for name in ("345", "350") for row in column(name)}


def test_columns_page_on_and_end_empty() -> None:
    whole = [row["code"] for row in column()]
    paged = [row["code"] for page in range(1, 20) for row in column(page=page, rows=10)]

    assert paged == whole
    assert column(page=99) == []


@pytest.mark.parametrize("number", COLUMNS)
def test_every_column_answers(number: str) -> None:
    assert column(number)


def test_a_row_may_show_the_summary_of_another_article() -> None:
    assert any("与本文无关" in row["summary"] for row in column())


def test_one_article_is_listed_under_two_addresses_hosts_and_schemes() -> None:
    rows: dict[str, set[str]] = {}
    for number in COLUMNS:
        for row in column(number):
            rows.setdefault(row["code"], set()).update((row["url"], row["uniqueUrl"]))
    shapes = {re.sub(r"\d{18}", "CODE", url) for urls in rows.values() for url in urls}
    most = max(rows.values(), key=len)

    assert shapes >= {
        "http://finance.eastmoney.com/news/1344,CODE.html",
        "http://stock.eastmoney.com/a/CODE.html",
        "https://stock.eastmoney.com/a/CODE.html",
        "http://finance.eastmoney.com/news/1379,CODE.html",
    }
    assert len(most) == 4
    assert len({ask(SOURCE, url).body for url in most}) == 1


def test_some_rows_are_of_the_forum() -> None:
    assert any(row["url"].startswith("https://guba.") for row in column())


def test_stock_news_answer() -> None:
    url = (
        "https://np-listapi.eastmoney.com/comm/wap/getListInfo?client=wap&type=1"
        "&mTypeAndCode=1.600519&pageSize=20&pageIndex=1"
    )

    assert len(ask_json(SOURCE, url)["data"]["list"]) == 20


# ---- 2d and pages ----------------------------------------------------------------------


def test_detail_times_have_slashes() -> None:
    record = detail(some(SOURCE, kind="article", outcome="stored"))["data"]

    assert re.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", record["Art_ShowTime"])


def test_detail_marks_what_is_not_to_be_archived() -> None:
    item = some(SOURCE, kind="not_archivable")

    assert detail(item)["data"]["Art_EnableCrawl"] == "0"
    assert item.outcome == "skipped"


@pytest.mark.parametrize("said", ["failed", "null"])
def test_where_detail_says_nothing_the_page_has_the_text(said: str) -> None:
    number = next(
        n
        for n in range(SOURCE.lane.end)
        if recipe_of(n).detail == said
        and kind_of(n) == "article"
        and recipe_of(n).kind == "article"
    )
    item = SOURCE.expected(number)

    answer = detail(item)
    assert answer["success"] == 0 or answer["data"] is None
    assert item.body_text.splitlines()[-1] in page_of(item).text()


def test_gone_articles_have_neither_detail_nor_page() -> None:
    item = some(SOURCE, outcome="gone")

    assert detail(item)["success"] == 0
    assert ask(SOURCE, item.url).status == 404


@pytest.mark.parametrize(
    ("template", "selectors"),
    [
        ("contentwrap", (".contentwrap .title", ".infos .item", "#ContentBody.txtinfos")),
        ("newsContent", (".newsContent h1", ".time-source .time", "#ContentBody.Body")),
        ("content_text", ("div.title", ".infos .item", ".content_text")),
    ],
)
def test_all_three_templates_have_their_title_time_and_body(
    template: str, selectors: tuple[str, str, str]
) -> None:
    number = next(
        n
        for n in range(SOURCE.lane.end)
        if recipe_of(n).template == template and SOURCE.expected(n).outcome == "stored"
    )
    item = SOURCE.expected(number)
    title, time, body = (page_of(item).css(selector)[0].text() for selector in selectors)

    assert title == item.title
    assert re.search(r"\d{4}年\d\d月\d\d日 \d\d:\d\d", time)
    kept = "".join(body.split())
    assert all("".join(line.split()) in kept for line in item.body_text.splitlines())


def test_stock_image_markers_are_nested_and_hold_text_of_the_article() -> None:
    item = with_trait("nested_chart")
    content = text(SOURCE, item.url)

    assert content.count("EM_StockImg_Start") == 2
    assert "嵌套标记之间的正文。" in item.body_text


def test_stock_image_markers_are_unbalanced() -> None:
    content = text(SOURCE, with_trait("unbalanced_chart").url)

    assert ("EM_StockImg_Start" in content, "EM_StockImg_End" in content) == (True, False)


@pytest.mark.parametrize(
    ("trait", "selector"),
    [
        ("chart", "a.EmImageRemark > img[src*=webquoteklinepic]"),
        ("linked", "span[id^=stock_] > a.keytip[data-code]"),
        ("linked", "span[id^=quote_]"),
        ("linked", 'span.em_stock_key_common[web="1"][href]'),
        ("sector", "span[id^=bk_] > a.keytip"),
        ("sector", "a.infokey"),
        ("split_media", "p.em_media span > a.keytip"),
        ("tail_ad", 'a[href*="acttg.eastmoney.com"] > img.em_handle_adv_close'),
        ("hidden", 'p[style*="display:none"]'),
        ("top_link", "a.toplink"),
        ("disclaimer", ".ad_context3"),
        ("subhead", "h3.emh3"),
        ("image", "center > img[src*=dfcfw]"),
    ],
)
def test_bodies_have_their_traps(trait: str, selector: str) -> None:
    assert page_of(with_trait(trait)).css(selector)


def test_split_outlet_reads_as_one() -> None:
    item = with_trait("split_media")

    assert page_of(item).css("p.em_media")[0].text() == f"（文章来源：{item.media}）"


def test_odd_closing_tags() -> None:
    assert "</p >" in text(SOURCE, with_trait("odd_closings").url)


@pytest.mark.parametrize("noise", ["文章来源", "责任编辑", "郑重声明", "主力资金加仓", "扫一扫"])
def test_noise_is_never_expected(noise: str) -> None:
    assert not any(noise in item.body_text for item in everything())


# ---- the Choice back end ---------------------------------------------------------------


def test_legacy_lists_have_three_shapes() -> None:
    rolling = ask_json(SOURCE, CHOICE.format(102, 500))["records"]
    important = ask_json(SOURCE, CHOICE.format(45, 100))["nodeList"]
    markets = [ask_json(SOURCE, MARKET.format(number))["record"] for number in MARKETS]

    assert {"id", "infoCode", "showtime", "url_w"} <= set(rolling[0])
    assert {"infocode", "showtime", "simdigest"} <= set(important[0])
    assert all({"infoCode", "datetime", "medianame"} <= set(rows[0]) for rows in markets)


def test_legacy_count_is_obeyed() -> None:
    assert len(ask_json(SOURCE, CHOICE.format(102, 7))["records"]) == 7


def test_a_legacy_record_has_no_title_time_and_address() -> None:
    rows = ask_json(SOURCE, CHOICE.format(102, 500))["records"]
    bare = next(row for row in rows if not row["title"])

    assert (bare["showtime"], bare["url_w"]) == ("", "")
    assert bare["digest"].startswith("【")
    assert some(SOURCE, identity=f"em:{bare['id']}").precision == "day"


def test_news_text_has_html_and_plain_text_under_keys_of_either_case() -> None:
    answers = [
        ask_json(SOURCE, NEWS_TEXT.format(row["infoCode"]))
        for row in ask_json(SOURCE, CHOICE.format(102, 50))["records"]
    ]
    folded = [{key.lower(): value for key, value in answer.items()} for answer in answers]

    assert {"text" in answer for answer in answers} == {True, False}
    assert all(answer["content"].startswith("<p>　　") for answer in folded)
    assert all(answer["text"].startswith("　　") for answer in folded)


def test_important_news_join_the_other_codes_through_the_rolling_list() -> None:
    important = {row["infocode"] for row in ask_json(SOURCE, CHOICE.format(45, 500))["nodeList"]}
    rolling = {
        row["infoCode"]: row["id"] for row in ask_json(SOURCE, CHOICE.format(102, 500))["records"]
    }
    joined = important & set(rolling)

    assert joined
    assert important - joined
    assert any(
        share.endswith(min(joined))
        for share in some(SOURCE, identity=f"em:{rolling[min(joined)]}").aliases
    )


def test_the_text_of_an_id_changes() -> None:
    clock = Clock()
    source = stand_in("eastmoney", clock, correct=1, articles=600)
    number = next(n for n in range(source.lane.end) if kind_of(n) == "legacy")
    url = NEWS_TEXT.format(source.expected(number).identity.removeprefix("em-nw:"))
    before = ask_json(source, url)
    clock.advance(corrections=number + 1)
    after = ask_json(source, url)

    assert {key for key in before if before[key] != after[key]} == {
        key for key in before if key.lower() in ("title", "text", "content")
    }


def test_codes_of_another_day_or_kind_are_unknown() -> None:
    code = some(SOURCE, kind="article", outcome="stored").identity.removeprefix("em:")

    assert ask(SOURCE, f"https://finance.eastmoney.com/a/20010101{code[8:]}.html").status == 404
    assert ask_json(SOURCE, NEWS_TEXT.format(f"NW{code}")) == {}


def test_a_small_world_has_every_recipe() -> None:
    small = stand_in("eastmoney", articles=300)

    assert {recipe_of(n) for n in range(small.lane.end)} >= set(RECIPES)
