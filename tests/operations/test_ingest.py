"""Captures of other tools into the archive: what they hold, and what they may not do."""

import gzip
import re
import shutil
import subprocess
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest

from newscrawl.archive import Archive
from newscrawl.archive.foreign import NotWARCError
from newscrawl.archive.lock import LockedError, hold
from newscrawl.archive.raw import read
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.ingest import IngestReport, IngestRequest, run_ingest
from newscrawl.operations.reextract import ReextractRequest, run_reextract
from newscrawl.outcomes import Outcome
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.operations.foreign_files import Response, after, chunked, write, write_revisit
from tests.operations.raw_pages import crawl, posts, stored

SOURCES = tuple(spiders())
GZIP = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")
HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(articles=60, seed="ingest") as process:
        yield process


@pytest.fixture(scope="module")
def pages(replica: ReplicaProcess) -> list[Response]:
    """Three article pages as they are, plain."""
    found = []
    for each in replica.expected():
        if each["outcome"] == "stored" and re.search(r"/doc-\w+\.shtml", each["url"]):
            body = get(replica, each["url"])
            found.append(Response(each["url"], body))
    assert len(found) >= 3
    return found[:3]


def get(replica: ReplicaProcess, url: str) -> bytes:
    from http.client import HTTPConnection

    parts = urlsplit(url)
    connection = HTTPConnection(urlsplit(replica.url).netloc)
    connection.request("GET", parts.path, headers={"Host": parts.netloc})
    body = connection.getresponse().read()
    connection.close()
    return body


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config().with_directory(tmp_path / "output")


def ingest(config: Config, *files: Path, **how: Any) -> IngestReport:
    wanted: dict[str, Any] = {"files": files, "sources": SOURCES}
    return run_ingest(IngestRequest(config, **wanted | how))


def ends(report: IngestReport) -> dict[str, int]:
    """Return the counts, which balance."""
    assert report.responses == report.counts.total()
    return dict(report.counts)


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_a_file_become_articles_posts_and_raw_pages(
    config: Config, tmp_path: Path, pages: list[Response], packed: bool
) -> None:
    file = write(tmp_path / "pages.warc", pages, gzip=packed)
    report = ingest(config, file)
    assert ends(report) == {"new": 3}
    assert report.exit_code == ExitCode.OK
    assert len(posts(config)) == 6
    with Archive.open(config.directory / "archive.db", read_only=True) as archive:
        for page in pages:
            capture = archive.captures.latest(page.url)
            assert capture is not None
            assert read(archive, capture).body == page.body
        assert archive.counts(1) == {"": {Outcome.NEW: 3}}
    again = run_reextract(ReextractRequest(config, SOURCES))
    assert (again.unchanged, again.changed, again.without_raw) == (3, 0, 0)


def test_the_second_time_a_file_brings_nothing(
    config: Config, tmp_path: Path, pages: list[Response]
) -> None:
    file = write(tmp_path / "pages.warc.gz", pages)
    ingest(config, file)
    before, written = stored(config), posts(config)
    raw = sorted((config.directory / "warc").iterdir())
    assert ends(ingest(config, file)) == {"unchanged": 3}
    assert stored(config) == before
    assert posts(config) == written
    assert sorted((config.directory / "warc").iterdir()) == raw


def test_a_dry_run_counts_the_same_and_writes_nothing(
    config: Config, tmp_path: Path, pages: list[Response]
) -> None:
    file = write(tmp_path / "pages.warc.gz", [*pages, pages[0]])
    told = ends(ingest(config, file, dry_run=True))
    assert not config.directory.exists()
    assert told == ends(ingest(config, file)) == {"new": 3, "unchanged": 1}
    later = [corrected(pages[0], days=1), corrected(pages[1], days=-1)]
    second = write(tmp_path / "later.warc.gz", later)
    before = stored(config)
    told = ends(ingest(config, second, dry_run=True))
    assert stored(config) == before
    assert told == ends(ingest(config, second)) == {"updated": 1, "older": 1}


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        ((HTML, GZIP, CHUNKED), lambda body: chunked(gzip.compress(body))),
        ((HTML, GZIP), gzip.compress),
        ((HTML, ("Content-Encoding", "br")), brotli.compress),
        ((HTML, ("Content-Encoding", "deflate")), zlib.compress),
        # Browsers write what they decoded, under the headers of what was sent.
        ((HTML, ("content-encoding", "br"), ("content-length", "900")), lambda body: body),
        ((HTML, GZIP, CHUNKED), lambda body: body),
        ((HTML, CHUNKED), lambda body: body),
    ],
    ids=["gzip chunked", "gzip", "br", "deflate", "decoded br", "decoded gzip", "dechunked"],
)
def test_bodies_in_every_coding_are_read(
    config: Config, tmp_path: Path, pages: list[Response], headers: Any, encode: Any
) -> None:
    plain = pages[0]
    file = write(tmp_path / "x.warc.gz", [Response(plain.url, encode(plain.body), headers)])
    assert ends(ingest(config, file)) == {"new": 1}
    (article,) = stored(config)
    assert (article.article.title or "?") in plain.body.decode()
    assert run_reextract(ReextractRequest(config, SOURCES)).unchanged == 1


