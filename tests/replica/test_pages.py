"""The folder mode: captured pages under their own addresses, listed among the source's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from newscrawl.replica.options import ReplicaError, ReplicaOptions
from newscrawl.replica.pages import CapturedPages
from newscrawl.replica.registry import build
from newscrawl.replica.server import Replica
from newscrawl.replica.standin import Reply, Request
from newscrawl.replica.world import Clock

SINA = "https://finance.sina.com.cn/roll/2026-09-01/doc-inaaaaaa1234567.shtml?cre=x"
PLAIN = (
    "<html><head><title>标题一_新浪财经</title></head><body>2026年09月01日 10:20 正文</body></html>"
)


def replica_of(
    folder: Path, *lines: dict[str, Any], articles: int = 0
) -> tuple[Replica, CapturedPages]:
    manifest = folder / "manifest.jsonl"
    manifest.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    options = ReplicaOptions(articles=articles, pages=folder, manifest=manifest)
    captured, clock = CapturedPages.read(options), Clock()
    return Replica(build(options, clock, captured.pages), clock, captured), captured


def get(replica: Replica, host: str, path: str, **query: str) -> Reply:
    return replica.reply(Request("https", host, path, query))


def rows(replica: Replica, **query: str) -> Any:
    asked = {"pageid": "155", "lid": "1686", "num": "50", "page": "1", **query}
    return json.loads(get(replica, "feed.mix.sina.com.cn", "/api/roll/get", **asked).body)[
        "result"
    ]["data"]


def test_a_page_is_served_byte_for_byte_under_its_address(tmp_path: Path) -> None:
    body = PLAIN.encode("gb18030")
    (tmp_path / "a.html").write_bytes(body)
    replica, _ = replica_of(tmp_path, {"file": "a.html", "url": SINA, "charset": "gb18030"})

    reply = get(replica, "finance.sina.com.cn", "/roll/2026-09-01/doc-inaaaaaa1234567.shtml")

    assert (reply.body, reply.content_type) == (body, "text/html; charset=gb18030")


def test_a_page_that_declares_its_charset_gets_no_second_word(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<meta charset="utf-8"><title>x</title>', encoding="utf-8")
    replica, _ = replica_of(tmp_path, {"file": "a.html", "url": "http://news.example.org/1"})

    assert get(replica, "news.example.org", "/1").content_type == "text/html"


def test_the_same_article_is_found_under_another_host_and_path(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PLAIN, encoding="utf-8")
    replica, _ = replica_of(tmp_path, {"file": "a.html", "url": SINA})

    reply = get(replica, "tech.sina.com.cn", "/t/2026-09-01/doc-inaaaaaa1234567.shtml")

    assert reply.body == PLAIN.encode()


def test_pages_of_a_source_are_listed_first_with_what_the_manifest_expects(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PLAIN, encoding="utf-8")
    expected = {
        "title": "手写的标题",
        "published_at": "2026-09-01T10:21:00+08:00",
        "media": "示例报",
    }
    replica, _ = replica_of(
        tmp_path, {"file": "a.html", "url": SINA, "expected": expected}, articles=3000
    )

    first, *others = rows(replica)

    assert (first["url"], first["title"], first["media_name"]) == (SINA, "手写的标题", "示例报")
    assert first["ctime"] == "1788229260"
    assert len(others) == 49
    assert rows(replica, page="2")[0]["docid"] not in {row["docid"] for row in others}


def test_without_expectations_title_and_time_come_from_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PLAIN, encoding="utf-8")
    replica, _ = replica_of(tmp_path, {"file": "a.html", "url": SINA})

    [row] = rows(replica)

    assert (row["title"], row["ctime"]) == ("标题一", "1788229200")


def test_eastmoney_pages_are_listed_in_its_column_and_served_as_fallback(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PLAIN, encoding="utf-8")
    url = "http://stock.eastmoney.com/news/1344,202609010000000001.html"
    replica, _ = replica_of(tmp_path, {"file": "a.html", "url": url})

    listed = get(
        replica,
        "np-listapi.eastmoney.com",
        "/comm/web/getNewsByColumns",
        column="345",
        req_trace="1",
    )
    detail = get(replica, "newsinfo.eastmoney.com", "/kuaixun/v2/api/article/202609010000000001")

    assert json.loads(listed.body)["data"]["list"][0]["url"] == url
    assert json.loads(detail.body)["success"] == 0
    page = get(replica, "finance.eastmoney.com", "/a/202609010000000001.html")
    assert page.body == PLAIN.encode()


def test_pages_of_other_sites_are_served_and_their_other_paths_are_404(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PLAIN, encoding="utf-8")
    replica, _ = replica_of(tmp_path, {"file": "a.html", "url": "http://news.example.org/a?id=1"})

    assert get(replica, "news.example.org", "/a").status == 200
    assert get(replica, "news.example.org", "/b").status == 404
    assert get(replica, "news.example.org", "/robots.txt").body.startswith(b"User-agent")


def test_lines_without_address_are_left_out_and_reported(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PLAIN, encoding="utf-8")
    _, captured = replica_of(tmp_path, {"file": "a.html", "url": None}, {"file": "b.html"})

    assert captured.pages == []
    assert captured.left_out == ["a.html: no url", "b.html: no url"]


@pytest.mark.parametrize("line", [{"file": "missing.html", "url": SINA}, {"url": SINA}])
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, line: dict[str, Any]) -> None:
    with pytest.raises(ReplicaError, match="manifest"):
        replica_of(tmp_path, line)
