"""Exchanges as WARC records (ISO 28500:2017, WARC 1.1); ``warc_reader`` reads them.

An exchange is three records: the response, the request, and a metadata record that says what
the page was fetched for. Each is a gzip member of its own, as the standard wants (annex D).
The bytes are put together here, since that takes a third of the time that ``warcio`` needs,
for every page of a crawl; the tests read them with ``warcio`` and with ``fastwarc``.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from os import urandom
from urllib.parse import urlsplit

from isal import isal_zlib

from newscrawl import __version__
from newscrawl.archive.codec import to_entry, to_time
from newscrawl.archive.exchange import Capture, Exchange, FileRun, Headers, Purpose

VERSION = "WARC/1.1"
PROTOCOL = "HTTP/1.1"
REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
SAME_BYTES = f"{REVISIT}identical-payload-digest"
NOT_MODIFIED = f"{REVISIT}server-not-modified"
ORIGINAL = "X-Archive-Orig-"
"""Put before headers that were true on the wire and are not of the body as it is kept."""
FRAMING = frozenset({"transfer-encoding", "content-length"})
"""Headers that say where a body ends. In a message with the first the second does not count
(RFC 9112, section 6.3)."""

_LEVEL = 1
"""Compression: a page in a quarter of its size for a fraction of the time of level 6."""
_GZIP = 31
_HTTP = "application/http; msgtype="

_FIELDS = "application/warc-fields"
_VARIANTS = "89ab"
"""How the fourth part of a random UUID may begin (RFC 9562, section 4.1)."""


def begin(name: str, at: datetime, run: FileRun | None = None) -> bytes:
    """Return the record that a WARC file begins with (section 6.2 of the standard).

    name: of the file. at: aware. run: without it the file does not tell what run it is of.
    There is no count and no length of the file in it.
    """
    info = (
        f"software: newscrawl/{__version__}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
        "\r\nrobots: obey\r\n"
    ) + (_run(run) if run else "")
    fields = (
        f"WARC-Type: warcinfo\r\nWARC-Record-ID: {_new_ids('0')[0]}\r\nWARC-Date: {to_time(at)}\r\n"
        f"WARC-Filename: {name}\r\nContent-Type: {_FIELDS}\r\n"
    )
    return _member(fields, info.encode())


def members(exchange: Exchange, digest: str, refers_to: Capture | None = None) -> bytes:
    """Return an exchange as three gzip members: response or revisit, request, metadata.

    digest: SHA-256, hex, of the body. refers_to: the capture of the same bytes, or for a 304
    the one that the server says is still valid; of the body nothing is written then.
    """
    response_id, request_id, metadata_id = _new_ids("012")
    target = f"WARC-Target-URI: {exchange.url}\r\nWARC-Date: {to_time(exchange.fetched_at)}\r\n"
    concurrent = f"{target}WARC-Concurrent-To: {response_id}\r\n"
    return b"".join(
        (
            _response(f"{target}WARC-Record-ID: {response_id}\r\n", exchange, digest, refers_to),
            _companion("request", concurrent, request_id, f"{_HTTP}request", _request(exchange)),
            _companion("metadata", concurrent, metadata_id, _FIELDS, _purpose(exchange.purpose)),
        )
    )


def _run(run: FileRun) -> str:
    """Return a run as ``application/warc-fields``, which may have names of our own."""
    fields = {
        "newscrawl-source": run.source,
        "newscrawl-run": to_time(run.started_at),
        "newscrawl-part": run.part,
        "newscrawl-asked": json.dumps(dict(run.asked)),
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


def _response(fields: str, exchange: Exchange, digest: str, refers_to: Capture | None) -> bytes:
    """Return the response, or what stands for it; ``fields``: the first ones of its record."""
    body = exchange.body
    line = exchange.status_line or f"{PROTOCOL} {exchange.status} "
    names = {name.lower(): value for name, value in exchange.headers}
    is_coded = "transfer-encoding" in names
    headers = kept_headers(exchange.headers, len(body)) if is_coded else exchange.headers
    head = _http(line, headers)
    ip = f"WARC-IP-Address: {exchange.ip}\r\n" if exchange.ip is not None else ""
    fields = f"{fields}{ip}Content-Type: {_HTTP}response\r\n"
    payload = f"WARC-Payload-Digest: sha256:{digest}\r\n"
    if exchange.status == 304:
        return _revisit(f"{fields}WARC-Profile: {NOT_MODIFIED}\r\n", head, refers_to)
    if refers_to is not None:
        return _revisit(f"{fields}WARC-Profile: {SAME_BYTES}\r\n{payload}", head, refers_to)
    cut = "WARC-Truncated: disconnect\r\n" if _is_cut(names, len(body)) else ""
    return _member(
        f"WARC-Type: response\r\n{fields}{payload}{cut}",
        head,
        body,
        pack="content-encoding" not in names,
    )


def _revisit(fields: str, head: bytes, refers_to: Capture | None) -> bytes:
    """Return the record of a body that was the same as before (section 6.7)."""
    if refers_to is not None:
        fields += (
            f"WARC-Refers-To-Target-URI: {refers_to.url}\r\n"
            f"WARC-Refers-To-Date: {to_time(refers_to.fetched_at)}\r\n"
        )
    return _member(f"WARC-Type: revisit\r\n{fields}", head)


def _companion(kind: str, fields: str, record_id: str, content_type: str, block: bytes) -> bytes:
    """Return a record that tells more of a response."""
    return _member(
        f"WARC-Type: {kind}\r\n{fields}WARC-Record-ID: {record_id}\r\n"
        f"Content-Type: {content_type}\r\n"
        f"WARC-Block-Digest: sha256:{sha256(block).hexdigest()}\r\n",
        block,
    )


def _request(exchange: Exchange) -> bytes:
    line = exchange.request_line
    if not line:
        parts = urlsplit(exchange.url)
        query = f"?{parts.query}" if parts.query else ""
        line = f"GET {parts.path or '/'}{query} {PROTOCOL}"
    return _http(line, exchange.request_headers)


def _purpose(purpose: Purpose) -> bytes:
    """Return a purpose as ``application/warc-fields``; no value has a line end in it."""
    fields = (
        ("newscrawl-source", purpose.source),
        ("newscrawl-section", purpose.section),
        ("newscrawl-article", purpose.article),
        ("newscrawl-cursor", json.dumps(purpose.cursor) if purpose.cursor is not None else None),
        ("newscrawl-entry", to_entry(purpose.entry) if purpose.entry else None),
    )
    return "".join([f"{name}: {value}\r\n" for name, value in fields if value]).encode()


def kept_headers(headers: Headers, length: int) -> Headers:
    """Return the headers of a body in a transfer coding as they are true of it without.

    A replay that believed ``chunked`` would look for chunks that are not there: what said
    where the body ended is kept under a name of its own, as replay servers do it.
    """
    kept = (
        (f"{ORIGINAL}{name}" if name.lower() in FRAMING else name, value) for name, value in headers
    )
    return (*kept, ("Content-Length", str(length)))


def _is_cut(headers: Mapping[str, str], size: int) -> bool:
    """Whether a body is shorter than the server said it would be; headers: lower-case names."""
    length = headers.get("content-length", "")
    return (
        "transfer-encoding" not in headers
        and length.isdecimal()
        and length.isascii()
        and int(length[:18]) > size
    )


def _http(line: str, headers: Headers) -> bytes:
    """Return the head of an HTTP message; a line end within a value would begin another."""
    lines = [line, *map(": ".join, headers), "", ""]
    head, ends = "\r\n".join(lines), len(lines) - 1
    if head.count("\r") > ends or head.count("\n") > ends:
        flat = [each.replace("\r", " ").replace("\n", " ") for each in lines]
        head = "\r\n".join(flat)
    return head.encode("latin-1", "replace")


def _member(fields: str, *block: bytes, pack: bool = True) -> bytes:
    """Return one record as a gzip member; ``pack`` not for what is compressed already.

    fields: lines, each with its end. block: in parts, so that a page is copied once.
    """
    head = f"{VERSION}\r\n{fields}Content-Length: {sum(map(len, block))}\r\n\r\n"
    record = b"".join((head.encode(), *block, b"\r\n\r\n"))
    if pack:
        return bytes(isal_zlib.compress(record, _LEVEL, wbits=_GZIP))
    return zlib.compress(record, 0, wbits=_GZIP)


def _new_ids(last: str) -> list[str]:
    """Return new identifiers of records: UUIDs of version 4 (RFC 9562, section 5.4).

    last: their last hex digits, a digit each. All others are random and the same in each of
    them, which makes a page 45 bytes smaller. Written out, since ``uuid`` takes several times
    as long.
    """
    digits = urandom(16).hex()
    variant = _VARIANTS[int(digits[16], 16) % 4]
    first = f"<urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-"
    return [f"{first}{digits[20:31]}{each}>" for each in last]
