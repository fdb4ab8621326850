"""Articles of Eastmoney: identity, records, pages, and everything that is no article."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from newscrawl.extraction.page import Page
from newscrawl.identity.urls import UnsafeURL
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Blocked, Failed, Gone, Quarantined, Skipped
from newscrawl.spiders.eastmoney import EastmoneySpider as Spider
from tests.spiders.eastmoney import FIXTURES, NOW, at, fixture, page

SHARE = "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode="
NEWS_TEXT = "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do?id="
DETAIL = "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/"
SHARED = Path(__file__).parents[3] / "shared"


def url_of(code: str) -> str:
    return f"https://finance.eastmoney.com/a/{code}.html"


def read(name: str, url: str, entry: Entry | None = None) -> Article:
    return Spider.parse_article(fixture(name, url), entry)


def detail(**changes: Any) -> Article:
    """Read the detail fixture with some of its fields changed."""
    answer = json.loads((FIXTURES / "detail.json").read_text(encoding="utf-8"))
    answer["data"] |= changes
    body = json.dumps(answer, ensure_ascii=False)
    return Spider.parse_article(page(body, DETAIL + "202609193000000003?guid=1"))


# ---- identity --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://finance.eastmoney.com/a/202609193000000003.html",
        "http://finance.eastmoney.com/a/202609193000000003.html",
        "http://FINANCE.eastmoney.com:80/news/1345,202609193000000003.html",
        "https://stock.eastmoney.com/news/1406,202609193000000003.html#comment",
        "https://hk.eastmoney.com/a/202609193000000003.html?from=wap&utm_source=x",
        "http://wap.eastmoney.com/3g/news/article,8,345,1,202609193000000003.shtml",
        "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/202609193000000003?guid=1",
    ],
)
def test_H84_H85_one_article_under_all_its_addresses(url: str) -> None:
    identity = Spider.identify(url)
    assert identity.key == "em:202609193000000003"
    assert identity.url == "https://finance.eastmoney.com/a/202609193000000003.html"


def test_H86_other_codes_are_other_articles() -> None:
    assert Spider.identify(url_of("20260919300000000")).key == "em:20260919300000000"
    assert Spider.identify(url_of("20260919300000000312")).key == "em:20260919300000000312"
    assert Spider.identify(SHARE + "NW1a").key != Spider.identify(SHARE + "NW1A").key


@pytest.mark.parametrize(
    "url",
    [
        "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=NW202112219999990001",
        "http://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=NW202112219999990001&a=1",
        "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do?id=NW202112219999990001",
        "http://app.jg.eastmoney.com/NewsData/GetNewsText.do?id=NW202112219999990001&cid=7",
    ],
)
def test_an_nw_code_is_an_identity_of_its_own(url: str) -> None:
    identity = Spider.identify(url)
    assert identity.key == "em-nw:NW202112219999990001"
    assert identity.url == f"{SHARE}NW202112219999990001"


@pytest.mark.parametrize(
    "url",
    [
        "https://guba.eastmoney.com/news,600999,202609193000000003.html",
        "https://video.eastmoney.com/a/202609193000000003.html",
        "https://data.eastmoney.com/report/info/202609193000000003.html",
        "https://finance.eastmoney.com/a/cgnjj_2.html",
        "https://finance.eastmoney.com.example.org/a/202609193000000003.html",
        "https://finance.eastmoney.com/a/2026091930000000031234567.html",
    ],
)
def test_other_pages_have_no_code(url: str) -> None:
    assert not Spider.identify(url).key.startswith("em")


def test_H87_the_code_counts_however_the_path_is_written() -> None:
    raw = "https://finance.eastmoney.com/新闻/1345,202609193000000003.html"
    encoded = "https://finance.eastmoney.com/%e6%96%b0%e9%97%bb/1345,202609193000000003.html"
    assert Spider.identify(raw) == Spider.identify(encoded)


def test_an_unsafe_address_has_no_identity() -> None:
    with pytest.raises(UnsafeURL):
        Spider.identify("javascript:alert(202609193000000003)")


# ---- requests --------------------------------------------------------------------------


def test_an_article_is_asked_for_as_json_then_as_a_page() -> None:
    urls = [fetch.url for fetch in Spider.article_requests(Entry(url_of("202609193000000003")))]
    assert urls == [
        DETAIL + "202609193000000003?guid=202609193000000003",
        url_of("202609193000000003"),
    ]


def test_an_nw_code_leads_to_the_text_of_the_back_end() -> None:
    only = Spider.article_requests(Entry(SHARE + "NW202112219999990001"))
    assert [fetch.url for fetch in only] == [NEWS_TEXT + "NW202112219999990001"]
    both = Spider.article_requests(
        Entry(url_of("202112219999990002"), aliases=(SHARE + "NW202112219999990001",))
    )
    assert [fetch.url for fetch in both][-1] == NEWS_TEXT + "NW202112219999990001"
    assert len(both) == 3


# ---- detail JSON -----------------------------------------------------------------------


def test_detail_fields() -> None:
    article = detail()
    assert article.source == "eastmoney"
    assert article.identity == "em:202609193000000003"
    assert article.url == url_of("202609193000000003")
    assert article.title == "示例城市公布“十五五”交通规划：新增 6 条轨道 & 两座枢纽"
    assert article.original_title == "示例城市五年新增六条轨道"
    assert article.published_at == at("2026-09-19 10:00:07")
    assert article.updated_at == at("2026-09-19 10:30:00")
    assert (article.media, article.author, article.editor) == ("示例经济报", "王五", None)
    assert article.summary == "【快讯】五年内新增六条轨道线路。"
    assert article.keywords == ["交通规划", "轨道"]
    assert article.stock_codes == ["0.000999"]
    assert (
        article.lead_image
        == "https://np-newspic.dfcfw.com/download/D25000000000000000009_w300h200.jpg"
    )
    assert article.extractor == "eastmoney/detail"
    assert article.flags == []


def test_H53_references_in_a_record_are_decoded_once() -> None:
    text = detail().body_text or ""
    assert "{{ name }}、&lt;b&gt; 的字样" in text


def test_detail_body_is_the_text_alone() -> None:
    assert (detail().body_text or "").splitlines() == [
        "示例城市9月19日公布交通规划，五年内新增六条轨道线路，"
        "并把模板写作 {{ name }}、&lt;b&gt; 的字样原样保留。",
        "规划提出，示例轨道等企业参与建设，总投资约一千二百亿元。",
        "专家认为，规划的落实取决于土地与资金的安排。",
    ]


def test_the_credit_of_the_text_stands_in_for_a_missing_media() -> None:
    assert detail(Art_Media_Name="").media == "示例经济报"


@pytest.mark.parametrize("mark", ["0", 0, "", "2"])
def test_what_is_not_to_be_archived_is_skipped(mark: str | int) -> None:
    with pytest.raises(Skipped, match="not_archivable"):
        detail(Art_EnableCrawl=mark)


def test_a_missing_article_is_gone_so_that_its_page_is_tried() -> None:
    with pytest.raises(Gone, match="missing: 文章不存在"):
        read("detail_missing.json", DETAIL + "202609193000000003")
    with pytest.raises(Gone):
        Spider.parse_article(page('{"data":null,"success":1,"message":""}', DETAIL + "1"))


def test_H74_paid_articles_are_flagged() -> None:
    assert detail(Art_Tip_Info="本文为付费内容").flags == ["paid"]


def test_H78_an_impossible_time_gives_way_to_the_listing_and_then_the_code() -> None:
    assert detail(Art_ShowTime="2026/13/45 10:00:00").published_at == at("2026-09-19 00:00")
    article = detail(Art_ShowTime="")
    assert (article.published_at, article.date_source) == (at("2026-09-19 00:00"), "code")


def test_H67_an_article_that_is_only_a_player_is_skipped() -> None:
    with pytest.raises(Skipped, match="video"):
        detail(Art_Content='<p><iframe src="https://v.example.org/1"></iframe></p>')


def test_H68_an_empty_body_is_no_article() -> None:
    with pytest.raises(Quarantined, match="no_body"):
        detail(Art_Content="<p>　　</p>")


def test_a_flash_without_text_of_its_own_keeps_its_digest() -> None:
    row = {"code": "202609193000000003", "summary": "【示例快讯】示例公司签订合同。"}
    entry = Entry(url_of("202609193000000003"), title="示例快讯", record=row)
    empty = '{"success":1,"data":{"Art_Code":"202609193000000003","Art_Title":"示例快讯"}}'
    article = Spider.parse_article(page(empty, DETAIL + "202609193000000003"), entry)
    assert article.body_text == "示例公司签订合同。"
    assert "flash" in article.flags


# ---- the Choice back end and flash rows ------------------------------------------------


def test_news_text_as_html() -> None:
    entry = Entry(SHARE + "NW202112219999990001")
    article = read("newstext.json", NEWS_TEXT + "NW202112219999990001", entry)
    assert article.identity == "em:202112219999990002"
    assert article.identity == "em:202112219999990002"
    assert article.aliases == [SHARE + "NW202112219999990001"]
    assert article.published_at == at("2021-12-21 20:17:14")
    assert article.media == "示例证券报·示例证券网"
    assert article.author == "赵六 孙七"
    assert article.body_html == (
        "<p>　　示例市委工作会议21日举行，会议分析当前形势。</p>\n"
        " <p>　　会议部署明年工作，要求各部门落实到位。</p>"
    )


def test_news_text_as_plain_text_without_anything_else() -> None:
    entry = Entry(SHARE + "NW202205269999990003", published_at=at("2022-05-26 15:05:00"))
    article = read("newstext_plain.json", NEWS_TEXT + "NW202205269999990003", entry)
    assert article.identity == "em-nw:NW202205269999990003"
    assert article.url == SHARE + "NW202205269999990003"
    assert article.title == "示例指数收涨"
    assert article.published_at == at("2022-05-26 15:05:00")
    assert article.media == "示例财经社"
    assert (article.body_text or "").splitlines() == [
        "【示例指数收涨】示例指数26日收盘上涨1.2%，成交额突破万亿元。",
        "新能源板块领涨。",
    ]


def test_the_code_of_the_listing_stands_before_the_nw_code_of_the_text() -> None:
    entry = Entry(url_of("202205269999990006"), aliases=(SHARE + "NW202205269999990003",))
    article = read("newstext_plain.json", NEWS_TEXT + "NW202205269999990003", entry)
    assert article.identity == "em:202205269999990006"
    assert article.aliases == [SHARE + "NW202205269999990003"]


def test_a_flash_row_is_an_article_by_itself() -> None:
    row = {
        "title": "",
        "digest": "【示例平台上线】【快讯】示例平台26日上线。",
        "id": "202205269999990006",
        "infocode": "NW202205269999990007",
        "showtime": "",
    }
    article = Spider.parse_article(Page.of_record(url_of("202205269999990006"), row, NOW))
    assert article.identity == "em:202205269999990006"
    assert article.aliases == [SHARE + "NW202205269999990007"]
    assert article.title == "示例平台上线"
    assert (article.published_at, article.date_source) == (at("2022-05-26 00:00"), "code")
    assert article.summary == article.body_text == "【快讯】示例平台26日上线。"
    assert article.flags == ["flash"]


def test_a_long_first_sentence_is_cut_for_a_title() -> None:
    row = {"digest": "示例" * 50 + "。后一句。", "id": "202205269999990006"}
    article = Spider.parse_article(Page.of_record(url_of("202205269999990006"), row, NOW))
    assert article.title == "示例" * 20 + "…"


# ---- pages -----------------------------------------------------------------------------


def test_contentwrap_fields() -> None:
    article = read("page_contentwrap.html", url_of("202608193000000011"))
    assert article.identity == "em:202608193000000011"
    assert article.title == "示例股份：“海上风电”订单增长 & 产能翻番"
    assert article.published_at == at("2026-08-19 17:46")
    assert article.date_source == "visible"
    assert article.media == "示例证券报·示例证券网"
    assert (article.author, article.editor) == ("张三", "李四")
    assert article.summary == "示例股份8月19日公布，上半年订单同比增长三成。"
    assert article.original_title == "示例股份上半年订单增长三成"
    assert article.stock_codes == ["1.600999", "90.BK0999", "0.300999"]
    assert [image.url for image in article.images] == [
        "https://np-newspic.dfcfw.com/download/D25000000000000000001_w800h555.jpg"
    ]
    assert article.extractor == "eastmoney/contentwrap"


def test_H69_promotion_inside_the_body_goes_and_text_between_broken_marks_stays() -> None:
    article = read("page_contentwrap.html", url_of("202608193000000011"))
    assert (article.body_text or "").splitlines() == [
        "8月19日晚间，示例股份公布上半年业绩。公司上半年海上风电订单同比增长三成，"
        "董事会认为全年目标可以完成。",
        "分业务看，示例风机等供应商的交付速度快于预期，风电设备板块的产能利用率升至九成。",
        "下半年怎么看",
        "公司表示，CPI回落对成本的影响有限，<示例计划>将按期推进，详情见此前的报道。",
        "项目\t订单（亿元）",
        "海上\t32.5",
        "市场人士认为，行业景气度仍在提升，但原材料价格波动值得关注。"
        "打开微信就能查询的招标平台也提高了透明度。",
    ]


def test_links_to_other_articles_stay_and_quote_links_go() -> None:
    html = read("page_contentwrap.html", url_of("202608193000000011")).body_html or ""
    assert 'href="http://finance.eastmoney.com/a/202608183000000010.html"' in html
    assert "quote.eastmoney.com" not in html
    assert "acttg" not in html


def test_newscontent_page() -> None:
    article = read(
        "page_newscontent.html", "http://finance.eastmoney.com/news/1344,20180912944500016.html"
    )
    assert article.identity == "em:20180912944500016"
    assert article.title == "示例港口集装箱吞吐量再创新高"
    assert article.published_at == at("2018-09-12 09:10")
    assert article.media == "示例商报"
    assert article.editor is None  # DF398 is a staff number, no name
    assert article.summary == "示例港口公布，8月集装箱吞吐量同比增长12%。"
    assert article.extractor == "eastmoney/newscontent"
    assert (article.body_text or "").splitlines() == [
        "示例港口9月11日公布，8月集装箱吞吐量达210万标准箱，同比增长12%，连续五个月增长。",
        "示例港口负责人说，新航线的开通带动了货量，全年有望突破两千万标准箱。",
        "业内认为，航运需求的回升还会持续，但运价已处在高位。",
    ]


def test_contenttext_page() -> None:
    article = read("page_contenttext.html", url_of("20150304481000016"))
    assert article.title == "示例银行下调个人房贷利率"
    assert article.published_at == at("2015-03-04 08:05")
    assert article.media == "示例时报"
    assert article.extractor == "eastmoney/contenttext"
    lines = (article.body_text or "").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("示例银行3月3日发布公告")
    assert lines[2].endswith("形成一定的压力。")


def test_a_page_tells_which_article_it_is() -> None:
    for name, key in (
        ("page_contentwrap.html", "em:202608193000000011"),
        ("page_newscontent.html", "em:20180912944500016"),
    ):
        assert read(name, "").identity == key


def test_H88_an_address_in_the_page_counts_only_where_the_page_has_none() -> None:
    assert read("page_contentwrap.html", url_of("202608193000000099")).identity == (
        "em:202608193000000099"
    )


def test_H68_a_page_whose_body_scripts_would_fill() -> None:
    with pytest.raises(Quarantined, match="no_body"):
        read("page_shell.html", url_of("202608193000000099"))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://guba.eastmoney.com/news,600999,1.html", "forum"),
        ("https://v.eastmoney.com/a/202608193000000011.html", "video"),
        ("https://roadshow.eastmoney.com/luyan/1", "live"),
    ],
)
def test_H67_pages_that_are_no_articles_are_skipped(url: str, reason: str) -> None:
    with pytest.raises(Skipped, match=reason):
        read("page_contentwrap.html", url)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ("<html><body><p>系统繁忙，请稍后再试</p></body></html>", DETAIL + "202608193000000011"),
        ('{"code":500}', DETAIL + "202608193000000011"),
        ("[]", NEWS_TEXT + "NW202205269999990003"),
        ('{"data":[1],"success":1}', DETAIL + "202608193000000011"),
        ('{"data":{"Art_Title":"示例","Art_Content":"<p>示', DETAIL + "202608193000000011"),
        ("<?xml version='1.0'?><rss><channel/></rss>", url_of("202608193000000011")),
    ],
)
def test_H59_H61_anything_else_fails_by_its_type(body: str, url: str) -> None:
    with pytest.raises(Failed, match="type"):
        Spider.parse_article(page(body, url))


def test_H89_H90_one_identity_in_every_section_and_one_each_for_equal_titles() -> None:
    as_page = read(
        "page_contentwrap.html", "http://stock.eastmoney.com/news/1406,202608193000000011.html"
    )
    again = read("page_contentwrap.html", url_of("202608193000000011"))
    other = read("page_contentwrap.html", url_of("202608193000000012"))
    assert as_page.url_hash == again.url_hash != other.url_hash
    assert as_page.content_hash == again.content_hash == other.content_hash


def test_a_company_may_declare_what_it_likes() -> None:
    """Only the site's own declaration is noise, not every paragraph that begins like it."""
    text = "<p>郑重声明：示例公司从未委托任何机构发行理财产品。</p><p>公司将保留追究的权利。</p>"
    article = detail(Art_Content="<p>示例公司发布公告。</p>" + text)
    assert len((article.body_text or "").splitlines()) == 3


