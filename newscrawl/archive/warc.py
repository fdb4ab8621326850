"""Exchanges as WARC records (ISO 28500:2017, WARC 1.1); ``warc_reader`` reads them.

An exchange is three records: the response, the request, and a metadata record that says what
the page was fetched for. Each is a gzip member of its own, as the standard wants (annex D).
The bytes are put together here, since that takes a third of the time that ``warcio`` needs,
for every page of a crawl; the tests read them with ``warcio`` and with ``fastwarc``.
"""

import json
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from os import urandom
from urllib.parse import urlsplit
from uuid import UUID

from isal import isal_zlib

from newscrawl import __version__
from newscrawl.archive.codec import to_entry
from newscrawl.archive.exchange import Capture, Exchange, Headers, Purpose

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

Fields = list[tuple[str, str | None]]


def begin(name: str, at: datetime) -> bytes:
    """Return the record that a WARC file begins with (section 6.2 of the standard).

    name: of the file. at: aware. There is no count and no length of the file in it.
    """
    info = (
        f"software: newscrawl/{__version__}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
        "\r\nrobots: obey\r\n"
    )
    fields: Fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _new_id()),
        ("WARC-Date", to_date(at)),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    ]
    return _member(fields, info.encode())


def members(exchange: Exchange, digest: str, refers_to: Capture | None = None) -> bytes:
    """Return an exchange as three gzip members: response or revisit, request, metadata.

    digest: SHA-256, hex, of the body. refers_to: the capture of the same bytes, or for a 304
    the one that the server says is still valid; of the body nothing is written then.
    """
    at, response_id = to_date(exchange.fetched_at), _new_id()
    common: Fields = [("WARC-Target-URI", exchange.url), ("WARC-Date", at)]
    concurrent: Fields = [*common, ("WARC-Concurrent-To", response_id)]
    purpose = _purpose(exchange.purpose)
    return b"".join(
        (
            _response([*common, ("WARC-Record-ID", response_id)], exchange, digest, refers_to),
            _request(concurrent, exchange),
            _member(
                [
                    ("WARC-Type", "metadata"),
                    *concurrent,
                    ("WARC-Record-ID", _new_id()),
                    ("Content-Type", "application/warc-fields"),
                    ("WARC-Block-Digest", f"sha256:{sha256(purpose).hexdigest()}"),
                ],
                purpose,
            ),
        )
    )


def to_date(at: datetime) -> str:
    """Return a time as a WARC date: UTC, to the microsecond."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _response(fields: Fields, exchange: Exchange, digest: str, refers_to: Capture | None) -> bytes:
    line = exchange.status_line or f"{PROTOCOL} {exchange.status} "
    head = _http(line, kept_headers(exchange.headers, len(exchange.body)))
    fields += [("WARC-IP-Address", exchange.ip), ("Content-Type", f"{_HTTP}response")]
    if exchange.status == 304:
        return _revisit(fields, head, NOT_MODIFIED, None, refers_to)
    if refers_to is not None:
        return _revisit(fields, head, SAME_BYTES, digest, refers_to)
    fields = [
        ("WARC-Type", "response"),
        *fields,
        ("WARC-Payload-Digest", f"sha256:{digest}"),
        ("WARC-Truncated", "disconnect" if _is_cut(exchange) else None),
    ]
    is_packed = any(name.lower() == "content-encoding" for name, _ in exchange.headers)
    return _member(fields, head + exchange.body, pack=not is_packed)


def _revisit(
    fields: Fields, head: bytes, profile: str, digest: str | None, refers_to: Capture | None
) -> bytes:
    """Return the record of a body that was the same as before (section 6.7)."""
    fields = [
        ("WARC-Type", "revisit"),
        *fields,
        ("WARC-Profile", profile),
        ("WARC-Payload-Digest", f"sha256:{digest}" if digest else None),
    ]
    if refers_to is not None:
        fields += [
            ("WARC-Refers-To-Target-URI", refers_to.url),
            ("WARC-Refers-To-Date", to_date(refers_to.fetched_at)),
        ]
    return _member(fields, head)


def _request(fields: Fields, exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    line = exchange.request_line or f"GET {target} {PROTOCOL}"
    block = _http(line, exchange.request_headers)
    fields = [
        ("WARC-Type", "request"),
        *fields,
        ("WARC-Record-ID", _new_id()),
        ("Content-Type", f"{_HTTP}request"),
        ("WARC-Block-Digest", f"sha256:{sha256(block).hexdigest()}"),
    ]
    return _member(fields, block)


def _purpose(purpose: Purpose) -> bytes:
    """Return a purpose as ``application/warc-fields``; no value has a line end in it."""
    fields = {
        "newscrawl-source": purpose.source,
        "newscrawl-section": purpose.section,
        "newscrawl-article": purpose.article,
        "newscrawl-cursor": json.dumps(purpose.cursor) if purpose.cursor is not None else None,
        "newscrawl-entry": to_entry(purpose.entry) if purpose.entry else None,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode()


def kept_headers(headers: Headers, length: int) -> Headers:
    """Return response headers that are true of a body without its transfer coding.

    A replay that believed ``chunked`` would look for chunks that are not there: what said
    where the body ended is kept under a name of its own, as replay servers do it.
    """
    if not any(name.lower() == "transfer-encoding" for name, _ in headers):
        return headers
    kept = (
        (f"{ORIGINAL}{name}" if name.lower() in FRAMING else name, value) for name, value in headers
    )
    return (*kept, ("Content-Length", str(length)))


def _is_cut(exchange: Exchange) -> bool:
    """Whether the body is shorter than the server said it would be."""
    names = {name.lower(): value for name, value in exchange.headers}
    length = names.get("content-length", "")
    return (
        "transfer-encoding" not in names
        and length.isdecimal()
        and length.isascii()
        and int(length[:18]) > len(exchange.body)
    )


def _http(line: str, headers: Headers) -> bytes:
    """Return the head of an HTTP message; a line end within a value would begin another."""
    lines = [line, *(f"{name}: {value}" for name, value in headers)]
    flat = (each.replace("\r", " ").replace("\n", " ") for each in lines)
    return "\r\n".join((*flat, "", "")).encode("latin-1", "replace")


def _member(fields: Fields, block: bytes, *, pack: bool = True) -> bytes:
    """Return one record as a gzip member; ``pack`` not for what is compressed already."""
    lines = [VERSION, *(f"{name}: {value}" for name, value in fields if value is not None)]
    head = "\r\n".join((*lines, f"Content-Length: {len(block)}", "", ""))
    record = b"".join((head.encode(), block, b"\r\n\r\n"))
    if pack:
        return bytes(isal_zlib.compress(record, _LEVEL, wbits=_GZIP))
    return zlib.compress(record, 0, wbits=_GZIP)


def _new_id() -> str:
    return f"<urn:uuid:{UUID(bytes=urandom(16), version=4)}>"
