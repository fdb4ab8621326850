"""What varies between pages of Sina that share a template: metas, credits, promotion, age."""

import pytest

from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Skipped
from newscrawl.spiders.sina_finance import SinaFinance
from tests.sources.pages import page_of

DOC = "https://finance.sina.com.cn/stock/s/2026-09-28/doc-inaaaaaa1234567.shtml"
OLD = "http://finance.sina.com.cn/china/20121219/012414044470.shtml"
WAP = "https://finance.sina.cn/2024-05-16/detail-inaaaaaa1234567.d.html?from=wap"
FIRST = "示例社消息，示例市今日举行会议，会议讨论了多项议题，并通过了决议。"
SECOND = "会议还听取了关于预算执行情况的报告，代表们认为报告符合实际情况。"
PROSE = f"<p>　　{FIRST}</p>\n<p>　　{SECOND}</p>"
TEXT = f"{FIRST}\n{SECOND}"
SOURCE = '<span class="source">示例日报</span>'


def read(
    body: str = PROSE, *, head: str = "", date: str = "2026年09月28日 23:20", source: str = SOURCE
) -> Article:
    """Read a finance page since 2017."""
    text = (
        f'<html><head><meta charset="utf-8">{head}</head><body><h1 class="main-title">标题</h1>'
        f'<div class="date-source"><span class="date">{date}</span>{source}</div>'
        f'<div class="article" id="artibody">{body}</div></body></html>'
    )
    return SinaFinance.parse_article(page_of(text, DOC))


def read_old(
    body: str = PROSE,
    info: str = "",
    title: str = '<h1 id="artibodyTitle">标题</h1>',
    url: str = OLD,
) -> Article:
    """Read a page before 2015."""
    text = f'<html><body>{title}{info}<div id="artibody">{body}</div></body></html>'
    return SinaFinance.parse_article(page_of(text, url))


# ---- metas, in every spelling ------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        'name="weibo: article:create_at"',
        'name="weibo:article:create_at"',
        'property="weibo: article:create_at"',
    ],
)
def test_H80_the_editors_time_in_every_spelling(name: str) -> None:
    found = read(head=f'<meta {name} content="2026-09-28 22:00:00">')
    assert (f"{found.published_at:%H:%M}", found.date_source) == ("22:00", "create_at")


def test_the_time_of_ingestion_is_the_last_of_the_metas() -> None:
    late = '<meta property="bytedance:lrDate_time" content="2026-09-28T22:30:00+08:00">'
    published = '<meta property="article:published_time" content="2026-09-28T22:10:00+08:00">'
    assert f"{read(head=late, date='').published_at:%H:%M}" == "22:30"
    assert f"{read(head=late + published, date='').published_at:%H:%M}" == "22:10"


def test_empty_metas_say_nothing() -> None:
    found = read(
        head='<meta name="weibo: article:create_at" content=""><meta name="mediaid" content="">'
        '<meta name="tags" content=""><meta property="article:author" content="示例财经">',
        source='<span class="source"></span>',
    )
    assert (found.date_source, found.media, found.keywords) == ("visible", "示例财经", [])


@pytest.mark.parametrize(
    "source",
    [
        f'{SOURCE}<span class="date">作者：王甲 李乙</span>',
        f'<span class="date">作者：王甲 李乙</span>{SOURCE}',
        f'{SOURCE}<span class="author">王甲 李乙</span>',
        '<a class="source ent-source" href="https://www.example.com/1">示例日报</a>'
        "<span>作者：王甲 李乙</span>",
    ],
)
def test_the_author_stands_beside_the_source(source: str) -> None:
    found = read(source=source)
    assert (found.media, found.author) == ("示例日报", "王甲 李乙")


