"""The Sina dossier's simulator checklist (§6), one test a trap."""

import json
import re
from functools import cache
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.replica.sina_finance.articles import RECIPES, recipe_of
from newscrawl.replica.sina_finance.sections import COLUMNS, ROLLS
from newscrawl.replica.standin import Expected
from newscrawl.replica.world import Clock
from tests.replica.asking import ask, ask_json, stand_in, text

SOURCE = stand_in("sina_finance", articles=6000)
ROLL = "https://feed.mix.sina.com.cn/api/roll/get?pageid={}&lid={}&k=&num={}&page={}"
LIVE = "https://zhibo.sina.com.cn/api/zhibo/feed?zhibo_id={}&tag_id={}&page={}&page_size={}"
STOCK = "https://vip.stock.finance.sina.com.cn/corp/view/vCB_AllNewsStock.php?symbol={}&Page={}"
COLUMN = "https://finance.sina.com.cn/roll/c/{}.shtml"


@cache
def everything() -> tuple[Expected, ...]:
    """What a full crawl of ``SOURCE`` must find."""
    return tuple(SOURCE.all_expected())


def roll(pageid: str = "155", lid: str = "1686", num: int = 50, page: int = 1) -> Any:
    return ask_json(SOURCE, ROLL.format(pageid, lid, num, page))["result"]


def live(stream: str = "152", tag: str = "0", page: int = 1, rows: int = 100) -> Any:
    return ask_json(SOURCE, LIVE.format(stream, tag, page, rows))["result"]["data"]["feed"]["list"]


def with_trait(trait: str) -> Expected:
    """The newest article that has ``trait`` on its page."""
    numbers = range(SOURCE.lane.first, SOURCE.lane.end)
    return SOURCE.expected(next(n for n in numbers if trait in recipe_of(n).traits))


def with_template(template: str) -> Expected:
    numbers = range(SOURCE.lane.first, SOURCE.lane.end)
    return SOURCE.expected(next(n for n in numbers if recipe_of(n).template == template))


def tree(url: str) -> LexborHTMLParser:
    body = ask(SOURCE, url).body
    return LexborHTMLParser(body.decode("gb18030" if b"charset=gb2312" in body else "utf-8"))


# ---- A: roll API -----------------------------------------------------------------------


def test_roll_rows_are_clamped_to_50_without_a_word() -> None:
    assert len(roll(num=200)["data"]) == 50


def test_roll_pages_do_not_overlap_and_end_empty() -> None:
    pages = [roll(page=page)["data"] for page in (1, 2, 3, 4)]
    ids = [row["docid"] for page in pages for row in page]

    assert len(set(ids)) == len(ids) > 100
    assert roll(page=40)["data"] == []


def test_roll_serves_50_pages_whatever_it_claims() -> None:
    deep = stand_in("sina_finance", articles=60_000)
    last, beyond = (
        ask_json(deep, ROLL.format("155", "1686", 50, page))["result"] for page in (50, 51)
    )

    assert (len(last["data"]), beyond["data"]) == (50, [])
    assert last["total"] > 100_000


def test_roll_order_is_publication_descending() -> None:
    times = [int(row["ctime"]) for row in roll()["data"]]

    assert times == sorted(times, reverse=True)


def test_roll_refuses_a_wrong_pair_inside_200() -> None:
    reply = ask(SOURCE, ROLL.format("155", "2516", 50, 1))

    assert reply.status == 200
    assert json.loads(reply.body)["result"]["status"]["code"] == 11


def test_roll_list_without_items_is_no_error() -> None:
    assert (roll("21", "1199")["status"]["code"], roll("21", "1199")["data"]) == (0, [])


def test_roll_callback_is_wrapped_in_try_and_catch() -> None:
    body = text(SOURCE, ROLL.format("155", "1686", 1, 1) + "&callback=jQuery1")

    assert body.startswith("try{jQuery1({")
    assert body.endswith(");}catch(e){};")
    assert json.loads(body[len("try{jQuery1(") : -len(");}catch(e){};")])


def test_roll_escapes_slashes_and_letters() -> None:
    body = text(SOURCE, ROLL.format("155", "1686", 5, 1))

    assert "https:\\/\\/" in body
    assert body.isascii()


def test_roll_scalars_are_strings() -> None:
    rows = roll()["data"]

    assert {type(value) for row in rows for value in row.values()} <= {str, list, dict}


def test_roll_img_is_a_list_when_absent_and_an_object_when_present() -> None:
    kinds = {type(row["img"]) for row in roll()["data"]}

    assert kinds == {list, dict}


