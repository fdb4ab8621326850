"""The general extractor on captured pages: floors that a change may not fall below."""

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newscrawl.extraction.generic import GenericFields, extract_generic
from newscrawl.extraction.page import Page

PAGES = Path(__file__).parents[3] / "shared" / "pages"
NOW = datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Shanghai"))
PROMOTION = re.compile(
    "责任编辑|扫码|扫一扫|二维码|公众号|下载APP|打开APP|相关阅读|相关新闻|推荐阅读|版权声明|免责声明|"
    "特别声明|未经授权|分享到|猜你喜欢|热门推荐|更多精彩|举报"
)

pytestmark = pytest.mark.skipif(
    not (PAGES / "manifest.jsonl").exists(), reason="the captured pages are not here"
)


@dataclass(frozen=True, slots=True)
class Read:
    """One page: what a careful reader found, and what we did."""

    file: str
    expected: dict[str, Any]
    found: GenericFields


@pytest.fixture(scope="module")
def pages() -> list[Read]:
    result = []
    for line in (PAGES / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        page = Page(row["url"] or "https://example.com/", (PAGES / row["file"]).read_bytes(), NOW)
        result.append(Read(row["file"], row["expected"], extract_generic(page)))
    return result


def bigrams(text: str) -> Counter[str]:
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def f1(found: str, expected: str) -> float:
    ours, theirs = bigrams(found), bigrams(expected)
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def folded(title: str) -> str:
    return re.sub(r"[\s“”‘’\"'「」]", "", unicodedata.normalize("NFKC", title))


def test_titles_are_exact(pages: list[Read]) -> None:
    wrong = [p.file for p in pages if folded(p.found.title) != folded(p.expected["title"])]
    assert len(wrong) <= 0.02 * len(pages), wrong


def test_times_are_right_to_the_minute(pages: list[Read]) -> None:
    wrong = [
        page.file
        for page in pages
        if (expected := page.expected["published_at"])
        and (
            page.found.published_at is None
            or page.found.published_at.isoformat()[: min(16, len(expected))] != expected[:16]
        )
    ]
    assert len(wrong) <= 0.02 * len(pages), wrong


def test_media_are_mostly_found(pages: list[Read]) -> None:
    shown = [page for page in pages if page.expected["media"]]
    assert fmean(page.found.media == page.expected["media"] for page in shown) >= 0.85


def test_bodies_are_the_article_and_nothing_else(pages: list[Read]) -> None:
    scores = {page.file: f1(page.found.body.text, page.expected["text"]) for page in pages}
    assert fmean(scores.values()) >= 0.985, sorted(scores.items(), key=lambda item: item[1])[:5]
    assert min(scores.values()) >= 0.85


def test_no_promotion_leaks_into_bodies(pages: list[Read]) -> None:
    leaky = [
        page.file
        for page in pages
        if set(PROMOTION.findall(page.found.body.text))
        - set(PROMOTION.findall(page.expected["text"]))
    ]
    assert len(leaky) <= 0.02 * len(pages), leaky
