"""Article pages of sites that have no rules: what is found, and what is left out."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.generic import GenericFields, extract_generic
from newscrawl.extraction.page import Page
from newscrawl.outcomes import Quarantined

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=SHANGHAI)

NAV = "<ul>" + "".join(f'<li><a href="/{n}">频道{n}</a></li>' for n in range(40)) + "</ul>"
RELATED = "".join(
    f'<li><a href="/r/{n}.html">另一篇文章的标题，说的是别的事情{n}</a></li>' for n in range(12)
)
FOOTER = (
    "<div>版权所有 示例网，未经书面授权禁止复制。违法和不良信息举报电话：010-00000000，"
    "邮箱 a@example.com。</div>"
)
FIRST = (
    "示例社三月一日电，示例市今日宣布，将在年内建成三座示范工厂，总投资约十亿元。三座工厂分别位于城东、"
    "城西和城南，由三家企业承建，建成后将采用统一的标准和同一套管理系统，供全省其他城市参考。"
)
SECOND = (
    "负责人介绍，工厂投产后每年可以处理二十万吨原料，带动就业两千人。其中一半岗位面向本地居民，"
    "培训由市里的职业学校承担，费用由企业和财政各出一半，首批学员将于四月入学。"
)
THIRD = (
    "当地企业表示，新的订单已经排到下半年，设备供应商正在扩大产能。业内人士则提醒，原料价格波动较大，"
    "项目的收益还要看明年的市场，投资者不宜过于乐观。"
)


def page(middle: str, title: str = "示例市将建三座示范工厂", suffix: str = "_示例网") -> Page:
    html = (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}{suffix}</title></head>"
        f"<body><div class=top>{NAV}</div>{middle}"
        f"<div class=side><h3>热门</h3>{RELATED}</div>{FOOTER}"
    )
    return Page("https://www.example.com/2026/a.html", html.encode(), NOW)


def read(middle: str) -> GenericFields:
    return extract_generic(page(middle))


def test_an_ordinary_page() -> None:
    found = read(
        "<div class=main><h1>示例市将建三座示范工厂</h1>"
        "<div>2026年02月28日 09:15:30　来源：示例日报　字号</div><div class=share>分享到微信</div>"
        f'<div class=text><p>{FIRST}</p><p><img src="1.jpg">示范工厂效果图</p>'
        f"<p>{SECOND}</p><h3>订单已满</h3><p>{THIRD}</p><p>责任编辑：某某</p></div></div>"
    )
    assert found.title == "示例市将建三座示范工厂"
    assert found.published_at == datetime(2026, 2, 28, 9, 15, 30, tzinfo=SHANGHAI)
    assert found.date_source == "visible"
    assert found.media == "示例日报"
    assert found.body.text == f"{FIRST}\n示范工厂效果图\n{SECOND}\n订单已满\n{THIRD}"
    assert found.body.images[0].url == "https://www.example.com/2026/1.jpg"


def test_everything_in_one_container() -> None:
    found = read(
        f"<div><p>频道 > 正文</p><h1>示例市将建三座示范工厂</h1><p>2026-02-28 09:15 示例晚报</p>"
        f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>（责任编辑：某某）</p>"
        f"<p>相关阅读：</p><ul>{RELATED}</ul><p>扫码关注示例网公众号</p></div>"
    )
    assert found.body.text == f"{FIRST}\n{SECOND}\n{THIRD}"
    assert found.media == "示例晚报"


def test_a_flash_of_one_paragraph() -> None:
    found = read(
        f"<div><h1>示例市将建三座示范工厂</h1><span>02-28</span><time>2026-02-28 09:15</time>"
        f"<div class=b>{FIRST}</div></div>"
    )
    assert found.body.text == FIRST
    assert found.published_at == datetime(2026, 2, 28, 9, 15, tzinfo=SHANGHAI)


def test_a_body_in_several_parts() -> None:
    found = read(
        "<div class=c><h1>示例市将建三座示范工厂</h1><div>2026 02/28 09:15:00</div>"
        f'<div class=p1><p>{FIRST}</p></div><div class="ad-slot"><a href=/x>买一送一</a></div>'
        f"<div class=p2><p>{SECOND}</p></div><div class=p3><p>{THIRD}</p></div></div>"
    )
    assert found.body.text == f"{FIRST}\n{SECOND}\n{THIRD}"


def test_text_parted_by_breaks() -> None:
    found = read(
        f"<table><tr><td><b>示例市将建三座示范工厂</b><br>2026/02/28 09:15<br>　　{FIRST}<br><br>"
        f"　　{SECOND}<br><br>　　{THIRD}</td></tr></table>"
    )
    assert found.body.text.endswith(f"{FIRST}\n{SECOND}\n{THIRD}")
    assert found.title == "示例市将建三座示范工厂"


def test_a_second_article_below_is_not_taken() -> None:
    long = "<p>完全无关的另一件事情，写得很长，有许多标点，也有许多句子。</p>" * 40
    found = read(
        f"<div><h1>示例市将建三座示范工厂</h1><p>2026-02-28 09:15</p><div><p>{FIRST}</p></div>"
        f"<div><p>为您推荐</p><h1>另一篇</h1><div>{long}</div></div></div>"
    )
    assert found.body.text == FIRST


def test_a_suspicious_class_name_does_not_cost_the_text() -> None:
    found = read(
        "<h1>示例市将建三座示范工厂</h1><p>2026-02-28 09:15</p><div><h4>导语</h4>"
        f'<div class="video-share-content"><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>'
        '<div class="video-share"><p>点击播放</p></div></div>'
    )
    assert found.body.text == f"{FIRST}\n{SECOND}\n{THIRD}"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("2026年2月28日 下午3:05", "2026-02-28T15:05:00+08:00"),
        ("<b>2026-02-28</b></div><div>09:15:01", "2026-02-28T09:15:01+08:00"),
        ("2026年02月28日", "2026-02-28T00:00:00+08:00"),
        ("2026-02-31 10:00", None),
        ("没有时间", None),
    ],
)
def test_times(shown: str, expected: str | None) -> None:
    found = read(
        f"<h1>示例市将建三座示范工厂</h1><div>{shown}</div><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    )
    assert (found.published_at.isoformat() if found.published_at else None) == expected


def test_a_meta_time_where_none_is_shown() -> None:
    found = read(
        '<meta property="article:published_time" content="2026-02-28T09:15:00+08:00">'
        f"<h1>示例市将建三座示范工厂</h1><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    )
    assert (found.published_at, found.date_source) == (
        datetime(2026, 2, 28, 9, 15, tzinfo=SHANGHAI),
        "published_time",
    )


def test_the_title_without_a_headline_on_the_page() -> None:
    assert read(f"<div><p>{FIRST}</p><p>{SECOND}</p></div>").title == "示例市将建三座示范工厂"


def test_rules_of_the_site_are_used_too() -> None:
    noise = Noise(drop=(".own",))
    body = f"<h1>示例市将建三座示范工厂</h1><div><p>{FIRST}</p><p class=own>{SECOND}</p></div>"
    assert extract_generic(page(body), noise=noise).body.text == FIRST


@pytest.mark.parametrize(
    ("title", "middle", "reason"),
    [
        ("示例市将建三座示范工厂", "<div id=app></div>", "no_body"),  # H68: a shell for scripts
        ("", f"<div><p>{FIRST}</p><p>{SECOND}</p></div>", "no_title"),
    ],
)
def test_H68_pages_without_an_article(title: str, middle: str, reason: str) -> None:
    with pytest.raises(Quarantined) as error:
        extract_generic(page(middle, title, ""))
    assert error.value.reason == reason


def test_an_unclosed_noscript_does_not_cost_the_text() -> None:
    """Its end tag is ignored where a paragraph is open, so it holds all that follows."""
    found = read(
        "<div class=main><h1>示例市将建三座示范工厂</h1>"
        f"<div class=text><p>{FIRST}</p><noscript><p>请启用脚本</noscript>"
        f"<p>{SECOND}</p></div></div>"
    )
    assert FIRST in found.body.text
    assert SECOND in found.body.text


def test_H55_deep_nesting_is_read_without_recursion() -> None:
    text = f"<p>{FIRST}</p><p>{SECOND}</p>"
    found = read(f"<h1>示例市将建三座示范工厂</h1>{'<div>' * 5_000}{text}{'</div>' * 5_000}")
    assert found.body.text == f"{FIRST}\n{SECOND}"
