"""The Jekyll dialect, byte for byte."""

from datetime import UTC, datetime

import pytest

from newscrawl.config import Site
from newscrawl.export.posts import CHINA
from tests.export.builders import FLASH, configured, render

SHARE = "https://share.example.com/html_News/NewsShare.html?infoCode=NW202201220000000001"


def test_J1_to_J8_article_as_in_the_document() -> None:
    post = render(
        "jekyll",
        identity="em-nw:NW202201220000000001",
        url=SHARE,
        title='示例市长："三步走" 推动数字化',
        media="示例证券报·示例证券网",
        body_html=(
            "<p>　　示例社消息，示例市会议21日举行。</p>\n"
            "<p>　　模板写作 &#123;&#123; name &#125;&#125; 。</p>"
        ),
    )
    assert post.text == (
        "---\n"
        "layout: post\n"
        'title: "示例市长：\\"三步走\\" 推动数字化"\n'
        "date: 2022-01-22 00:30:05 +0800\n"
        "categories: shilizhengquanbao·shilizhengquanwang\n"
        "tags: 示例证券报·示例证券网新闻\n"
        "---\n"
        "<p>示例社消息，示例市会议21日举行。</p>\n"
        "<p>模板写作 &#123;&#123; name &#125;&#125; 。</p>"
        '<p class="em_media">（文章来源：示例证券报·示例证券网）</p>\n'
        "\n"
        "<http://news.example.com/html_News/NewsShare.html?infoCode=NW202201220000000001>\n"
        "\n"
        "[返回示例证券报·示例证券网新闻]"
        "(//news.example.com/category/shilizhengquanbao·shilizhengquanwang.html)"
        "｜[返回首页](//news.example.com/)"
    )


def test_J5_flash_news_as_in_the_document() -> None:
    post = render(
        "jekyll",
        place=FLASH,
        url="http://finance.example.com/news/1,202201220000000002.html",
        title="示例股份(01234.HK)涨7.72%",
        published_at=datetime(2022, 1, 22, 13, 42, 20, tzinfo=CHINA),
        media=None,
        summary='【示例股份涨7.72%】示例股份(01234.HK)涨7.72%，公司称"一切正常"。（示例报）',
        body_html="<p>示例正文。</p>",
    )
    assert post.text == (
        "---\n"
        "layout: post\n"
        'title: "示例股份(01234.HK)涨7.72%"\n'
        "date: 2022-01-22 13:42:20 +0800\n"
        "categories: emnews\n"
        "tags: 东财滚动新闻\n"
        "---\n"
        "> 示例股份(01234.HK)涨7.72%，公司称&#34;一切正常&#34;。（示例报）\n"
        "\n"
        "<p>示例正文。</p>\n"
        "\n"
        "<http://finance.example.com/news/1,202201220000000002.html>\n"
        "\n"
        "[返回东财滚动新闻](//news.example.com/emnews/)｜[返回首页](//news.example.com/)"
    )


def test_J5_a_digest_that_is_all_of_the_article_stands_alone() -> None:
    text = render(
        "jekyll",
        place=FLASH,
        summary="【甲】乙 丙。",
        body_html="<p>【甲】乙 丙。</p>",
        body_text="【甲】乙\n丙。",
    ).text
    assert "\n---\n> 乙 丙。\n\n<https://" in text


@pytest.mark.parametrize(
    ("summary", "digest"),
    [
        ("【甲】乙【丙】丁", "乙【丙】丁"),
        ("甲【乙】丙", "甲【乙】丙"),
        ("【甲", "【甲"),
        ("\n【甲】 - 乙", "&#45; 乙"),
    ],
)
def test_J5_only_one_leading_title_is_removed(summary: str, digest: str) -> None:
    text = render("jekyll", place=FLASH, summary=summary).text
    assert f"\n---\n> {digest}\n\n<p>" in text


@pytest.mark.parametrize("summary", [None, "", " \n", "【只有标题】"])
def test_J5_no_digest_no_line(summary: str | None) -> None:
    assert "\n---\n<p>" in render("jekyll", place=FLASH, summary=summary).text


def test_J5_other_news_has_no_digest() -> None:
    assert "\n---\n<p>" in render("jekyll", summary="摘要").text


