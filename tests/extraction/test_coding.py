"""Content codings come off as Scrapy takes them off in a crawl, and never without a bound."""

import contextlib
import gzip
import sys
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newscrawl.extraction.coding import decode_body
from newscrawl.outcomes import Failed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BOUND = 1 << 20
TEXT = "正文。".encode() * 30_000


def raw_deflate(data: bytes) -> bytes:
    """Compress without zlib's head, as some servers do."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def streamed_brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=1))


def packed_zstd(data: bytes) -> bytes:
    return bytes(zstd.compress(data))


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", streamed_brotli),
    "zstd": ("zstd", packed_zstd),
}


def as_scrapy_does(body: bytes, *codings: str) -> tuple[bytes, list[bytes]]:
    """Return what the crawl makes of a body, and the codings that it leaves."""
    crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": BOUND, "DOWNLOAD_WARNSIZE": 0})
    request = Request("https://www.example.com/")
    response = Response(request.url, body=body, headers={"Content-Encoding": list(codings)})
    made = HttpCompressionMiddleware.from_crawler(crawler).process_response(request, response)
    assert isinstance(made, Response)
    return made.body, made.headers.getlist("Content-Encoding")


@pytest.mark.parametrize(("name", "compress"), CODINGS.values(), ids=CODINGS)
def test_every_coding_that_a_crawl_asks_for_comes_off(
    name: str, compress: Callable[[bytes], bytes]
) -> None:
    body = compress(TEXT)
    assert decode_body(body, [name], max_size=BOUND) == (TEXT, ())
    assert as_scrapy_does(body, name) == (TEXT, [])


@pytest.mark.parametrize(("name", "compress"), CODINGS.values(), ids=CODINGS)
def test_what_came_before_a_break_is_taken_as_in_the_crawl(
    name: str, compress: Callable[[bytes], bytes]
) -> None:
    body = compress(bytes(range(256)) * 800)
    for cut in (len(body) // 2, len(body) - 3):
        read, _ = decode_body(body[:cut], [name], max_size=BOUND)
        assert read == as_scrapy_does(body[:cut], name)[0]


@pytest.mark.parametrize("codings", [["gzip, br"], ["gzip", "br"], ["GZIP , Br"]])
def test_several_codings_come_off_in_their_order(codings: list[str]) -> None:
    body = streamed_brotli(gzip.compress(TEXT))
    assert decode_body(body, codings, max_size=BOUND) == (TEXT, ())
    assert as_scrapy_does(body, *codings)[0] == TEXT


def test_an_unknown_coding_stays_on_with_all_below_it() -> None:
    body = gzip.compress(b"odd")
    assert decode_body(body, ["gzip, sdch, gzip"], max_size=BOUND) == (b"odd", ("gzip", "sdch"))
    assert as_scrapy_does(body, "gzip, sdch, gzip") == (b"odd", [b"gzip", b"sdch"])


@pytest.mark.parametrize(("name", "compress"), CODINGS.values(), ids=CODINGS)
def test_H10_H11_a_bomb_is_refused_before_it_is_inflated(
    name: str, compress: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(Failed, match="too_large"):
        decode_body(compress(b"\0" * (BOUND * 8)), [name], max_size=BOUND)


def test_H12_a_bomb_within_a_coding_is_refused_too() -> None:
    body = gzip.compress(gzip.compress(b"\0" * (BOUND * 8)))
    with pytest.raises(Failed, match="too_large"):
        decode_body(body, ["gzip, gzip"], max_size=BOUND)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_H13_text_under_a_false_coding_is_a_failure(name: str) -> None:
    with pytest.raises(Failed, match="coding"):
        decode_body(b"<html>plain</html>", [name], max_size=BOUND)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_H13_no_bytes_at_all_end_in_another_error(body: bytes, name: str) -> None:
    with contextlib.suppress(Failed):
        read, left = decode_body(body, [name], max_size=BOUND)
        assert (left, len(read) <= BOUND) == ((), True)
