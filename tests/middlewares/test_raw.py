"""What the raw record is handed: what went over the wire, and nothing of a stand-in."""

import asyncio
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import Settings

from newscrawl.archive import Archive
from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.archive.pages import page_of_capture
from newscrawl.archive.raw import read
from newscrawl.archive.warc_reader import read_exchanges
from newscrawl.config import Config
from newscrawl.middlewares.clock import FETCHED_AT
from newscrawl.middlewares.errors import SiteUnavailable
from newscrawl.middlewares.raw import MOST, PURPOSE, WIRE, RawMiddleware, Wire, headers_of
from newscrawl.middlewares.responses import page_of
from tests.archive.exchanges import warcio_check
from tests.hostile.crawling import crawl
from tests.hostile.server import story

SITE = "https://www.fault.test"
PATHS = ("ok?a=1&b=%E4%B8%AD#part", "zipped", "chunked", "odd-bytes", "missing", "to-article",
         "not-modified", "truncated", "empty", "double-gzip")  # fmt: skip


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output of one crawl of all these pages."""
    folder = tmp_path_factory.mktemp("raw")
    crawl(folder, [f"{SITE}/{path}" for path in PATHS])
    return folder


@pytest.fixture(scope="module")
def archive(output: Path) -> Iterator[Archive]:
    with Archive.open(output / "archive.db", read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(archive: Archive) -> dict[str, Exchange]:
    """Return what was kept, by the path of its address."""
    kept = (read(archive, each) for each in archive.captures.between(1, 999) if each.article)
    return {each.url.split("/", 3)[3]: each for each in kept}


def header(exchange: Exchange, name: str) -> list[str]:
    return [value for each, value in exchange.headers if each.lower() == name]


def test_every_answer_is_kept_with_its_purpose(pages: dict[str, Exchange]) -> None:
    assert {path: page.status for path, page in pages.items()} == {
        "ok?a=1&b=%E4%B8%AD#part": 200, "zipped": 200, "chunked": 200, "odd-bytes": 200,
        "missing": 404, "to-article": 302, "ok": 200, "not-modified": 304, "empty": 200,
        "double-gzip": 200,
    }  # fmt: skip
    for page in pages.values():
        assert page.purpose.source == "faulty"
        assert page.purpose.entry is not None
    assert pages["ok"].purpose == pages["to-article"].purpose
    assert pages["ok"].url == "https://m.fault.test/ok"


def test_the_listing_is_kept_too(archive: Archive) -> None:
    (capture,) = archive.captures.listings("faulty")
    assert (capture.url, capture.article) == (f"{SITE}/ok", None)
    assert read(archive, capture).body == story("www.fault.test/ok")


def test_robots_txt_is_no_page(output: Path) -> None:
    for file in (output / "warc").iterdir():
        with file.open("rb") as stream:
            assert not any("robots.txt" in each.url for each in read_exchanges(stream))


def test_the_request_is_the_one_that_was_sent_to_the_publisher(
    pages: dict[str, Exchange], output: Path
) -> None:
    page = pages["ok?a=1&b=%E4%B8%AD#part"]
    assert page.request_line == "GET /ok?a=1&b=%E4%B8%AD HTTP/1.1"
    sent = dict(page.request_headers)
    assert sent["Host"] == "www.fault.test"
    assert sent["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert sent["User-Agent"].startswith("newscrawl/")
    assert page.ip is None
    for file in (output / "warc").iterdir():
        text = gzip.decompress(file.read_bytes())
        assert b"127.0.0.1" not in text
        assert b"Forwarded" not in text


def test_a_body_is_kept_in_its_content_coding(pages: dict[str, Exchange]) -> None:
    assert header(pages["zipped"], "content-encoding") == ["gzip"]
    assert gzip.decompress(pages["zipped"].body) == story("zipped")
    assert gzip.decompress(gzip.decompress(pages["double-gzip"].body)) == story("zipped")


def test_a_body_is_kept_without_its_chunks(pages: dict[str, Exchange]) -> None:
    page = pages["chunked"]
    assert page.body == story("chunked")
    assert page.headers == (
        ("Connection", "close"), ("Transfer-Encoding", "chunked"), ("X-Order", "2"),
        ("x-order", "1"),
    )  # fmt: skip


def test_H14_bytes_that_are_no_text_are_kept_as_they_came(pages: dict[str, Exchange]) -> None:
    page = pages["odd-bytes"]
    assert page.status_line == "HTTP/1.0 200 \xb2\xe2"
    assert page.headers == (("X-Bytes", "\xb2\xe2"),)


def test_H05_H07_of_a_page_that_broke_off_nothing_is_left(pages: dict[str, Exchange]) -> None:
    assert "truncated" not in pages


def test_the_pages_are_those_that_the_crawl_read(archive: Archive, output: Path) -> None:
    stored = {each.article.url: each.article for each in archive.articles()}
    assert len(stored) == 6
    for capture in archive.captures.between(1, 999):
        article = stored.get(capture.url)
        if article is None or capture.article is None:
            continue
        page = page_of_capture(archive, capture)
        assert page.fetched_at == article.fetched_at
        assert "content-encoding" not in page.headers
        assert "正文" in page.text
    warcio_check(*(output / "warc").iterdir())


# ---- the middleware by itself --------------------------------------------------------


class Desk:
    """Stands for the source that runs, and takes pages or not."""

    def __init__(self, takes: bool = True, **raw: Any) -> None:
        self.takes, self.kept = takes, list[Exchange]()
        settings = Settings({"NEWSCRAWL_CONFIG": Config(), "CONCURRENT_REQUESTS": 16})
        self.crawler: Any = SimpleNamespace(settings=settings, spider=self)

    def keep(self, exchange: Exchange) -> bool:
        self.kept.append(exchange)
        if exchange.url.endswith("/fault"):
            raise ValueError(exchange.url)
        return self.takes


PURPOSE_A = Purpose("toy", "a")
"""Of a listing, for which a crawl waits."""
PURPOSE_B = Purpose("toy", "a", "hash of an article")


def handed(desk: Desk, *requests: Request) -> list[Any]:
    """Hand the answers to requests over at the same time; return what becomes of each."""

    async def together() -> list[Any]:
        process = RawMiddleware(desk.crawler).process_response
        answers = [process(request, answer(request)) for request in requests]
        return await asyncio.gather(*answers, return_exceptions=True)

    return asyncio.run(together())


def article(name: object) -> Request:
    return Request(f"https://toy.test/{name}", meta={PURPOSE: PURPOSE_B})


def answer(request: Request) -> Response:
    return Response(request.url, headers={"X-A": ["1", "2"]}, body=b"body", request=request)


def test_a_page_without_a_purpose_is_not_kept() -> None:
    desk = Desk()
    handed(desk, Request("https://toy.test/robots.txt"))
    assert desk.kept == []


def test_the_page_bears_the_time_of_its_exchange() -> None:
    desk, before = Desk(), datetime.now(UTC)
    request = Request("https://toy.test/1", meta={PURPOSE: PURPOSE_A})
    (response,) = handed(desk, request)
    (kept,) = desk.kept
    assert before <= kept.fetched_at == page_of(response).fetched_at == request.meta[FETCHED_AT]
    assert kept.headers == (("X-A", "1"), ("X-A", "2"))  # as far as Scrapy knows them


def test_headers_are_read_as_scrapy_reads_them() -> None:
    headers: list[tuple[str | bytes, Any]] = [
        ("x-odd_NAME", ["1", "\xb2"]), (b"content-type", b"\xb2\xe2"), ("Empty", ""),
    ]  # fmt: skip
    response = Response("https://toy.test/1", headers=headers)
    assert headers_of(response) == tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    assert headers_of(Response("https://toy.test/1")) == ()


def test_what_the_connection_knows_is_used_once() -> None:
    desk = Desk()
    wire = Wire("GET /1 HTTP/1.1", (("Host", "toy.test"),), "HTTP/1.1 200 OK", (), "93.184.216.34")
    request = Request("https://toy.test/1", meta={PURPOSE: PURPOSE_A, WIRE: wire})
    handed(desk, request)
    assert desk.kept[0].request_line == wire.request_line
    assert desk.kept[0].ip == wire.ip
    assert WIRE not in request.meta


def test_H118_a_page_that_cannot_be_kept_is_not_read() -> None:
    desk = Desk(takes=False)
    request = Request("https://toy.test/1", meta={PURPOSE: PURPOSE_A})
    (end,) = handed(desk, request)
    assert isinstance(end, SiteUnavailable)
    assert "not_kept" in str(end)


def test_articles_are_kept_several_at_once_before_anything_is_told_of_one() -> None:
    desk = Desk()
    told: list[int] = []

    async def tell(middleware: RawMiddleware, number: int) -> None:
        await middleware.process_response(request := article(number), answer(request))
        told.append(len(desk.kept))

    async def all_of_them() -> None:
        middleware = RawMiddleware(desk.crawler)
        await asyncio.gather(*(tell(middleware, number) for number in range(MOST)))

    asyncio.run(all_of_them())
    assert told == [MOST] * MOST
    assert [each.url[-1] for each in desk.kept] == [str(number) for number in range(MOST)]


def test_a_listing_waits_for_no_other_page_and_comes_behind_those_before_it() -> None:
    desk = Desk()

    async def listing() -> None:
        middleware, first = RawMiddleware(desk.crawler), article(1)
        before = asyncio.ensure_future(middleware.process_response(first, answer(first)))
        await asyncio.sleep(0)
        assert not desk.kept
        request = Request("https://toy.test/list", meta={PURPOSE: PURPOSE_A})
        await middleware.process_response(request, answer(request))
        assert [each.url for each in desk.kept] == ["https://toy.test/1", "https://toy.test/list"]
        await before

    asyncio.run(listing())


def test_H127_a_page_whose_record_raises_stops_no_other() -> None:
    desk = Desk()
    first, fault, last = handed(desk, article(1), article("fault"), article(3))
    assert isinstance(fault, ValueError)
    assert [first.url, last.url] == ["https://toy.test/1", "https://toy.test/3"]


@pytest.mark.parametrize(("concurrent", "together"), [(1, 1), (4, 2), (16, MOST), (64, MOST)])
def test_no_more_are_waited_for_than_are_asked_for_at_once(concurrent: int, together: int) -> None:
    desk = Desk()
    desk.crawler.settings["CONCURRENT_REQUESTS"] = concurrent

    async def kept() -> int:
        middleware, found = RawMiddleware(desk.crawler), []
        for number in range(MOST):
            request = article(number)
            found += [asyncio.ensure_future(middleware.process_response(request, answer(request)))]
            await asyncio.sleep(0)
            if desk.kept:
                break
        number = len(desk.kept)
        await asyncio.gather(*found)
        return number

    assert asyncio.run(kept()) == together


def test_without_a_raw_record_it_is_not_there() -> None:
    desk = Desk()
    desk.crawler.settings["NEWSCRAWL_CONFIG"] = Config().without_raw()
    with pytest.raises(NotConfigured):
        RawMiddleware.from_crawler(desk.crawler)
