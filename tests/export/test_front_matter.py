"""Scalars of the front matter: the same string back from a YAML reader."""

from collections.abc import Mapping
from typing import ClassVar

import frontmatter
import pytest
import yaml

from newscrawl.export.front_matter import (
    ExactHandler,
    Style,
    dashed_list,
    double_list,
    double_quoted,
    is_plain,
    plain_or_single,
    single_quoted,
    word_or_list,
)
from tests.export.builders import render

TITLES = [
    *("a: b", "#x", '"q"', "it's", "- x", "@x", "%x", "---", "|", ">", "!tag", "*a", "&a"),
    *("null", "yes", "Off", "1e3", "1,000", "12:30", "0777", "2026-01-02", "~", "=", "<<"),
    *("C:\\new", "尾\\", "\\", "'", '"', "''", "{{ x }}", "{% x %}", "[a]", "`a`", "? a", ", a"),
    *("true", "0x1F", "0o17", "1_000", ".inf", "-1.5", "6:30:00", "&amp;", "<b>甲</b>", "甲: 乙"),
    *("emoji 😀 end", "全角：？！", '示例市长："三步走" 推动', "a\u00a0b", "a\u200bb", "甲 #乙"),
]


@pytest.mark.parametrize("title", TITLES)
def test_H101_J2_X2_title_is_the_same_string_after_a_yaml_reader(title: str) -> None:
    expected = title.replace("\u00a0", " ")
    for dialect in ("jekyll", "hexo"):
        text = render(dialect, title=title).text
        assert frontmatter.loads(text)["title"] == expected
        # Not only by luck of one reader: the scalar itself is a quoted string.
        line = next(line for line in text.splitlines() if line.startswith("title: "))
        assert line[7] == line[-1] == ('"' if dialect == "jekyll" else "'")


@pytest.mark.parametrize("value", TITLES)
def test_C9_every_style_gives_one_string(value: str) -> None:
    assert yaml.safe_load(double_quoted(value)) == value
    assert yaml.safe_load(single_quoted(value)) == value
    assert yaml.safe_load(plain_or_single(value)) == value
    assert yaml.safe_load(f"a: {double_list([value, value])}") == {"a": [value, value]}
    assert yaml.safe_load(f"a: {dashed_list([value, '乙'])}") == {"a": [value, "乙"]}


@pytest.mark.parametrize(
    "value",
    ["示例证券报新闻", "IT 之家", "36ke", "甲（乙）", "《甲》", "AIcaijingshe", "ke-36", "·a"],
)
def test_C9_plain(value: str) -> None:
    assert is_plain(value)
    assert yaml.safe_load(value) == value


@pytest.mark.parametrize(
    "value",
    [
        *(" a", "a ", "", "Null", "YES", "off", "n", "2022", "1e3", "0xFF", "2022-01-01", "12:30"),
        *("a:b", "a#b", "é", "@甲", "a\x85b", "甲,乙", "甲~", "1,000", ".nan", "；甲", "😀"),
    ],
)
def test_C9_quoted(value: str) -> None:
    assert not is_plain(value)


def test_J4_a_value_with_white_space_or_another_type_is_a_list() -> None:
    assert word_or_list("示例新闻") == "示例新闻"
    assert word_or_list("甲报 乙APP新闻") == '["甲报 乙APP新闻"]'
    assert word_or_list("甲报\u3000乙新闻") == '["甲报\u3000乙新闻"]'
    assert word_or_list("2022") == '["2022"]'
    assert word_or_list("null") == '["null"]'


def test_python_frontmatter_reads_back_what_it_wrote() -> None:
    jekyll = frontmatter.loads(render("jekyll").text)
    assert list(jekyll.metadata) == ["layout", "title", "date", "categories", "tags"]
    hexo = frontmatter.loads(render("hexo").text)
    assert list(hexo.metadata) == [
        *("title", "categories", "headimg", "author", "comments", "date", "thumbnail")
    ]
    assert hexo["categories"] == ["金融", "示例财经", "示例财经－国內"]
    assert hexo["comments"] is False


@pytest.mark.parametrize(
    "body",
    ["<p>a  </p>\n <p>b</p>", "<pre>a  \n&#10;b</pre>", "<p>---</p>\n<p>---</p>", "<hr>\n---"],
)
def test_H103_H115_the_body_survives_a_reader(body: str) -> None:
    assert body in frontmatter.loads(render("jekyll", body_html=body).text).content
    assert body in frontmatter.loads(render("hexo", body_html=body).text).content


@pytest.mark.parametrize("title", TITLES)
def test_a_file_is_what_python_frontmatter_makes_with_the_same_handler(title: str) -> None:
    class Handler(ExactHandler):
        styles: ClassVar[Mapping[str, Style]] = {"title": double_quoted, "tags": double_list}
        around: ClassVar[tuple[str, str, str]] = ("---\n", "---\n", "\n")

    post = frontmatter.Post("<p>甲</p>", None, title=title, tags=[title])
    made = Handler.write("<p>甲</p>", title=title, tags=[title])
    assert made == frontmatter.dumps(post, Handler())
    assert frontmatter.loads(made).metadata == post.metadata
