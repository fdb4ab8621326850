"""Which article a post is, by whatever tells it."""

from datetime import timedelta

import pytest

from newscrawl.importing.identity import by_address, by_code, by_name, by_title
from newscrawl.importing.origins import OTHER
from newscrawl.spiders.registry import spiders
from tests.importing.test_parts import NIGHT

from .documents import CODE, CORE, NW, ORIGINS, PAGE, SHARE


@pytest.mark.parametrize(
    ("url", "source", "key"),
    [
        (SHARE, "eastmoney", f"em-nw:{NW}"),
        (PAGE, "eastmoney", f"em:{CODE}"),
        (f"http://hk.eastmoney.com/news/11223,{CODE}.html", "eastmoney", f"em:{CODE}"),
        (
            f"https://finance.sina.com.cn/roll/2022-01-22/doc-i{CORE}.shtml",
            "sina_finance",
            f"sina:{CORE}",
        ),
    ],
)
def test_an_address_with_a_code_tells_source_and_article(url: str, source: str, key: str) -> None:
    found = by_code(url, ORIGINS)
    assert found is not None
    origin, identity = found
    assert (origin.name, identity.key) == (source, key)
    assert identity == spiders()[source].identify(url)


@pytest.mark.parametrize("url", ["", "http://news.example.com/a.html", "javascript:alert(1)"])
def test_an_address_without_a_code_tells_none(url: str) -> None:
    assert by_code(url, ORIGINS) is None


def test_an_address_without_a_code_is_its_own_identity() -> None:
    found = by_address("http://www.example.com/news/1.html?utm_source=x", ORIGINS)
    assert found is not None
    assert (found[0], found[1].key) == (OTHER, "https://example.com/news/1.html")
    found = by_address("https://finance.sina.com.cn/zt/a.html", ORIGINS)
    assert found is not None
    assert found[0].name == "sina_finance"
    assert by_address("http://user@example.com/", ORIGINS) is None


@pytest.mark.parametrize(
    ("stem", "source", "key"),
    [
        (f"2022-01-22-{NW}", "eastmoney", f"em-nw:{NW}"),
        (f"2022-01-22-{CODE}", "eastmoney", f"em:{CODE}"),
        (f"2022-01-22-sina-{CORE}", "sina_finance", f"sina:{CORE}"),
        ("2022-01-22-sina-zhibo-2345678", "sina_finance", "sina:zhibo-2345678"),
        ("2022-01-22-sina-5d1c0b2f02700abcd", "sina_finance", "sina:5d1c0b2f02700abcd"),
    ],
)
def test_a_file_name_of_ours_tells_the_article(stem: str, source: str, key: str) -> None:
    found = by_name(stem, ORIGINS)
    assert found is not None
    assert (found[0].name, found[1].key) == (source, key)


@pytest.mark.parametrize(
    "stem",
    [
        "index",
        "2022-01-22-hello-world",
        "2022-01-22-sina-",
        "2022-01-22-12345",
        "2022-01-22-sina_finance-0123456789ab",
        "2022-01-22-sina-../../x",
    ],
)
def test_any_other_file_name_tells_nothing(stem: str) -> None:
    assert by_name(stem, ORIGINS) is None


def test_a_post_that_tells_nothing_is_known_by_itself() -> None:
    origin = ORIGINS[0]
    one = by_title(origin, "甲站", "标题", NIGHT)
    assert one == by_title(origin, "甲站", "标题", NIGHT)
    assert one.key.startswith("post:")
    assert one.url == one.key
    others = {
        by_title(origin, "乙站", "标题", NIGHT),
        by_title(OTHER, "甲站", "标题", NIGHT),
        by_title(origin, "甲站", "标题二", NIGHT),
        by_title(origin, "甲站", "标题", NIGHT + timedelta(seconds=1)),
    }
    assert len(others | {one}) == 5


@pytest.mark.parametrize("name", spiders())
def test_the_address_of_every_identity_is_read_back_as_that_identity(name: str) -> None:
    """So a key alone, as file names have it, leads to its article."""
    spider = spiders()[name]
    values = {"core": CORE, "hex": "5d1c0b2f02700abcd", "id": "2345678", "code": CODE, "nw": NW}
    values["path"] = "/china/20121219/012414044470"
    for rule in spider.identities:
        url = rule.url.format_map(values)
        assert spider.identify(url).key == rule.key.format_map(values)