def test_a_page_of_no_known_template_is_read_by_the_general_rules() -> None:
    paragraph = "示例公司公布了新的产品计划，将在明年投入生产，并扩大在海外的销售网络。"
    body = (
        "<html><head><title>示例公司公布产品计划_东方财富网</title></head><body>"
        "<h1>示例公司公布产品计划</h1><div>2026-10-02 10:20</div><div class='new-template'>"
        f"<p>{paragraph}</p><p>{paragraph * 2}</p><p>{paragraph * 3}</p></div></body></html>"
    )
    article = Spider.parse_article(page(body, url_of("202610023000000011")))
    assert article.title == "示例公司公布产品计划"
    assert article.published_at == at("2026-10-02 10:20")
    assert article.extractor == "generic"
    assert "generic" in article.flags


def test_H71_a_challenge_in_place_of_an_article_is_blocked() -> None:
    challenge = "<html><body><p>访问过于频繁，请输入验证码</p></body></html>"
    for url in (DETAIL + "202608193000000011", url_of("202608193000000011")):
        with pytest.raises(Blocked):
            Spider.parse_article(page(challenge, url))


def test_H66_hostile_text_in_the_fields_costs_nothing() -> None:
    runs = ["原标题：" + " " * 5000, "来源：" * 3000, "(" * 9000, "2026年" * 3000, "【" * 9000]
    rows = "".join(f'<div class="item">{run}x</div>' for run in runs)
    others = "".join(f'<div class="zwothers">{run}x</div>' for run in runs)
    body = (
        f"<title>{' _ 东方' * 3000}</title><div class='contentwrap'><div class='infos'>{rows}</div>"
        f"<div class='abstract'>摘要{' ' * 9000}</div><div id='ContentBody'><p>正文。</p></div>"
        f"</div>{others}"
    )
    begin = time.perf_counter()
    with suppress(Quarantined):
        Spider.parse_article(page(body, url_of("202608193000000011")))
    assert time.perf_counter() - begin < 1


