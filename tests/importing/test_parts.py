"""What the two forms say, in all their variants (document-format §8)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from newscrawl.export.posts import CHINA
from newscrawl.importing import Broken, Reason, hexo, jekyll
from newscrawl.importing.document import split
from newscrawl.importing.parts import Parts, read_date

from . import documents
from .documents import PAGE, RETURN_FLASH, SHARE, TWO_LINES

NIGHT = datetime(2022, 1, 22, 0, 30, 5, tzinfo=CHINA)


def read_jekyll(text: str) -> Parts:
    metadata, body = split(text.encode())
    assert jekyll.is_mine(metadata)
    return jekyll.read(metadata, body)


def read_hexo(text: str) -> Parts:
    metadata, body = split(text.encode())
    assert hexo.is_mine(metadata)
    return hexo.read(metadata, body)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2022-01-22 00:30:05 +0800", NIGHT),
        ("2022-01-22 00:30:05", NIGHT),
        ("2022-01-22T00:30:05+08:00", NIGHT),
        ("2022-01-21 11:30:05 -0500", NIGHT),
        ("Fri, 21 Jan 2022 16:30:05 GMT", NIGHT),
        ("2022-01-22", NIGHT.replace(hour=0, minute=0, second=0)),
    ],
)
def test_C7_a_time_without_an_offset_is_that_of_china(text: str, when: datetime) -> None:
    assert read_date(text) == when
    assert read_date(text).utcoffset() == when.utcoffset()


@pytest.mark.parametrize(
    "text", ["", "+0800", "Invalid Date", "2022-13-45 00:00:00", "1970-01-01 00:00:00", "昨天"]
)
def test_H78_what_is_no_date_breaks_the_document(text: str) -> None:
    with pytest.raises(Broken) as end:
        read_date(text)
    assert end.value.reason is Reason.NO_DATE


def test_a_jekyll_post_as_the_form_has_it() -> None:
    parts = read_jekyll(documents.jekyll())
    assert (parts.title, parts.published_at) == ("示例标题", NIGHT)
    assert (parts.link, parts.digest, parts.fragment) == (SHARE, "", documents.TEXT)
    assert (parts.label, parts.slug) == ("示例报新闻", "shilibao")


@pytest.mark.parametrize("digest", ["> 示例摘要。", "\n示例摘要。", "> 示例摘要。\n"])
@pytest.mark.parametrize("back", [RETURN_FLASH, TWO_LINES, ""])
@pytest.mark.parametrize("body", ["<p>示例正文。</p>", ""])
def test_J5_a_digest_is_quoted_or_a_paragraph_of_its_own(digest: str, back: str, body: str) -> None:
    parts = read_jekyll(documents.flash(digest=digest, back=back, body=body))
    assert (parts.digest, parts.fragment, parts.link) == ("示例摘要。", body, PAGE)


def test_M1_the_escapes_of_a_digest_are_undone() -> None:
    parts = read_jekyll(documents.flash(digest="> 公司称&#34;一切&#34;&#42;正常&#42;。"))
    assert parts.digest == '公司称"一切"*正常*。'


def test_a_post_without_link_and_return_lines_is_all_text() -> None:
    parts = read_jekyll(documents.jekyll(link="", back=""))
    assert (parts.link, parts.fragment) == ("", documents.TEXT)


def test_tags_and_categories_are_words_or_lists_or_have_spaces() -> None:
    parts = read_jekyll(documents.jekyll(tags='["甲报 乙APP新闻"]', categories="Career In PEVC"))
    assert (parts.label, parts.slug) == ("甲报 乙APP新闻", "Career In PEVC")


def test_a_hexo_post_as_the_form_has_it() -> None:
    parts = read_hexo(documents.hexo())
    assert (parts.title, parts.published_at.astimezone(UTC).hour) == ("示例标题", 16)
    assert parts.place == ("金融", "新浪财经", "新浪财经－国內")
    assert parts.fragment.startswith("<p>　　示例正文。</p>")
    assert parts.fragment.endswith("alt></p>")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (("新媒体", "IT 之家", "热榜"), ("新媒体", "IT 之家", "热榜")),
        (("编程", "开源中国", "— 资讯"), ("编程", "开源中国", "— 资讯")),
        (("游戏", "'@甲'", "1e3"), ("游戏", "@甲", "1e3")),
        (("新媒体", "甲站"), ("新媒体", "甲站", "甲站")),
    ],
)
def test_X3_categories_stay_as_they_are(
    given: tuple[str, ...], place: tuple[str, str, str]
) -> None:
    assert read_hexo(documents.hexo(categories=given)).place == place


@pytest.mark.parametrize(
    ("headimg", "picture"),
    [
        ("https://img.example.com/a.jpg", "https://img.example.com/a.jpg"),
        ("https://proxy.example.org/?url=http://a.example/b.jpg", "http://a.example/b.jpg"),
        ("https://proxy.example.org/?u=http%3A%2F%2Fa.example%2Fb.jpg", "http://a.example/b.jpg"),
        ("https://picsum.photos/400/300?random=7", "https://picsum.photos/400/300?random=7"),
        ("https://www.example.com/p/undefined", ""),
        ("", ""),
    ],
)
def test_X5_the_picture_of_a_post(headimg: str, picture: str) -> None:
    assert read_hexo(documents.hexo(picture=headimg)).picture == picture


@pytest.mark.parametrize(
    ("read", "text", "fields"),
    [
        (read_jekyll, documents.jekyll, {"title": '""'}),
        (read_hexo, documents.hexo, {"title": "''"}),
    ],
)
def test_C5_a_post_without_a_title_is_broken(read: Any, text: Any, fields: dict[str, str]) -> None:
    with pytest.raises(Broken) as end:
        read(text(**fields))
    assert end.value.reason is Reason.NO_TITLE


def test_the_record_that_was_empty_is_broken() -> None:
    with pytest.raises(Broken) as end:
        read_jekyll(documents.jekyll(date=" +0800", link="<>", body=""))
    assert end.value.reason is Reason.NO_DATE