def test_roll_urls_are_json_inside_strings() -> None:
    row = roll()["data"][0]

    assert json.loads(row["urls"]) == [row["url"]]


def test_roll_summary_is_empty_and_some_keys_are_missing() -> None:
    rows = roll()["data"]

    assert {row["summary"] for row in rows} == {""}
    assert all(row["intro"] for row in rows)
    assert {"mlids" in row for row in rows} == {True, False}


def test_roll_has_a_video_whose_address_looks_like_an_article() -> None:
    rows = [row for row in roll("153", "2516")["data"] if row["vid"] != "0"]
    looks_like_article = [row for row in rows if "finance.sina.com.cn" in row["url"]]

    assert looks_like_article


def test_roll_rows_lead_to_other_hosts() -> None:
    hosts = {row["url"].split("/")[2] for row in roll()["data"] + roll(page=2)["data"]}

    assert hosts >= {
        "finance.sina.com.cn",
        "news.sina.com.cn",
        "tech.sina.com.cn",
        "cj.sina.com.cn",
        "slide.finance.sina.com.cn",
        "video.sina.com.cn",
        "live.finance.sina.com.cn",
        "finance.sina.cn",
    }


@pytest.mark.parametrize(("pageid", "lid"), [(p, lid) for p, lids in ROLLS.items() for lid in lids])
def test_every_pair_of_the_dossier_answers(pageid: str, lid: str) -> None:
    assert roll(pageid, lid)["status"]["code"] == 0


# ---- B: column pages -------------------------------------------------------------------


@pytest.mark.parametrize("cid", COLUMNS)
def test_column_list_is_hidden_and_has_no_year(cid: str) -> None:
    page = tree(COLUMN.format(cid))
    [listed] = page.css("ul#listcontent.list_009")
    rows = listed.css("li")

    assert listed.attributes["style"] == "display:none"
    assert rows
    assert all(
        re.fullmatch(r"\(\d\d月\d\d日 \d\d:\d\d\)", row.css("span")[0].text()) for row in rows
    )


def test_column_ignores_its_page_number() -> None:
    assert text(SOURCE, COLUMN.format("56589")) == text(SOURCE, COLUMN.format("56589") + "?page=2")


def test_column_has_rows_without_a_date_in_the_address() -> None:
    links = [link.attributes["href"] or "" for link in tree(COLUMN.format("56589")).css("li a")]

    assert {bool(re.search(r"/\d{4}-\d\d-\d\d/", link)) for link in links} == {True, False}


def test_dead_columns_are_404() -> None:
    assert ask(SOURCE, COLUMN.format("230808")).status == 404


# ---- C: 7x24 ---------------------------------------------------------------------------


def test_live_ext_is_json_inside_a_string() -> None:
    row = live()[0]

    assert isinstance(row["ext"], str)
    assert "stocks" in json.loads(row["ext"])


def test_live_has_rows_without_an_address() -> None:
    rows = [row for row in live() if not row["docurl"]]

    assert rows
    assert all("docurl" not in json.loads(row["ext"]) for row in rows)


def test_live_has_withdrawn_rows() -> None:
    assert {row["is_delete"] for row in live()} == {0, 1}


def test_live_titles_stand_in_brackets_in_most_rows() -> None:
    bracketed = [row["rich_text"].startswith("【") for row in live()]

    assert 0.8 < sum(bracketed) / len(bracketed) < 0.95


def test_live_rows_are_clamped_and_old_pages_end() -> None:
    assert len(live(rows=500)) == 100
    deep = stand_in("sina_finance", articles=60_000)
    url = LIVE.format("152", "0", 24, 100)
    assert ask_json(deep, url)["result"]["data"]["feed"]["list"] == []


def test_live_tags_are_parts_of_their_stream() -> None:
    whole = {row["id"] for page in (1, 2, 3) for row in live(page=page)}
    part = live(tag="3")

    assert part
    assert {row["id"] for row in part} < whole
    assert {row["tag"][0]["id"] for row in part} == {"3"}


def test_live_page_shows_the_flash_as_an_article() -> None:
    row = next(row for row in live() if row["docurl"] and not row["is_delete"])
    page = tree(json.loads(row["ext"])["docurl"])

    assert row["rich_text"] in page.css("#artibody")[0].text()


# ---- D, E: stock news, US column -------------------------------------------------------


def test_stock_news_is_gbk_and_goes_beyond_what_it_declares() -> None:
    reply = ask(SOURCE, STOCK.format("sh600000", 1))

    assert reply.content_type == "text/html; charset=gb2312"
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode("gb2312")
    assert "朱镕喆" in reply.body.decode("gb18030")