# ---- credits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "<p>责任编辑：张三 SF123</p>",
        "<p>[责任编辑：张三]</p>",
        "<p>（责编 张三）</p>",
        "<div>责任编辑：张三 SN235</div>",
        "<p><span>责任编辑：</span><a href='#'>张三</a> <span>SF142</span></p>",
        "<br>　　责任编辑：张三 SF100",
        "<!-- publish_helper_end --><p>责任编辑：张三</p>",
    ],
)
def test_the_editor_is_read_wherever_the_line_stands(line: str) -> None:
    found = read(PROSE + line)
    assert (found.editor, found.body_text) == ("张三", TEXT)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("<p>　　原标题：甲乙丙？丁</p>", "甲乙丙？丁"),
        ("<p>　　（原标题：甲乙（丙）丁）</p>", "甲乙（丙）丁"),
        ("<p>　　原题&nbsp;：甲乙丙丁</p>", "甲乙丙丁"),
        ("<p><strong>原标题：</strong>甲乙丙丁</p>", "甲乙丙丁"),
        ("<div>图注</div><p>原标题：甲乙丙丁</p>", "甲乙丙丁"),
    ],
)
def test_the_original_title_is_a_field_wherever_it_stands(line: str, title: str) -> None:
    found = read(line + PROSE)
    assert found.original_title == title
    assert "原" not in (found.body_text or "")


def test_an_original_title_above_a_break_does_not_take_the_text_along() -> None:
    found = read(f"<p>　　原标题：甲乙丙丁<br>　　{FIRST}</p>")
    assert (found.original_title, found.body_text) == ("甲乙丙丁", FIRST)


@pytest.mark.parametrize(
    "line",
    [
        "转自：示例日报客户端",
        "来源 示例公众号",
        "本文源自金融界",
        "■本报记者 张三 北京报道",
        "（示例晚报 记者 张三）",
        "（作者署名：示例处）",
        "撰文：张三",
    ],
)
@pytest.mark.parametrize("place", ["{line}{prose}", "{prose}{line}"])
def test_lines_of_nothing_but_credits_are_no_text(line: str, place: str) -> None:
    assert read(place.format(line=f"<p>　　{line}</p>", prose=PROSE)).body_text == TEXT


def test_what_can_be_text_is_a_credit_only_at_the_edges() -> None:
    assert "原题：求和。" in (read(f"{PROSE}<p>原题：求和。</p>{PROSE}").body_text or "")
    found = read(f"{PROSE}<p>责任编辑：甲</p>{PROSE}")
    assert found.editor is None
    assert "责任编辑：甲" in (found.body_text or "")


# ---- promotion ---------------------------------------------------------------------------

PROMOTION = [
    "郑重声明：以上内容与新浪网立场无关。",
    "特别声明：以上文章内容仅代表作者本人观点，不代表新浪网观点或立场。",
    "（注：本文仅代表作者观点，不代表新浪立场）",
    "关注微信公众号：示例财经（ID：slcj）",
    "微信扫一扫，关注新浪财经",
    "更多内容请下载新浪财经APP查看",
    "点击查看更多：下载新浪财经APP",
    "扫码加入示例群",
    "扫描二维码，关注示例日报",
    "长按识别下方二维码，关注我们。",
    "登录新浪财经APP 搜索【信披】查看更多考评等级",
    "消费遇纠纷，投诉不知门？上黑猫投诉，帮你解决",
    "点击进入专题：示例专题",
    "打开APP阅读全文",
    "展开全文",
    "[我来说两句] 【发表评论】",
    "热点栏目</p><p>资金流向 千股千评 个股诊断</p><p>客户端",
    "本栏目所有文章目的在于传递更多信息，并不代表本网赞同其观点。",
    "[上一页] [1] [2] [下一页]",
    "上一页 1 2 3 下一页",
]