# ---- real text -------------------------------------------------------------------------

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared samples are not here")


@needs_shared
def test_a_real_body_comes_out_as_text() -> None:
    fragment = (SHARED / "pages/fragment-eastmoney-2026-01-body.html").read_text(encoding="utf-8")
    body = f'<html><div class="contentwrap"><div class="title">示例</div>{fragment}</div></html>'
    article = Spider.parse_article(
        page(body, url_of("202601043000000001")), Entry("", published_at=at("2026-01-04 08:00"))
    )
    assert article.media == "第一财经"
    assert article.stock_codes == ["1.600030", "90.BK1036"]
    lines = (article.body_text or "").splitlines()
    assert len(lines) == 3
    assert lines[1] == "①中信证券：开年后市场震荡向上的概率更高"
    assert "半导体自主可控等" in lines[2]
    assert "第一财经" not in (article.body_html or "")


@needs_shared
def test_the_first_sample_document_comes_back_but_for_its_credit() -> None:
    post = (SHARED / "documents/000_57cb3be1596efe54.txt").read_text(encoding="utf-8")
    content = post.split("\n---\n", 1)[1].split("\n\n<http", 1)[0]
    record = {"id": "NW202112212221490866", "title": "示例", "content": content}
    article = Spider.parse_article(Page.of_record(NEWS_TEXT + "NW202112212221490866", record, NOW))
    assert article.body_html == content.removesuffix(
        '<p class="em_media">（文章来源：上海证券报·中国证券网）</p>'
    )
    assert article.media == "上海证券报·中国证券网"
