"""WARC files of other tools: what stands in a record, and what a file may not do to us."""

import gzip
import random
import tracemalloc
from datetime import UTC, datetime
from io import BytesIO

import pytest

from newscrawl.archive.foreign import DamagedError, NotWARCError, Recorded, read_responses

URL = "https://finance.example.com/doc-1.shtml"
MOST = 1_000_000


def record(kind: str, block: bytes, *fields: str, url: str = URL) -> bytes:
    """Return a record as the standard writes it."""
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2026-11-20T08:00:00Z",
        *fields,
        f"Content-Length: {len(block)}",
        "",
        "",
    ]
    return "\r\n".join(head).encode() + block + b"\r\n\r\n"


def response(body: bytes = b"text", *fields: str, head: str = "", url: str = URL) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode()
    return record("response", http + body, *fields, url=url)


def request(name: str) -> bytes:
    return record("request", f"GET / HTTP/1.1\r\nUser-Agent: {name}\r\n\r\n".encode())


def read(*records: bytes, packed: bool = False) -> list[Recorded]:
    content = b"".join(gzip.compress(each) if packed else each for each in records)
    return list(read_responses(BytesIO(content), max_size=MOST))


@pytest.mark.parametrize("packed", [True, False])
def test_a_response_has_its_request_before_or_after_it(packed: bool) -> None:
    info = record("warcinfo", b"software: x\r\n")
    one, two, three = read(
        info,
        request("before"),
        response(b"one"),
        response(b"two", url="https://finance.example.com/doc-2.shtml"),
        response(b"three"),
        request("after"),
        record("metadata", b"via: x\r\n"),
        record("resource", b"<p>x</p>", "Content-Type: text/html"),
        packed=packed,
    )
    assert [each.exchange.body for each in (one, two, three)] == [b"one", b"two", b"three"]
    assert one.exchange.request_headers == (("User-Agent", "before"),)
    assert two.exchange.request_headers == ()
    assert three.exchange.request_headers == (("User-Agent", "after"),)
    assert one.exchange.fetched_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert one.exchange.purpose.source == ""


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (response(b"x", "WARC-Truncated: time"), "truncated"),
        (response(b"x", head="Content-Length: 9\r\n"), "truncated"),
        (response(b"2\r\nxx\r\n9\r\nx", head="Transfer-Encoding: chunked\r\n"), "truncated"),
        (response(b"2\r\nxx\r\n0\r\n\r\n", head="Transfer-Encoding: chunked\r\n"), ""),
        (response(b"plain", head="Transfer-Encoding: chunked\r\n"), ""),
        (response(bytes(3 * MOST)), "too_large"),
        (record("response", b"SSH-2.0-x\r\n\r\n"), "no_status"),
        (record("revisit", b"", "WARC-Payload-Digest: sha1:X"), "revisit"),
        (response().replace(b"2026-11-20T08:00:00Z", b"yesterday"), "no_date"),
    ],
)
def test_what_is_wrong_with_a_response_is_named(made: bytes, problem: str) -> None:
    (one,) = read(made)
    assert one.problem == problem


@pytest.mark.parametrize("date", ["2026", "2026-11", "2026-11-20", "2026-11-20T08:00:00.123456Z"])
def test_dates_of_every_precision_are_read(date: str) -> None:
    made = response().replace(b"2026-11-20T08:00:00Z", date.encode())
    (one,) = read(made)
    assert one.exchange.fetched_at.year == 2026
    assert one.exchange.fetched_at.tzinfo is not None


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("left", [3, 40, 300])
def test_a_file_that_ends_within_a_record_says_where_that_one_begins(
    packed: bool, left: int
) -> None:
    noise = random.Random(1).randbytes(2_000)
    first, second = response(b"one" * 99), response(noise, url=f"{URL}?2")
    if packed:
        first, second = gzip.compress(first), gzip.compress(second)
    stream = BytesIO(first + second[:left])
    responses = read_responses(stream, max_size=MOST)
    assert next(responses).exchange.body == b"one" * 99
    with pytest.raises(DamagedError) as error:
        next(responses)
    assert error.value.offset == len(first)


def test_records_that_are_packed_as_one_are_told_what_to_do_about() -> None:
    stream = BytesIO(gzip.compress(response() + response(url=f"{URL}?2")))
    with pytest.raises(DamagedError, match="warcio recompress"):
        list(read_responses(stream, max_size=MOST))


@pytest.mark.parametrize(
    "content",
    [
        b"WARC/1.0\r\nX: " + b"a" * 60_000_000,
        b"WARC/1.0\r\n" + b"X-Long: header\r\n" * 4_000_000,
        gzip.compress(b"WARC/1.0\r\nX: " + b"a" * 60_000_000),
    ],
    ids=["one line", "many lines", "packed"],
)
def test_H08_headers_without_an_end_take_no_memory(content: bytes) -> None:
    stream = BytesIO(content)
    tracemalloc.start()
    with pytest.raises(NotWARCError):
        list(read_responses(stream, max_size=MOST))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64_000_000  # a block of the file inflates to a thousand times its size
