"""The Hugo dialect, byte for byte."""

import frontmatter
import pytest

from newscrawl.export.hugo import Hugo
from newscrawl.items import Image
from tests.export.builders import CONFIG, NIGHT, keep, render


def test_H1_to_H4_article_as_in_the_document() -> None:
    post = render(
        "hugo",
        title='示例市长："三步走" C:\\new',
        author="示例 记者",
        keywords=["示例", "Ａ股"],
        images=[Image("https://img.example.com/a b.jpg")],
        body_html=(
            "<p>　　示例正文 &#123;x&#125;。</p>\n"
            '<p><img src="https://img.example.com/a%20b.jpg" alt=""></p>'
        ),
    )
    assert post.text == (
        "---\n"
        'title: "示例市长：\\"三步走\\" C:\\\\new"\n'
        "date: 2022-01-22T00:30:05+08:00\n"
        'categories: ["金融", "示例财经", "示例财经－国內"]\n'
        'tags: ["示例证券报", "示例", "Ａ股"]\n'
        'author: "示例 记者"\n'
        'images: ["https://img.example.com/a%20b.jpg"]\n'
        'source: "https://finance.example.com/2022-01-22/doc-inaaaaaa1234567.shtml"\n'
        "---\n"
        "<p>　　示例正文 &#123;x&#125;。</p>\n"
        '<p><img src="https://img.example.com/a%20b.jpg" alt referrerpolicy="no-referrer"></p>\n'
    )
    assert post.pages == ()


def test_H1_without_picture_author_and_keywords() -> None:
    text = render("hugo", images=[], author=None, keywords=[], media=None).text
    assert "\nimages: []\n" in text
    assert '\nauthor: "示例财经"\n' in text
    assert '\ntags: ["示例财经"]\n' in text


def test_H2_the_file_name_is_lower_case_whatever_the_id_is() -> None:
    name = Hugo(CONFIG, keep).file_name(NIGHT, "NW202201220000000001")
    assert name == "2022-01-22-nw202201220000000001.html"


@pytest.mark.parametrize(
    ("keywords", "tags"),
    [
        (["", None, 5, "乙", "乙", " 乙\n"], ["乙"]),
        (["a/b", "../x", "..", "~", "！"], ["a／b", "..／x"]),
        (["Abc", "ABC"], ["Abc"]),
        (["长" * 300], ["长" * 26]),
        ([f"甲{n}" for n in range(300)], [f"甲{n}" for n in range(19)]),
    ],
)
def test_H107_tags_are_words_that_an_address_can_hold(
    keywords: list[object], tags: list[str]
) -> None:
    text = render("hugo", keywords=keywords).text
    assert frontmatter.loads(text)["tags"] == ["示例证券报", *tags]


def test_H97_H106_front_matter_holds_the_characters_and_the_body_none_of_their_power() -> None:
    evil = '"><script>{{< x >}}</script>'
    text = render("hugo", title=evil, author=evil, editor=evil, keywords=[evil]).text
    _, front, body = text.split("---\n")
    assert frontmatter.loads(text)["title"] == evil
    assert f'author: "{evil.replace(chr(34), chr(92) + chr(34))}"\n' in front
    assert "<script>" not in body
    assert "{{" not in body


def test_H3_C7_the_offset_is_0800_in_years_with_summer_time_too() -> None:
    text = render("hugo", published_at=NIGHT.replace(year=1988, month=7)).text
    assert "\ndate: 1988-07-22T00:30:05+08:00\n" in text