def test_stock_news_is_a_flat_run_of_times_and_links() -> None:
    page = LexborHTMLParser(ask(SOURCE, STOCK.format("sh600000", 1)).body.decode("gb18030"))
    [listed] = page.css("div.datelist > ul")

    assert not listed.css("li")
    times = re.findall(r"\d{4}-\d\d-\d\d\s\d\d:\d\d", listed.text())
    assert len(times) == len(listed.css("a"))


def test_stock_news_has_links_to_the_older_host() -> None:
    body = ask(SOURCE, STOCK.format("sh600000", 1)).body.decode("gb18030")
    old, new = (
        re.search(rf"'({host}[^']*doc-i[^']*)'", body) for host in ("http://stock", "https://fin")
    )

    assert old
    assert new
    assert ask(SOURCE, old[1]).status == 200


def test_stock_news_ends() -> None:
    assert "<a" not in ask(SOURCE, STOCK.format("sh600000", 6)).body.decode("gb18030")
    assert "<a" not in ask(SOURCE, STOCK.format("sh999999", 1)).body.decode("gb18030")


def test_us_column_shows_about_ten() -> None:
    data = ask_json(SOURCE, "https://interface.sina.cn/pc_api/public_news_data.d.json?cids=57045")

    assert len(data["data"]) == 10


# ---- article pages ---------------------------------------------------------------------

MARKERS = {
    "finance2017": ("h1.main-title", "#top_bar .date-source > span.date", "div.article#artibody"),
    "news2017": ("h1.main-title", ".date-source > span.date", "div.article#article"),
    "finance2015": (
        "h1#artibodyTitle[docid]",
        ".page-info span.time-source",
        ".article_16#artibody",
    ),
    "tech2019": ("h1#artibodyTitle", "span#pub_date", "#artibody.blkContainerSblkCon"),
    "wap": ("h1.art_tit_h1", ".weibo_time_day", "section.art_pic_card.art_content"),
    "old": ("#artibodyTitle", "#pub_date", "#artibody"),
}


@pytest.mark.parametrize("template", MARKERS)
def test_all_six_templates_have_their_title_time_and_body(template: str) -> None:
    item = with_template(template)
    page = tree(item.url)
    title, time, body = (page.css(selector)[0].text().strip() for selector in MARKERS[template])

    assert title == item.title
    assert re.search(r"\d{4}(年|\.)\d\d(月|\.)\d\d", time)
    kept = "".join(body.split())
    assert all("".join(line.split()) in kept for line in item.body_text.splitlines())


def test_old_pages_say_gb2312_and_are_more() -> None:
    reply = ask(SOURCE, with_template("old").url)

    assert b"charset=gb2312" in reply.body
    assert reply.content_type == "text/html"
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode("gb2312")
    assert "朱镕喆" in reply.body.decode("gb18030")
    assert "€" in reply.body.decode("gb18030")


def test_2015_and_tech_times_have_no_space_before_the_hour() -> None:
    for template in ("finance2015", "tech2019"):
        assert re.search(r"\d日\d\d:\d\d", text(SOURCE, with_template(template).url))


def test_wap_time_has_no_zone() -> None:
    assert re.search(
        r'article:published_time" content="[\d-]{10} [\d:]{8}"',
        text(SOURCE, with_template("wap").url),
    )


@pytest.mark.parametrize(
    ("trait", "selector"),
    [
        ("append_qr", "#artibody .appendQr_wrap"),
        ("append_qr", "#artibody style"),
        ("inline_ad", "#artibody div[class^=otherContent]"),
        ("account_promo", "#artibody [class*=kaihu]"),
        ("quote_chart", "#artibody .ct_hqimg .hqimg_related"),
        ("stock_links", "#artibody span[id^=stock_] > a.keyword"),
        ("stock_links", "#artibody span[id^=quote_]"),
        ("us_stock", "#artibody span[id^=usstock_] > a.keyword"),
        ("tech_promo", "#artibody .tech-quotation"),
        ("player", "#artibody .artical-player-wrap"),
        ("hidden", '#artibody [style*="display:none"]'),
        ("editor_noise", "#artibody div[class^=weibo]"),
        ("reference", "#artibody blockquote.fin_reference"),
        ("emphasis", "#artibody font[cms-style]"),
        ("resized_image", '#artibody img[src*="/w700d1q75cms.jpg"]'),
    ],
)
def test_bodies_have_their_traps(trait: str, selector: str) -> None:
    assert tree(with_trait(trait).url).css(selector)