@pytest.mark.parametrize("line", PROMOTION)
@pytest.mark.parametrize("place", ["{line}{prose}", "{prose}{line}"])
def test_H69_promotion_at_the_edges_goes(line: str, place: str) -> None:
    assert read(place.format(line=f"<p>　　{line}</p>", prose=PROSE)).body_text == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "风险提示：市场有风险，投资需谨慎。",
        "黑猫投诉平台显示，关于示例公司的投诉超过千条。",
        "消费者通过黑猫投诉平台反映，示例公司拒绝退款。",
        "特别提示：本公司及董事会全体成员保证信息披露内容的真实、准确和完整。",
        "声明：我公司从未发布该消息。",
        "郑重声明：近期网上流传的我公司裁员消息不实。",
        "新浪财经APP月活用户突破一亿，同比增长两成。",
        "用户需下载示例APP才能使用该功能。",
        "居民扫码关注公众号即可预约接种。",
        "乘客扫描二维码即可乘车。",
        "市民用微信扫一扫就能支付。",
        "来源不明的资金正在流入市场。",
        "图为示例公司总部 示例日报记者 张三 摄",
    ],
)
@pytest.mark.parametrize("place", ["{line}{prose}", "{prose}{line}"])
def test_what_only_reads_like_promotion_stays(line: str, place: str) -> None:
    found = read(place.format(line=f"<p>　　{line}</p>", prose=PROSE))
    assert line in (found.body_text or "")


def test_H69_advertisements_between_paragraphs_go() -> None:
    found = read(
        f'<p>　　{FIRST}</p><iframe src="https://ad.example.com/x"></iframe>'
        '<div id="ad_1"><ins class="adsbygoogle">广告</ins></div><ins class="sinaads">广告</ins>'
        f"<p>　　{SECOND}</p>"
    )
    assert found.body_text == TEXT
    assert "嵌入页面" not in (found.body_html or "")


def test_numbers_of_a_table_are_no_pages() -> None:
    found = read(
        f"<table><tr><td>1</td><td>12</td></tr><tr><td>2</td><td>7</td></tr></table>{PROSE}"
    )
    assert found.body_text == f"1\t12\n2\t7\n{TEXT}"


# ---- bodies ------------------------------------------------------------------------------


def test_an_empty_container_does_not_hide_the_full_one() -> None:
    text = (
        '<h1 id="artibodyTitle">标题</h1><span id="pub_date">2012年12月19日 01:24</span>'
        f'<div id="artibody"> </div><div id="article">{PROSE}</div>'
    )
    found = SinaFinance.parse_article(page_of(text, OLD))
    assert (found.extractor, found.body_text) == ("sina_finance/legacy", TEXT)


def test_an_embedded_player_alone_is_a_video() -> None:
    with pytest.raises(Skipped) as end:
        read('<div class="artical-player-wrap"><div id="J_Article_Player">播放</div></div>')
    assert end.value.reason == "video"


# ---- before 2015 -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "info",
    [
        '<span id="pub_date">2012年12月19日 03:24</span> <span id="media_name">示例日报</span>',
        '<span id="art_source">http://www.sina.com.cn 2012年12月19日 03:24 示例日报</span>',
        '<span class="time-source">2012年12月19日03:24 示例日报</span>',
        '<span class="titer">2012年12月19日 03:24</span><span class="source">示例日报</span>',
        "<table><tr><td>http://finance.sina.com.cn 2012年12月19日 03:24 示例日报</td></tr></table>",
        "<p>2012年12月19日&nbsp;03:24　<font>示例日报</font></p>",
    ],
)
def test_time_and_outlet_of_old_pages(info: str) -> None:
    found = read_old(info=info)
    assert (str(found.published_at), found.media) == ("2012-12-19 03:24:00+08:00", "示例日报")
    assert (found.date_source, found.body_text) == ("visible", TEXT)


def test_a_day_in_the_text_is_not_the_time_of_an_old_page() -> None:
    found = read_old(f"<p>2011年1月2日 08:00 示例市下了雪，{FIRST}</p>{PROSE}", url=OLD)
    assert f"{found.published_at:%Y}" == "2012"


