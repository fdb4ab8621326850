"""Exchanges for the tests of the raw record, and other tools that read them."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.identity.identities import hash_url
from newscrawl.listings import Entry

from .builders import SOURCE, later

PAGE = "<html><h1>标题</h1><article>正文一段。</article></html>".encode()


def exchange(name: str = "a", minute: float = 0, **changes: Any) -> Exchange:
    """Return the fetch of the article page called ``name``."""
    url = f"https://news.example.com/{name}"
    body = changes.pop("body", PAGE)
    made = Exchange(
        url=url,
        fetched_at=later(minute),
        request_headers=(("Host", "news.example.com"), ("Accept", "text/html")),
        status=200,
        headers=(
            ("content-TYPE", "text/html; charset=utf-8"),
            ("Set-Cookie", "a=1"),
            ("Server", "示例".encode().decode("latin-1")),
            ("Set-Cookie", "b=2"),
            ("Content-Length", str(len(body))),
        ),
        body=body,
        purpose=Purpose(SOURCE, "china", hash_url(url), Entry(url, title="标题\n\ud83d")),
        request_line=f"GET /{name} HTTP/1.1",
        status_line="HTTP/1.1 200 OK",
        ip="93.184.216.34",
    )
    return replace(made, **changes)


def listing(name: str = "list", minute: float = 0, **changes: Any) -> Exchange:
    """Return the fetch of a listing page."""
    return replace(exchange(name, minute, **changes), purpose=Purpose(SOURCE, "china", cursor="2"))


def by_warcio(data: bytes) -> list[tuple[str, dict[str, str], bytes]]:
    """Return kind, headers and body of each record, as ``warcio`` reads them."""
    found = []
    for record in ArchiveIterator(BytesIO(data)):
        headers = {name.lower(): value for name, value in record.rec_headers.headers}
        found.append((record.rec_type, headers, record.raw_stream.read()))
    return found


def by_fastwarc(data: bytes) -> list[tuple[str, dict[str, str], bytes]]:
    """Return the same as ``fastwarc`` reads it."""
    found = []
    for record in FastIterator(BytesIO(data), parse_http=True):
        headers = {name.lower(): value for name, value in record.headers.items()}
        found.append((headers["warc-type"], headers, record.reader.read()))
    return found


def warcio_check(*files: Path) -> None:
    """Let ``warcio check`` compute every digest anew."""
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "digest pass" in done.stdout
    assert "fail" not in done.stdout
