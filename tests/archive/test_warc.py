"""What stands in a WARC file: all of an exchange, and nothing that other tools cannot read."""

import gzip
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.archive import warc
from newscrawl.archive.exchange import Capture, Exchange, Purpose
from newscrawl.archive.warc_reader import (
    BrokenRecordError,
    Kept,
    read_at,
    read_exchanges,
    read_kept,
)
from newscrawl.listings import Entry

from .builders import SOURCE, later
from .exchanges import PAGE, by_fastwarc, by_warcio, exchange, listing, warcio_check


def packed(made: Exchange, refers_to: Capture | None = None) -> bytes:
    return warc.members(made, sha256(made.body).hexdigest(), refers_to)


def unpacked(made: Exchange) -> Exchange:
    """Return what comes back of an exchange."""
    (found,) = read_exchanges(BytesIO(packed(made)))
    return found


def capture_of(made: Exchange) -> Capture:
    return Capture(
        1, "a.warc.gz", 0, 0, SOURCE, "china", None, made.url, made.status, made.fetched_at,
        sha256(made.body).hexdigest(),
    )  # fmt: skip


EXCHANGES = {
    "article": exchange(),
    "listing": listing(),
    "empty": exchange(body=b""),
    "bytes of no text": exchange(body=bytes(range(256)) * 300),
    "a body like a record": exchange(body=b"WARC/1.1\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"),
    "encoded": exchange(body=gzip.compress(b"x" * 999), headers=(("Content-Encoding", "gzip"),)),
    "chunked": exchange(headers=(("Transfer-Encoding", "chunked"), ("Date", "now"))),
    "chunked with a length": exchange(
        headers=(("content-length", "7"), ("Transfer-Encoding", "gzip, chunked"))
    ),
    "no header": exchange(headers=(), request_headers=()),
    "long header": exchange(headers=(("X-Junk", "a" * 8_000),)),  # more is let in by nobody
    "odd header": exchange(headers=(("X:Y", " :b: "), ("X-Empty", ""), ("X-Bytes", "\xff\x80"))),
    "moved": exchange(status=301, status_line="HTTP/1.1 301 Moved", body=b""),
    "gone": exchange(status=404, status_line="HTTP/1.0 404 不在".encode().decode("latin-1")),
    "cut": exchange(headers=(("Content-Length", "5000"),)),
}


@pytest.mark.parametrize("made", EXCHANGES.values(), ids=EXCHANGES)
def test_an_exchange_comes_back_as_it_was(made: Exchange) -> None:
    if "X:Y" in dict(made.headers):  # a name with a colon is none: its first one ends it
        assert unpacked(made).headers[0] == ("X", "Y:  :b: ")
        made = replace(made, headers=made.headers[1:])
    assert unpacked(made) == made


@pytest.mark.parametrize("made", EXCHANGES.values(), ids=EXCHANGES)
@pytest.mark.parametrize("read", [by_warcio, by_fastwarc])
def test_other_tools_read_three_records_of_each(made: Exchange, read: type) -> None:
    records = read(packed(made))
    assert [kind for kind, _, _ in records] == ["response", "request", "metadata"]
    response, request, metadata = (headers for _, headers, _ in records)
    for headers in (response, request, metadata):
        assert headers["warc-target-uri"] == made.url
        assert headers["warc-date"] == "2026-09-28T04:00:00.000000Z"
    assert request["warc-concurrent-to"] == response["warc-record-id"]
    assert metadata["warc-concurrent-to"] == response["warc-record-id"]
    assert response["warc-ip-address"] == "93.184.216.34"
    assert records[0][2] == made.body
    assert f"newscrawl-source: {SOURCE}".encode() in records[2][2]


