"""What each source reads from real pages of its site, where the captures are at hand.

They are read in place and never copied into the project; without them this file is
skipped and says so. Our own fixtures cover the same templates with invented text.
"""

import json
import re
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import source_for, spiders

CAPTURES = Path(__file__).parents[3] / "shared" / "pages"
LEAST_F1 = 0.98
PROMOTION = re.compile(
    r"APP专享|下载.{0,6}(?:APP|客户端)|扫(?:描|一扫).{0,10}二维码|海量资讯|炒股就看|抄底炒股先开户"
    r"|新浪众测|股吧】?讨论|郑重声明|责任编辑[:：]|热点栏目"
)
FETCHED = datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Shanghai"))


def captures() -> list[tuple[type[SourceSpider], Page, dict[str, Any]]]:
    """Return the captured pages that belong to a source of ours, with what is expected."""
    manifest = CAPTURES / "manifest.jsonl"
    if not manifest.is_file():
        return []
    found = []
    for line in manifest.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        page = Page(row["url"] or "", (CAPTURES / row["file"]).read_bytes(), FETCHED)
        if source := _source(page):
            found.append((source, page, row["expected"] | {"file": row["file"]}))
    return found


def _source(page: Page) -> type[SourceSpider] | None:
    if page.url:
        return source_for(page.url)
    return next((spider for spider in spiders().values() if spider.claims(page)), None)


PAGES = captures()
pytestmark = pytest.mark.skipif(not PAGES, reason=f"no captured pages in {CAPTURES}")


@pytest.fixture(params=[pytest.param(item, id=item[2]["file"]) for item in PAGES])
def read(request: pytest.FixtureRequest) -> tuple[Article, dict[str, Any]]:
    source, page, expected = request.param
    return source.parse_article(page), expected


def folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(
        str.maketrans("“”‘’", "\"\"''")
    )


def bigrams(text: str) -> Counter[str]:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def f1(found: str, expected: str) -> float:
    """Return the harmonic mean of precision and recall over character bigrams."""
    one, two = bigrams(found), bigrams(expected)
    return 2 * (one & two).total() / max(1, one.total() + two.total())


def test_title_and_media_are_right(read: tuple[Article, dict[str, Any]]) -> None:
    article, expected = read
    assert folded(article.title or "") == folded(expected["title"])
    if expected["media"] is not None:
        assert article.media == expected["media"]


def test_the_time_is_right_to_the_minute(read: tuple[Article, dict[str, Any]]) -> None:
    article, expected = read
    if expected["published_at"] is not None:
        assert article.published_at is not None
        shown = len("2024-05-16T17:02") if "T" in expected["published_at"] else len("2024-05-16")
        assert article.published_at.isoformat()[:shown] == expected["published_at"][:shown]


def test_the_body_is_the_article_and_nothing_else(read: tuple[Article, dict[str, Any]]) -> None:
    article, expected = read
    assert f1(article.body_text or "", expected["text"]) >= LEAST_F1
    assert PROMOTION.search(article.body_text or "") is None


def test_the_rules_of_the_source_read_it(read: tuple[Article, dict[str, Any]]) -> None:
    article, _ = read
    assert (article.extractor or "").startswith(f"{article.source}/")
    assert article.identity
