"""What varies between pages of Eastmoney: lines under the headline, credits, promotion."""

import json
from typing import Any

import pytest

from newscrawl.items import Article
from newscrawl.outcomes import Skipped
from newscrawl.spiders.eastmoney import EastmoneySpider as Spider
from tests.spiders.eastmoney import page

URL = "https://finance.eastmoney.com/a/202608193000000011.html"
NEWS_TEXT = "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do?id=NW202608190000000001"
FIRST = "示例社消息，示例市今日举行会议，会议讨论了多项议题，并通过了决议。"
SECOND = "会议还听取了关于预算执行情况的报告，代表们认为报告符合实际情况。"
PROSE = f"<p>　　{FIRST}</p><p>　　{SECOND}</p>"
TEXT = f"{FIRST}\n{SECOND}"
TIME = '<div class="item">2026年08月19日 17:46</div>'


def read(body: str = PROSE, infos: str = TIME) -> Article:
    """Read a page of the newest kind."""
    return Spider.parse_article(
        page(
            '<div class="contentwrap"><div class="title">标题</div>'
            f'<div class="infos">{infos}</div><div id="ContentBody">{body}</div></div>',
            URL,
        )
    )


def read_plain(info: str, body: str = f'<div class="content_text">{PROSE}</div>') -> Article:
    """Read a page whose lines under the headline have no classes that tell."""
    return Spider.parse_article(page(f"<h1>标题</h1>{info}{body}", URL))


def news_text(**fields: Any) -> Article:
    record = {"id": "NW202608190000000001", "title": "标题", "date": "2026-08-19 17:46:00"}
    return Spider.parse_article(page(json.dumps(record | fields, ensure_ascii=False), NEWS_TEXT))


@pytest.mark.parametrize(
    "media",
    [
        '<div class="item">来源：<a href="#">示例报</a></div>',
        '<div class="item">来源：<img src="/logo.png" alt="示例报"></div>',
        '<div class="item"><span>来源：</span><span>示例报</span></div>',
        '<div class="item">示例报</div>',
    ],
)
def test_the_outlet_beside_the_time(media: str) -> None:
    found = read(infos=TIME + media)
    assert (str(found.published_at), found.media) == ("2026-08-19 17:46:00+08:00", "示例报")


@pytest.mark.parametrize(
    "info",
    [
        "<div><span>2015年03月04日 08:05</span> <span>来源：<a>示例时报</a></span></div>",
        "<div><i>2015年03月04日 08:05</i><em>来源：示例时报</em></div>",
        "<div>2015年03月04日 08:05 来源：示例时报 作者：张三</div>",
        "<table><tr><td>2015-03-04 08:05</td><td>来源：示例时报</td></tr></table>",
    ],
)
def test_time_and_outlet_of_old_pages(info: str) -> None:
    found = read_plain(info)
    assert (str(found.published_at), found.date_source) == ("2015-03-04 08:05:00+08:00", "visible")
    assert (found.media, found.body_text) == ("示例时报", TEXT)


def test_a_time_that_begins_a_paragraph_is_not_that_of_the_page() -> None:
    found = read_plain("", f'<div id="ContentBody"><p>2015年03月04日 08:05，{FIRST}</p></div>')
    assert (str(found.published_at), found.date_source) == ("2026-08-19 00:00:00+08:00", "code")


def test_a_source_in_a_table_is_not_the_outlet_of_the_page() -> None:
    table = "<table><tr><td>项目</td></tr><tr><td>来源：示例数据库</td></tr></table>"
    assert read(PROSE + table, infos=f'{TIME}<div class="item">示例报</div>').media == "示例报"


def test_bodies_of_research_pages() -> None:
    found = read_plain("<p>2026年08月19日 17:46</p>", f'<div id="zw_body">{PROSE}</div>')
    assert (found.extractor, found.body_text) == ("eastmoney/contenttext", TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "<p>打开微信，</p><p>点击底部的“发现”</p><p>使用“扫一扫”</p><p>即可将网页分享至朋友圈</p>",
        "<p>打开微信，点击底部的“发现”，使用“扫一扫”即可将网页分享至朋友圈。</p>",
        "<p>下载示例财富APP，查看更多</p>",
        '<iframe src="https://same.eastmoney.com/s?z=x"></iframe>',
        '<p><a href="#"><img src="http://pifm3.eastmoney.com/EM/GetPic.aspx?nid=1"></a></p>',
        "<p>（原标题：甲（乙）丙）</p>",
        "<p>（文章来源：<a href='#'>示例证券</a>时报）</p><p>（责任编辑：DF120）</p>",
    ],
)
def test_H69_what_stands_behind_the_text_goes(line: str) -> None:
    found = read(PROSE + line)
    assert (found.body_text, found.images) == (TEXT, [])


def test_the_original_title_keeps_its_own_brackets() -> None:
    assert read(f"{PROSE}<p>（原标题：甲（乙）丙）</p>").original_title == "甲（乙）丙"


def test_a_warning_of_risk_is_part_of_the_text() -> None:
    found = read(f"{PROSE}<p>　　风险提示：市场有风险，投资需谨慎。</p>")
    assert (found.body_text or "").endswith("风险提示：市场有风险，投资需谨慎。")


def test_H67_a_page_with_nothing_but_a_player_is_a_video() -> None:
    with pytest.raises(Skipped) as end:
        read('<video src="/1.mp4"></video><p class="em_media">（文章来源：示例报）</p>')
    assert end.value.reason == "video"


def test_a_page_whose_body_stands_elsewhere_is_read_generically_and_flagged() -> None:
    text = (
        f'<div class="newsContent"><h1>示例市举行会议</h1></div><div class="neu">{PROSE * 3}</div>'
    )
    found = Spider.parse_article(
        page(f"<title>示例市举行会议 _ 东方财富网</title>{text}2026年08月19日 17:46", URL)
    )
    assert (found.title, found.flags) == ("示例市举行会议", ["generic"])


def test_H69_plain_text_loses_promotion_and_credits_too() -> None:
    found = news_text(
        text=f"　　主力资金加仓名单实时更新，APP内免费看>>\n　　{FIRST}\n　　{SECOND}\n"
        "（文章来源：示例报）\n（责任编辑：张三）\n"
        "郑重声明：东方财富网发布此信息的目的在于传播更多信息，与本网站立场无关。"
    )
    assert (found.body_text, found.media, found.editor) == (TEXT, "示例报", "张三")


@pytest.mark.parametrize(
    "record",
    [
        {"data": {"Art_Code": "202608193000000011", "Art_Title": "标题"}, "success": 1},
        {"id": "NW202608190000000001", "newsid": "202608193000000011", "text": "正文"},
        {"infoCode": "NW202608190000000001", "title": "标题"},
    ],
)
def test_records_without_address_are_known_by_their_names(record: dict[str, Any]) -> None:
    assert Spider.claims(page(json.dumps(record), ""))


@pytest.mark.parametrize("body", ["{}", "[]", '{"id": "202608193000000011"}', '{"data": null}'])
def test_other_records_are_not_claimed(body: str) -> None:
    assert not Spider.claims(page(body, ""))