@pytest.mark.parametrize("status", ["HTTP/2 200", "HTTP/2.0 200 OK", "HTTP/1.0 200"])
def test_status_lines_of_browsers_are_read(
    config: Config, tmp_path: Path, pages: list[Response], status: str
) -> None:
    file = write(tmp_path / "x.warc.gz", [Response(pages[0].url, pages[0].body, status=status)])
    assert ends(ingest(config, file)) == {"new": 1}


def test_a_newer_page_with_other_content_is_a_revision_and_an_older_one_changes_nothing(
    config: Config, tmp_path: Path, pages: list[Response]
) -> None:
    ingest(config, write(tmp_path / "a.warc.gz", pages[:1]))
    ingest(config, write(tmp_path / "b.warc.gz", [corrected(pages[0], days=1)]))
    (now,) = stored(config)
    assert now.revision == 2
    assert "更正后的远山" in (now.article.body_text or "")
    assert ends(ingest(config, write(tmp_path / "c.warc.gz", pages[:1]))) == {"older": 1}
    assert stored(config) == [now]
    report = run_reextract(ReextractRequest(config, SOURCES))
    assert (report.unchanged, report.changed) == (1, 0)


@pytest.mark.parametrize("first", ["original first", "revisit of another address"])
def test_a_revisit_has_the_body_of_its_original(
    config: Config, tmp_path: Path, pages: list[Response], first: str
) -> None:
    page, date = pages[0], after(pages[0].date, hours=1)
    other = first == "revisit of another address"
    # The same page under the mobile site's address is the same article.
    url = page.url.replace("http://", "https://") + "?from=wap" if other else page.url
    file = write_revisit(tmp_path / "r.warc.gz", page, date, profile_url=url)
    assert ends(ingest(config, file)) == {"new": 1, "unchanged": 1}
    (article,) = stored(config)
    assert article.revision == 1
    assert after(date, hours=0) == article.article.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")  # type: ignore[union-attr]


def test_every_response_ends_in_one_count(
    config: Config, tmp_path: Path, pages: list[Response]
) -> None:
    url, body = pages[1].url, pages[1].body
    image = Response(
        "https://n.sinaimg.cn/a.jpg", b"\xff\xd8\xff", (("Content-Type", "image/jpeg"),)
    )
    wall = "<html><head><title>x</title></head><body><p>请输入验证码</p></body></html>".encode()
    responses = [
        pages[0],
        image,
        Response("https://www.example.com/", b"<p>x</p>"),
        Response("https://finance.sina.com.cn/", b"<p>x</p>"),
        Response(url, b"", status="HTTP/1.1 404 Not Found"),
        Response(url, b""),
        Response(url, wall),
        Response(url, body[: body.find(b'id="artibody"') + 900]),
        Response(url, body, date="2926-11-20T08:00:00Z"),
        Response(url, body, warc={"WARC-Truncated": "length"}),
        Response(url, chunked(body)[:5000], (HTML, CHUNKED)),
        Response(url, body[:5000], (HTML, ("Content-Length", str(len(body))))),
    ]
    report = ingest(config, write(tmp_path / "x.warc.gz", responses))
    counts = Counter(ends(report))
    assert counts.pop("new") == 1
    assert counts.pop("not_ours") == 2
    assert counts.pop("not_an_article") == counts.pop("other_status") == 1
    assert report.reasons == {
        "failed (empty)": 1,
        "blocked (challenge)": 1,
        "failed (truncated)": 4,
        "failed (future_date)": 1,
    }
    assert report.exit_code == ExitCode.PARTIAL
    assert len(stored(config)) == 1