@pytest.mark.parametrize(
    "sign",
    [
        '<meta name="publishid" content="fccccccc123456">',
        '<meta name="comment" content="cj:comos-fccccccc123456">',
        '<meta name="sudameta" content="comment_channel:cj;dataid:comos:fccccccc123456">',
        '<link rel="alternate" href="https://finance.sina.com.cn/x/doc-ifccccccc123456.shtml.md">',
        '<meta name="mobile-agent" content="format=html5; '
        'url=https://finance.sina.cn/x/detail-ifccccccc123456.d.html">',
    ],
)
def test_what_tells_which_article_a_page_without_address_is(sign: str) -> None:
    page = page_of(
        f'{sign}<h1 id="artibodyTitle">标题</h1><span id="pub_date">2012年12月19日 01:24</span>'
        f'<div id="artibody">{PROSE}</div>',
        "",
    )
    assert SinaFinance.claims(page)
    assert SinaFinance.parse_article(page).identity == "sina:fccccccc123456"


def test_the_comment_of_the_publishing_system_tells_it_too() -> None:
    page = page_of(
        "<!--[1,1,14044470] published at 2012-12-19 01:25:07 from #150 by 1-->"
        f'<html><h1 id="artibodyTitle">标题</h1><div id="artibody">{PROSE}</div></html>',
        "",
    )
    assert SinaFinance.claims(page)
    found = SinaFinance.parse_article(page)
    assert (found.identity, found.date_source) == ("sina:1-1-14044470", "comment")


# ---- mobile ------------------------------------------------------------------------------


def wap(info: str, *, body: str = PROSE, head: str = "") -> Article:
    text = (
        f'<head>{head}</head><article class="art_box"><h1 class="art_tit_h1">标题</h1>{info}'
        f'<section class="art_pic_card art_content">{body}</section></article>'
    )
    return SinaFinance.parse_article(page_of(text, WAP))


def test_H76_a_day_without_year_is_not_read_by_the_clock_of_the_reader() -> None:
    line = '<time class="weibo_time"><span class="weibo_time_day">{}</span> 05:39</time>'
    assert str(wap(line.format("2024.05.16")).published_at) == "2024-05-16 05:39:00+08:00"
    for short in ("05-16", "今天"):
        found = wap(line.format(short))
        assert (str(found.published_at), found.date_source) == ("2024-05-16 00:00:00+08:00", "url")


def test_pictures_and_promotion_of_mobile_pages() -> None:
    found = wap(
        '<h2 class="weibo_user">示例时报</h2>',
        body='<figure><img data-src="//k.sinaimg.cn/n/b.jpg/w700d1q75cms.jpg">'
        f'<figcaption class="art_img_tit">图注</figcaption></figure>{PROSE}'
        '<p class="art_p">责任编辑：张三</p><div><a href="#">打开APP阅读全文</a></div>',
    )
    assert found.body_text == f"图注\n{TEXT}"
    assert [(image.url, image.caption) for image in found.images] == [
        ("https://k.sinaimg.cn/n/b.jpg", "图注")
    ]
    assert found.editor == "张三"


# ---- what the publisher asks ---------------------------------------------------------------


@pytest.mark.parametrize("content", ["noindex,nofollow,noarchive", "NoIndex", "none"])
def test_a_page_that_asks_not_to_be_kept_is_skipped_by_a_crawl_only(content: str) -> None:
    text = (
        f'<meta name="Robots" content="{content}"><h1 class="main-title">标题</h1>'
        f'<div id="artibody">{PROSE}</div>'
    )
    with pytest.raises(Skipped) as end:
        SinaFinance.parse_article(page_of(text, DOC), Entry(DOC))
    assert end.value.reason == "not_archivable"
    assert SinaFinance.parse_article(page_of(text, DOC)).body_text == TEXT


def test_a_page_that_asks_for_nothing_is_kept() -> None:
    text = (
        '<meta name="robots" content="index,follow,max-image-preview:large">'
        f'<h1 class="main-title">标题</h1><div id="artibody">{PROSE}</div>'
    )
    assert SinaFinance.parse_article(page_of(text, DOC), Entry(DOC)).body_text == TEXT
