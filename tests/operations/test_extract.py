"""What is read from saved pages, whoever published them."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newscrawl.extraction.page import Page
from newscrawl.identity.identities import hash_url
from newscrawl.operations.extract import (
    UnreadableError,
    as_data,
    extract_bytes,
    extract_file,
    extract_manifest,
    own_address,
)
from newscrawl.spiders.registry import spiders

SINA = Path(__file__).parent.parent / "sources" / "sina_finance"
FIELDS = [
    *("url", "identity", "url_hash", "source", "title", "published_at", "media", "author"),
    *("editor", "section", "tags", "images", "body_html", "body_text", "extractor", "flags"),
]
UNKNOWN_SITE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>青屿港新航线开通_青屿日报网</title>{head}</head><body>
<h1>青屿港新航线开通</h1>
<div class="info">2026年3月5日 08:30 来源：青屿日报</div>
<div class="content">
<p>青屿港昨日开通第十二条远洋航线，首航货轮装载两千个标准箱，驶往远山省的临港新区。</p>
<p>港口运营方表示，新航线把运输时间缩短三天，预计全年增加吞吐量十五万标准箱，沿线企业因此受益。</p>
<p>业内人士认为，随着冷链仓库二期工程完工，水果、海产等货物的比重还会上升。</p>
</div></body></html>"""


def _now() -> datetime:
    return datetime(2026, 10, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def page(head: str = "") -> bytes:
    return UNKNOWN_SITE.format(head=head).encode()


def test_a_page_of_a_known_source_is_read_by_its_own_rules() -> None:
    url = "https://finance.sina.com.cn/roll/2026-09-28/doc-inaaaaaa7654321.shtml"
    article = extract_file(SINA / "finance2017.html", url)
    assert article.source == "sina_finance"
    assert article.extractor == "sina_finance/finance2017"
    assert article.identity == "sina:naaaaaa7654321"
    assert article.url_hash == spiders()["sina_finance"].identify(url).url_hash


def test_without_an_address_the_page_itself_tells() -> None:
    body = (SINA / "finance2017.html").read_bytes()
    told = own_address(Page("", body, _now()))
    assert told.startswith("https://finance.sina.com.cn/")
    article = extract_bytes(body)
    assert article.identity == spiders()["sina_finance"].identify(told).key


def test_a_page_of_no_known_source_is_read_by_general_rules() -> None:
    article = extract_bytes(page(), "https://www.example.com/news/2026/0305.html")
    assert article.source is None
    assert article.extractor == "generic"
    assert "generic" in article.flags
    assert article.title == "青屿港新航线开通"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-03-05T08:30:00+08:00"
    assert article.media == "青屿日报"
    assert article.url == "https://www.example.com/news/2026/0305.html"
    assert article.identity == "https://example.com/news/2026/0305.html"
    assert article.url_hash == hash_url("https://example.com/news/2026/0305.html")
    text = article.body_text or ""
    assert text.startswith("青屿港昨日开通")
    assert text.endswith("比重还会上升。")


def test_a_page_that_nobody_can_place_has_no_address_but_is_read() -> None:
    data = as_data(extract_bytes(page()))
    assert list(data) == FIELDS
    assert (data["url"], data["identity"], data["url_hash"]) == (None, None, None)
    assert data["title"] == "青屿港新航线开通"


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="https://e.com/a/1">', "https://e.com/a/1"),
        ('<meta property="og:url" content="https://e.com/a/2">', "https://e.com/a/2"),
        ('<meta property="og:url" content="//e.com/a/3">', "https://e.com/a/3"),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<meta property="og:url" content="">', ""),
    ],
)
def test_the_address_that_a_page_gives_itself(head: str, address: str) -> None:
    assert own_address(Page("", page(head), _now())) == address


def test_H88_a_canonical_link_to_the_home_page_is_no_address() -> None:
    head = '<link rel="canonical" href="https://e.com/">'
    assert own_address(Page("", page(head), _now())) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<html><body><p>hi</p></body></html>", "no_"),
        (b'{"no": "article"}', "no_body"),
        (b"x" * (16 * 1024 * 1024 + 1), "too large"),
    ],
    ids=["empty", "blank", "no article", "json", "too large"],
)
def test_what_is_no_article_says_why(body: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        extract_bytes(body)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UnreadableError, match="file:///etc/passwd"):
        extract_bytes(page(), "file:///etc/passwd")


def test_a_manifest_is_answered_line_by_line_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "good.html").write_bytes(page())
    (tmp_path / "pages" / "empty.html").write_bytes(b"")
    lines = [
        {"file": "pages/missing.html"},
        {"file": "pages/good.html", "url": "https://example.com/a/1", "expected": {}},
        {"file": "pages/empty.html", "url": None},
        {"file": "pages"},
        {"file": "pages/good.html", "url": "http://[bad"},
        {"file": "pages/\u0000.html"},
        {"url": "https://example.com/"},
    ]
    manifest = tmp_path / "manifest.jsonl"
    text = "\n".join(json.dumps(line) for line in lines)
    manifest.write_text(f"{text}\n\nno json\n{json.dumps(lines[1])}\n", "utf-8")
    results = list(extract_manifest(manifest))
    assert [result.get("file", result.get("url")) for result in results] == [
        "pages/missing.html",
        "https://example.com/a/1",
        "pages/empty.html",
        "pages",
        "pages/good.html",
        "pages/\u0000.html",
        None,
        None,
        "https://example.com/a/1",
    ]
    assert [list(r) == FIELDS for r in results] == [False, True, *[False] * 6, True]
    assert all(r.keys() == {"file", "error"} and r["error"] for r in results if "title" not in r)


def test_a_manifest_with_a_byte_order_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(page())
    manifest = tmp_path / "manifest.jsonl"
    line = b'{"file": "good.html", "url": null}'
    manifest.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n" + line + b"\r\n")
    assert [result.get("title") for result in extract_manifest(manifest)] == [
        "青屿港新航线开通"
    ] * 2


def test_a_bad_line_still_says_which_file_it_means(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"file": "a.html", "url": 5}\n{"file": 5}\n', "utf-8")
    assert [result["file"] for result in extract_manifest(manifest)] == ["a.html", None]


def test_a_record_in_a_file_tells_itself_what_it_is() -> None:
    for name in ("detail.json", "newstext.json"):
        article = extract_file(SINA.parent / "eastmoney" / name)
        assert article.source == "eastmoney"
        assert (article.identity or "").startswith("em:")


def test_a_page_of_a_source_that_its_rules_do_not_know_is_read_by_general_rules() -> None:
    article = extract_bytes(page(), "http://blog.sina.com.cn/s/blog_0123456789abcdef.html")
    assert (article.extractor, article.flags) == ("generic", ["generic"])
    assert article.title == "青屿港新航线开通"
    assert article.url == "https://blog.sina.com.cn/s/blog_0123456789abcdef.html"


def test_a_fault_of_ours_is_one_pages_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.html").write_bytes(page())
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"file": "a.html"}\n', "utf-8")

    def broken(_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("newscrawl.operations.extract._read", broken)
    (result,) = extract_manifest(manifest)
    assert result == {
        "file": "a.html",
        "error": "a fault of ours: ZeroDivisionError: division by zero",
    }