def test_a_file_passes_the_check_of_another_tool(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    first = EXCHANGES["article"]
    again = packed(exchange(minute=5), capture_of(first))
    file.write_bytes(
        warc.begin(file.name, later(0)) + b"".join(map(packed, EXCHANGES.values())) + again
    )
    warcio_check(file)
    info = by_warcio(file.read_bytes())[0]
    assert info[0] == "warcinfo"
    assert info[1]["warc-filename"] == "a.warc.gz"
    assert b"software: newscrawl/" in info[2]


def test_a_chunked_body_is_kept_without_its_chunks_and_says_so() -> None:
    data = packed(EXCHANGES["chunked with a length"])
    head = gzip.decompress(data).split(b"\r\n\r\n")[1].decode().split("\r\n")
    assert head[1:] == [
        "X-Archive-Orig-content-length: 7",
        "X-Archive-Orig-Transfer-Encoding: gzip, chunked",
        f"Content-Length: {len(EXCHANGES['chunked'].body)}",
    ]


def test_a_body_that_was_cut_off_says_so() -> None:
    assert by_warcio(packed(EXCHANGES["cut"]))[0][1]["warc-truncated"] == "disconnect"
    assert "warc-truncated" not in by_warcio(packed(EXCHANGES["article"]))[0][1]
    assert "warc-truncated" not in by_warcio(packed(EXCHANGES["chunked with a length"]))[0][1]


def test_the_same_bytes_again_are_a_revisit() -> None:
    first, again = exchange(), exchange(minute=5)
    kind, headers, body = by_warcio(packed(again, capture_of(first)))[0]
    assert kind == "revisit"
    assert headers["warc-profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert headers["warc-payload-digest"] == f"sha256:{sha256(first.body).hexdigest()}"
    assert headers["warc-refers-to-target-uri"] == first.url
    assert headers["warc-refers-to-date"] == "2026-09-28T04:00:00.000000Z"
    assert body == b""
    (kept,) = read_kept(BytesIO(packed(again, capture_of(first))))
    assert kept.refers_to == (first.url, first.fetched_at)
    assert kept.exchange == replace(again, body=b"")


@pytest.mark.parametrize("known", [True, False])
def test_H17_a_304_is_a_revisit_of_what_is_still_valid(known: bool) -> None:
    first = exchange()
    again = exchange(minute=5, status=304, status_line="HTTP/1.1 304 Not Modified", body=b"")
    data = packed(again, capture_of(first) if known else None)
    kind, headers, _ = by_warcio(data)[0]
    assert kind == "revisit"
    assert headers["warc-profile"].endswith("/1.1/revisit/server-not-modified")
    assert "warc-payload-digest" not in headers
    (kept,) = read_kept(BytesIO(data))
    assert kept.refers_to == ((first.url, first.fetched_at) if known else None)
    assert kept.exchange == again


def test_the_records_of_a_page_are_these_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "urandom", lambda size: bytes(range(size)))
    made = exchange(
        headers=(("Server", "x"), ("Content-Length", "9999")),
        request_headers=(("Host", "news.example.com"),),
        purpose=Purpose(SOURCE, "china", "a" * 64, Entry("https://news.example.com/a", title="标")),
    )
    first = "WARC-Target-URI: https://news.example.com/a\r\nWARC-Date: 2026-09-28T04:00:00.000000Z"
    entry = '{"url": "https://news.example.com/a", "title": "\\u6807"}'
    told = f"newscrawl-article: {'a' * 64}\r\nnewscrawl-entry: {entry}"
    head = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 9999\r\n\r\n"
    asked = "GET /a HTTP/1.1\r\nHost: news.example.com\r\n\r\n"
    tells = f"newscrawl-source: {SOURCE}\r\nnewscrawl-section: china\r\n{told}\r\n"
    expected = f"""WARC/1.1\r
WARC-Type: response\r
{first}\r
WARC-Record-ID: <urn:uuid:00010203-0405-4607-8809-0a0b0c0d0e00>\r
WARC-IP-Address: 93.184.216.34\r
Content-Type: application/http; msgtype=response\r
WARC-Payload-Digest: sha256:{sha256(PAGE).hexdigest()}\r
WARC-Truncated: disconnect\r
Content-Length: {len(head) + len(PAGE)}\r
\r
{head}{PAGE.decode()}\r
\r
WARC/1.1\r
WARC-Type: request\r
{first}\r
WARC-Concurrent-To: <urn:uuid:00010203-0405-4607-8809-0a0b0c0d0e00>\r
WARC-Record-ID: <urn:uuid:00010203-0405-4607-8809-0a0b0c0d0e01>\r
Content-Type: application/http; msgtype=request\r
WARC-Block-Digest: sha256:{sha256(asked.encode()).hexdigest()}\r
Content-Length: {len(asked)}\r
\r
{asked}\r
\r
WARC/1.1\r
WARC-Type: metadata\r
{first}\r
WARC-Concurrent-To: <urn:uuid:00010203-0405-4607-8809-0a0b0c0d0e00>\r
WARC-Record-ID: <urn:uuid:00010203-0405-4607-8809-0a0b0c0d0e02>\r
Content-Type: application/warc-fields\r
WARC-Block-Digest: sha256:{sha256(tells.encode()).hexdigest()}\r
Content-Length: {len(tells)}\r
\r
{tells}\r
\r
"""
    assert gzip.decompress(packed(made)) == expected.encode()


def test_no_two_records_have_one_identifier() -> None:
    records = by_warcio(b"".join(map(packed, EXCHANGES.values())))
    names = [headers["warc-record-id"] for _, headers, _ in records]
    assert len(set(names)) == 3 * len(EXCHANGES)
    for name in names:
        found = UUID(name.removeprefix("<urn:uuid:").removesuffix(">"))
        assert (found.version, found.variant, f"<urn:uuid:{found}>") == (4, RFC_4122, name)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("place", ["name", "value", "line"])
def test_one_line_end_is_enough_to_be_taken_out(place: str, end: str) -> None:
    name, value, line = (
        f"a{end}b" if place == each else each for each in ("name", "value", "line")
    )
    made = exchange(request_headers=((name, value),), request_line=line)
    sent = (unpacked(made).request_line, *unpacked(made).request_headers[0])
    assert sent == tuple(each.replace(end, " " * len(end)) for each in (line, name, value))
    assert len(unpacked(made).request_headers) == 1


def test_a_line_end_within_a_header_begins_no_other_one() -> None:
    made = exchange(headers=(("X-A", "b\r\nX-Evil: c\r\n\r\n<html>"),))
    assert unpacked(made).headers == (("X-A", "b  X-Evil: c    <html>"),)
    assert unpacked(made).body == made.body


def test_lines_that_nobody_gave_follow_from_the_rest() -> None:
    made = exchange(request_line="", status_line="", url="https://news.example.com?q=1")
    found = unpacked(made)
    assert (found.request_line, found.status_line) == ("GET /?q=1 HTTP/1.1", "HTTP/1.1 200 ")
    assert by_fastwarc(packed(made))[0][2] == made.body


def test_what_is_compressed_already_is_not_compressed_again() -> None:
    body = gzip.compress(bytes(range(256)))
    encoded = exchange(body=body, headers=(("Content-Encoding", "gzip"),))
    assert body in packed(encoded)
    assert unpacked(encoded).body == body


@pytest.fixture(scope="module")
def three() -> tuple[bytes, list[int]]:
    """Return a file of three exchanges, and where each begins and the last one ends."""
    data, starts = warc.begin("a.warc.gz", later(0)), []
    for name in "abc":
        starts.append(len(data))
        data += packed(exchange(name))
    return data, [*starts, len(data)]


def test_H116_a_file_cut_anywhere_gives_all_that_is_whole(three: tuple[bytes, list[int]]) -> None:
    data, starts = three
    for end in range(len(data)):
        found: list[Kept] = []
        broken = None
        try:
            found.extend(read_kept(BytesIO(data[:end])))
        except BrokenRecordError as error:
            broken = error.offset
        whole = sum(end >= start for start in starts[1:])
        assert [kept.exchange.url[-1] for kept in found] == list("abc"[:whole])
        if end in {0, *starts}:
            assert broken is None
        else:
            assert broken == (starts[whole] if end > starts[0] else 0)


def test_reading_goes_on_from_any_exchange(three: tuple[bytes, list[int]]) -> None:
    data, starts = three
    names = [kept.exchange.url[-1] for kept in read_kept(BytesIO(data), starts[1])]
    assert names == ["b", "c"]
    found = read_at(BytesIO(data), starts[1], starts[2] - starts[1])
    assert (found.exchange, found.offset, found.end) == (exchange("b"), starts[1], starts[2])


@pytest.mark.parametrize(("shift", "length"), [(1, 0), (0, -1), (0, 5), (0, 10_000)])
def test_a_place_where_another_thing_stands_is_refused(
    three: tuple[bytes, list[int]], shift: int, length: int
) -> None:
    data, starts = three
    with pytest.raises(BrokenRecordError, match="no whole record at byte"):
        read_at(BytesIO(data), starts[1] + shift, starts[2] - starts[1] + length)


@pytest.mark.parametrize(
    "record",
    [b"no record", b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", b"WARC/1.1\r\nno header\r\n\r\n",
     b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nx\r\n\r\n", b"WARC/1.1\r\n\xff"],
)  # fmt: skip
def test_a_member_that_is_no_record_is_refused(record: bytes) -> None:
    data = packed(exchange())
    with pytest.raises(BrokenRecordError, match=f"no whole record at byte {len(data)}"):
        list(read_kept(BytesIO(data + gzip.compress(record))))


@settings(max_examples=50)
@given(st.binary(max_size=400), st.integers(min_value=0))
def test_a_damaged_file_never_gives_another_page(junk: bytes, where: int) -> None:
    data = packed(exchange()) + packed(exchange("b"))
    at = where % len(data)
    data = data[:at] + junk + data[at + len(junk) :]
    found: list[Exchange] = []
    with suppress(BrokenRecordError):
        found.extend(read_exchanges(BytesIO(data)))
    assert all(each in (exchange(), exchange("b")) for each in found)