def test_J3_C7_the_date_is_0800_whatever_zone_it_came_in() -> None:
    text = render("jekyll", published_at=datetime(2021, 12, 31, 16, 0, 0, 999, tzinfo=UTC)).text
    assert "\ndate: 2022-01-01 00:00:00 +0800\n" in text


def test_J4_values_that_jekyll_would_split_or_convert_are_lists() -> None:
    text = render("jekyll", media="甲报 乙APP").text
    assert "\ncategories: jiabaoyiAPP\n" in text
    assert '\ntags: ["甲报 乙APP新闻"]\n' in text
    assert '\ncategories: ["2022"]\n' in render("jekyll", media="2022").text


def test_J6_no_indents() -> None:
    assert "　　" not in render("jekyll", body_html="<p>　　甲</p><p>　　</p>").text


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example.com/x|y>z.html", "https://a.example.com/x%7Cy%3Ez.html"),
        ("http://a.example.com/甲?b={{c}}", "http://a.example.com/%E7%94%B2?b=%7B%7Bc%7D%7D"),
        ("https://a.example.com/%E7%94%B2?b=c&d=(e)", "https://a.example.com/%E7%94%B2?b=c&d=(e)"),
    ],
)
def test_J7_the_link_is_percent_encoded(url: str, link: str) -> None:
    assert f"\n\n<{link}>\n\n[" in render("jekyll", url=url).text


def test_J7_only_share_pages_change_their_base() -> None:
    config = configured(site=Site(share_base="//never"))
    text = render("jekyll", config=config, url="https://a.example.com/a.html").text
    assert "<https://a.example.com/a.html>" in text


def test_J8_media_names_are_text_in_the_link() -> None:
    text = render("jekyll", media="甲]乙*丙`|丁").text
    assert "\n[返回甲&#93;乙&#42;丙&#96;&#124;丁新闻](//news.example.com/category/" in text


def test_J8_without_a_medium_the_source_is_named_and_no_credit_is_made_up() -> None:
    text = render("jekyll", media=None).text
    assert "\ntags: 示例财经新闻\n" in text
    assert "em_media" not in text


def test_J10_S5_category_page() -> None:
    (page,) = render("jekyll", slug_of=lambda name, wanted: f"{wanted}_2").pages
    assert str(page.path) == "category/shilizhengquanbao_2.html"
    assert page.text == (
        "---\nlayout: category\ntitle: 示例证券报新闻\ncategory: shilizhengquanbao_2\n---"
    )
    (page,) = render("jekyll", media="甲: 乙").pages
    assert page.text == '---\nlayout: category\ntitle: "甲: 乙新闻"\ncategory: jiayi\n---'
    (page,) = render("jekyll", place=FLASH).pages
    assert page.text == "---\nlayout: category\ntitle: 东财滚动新闻\ncategory: emnews\n---"


def test_S6_the_configuration_overrides_a_slug_and_cannot_break_it() -> None:
    config = configured(slugs={"示例证券报": "ssb", "投行": "../a b"})
    assert "\ncategories: ssb\n" in render("jekyll", config=config).text
    assert "\ncategories: ab\n" in render("jekyll", config=config, media="投行").text


def test_H97_H106_H130_hostile_names_stay_text_on_their_line() -> None:
    evil = '"><script>{{ 1+1 }}\n[ERROR] x'
    text = render("jekyll", title=evil, media=evil, place=FLASH, summary=evil).text
    front = text.split("\n---\n")[0]
    assert '\ntitle: "\\"><script>{{ 1+1 }} [ERROR] x"\n' in front
    assert "<script>" not in text.removeprefix(front)
    assert "{{" not in text.removeprefix(front)


def test_C1_C8_same_record_same_bytes_and_lf_only() -> None:
    assert render("jekyll").text == render("jekyll").text
    assert "\r" not in render("jekyll", title="a\r\nb").text


def test_C2_H102_a_title_of_any_kind_is_one_line() -> None:
    title = "甲\n乙\u2028丙\u0085丁\ufeff\x00\ud83d" + "长" * 5000 + "😀"
    line = render("jekyll", title=title).text.split("\n")[2]
    assert line == 'title: "甲 乙 丙 丁' + "长" * 5000 + '😀"'
