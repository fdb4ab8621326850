"""Half a page is told from a whole one, by two signals."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.extraction.page import Page
from newscrawl.extraction.wholeness import is_cut
from newscrawl.listings import Entry
from newscrawl.outcomes import Failed
from newscrawl.spiders.registry import spiders
from tests.sources.pages import NOW

PAGES = Path(__file__).parents[1] / "sources"
OPENED = "<!DOCTYPE html><html><body><h1>标题</h1><div id='a'><p>第一段。</p><p>第二"


def page(html: str) -> Page:
    return Page("https://example.com/", html.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def cut(html: str) -> bool:
    whole = page(html)
    return is_cut(whole, whole.tree.css("#a"))


@pytest.mark.parametrize(
    "html",
    [
        OPENED,
        OPENED + "段。</p>",
        OPENED + "段。</p><img src='htt",
        OPENED + "段。</p><script>write('</p>')",
        "<html><script>write('</body></html>');</script>" + " " * 5_000 + OPENED,
        OPENED + "段。</p></div>  <!-- 正文结束",
    ],
)
def test_H05_a_page_that_breaks_off_in_its_article(html: str) -> None:
    assert cut(html)


@pytest.mark.parametrize(
    "html",
    [
        OPENED + "段。</p></div></body></html>",
        OPENED + "</body></html>",
        OPENED + "段。</p></div></BODY\n>",
        OPENED + "段。</p></div><div class='footer'>版权",
        OPENED + "段。</p></div>版权所有",
        OPENED + "段。</p></div></body></html><script>count(1)</script>",
    ],
    ids=["whole", "a sloppy body", "capitals", "cut in its footer", "text behind", "behind it all"],
)
def test_a_page_whose_article_is_all_there(html: str) -> None:
    assert not cut(html)


def test_a_page_without_any_body_is_cut_where_it_is_not_closed() -> None:
    assert is_cut(page("<html><head><title>标题"))
    assert not is_cut(page("<html><head><title>标题</title></html>"))


@pytest.mark.parametrize("html", ["<p>第一段。</p><p>第二", "<p>第一段。</p><im", "<p>第一"])
def test_H61_a_fragment_that_ends_in_an_open_block(html: str) -> None:
    assert is_cut(page(html))


@pytest.mark.parametrize(
    "html", ["<p>第一段。</p>", "没有标记。", "<p>一。</p>附注。", "<p>一</p>\n"]
)
def test_a_fragment_that_came_to_its_end(html: str) -> None:
    assert not is_cut(page(html))


@pytest.mark.parametrize(
    ("source", "name", "url"),
    [
        ("sina_finance", "finance2017.html", "https://finance.sina.com.cn/doc-inaaaaaa1234567.shtml"),
        ("sina_finance", "news2017.html", "https://news.sina.com.cn/doc-inaaaaaa1234567.shtml"),
        ("eastmoney", "page_newscontent.html",
         "https://finance.eastmoney.com/a/202609281234567890.html"),
    ],
)  # fmt: skip
def test_H05_a_real_template_cut_in_its_text_is_no_article_in_a_crawl(
    source: str, name: str, url: str
) -> None:
    spider = spiders()[source]
    body = (PAGES / source / name).read_bytes()
    whole = spider.parse_article(Page(url, body, NOW), Entry(url))
    assert "cut" not in whole.flags
    words = (whole.body_text or "").split("\n")[-1][:4].encode()
    half = Page(url, body[: body.rindex(words) + len(words)], NOW, "text/html; charset=utf-8")
    with pytest.raises(Failed, match="truncated"):
        spider.parse_article(half, Entry(url))
    # Who has saved half a page may read it all the same.
    assert "cut" in spider.parse_article(replace(half)).flags