def test_what_newscrawl_wrote_itself_gives_the_same_archive(tmp_path: Path) -> None:
    crawl(tmp_path / "crawled", articles=120)
    old, new = (Config().with_directory(tmp_path / name) for name in ("crawled", "output"))
    report = ingest(new, *sorted((old.directory / "warc").iterdir()))
    assert report.exit_code == ExitCode.OK
    assert report.rows["new"] > 0
    assert [each.article for each in stored(new)] == [each.article for each in stored(old)]
    assert posts(new) == posts(old)


def test_H122_a_source_that_is_being_crawled_is_left_alone(
    config: Config, tmp_path: Path, pages: list[Response]
) -> None:
    file = write(tmp_path / "x.warc.gz", pages)
    with hold(config.directory, SOURCES[:1]), pytest.raises(LockedError):
        ingest(config, file)


@pytest.mark.parametrize("packed", [True, False])
def test_H07_of_a_file_that_is_cut_off_what_is_whole_is_taken(
    config: Config, tmp_path: Path, pages: list[Response], packed: bool
) -> None:
    file = write(tmp_path / "x.warc", pages, gzip=packed)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) - 3000])
    report = ingest(config, file)
    assert ends(report) == {"new": 2}
    assert report.exit_code == ExitCode.PARTIAL
    offset = int(re.search(r"byte (\d+)", report.damaged[file])[1])  # type: ignore[index]
    assert 0 < offset < len(content) - 3000


def test_a_damaged_member_ends_the_file_there(
    config: Config, tmp_path: Path, pages: list[Response]
) -> None:
    file = write(tmp_path / "x.warc.gz", pages)
    content = bytearray(file.read_bytes())
    starts = [found.start() for found in re.finditer(rb"\x1f\x8b\x08\x00", bytes(content))]
    content[starts[-1] - 2000 : starts[-1] - 1500] = bytes(500)
    file.write_bytes(content)
    report = ingest(config, file)
    assert ends(report)["new"] < 3
    assert file in report.damaged
    assert report.exit_code == ExitCode.PARTIAL


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", gzip.compress(b"hello"), b"\x28\xb5\x2f\xfd" + bytes(40), b"a" * 3_000_000],
    ids=["empty", "text", "gzip", "zstd", "one line"],
)
def test_what_is_no_warc_file_is_refused_before_anything_is_made(
    config: Config, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(content)
    with pytest.raises(NotWARCError, match=re.escape(f"{file}: not a WARC file")):
        ingest(config, file)
    assert not config.directory.exists()


BR = ("Content-Encoding", "br")
TWICE = ("Content-Encoding", "gzip, gzip")


@pytest.mark.parametrize(
    ("header", "encode"),
    [
        (GZIP, gzip.compress),
        (BR, lambda body: brotli.compress(body, quality=5)),
        (HTML, lambda body: body[:60_000_000]),
        (TWICE, lambda body: gzip.compress(gzip.compress(body))),
    ],
    ids=["H10 gzip", "H11 br", "H08 long", "H12 twice"],
)
def test_H08_H10_H11_H12_a_bomb_is_one_failed_page_in_bounded_memory(
    config: Config, tmp_path: Path, pages: list[Response], header: tuple[str, str], encode: Any
) -> None:
    bomb = Response(pages[0].url, encode(bytes(200_000_000)), (HTML, header))
    file = write(tmp_path / "x.warc.gz", [bomb, pages[1]])
    tracemalloc.start()
    report = ingest(config, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ends(report) == {"failed": 1, "new": 1}
    assert report.reasons == {"failed (too_large)": 1}
    assert peak < (16 * 4 + 50) * 1024 * 1024


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_what_wget_writes_is_taken(
    config: Config, tmp_path: Path, replica: ReplicaProcess, pages: list[Response]
) -> None:
    proxy = urlsplit(replica.url).netloc
    url = pages[0].url.replace("https://", "http://")
    command = ["wget", "-nv", "-e", "use_proxy=yes", "-e", f"http_proxy={proxy}", url]
    named = [*command, "--warc-file=page", "-O", "page.html"]
    subprocess.run(named, cwd=tmp_path, check=True, capture_output=True)
    assert ends(ingest(config, tmp_path / "page.warc.gz")) == {"new": 1}
    assert ends(ingest(config, tmp_path / "page.warc.gz")) == {"unchanged": 1}


def corrected(page: Response, **by: int) -> Response:
    """Return a page whose publisher has added a sentence, so much later."""
    start = page.body.find(b"<p", page.body.find(b'id="artibody"'))
    assert start > 0
    body = page.body[:start] + "<p>更正后的远山一句。</p>".encode() + page.body[start:]
    return Response(page.url, body, page.headers, date=after(page.date, **by))