@pytest.mark.parametrize(
    "noise",
    [
        "海量资讯",
        "开户",
        "点击查看广告",
        "热点栏目",
        "金麒麟",
        "新浪声明",
        "责任编辑",
        "下载客户端",
    ],
)
def test_noise_is_never_expected(noise: str) -> None:
    assert not any(noise in item.body_text for item in everything())


def test_published_time_is_not_create_at() -> None:
    page = tree(with_trait("late_published_time").url)
    created = page.css('meta[name="weibo: article:create_at"]')[0].attributes["content"]
    published = page.css('meta[property="article:published_time"]')[0].attributes["content"]

    assert (created or "")[:16] != (published or "").replace("T", " ")[:16]


def test_images_are_protocol_relative() -> None:
    page = tree(with_trait("image").url)

    assert any(
        (node.attributes["src"] or "").startswith("//n.sinaimg.cn/") for node in page.css("img")
    )


def test_one_article_is_listed_under_two_paths() -> None:
    number = next(
        n
        for n in range(SOURCE.lane.end)
        if recipe_of(n).also and len(SOURCE.visible_sections(n)) > 1
    )
    item = SOURCE.expected(number)
    core = item.identity.removeprefix("sina:")
    _, cid = item.sections[1].split("/", 1)
    listed = (
        text(SOURCE, COLUMN.format(cid))
        if item.sections[1].startswith("column")
        else text(SOURCE, ROLL.format(*cid.split("/"), 50, 1)).replace("\\/", "/")
    )
    other = re.search(rf"https://[^\"]+{core}[^\"]+", listed)

    assert other
    assert other[0] != item.url
    assert ask(SOURCE, other[0]).body == ask(SOURCE, item.url).body


def test_markdown_twin_has_front_matter_and_the_canonical_address() -> None:
    item = with_template("finance2017")
    [alternate] = tree(item.url).css('link[type="text/markdown"]')

    assert alternate.attributes["href"] == f"{item.url}.md"
    twin = text(SOURCE, f"{item.url}.md")
    assert twin.startswith("---\ntitle: ")
    assert f"canonical_url: {item.url}\n" in twin


def test_an_article_only_mentions_a_captcha() -> None:
    item = with_trait("captcha_mention")

    assert item.outcome == "stored"
    assert "输入验证码" in text(SOURCE, item.url)


def test_removed_articles_are_404_or_lead_home() -> None:
    gone = [item for item in everything() if item.outcome == "gone"]
    replies = [ask(SOURCE, item.url) for item in gone]

    assert {reply.status for reply in replies} == {404, 302}
    assert {reply.location for reply in replies} == {"", "https://finance.sina.com.cn/"}


def test_galleries_hold_their_slides_in_a_script() -> None:
    assert "var slide_data = {" in text(SOURCE, with_template("gallery").url)


def test_every_kind_that_is_no_article_is_there() -> None:
    kinds = {item.kind for item in everything()}

    assert kinds == {"article", "flash", "video", "gallery", "live", "topic", "gone", "deleted"}


def test_a_small_world_has_every_recipe() -> None:
    small = stand_in("sina_finance", articles=200)

    assert {recipe_of(n) for n in range(small.lane.end)} >= set(RECIPES)


def test_images_are_real_pictures() -> None:
    assert ask(SOURCE, "https://n.sinaimg.cn/a/b.png").body.startswith(b"\x89PNG\r\n\x1a\n")
    assert ask(SOURCE, "https://k.sinaimg.cn/a/b.jpg/w700d1q75cms.jpg").body.startswith(
        b"\xff\xd8\xff"
    )


def test_unknown_articles_are_404() -> None:
    assert (
        ask(SOURCE, "https://finance.sina.com.cn/roll/2026-09-28/doc-inaaaaaa1234567.shtml").status
        == 404
    )
    assert ask(SOURCE, "http://finance.sina.com.cn/china/20260928/012414044470.shtml").status == 404


def test_a_correction_raises_mtime_and_update_at() -> None:
    clock = Clock()
    source = stand_in("sina_finance", clock, correct=5)
    number = next(n for n in range(5) if source.can_be_corrected(n))
    item = source.expected(number)

    def stamps() -> list[str]:
        return re.findall(r'article:update_at" content="([^"]+)"', text(source, item.url))

    before = stamps()
    clock.advance(corrections=1)
    assert source.version(number) == 1
    assert stamps() > before or item.kind == "flash"
