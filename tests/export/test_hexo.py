"""The Hexo dialect, byte for byte."""

import locale
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newscrawl.items import Image
from tests.export.builders import PLACE, render


def test_X1_to_X7_article_as_in_the_document() -> None:
    post = render(
        "hexo",
        title='It\'s 示例：打造"示例区" 推动科技—产业',
        body_html=(
            "<p>　　示例正文 &#123;x&#125;。</p>\n"
            '<p><img src="https://img.example.com/a.jpg" alt=""></p>'
        ),
    )
    assert post.text == (
        "\n"
        "---\n"
        "title: 'It''s 示例：打造\"示例区\" 推动科技—产业'\n"
        "categories: \n"
        " - 金融\n"
        " - 示例财经\n"
        " - 示例财经－国內\n"
        "headimg: 'https://img.example.com/a.jpg'\n"
        "author: 示例财经\n"
        "comments: false\n"
        "date: Fri, 21 Jan 2022 16:30:05 GMT\n"
        "thumbnail: 'https://img.example.com/a.jpg'\n"
        "---\n"
        "\n"
        "<div>   \n"
        "<p>　　示例正文 &#123;x&#125;。</p>\n"
        '<p><img src="https://img.example.com/a.jpg" alt referrerpolicy="no-referrer"></p>  \n'
        "</div>\n"
        "            "
    )
    assert post.pages == ()


def test_X7_original_title_first_and_editor_last() -> None:
    text = render("hexo", original_title="原来的<标题>", editor="某人", body_html="<p>甲</p>").text
    assert (
        "<div>   \n"
        "<p>　　原标题：原来的&lt;标题&gt;</p>\n"
        "<p>甲</p>\n"
        '<p class="article-editor">责任编辑：某人 </p>  \n'
        "</div>\n"
    ) in text


@pytest.mark.parametrize("item", ["@甲", "#x", "甲: 乙", "1e3", "2022-01-01", "null", "`a`", "> x"])
def test_X3_X4_items_that_are_not_plain_are_quoted(item: str) -> None:
    text = render("hexo", place=replace(PLACE, site=item)).text
    assert f"\n - '{item}'\n" in text
    assert f"\nauthor: '{item}'\n" in text


def test_X5_the_first_http_picture_of_the_body() -> None:
    images = [Image("data:image/png;base64,x"), Image("http://i.example.com/it's 甲.jpg")]
    text = render("hexo", images=images, lead_image="https://i.example.com/page.jpg").text
    assert text.count("'http://i.example.com/it%27s%20%E7%94%B2.jpg'") == 2


def test_X5_C8_without_a_picture_the_number_follows_from_the_article() -> None:
    numbers = set()
    for n in range(50):
        text = render("hexo", images=[], identity=f"sina:{n}").text
        assert text == render("hexo", images=[], identity=f"sina:{n}").text
        (number,) = {
            line.rpartition("=")[2].rstrip("'") for line in text.splitlines() if "picsum" in line
        }
        assert 1 <= int(number) <= 9999
        numbers.add(number)
    assert len(numbers) > 40


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2022, 3, 1, 3, 4, 5, tzinfo=UTC), "Tue, 01 Mar 2022 03:04:05 GMT"),
        (datetime(2021, 12, 31, 16, 0, 0, tzinfo=UTC), "Fri, 31 Dec 2021 16:00:00 GMT"),
        (datetime(2020, 2, 29, 0, 0, 0, tzinfo=UTC), "Sat, 29 Feb 2020 00:00:00 GMT"),
    ],
)
def test_X6_rfc_1123_in_english(instant: datetime, expected: str) -> None:
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("C", "zh_CN.UTF-8", "de_DE.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert f"\ndate: {expected}\n" in render("hexo", published_at=instant).text
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_X2_only_the_quote_is_doubled() -> None:
    assert "\ntitle: 'C:\\new ''x'' \"y\"'\n" in render("hexo", title="C:\\new 'x' \"y\"").text


def test_X7_indents_stay_and_nothing_stands_around_the_fragment() -> None:
    text = render("hexo", body_html="\n <p>　　甲</p> \n").text
    assert "<div>   \n<p>　　甲</p>  \n</div>" in text


def test_H97_H106_credits_are_text() -> None:
    text = render("hexo", editor="<b>{{x}}", original_title='"><img onerror=1>').text
    assert "<b>" not in text
    assert "{{" not in text
    assert "<img " not in text.split("</p>")[0]
