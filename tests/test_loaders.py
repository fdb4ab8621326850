"""The loader turns what pages say into fields."""

import gc
import weakref
from typing import Any

import pytest

from newscrawl.items import Article, Image
from newscrawl.loaders import MAX_KEYWORDS, ArticleLoader


def load(**values: Any) -> Article:
    loader = ArticleLoader()
    for field, value in values.items():
        loader.add_value(field, value)
    article: Article = loader.load_item()
    return article


def test_an_empty_loader_gives_an_empty_article() -> None:
    assert load() == Article()


def test_the_first_usable_value_wins() -> None:
    assert load(title=["", " \u3000\n", "甲\n 乙", "丙"]).title == "甲 乙"


def test_H48_H52_titles_lose_marks_and_controls() -> None:
    assert load(title="\ufeff标\x00题\ud83d\u2028二").title == "标题 二"


@pytest.mark.parametrize(
    ("field", "said", "expected"),
    [
        ("media", "来源：上海某报·中国某网", "上海某报·中国某网"),
        ("media", "（文章来源：某报）", "某报"),
        ("media", "某报（北京）", "某报（北京）"),
        ("media", "字" * 61, None),
        ("author", "作者：乙", "乙"),
        ("editor", "责任编辑：支某某 SF099", "支某某"),
        ("editor", "责任编辑：霍某 ", "霍某"),
        ("editor", "（责任编辑：甲 [SN123]）", "甲"),
        ("editor", "（责任编辑：DF064）", None),
        ("original_title", "（原标题：甲：“乙”）", "甲：“乙”"),
    ],
)
def test_names_come_without_labels_and_staff_numbers(
    field: str, said: str, expected: str | None
) -> None:
    assert getattr(load(**{field: said}), field) == expected


def test_H107_keywords_are_distinct_strings_and_not_too_many() -> None:
    words = load(keywords=["甲,乙，甲", "", None, 5, "a/b", "x" * 50, ["no"], True]).keywords
    assert words == ["甲", "乙", "5", "a/b"]
    assert len(load(keywords=[f"词{i}" for i in range(300)]).keywords) == MAX_KEYWORDS


def test_lists_keep_their_order_and_lose_repeats() -> None:
    article = load(
        images=(Image("https://a/1.jpg"), Image("https://a/2.jpg"), Image("https://a/1.jpg")),
        stock_codes=["sh600000", "AMZN", "sh600000"],
        flags=["flash", "bad_date", "flash"],
    )
    assert article.images == [Image("https://a/1.jpg"), Image("https://a/2.jpg")]
    assert article.stock_codes == ["sh600000", "AMZN"]
    assert article.flags == ["bad_date", "flash"]


def test_a_thousand_loaders_with_big_pages_do_not_stay_alive() -> None:
    """itemloaders keeps the last 1,024 processors; ours must not hold their loaders."""
    kept: list[weakref.ref[ArticleLoader]] = []
    for number in range(1_000):
        loader = ArticleLoader()
        loader.add_value("body_html", f"{number}" * 10_000)
        for field in Article.__dataclass_fields__:
            if field not in {"published_at", "updated_at", "fetched_at"}:
                loader.add_value(field, ["甲"])
        loader.load_item()
        kept.append(weakref.ref(loader))
    del loader
    gc.collect()
    assert [reference for reference in kept if reference() is not None] == []


FIELDS = ("title", "original_title", "summary", "media", "author", "editor", "keywords", "url")


@pytest.mark.parametrize("value", ["作者：甲 SF123", " \n", "", "甲,乙", 7, "\ufeff", None])
def test_one_value_is_read_as_a_list_of_it(value: Any) -> None:
    for field in FIELDS:
        alone, listed = ArticleLoader(), ArticleLoader()
        alone.add_value(field, value)
        listed.add_value(field, [] if value is None else [value])
        assert alone.get_collected_values(field) == listed.get_collected_values(field)
        assert alone.has(field) == bool(listed.get_collected_values(field))
        assert alone.load_item() == listed.load_item()
