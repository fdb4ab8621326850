"""Articles of Sina Finance: identity, six generations of pages, flashes, other pages."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from newscrawl.items import Article, Image
from newscrawl.listings import Entry
from newscrawl.outcomes import Blocked, Ended, Failed, Gone, Quarantined, Skipped
from newscrawl.spiders.sina_finance import SinaFinance
from tests.sources.pages import fixture, page_of

DOC = "https://finance.sina.com.cn/stock/s/2026-09-28/doc-inaaaaaa1234567.shtml"
URLS = {
    "finance2017.html": DOC,
    "news2017.html": "https://news.sina.com.cn/o/2024-05-16/doc-inbbbbbb7654321.shtml",
    "finance2015.html": "http://finance.sina.com.cn/money/forex/forexroll/2016-05-25/"
    "doc-ifccccccc123456.shtml?cre=financepagepc&mod=f&loc=4&r=9&doct=0&rfunc=100",
    "tech2019.html": "https://tech.sina.com.cn/t/2019-09-11/doc-iidddddd123456.shtml",
    "wap.html": "https://finance.sina.cn/stock/2005-08-26/detail-ikeeeeee1234567.d.html?vt=4",
    "legacy-gbk.html": "http://ent.sina.com.cn/y/2009-11-09/13562762964.shtml",
}
PROMOTION = ("炒股就看", "APP", "股吧", "众测", "看明星八卦", "热点栏目", "二维码", "广告", "声明")


def article(name: str, **changes: Any) -> Article:
    page = fixture(f"sina_finance/{name}", URLS[name])
    return SinaFinance.parse_article(replace(page, **changes))


# ---- the six generations of pages ------------------------------------------------------


def test_finance_page_since_2017() -> None:
    found = article("finance2017.html")
    assert found.extractor == "sina_finance/finance2017"
    assert found.title == '示例股份三季度"稳中有进"：营收增长7.72%'
    assert (str(found.published_at), found.date_source) == (
        "2026-09-28 23:20:05+08:00",
        "create_at",
    )
    assert str(found.updated_at) == "2026-09-28 23:41:00+08:00"
    assert (found.media, found.editor, found.author) == ("示例证券报", "支某某", None)
    assert found.keywords == ["示例股份", "季报"]
    assert found.stock_codes == ["sh600000", "AMZN"]
    assert found.summary == "示例社讯，示例股份公布三季度业绩。"
    assert (found.url, found.identity) == (DOC, "sina:naaaaaa1234567")
    assert found.body_text == (
        "示例社讯，示例股份28日公布三季度业绩，营收增长7.72%。\n图为示例股份的厂区\n"
        "公司称“一切正常”。\n营收\t100亿元\n其股价随示例网走高。"
    )
    picture = "https://k.sinaimg.cn/n/finance/transform/300/w500h600/20260928/aa-bb.jpg"
    assert found.images == [Image(picture, "图为示例股份的厂区")]
    assert found.lead_image == picture
    assert found.flags == []


def test_news_page_since_2017() -> None:
    found = article("news2017.html")
    assert found.extractor == "sina_finance/news2017"
    assert (found.title, found.original_title) == (
        "示例市长谈数字化",
        "示例市长：“三步走”推动数字化",
    )
    assert (str(found.published_at), found.date_source) == ("2024-05-16 17:02:00+08:00", "visible")
    assert (found.media, found.author, found.editor) == ("示例京报", "甲乙", "刘某某")
    assert found.keywords == ["示例市", "数字化"]  # the last word of data-wbkey is the channel
    assert found.body_text == "示例市会议16日举行，市长作了发言。"
    assert found.lead_image == "http://n.sinaimg.cn/news/transform/1/w550h366/20240516/lead.png"


def test_finance_page_of_2015() -> None:
    found = article("finance2015.html")
    assert found.extractor == "sina_finance/finance2015"
    assert (str(found.published_at), found.media) == ("2016-05-25 10:10:00+08:00", "示例财经")
    assert (found.editor, found.keywords) == ("霍某", ["汇改", "中间价"])
    assert found.url == (
        "https://finance.sina.com.cn/money/forex/forexroll/2016-05-25/doc-ifccccccc123456.shtml"
    )
    assert (
        found.body_text
        == "示例财经讯 5月25日上午消息，中间价下调。\n交易员表示，央行仍将维持稳定。"
    )


def test_tech_page_of_2019() -> None:
    found = article("tech2019.html")
    assert found.extractor == "sina_finance/tech2019"
    assert (str(found.published_at), found.date_source) == ("2019-09-11 01:53:00+08:00", "visible")
    assert (found.media, found.author) == ("示例科技", "庚辛")
    assert found.body_text == (
        "示例科技讯 北京时间9月11日凌晨消息，示例公司发布新手机，售价699元。\n"
        "新手机有6种颜色。(壬癸)"
    )


def test_mobile_page() -> None:
    found = article("wap.html")
    assert found.extractor == "sina_finance/wap"
    assert (str(found.published_at), found.media) == ("2005-08-26 05:39:00+08:00", "示例时报")
    assert found.identity == "sina:keeeeee1234567"
    assert found.body_text == "本公司董事会公告如下。\n方案已获通过。"


def test_H45_page_before_2015_in_gbk() -> None:
    found = article("legacy-gbk.html")
    assert found.extractor == "sina_finance/legacy"
    assert found.title == "朱镕基与示例企业家(图)"
    assert (str(found.published_at), found.media) == ("2009-11-09 13:56:00+08:00", "示例日报")
    assert found.keywords == []  # they only repeat the title
    assert found.body_text == (
        "会见现场\n示例社消息，会见9日举行，喆先生出席，费用为€100。\n会见后双方签约。"
    )
    assert [image.url for image in found.images] == [
        "http://i0.sinaimg.cn/ent/y/2009-11-09/U1326.jpg"
    ]


def test_H44_H47_the_encoding_that_the_bytes_bear_out_wins() -> None:
    right = article("legacy-gbk.html")
    for content_type in ("text/html; charset=utf-8", "text/html; charset=gb2312", "text/html"):
        assert (
            article("legacy-gbk.html", content_type=content_type).content_hash == right.content_hash
        )


def test_H46_a_charset_declared_behind_a_megabyte_of_script() -> None:
    page = fixture("sina_finance/legacy-gbk.html", URLS["legacy-gbk.html"])
    script = b"<script>" + b"var a = 1;" * 100_000 + b"</script>"
    body = page.body.replace(b"<head>", b"<head>" + script, 1)
    assert SinaFinance.parse_article(replace(page, body=body)).title == "朱镕基与示例企业家(图)"


@pytest.mark.parametrize("name", URLS)
def test_H69_no_page_keeps_promotion_or_credits(name: str) -> None:
    found = article(name)
    body = f"{found.body_text}{found.body_html}"
    assert not [word for word in (*PROMOTION, "责任编辑", "原标题", "sinaads") if word in body]


@pytest.mark.parametrize("name", sorted(URLS.keys() - {"wap.html"}))
def test_a_page_without_address_is_known_by_its_number(name: str) -> None:
    assert SinaFinance.claims(fixture(f"sina_finance/{name}", ""))
    told, untold = article(name), article(name, url="")
    assert (untold.title, untold.body_text, untold.url) == (told.title, told.body_text, None)
    if name != "legacy-gbk.html":
        assert untold.identity == told.identity


def test_other_pages_without_address_are_not_claimed() -> None:
    for name in ("wap.html", "gallery.html", "live.json", "column.html"):
        assert not SinaFinance.claims(fixture(f"sina_finance/{name}", ""))


# ---- which time to believe -------------------------------------------------------------


def test_H80_the_time_is_that_of_the_site() -> None:
    page = fixture("sina_finance/finance2017.html", DOC)
    text = page.body.decode().replace("create_at", "other")
    found = SinaFinance.parse_article(page_of(text, DOC))
    assert (str(found.published_at), found.date_source) == ("2026-09-28 23:20:00+08:00", "visible")


@pytest.mark.parametrize(
    ("head", "entry_time", "expected"),
    [
        ("<!-- [ published at 2026-09-28 23:21:40 ] -->", None, ("23:21:40", "comment")),
        ("", datetime.fromisoformat("2026-09-28T22:00:00+08:00"), ("22:00:00", "listing")),
        ("", None, ("00:00:00", "url")),
    ],
)
def test_where_the_page_shows_no_time_others_know_it(
    head: str, entry_time: datetime | None, expected: tuple[str, str]
) -> None:
    text = f'{head}<h1 class="main-title">题</h1><div id="artibody"><p>正文。</p></div>'
    found = SinaFinance.parse_article(page_of(text, DOC), Entry(DOC, published_at=entry_time))
    assert found.published_at is not None
    assert (f"{found.published_at:%H:%M:%S}", found.date_source) == expected


def test_H78_H79_impossible_and_future_times_are_passed_over_and_flagged() -> None:
    text = (
        '<meta name="weibo: article:create_at" content="2026-13-45 00:00:00">'
        '<h1 class="main-title">题</h1><div class="date-source">'
        '<span class="date">2036年01月01日 10:00</span></div>'
        '<meta property="article:published_time" content="2026-09-28T23:20:00+08:00">'
        '<div id="artibody"><p>正文。</p></div>'
    )
    found = SinaFinance.parse_article(page_of(text, DOC))
    assert (found.date_source, found.flags) == ("published_time", ["bad_date"])


def test_a_flash_that_has_a_page_is_still_a_flash() -> None:
    url = "https://finance.sina.com.cn/7x24/2026-09-28/doc-inaaaaaa1234567.shtml"
    assert article("finance2017.html", url=url).flags == ["flash"]


# ---- other pages -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://slide.finance.sina.com.cn/slide_9_1_2.html", "gallery"),
        ("https://video.sina.com.cn/p/finance/2026-09-28/detail-i1.d.html", "video"),
        ("https://live.finance.sina.com.cn/room/1", "live"),
        ("https://zhongce.sina.com.cn/report/view/1", "trial"),
        ("https://finance.sina.com.cn/zt_d/2026/", "topic"),
    ],
)
def test_H67_other_kinds_of_pages_are_skipped_by_address(url: str, reason: str) -> None:
    with pytest.raises(Skipped) as end:
        SinaFinance.parse_article(page_of("<p>任何内容", url))
    assert end.value.reason == reason


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("gallery.html", Skipped, "gallery"),
        ("challenge.html", Blocked, "challenge"),
        ("removed.html", Gone, "removed"),
        ("shell.html", Quarantined, "no_body"),
    ],
)
def test_H67_H68_H71_what_a_page_without_article_is(
    name: str, kind: type[Ended], reason: str
) -> None:
    with pytest.raises(kind) as end:
        SinaFinance.parse_article(fixture(f"sina_finance/{name}", DOC))
    assert end.value.reason == reason


def test_H67_an_article_page_with_nothing_but_a_player_is_a_video() -> None:
    text = (
        '<h1 class="main-title">题</h1><div id="artibody"><div class="video-2017">播放</div></div>'
    )
    with pytest.raises(Skipped) as end:
        SinaFinance.parse_article(page_of(text, DOC))
    assert end.value.reason == "video"


def test_H72_an_article_about_captchas_is_an_article() -> None:
    text = fixture("sina_finance/finance2017.html", DOC).body.decode()
    text = text.replace("一切正常", "访问过于频繁，请输入验证码")
    assert "请输入验证码" in (SinaFinance.parse_article(page_of(text, DOC)).body_text or "")


def test_H73_a_login_page_is_blocked() -> None:
    with pytest.raises(Blocked) as end:
        SinaFinance.parse_article(
            page_of("<form>登录</form>", "https://login.sina.com.cn/signup/signin?r=x")
        )
    assert end.value.reason == "login"


def test_H75_one_wall_in_the_place_of_thirty_articles_is_blocked_each_time() -> None:
    for number in range(30):
        with pytest.raises(Blocked):
            SinaFinance.parse_article(
                fixture("sina_finance/challenge.html", DOC.replace("567", f"5{number:02}"))
            )


def test_H88_a_canonical_link_to_the_home_page_changes_nothing() -> None:
    text = fixture("sina_finance/finance2017.html", DOC).body.decode()
    text = text.replace(
        "<head>", '<head><link rel="canonical" href="https://finance.sina.com.cn/">'
    )
    assert SinaFinance.parse_article(page_of(text, DOC)).identity == "sina:naaaaaa1234567"


def test_H89_two_paths_of_one_article_give_one_article() -> None:
    one = article("finance2017.html")
    two = article("finance2017.html", url=DOC.replace("/stock/s/", "/roll/"))
    assert (one.url_hash, one.content_hash) == (two.url_hash, two.content_hash)


def test_H90_one_title_over_two_texts_is_two_articles() -> None:
    def brief(core: str, body: str) -> Article:
        text = f'<h1 class="main-title">早报</h1><div id="artibody"><p>{body}</p></div>'
        return SinaFinance.parse_article(page_of(text, DOC.replace("naaaaaa1234567", core)))

    one, two = brief("naaaaaa1000001", "甲"), brief("naaaaaa1000002", "乙")
    assert one.url_hash != two.url_hash
    assert one.content_hash != two.content_hash


PROSE = "<p>　　示例社消息，示例市今日举行会议，会议讨论了多项议题，与会代表发表了意见。</p>" * 4


def test_an_article_of_an_unknown_generation_is_read_generically_and_flagged() -> None:
    text = (
        "<title>示例市举行会议_新浪网</title><h2>示例市举行会议</h2>"
        f"<div>2026-09-28 09:30</div><div class='neu'>{PROSE}</div>"
    )
    found = SinaFinance.parse_article(page_of(text, DOC))
    assert (found.title, found.extractor, found.flags) == ("示例市举行会议", "generic", ["generic"])
    assert str(found.published_at) == "2026-09-28 09:30:00+08:00"
    assert found.identity == "sina:naaaaaa1234567"


def test_a_page_that_is_no_article_by_address_and_marker_is_none() -> None:
    text = f"<title>新浪财经首页</title><h2>要闻</h2><div>{PROSE}</div>"
    with pytest.raises(Failed) as end:
        SinaFinance.parse_article(page_of(text, "https://finance.sina.com.cn/stock/"))
    assert end.value.reason == "not_article"
