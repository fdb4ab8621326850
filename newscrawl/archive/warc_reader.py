"""Reads the WARC files that ``warc`` writes: byte for byte, and never more than is whole.

Files of others are not for this module: they are read with a library (``newscrawl ingest``).
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import IO

from isal import isal_zlib

from newscrawl.archive.codec import from_entry
from newscrawl.archive.exchange import Exchange, FileRun, Headers, Purpose
from newscrawl.archive.warc import FRAMING, ORIGINAL

_CHUNK = 1 << 16
_GZIP = 31
_BEGINS = b"\x1f\x8b\x08"
"""How a gzip member begins (RFC 1952, section 2.3.1)."""
_HEAD = 1 << 9
"""Bytes of a member that are enough to tell of what type its record is."""


class BrokenRecordError(ValueError):
    """A file does not go on with a whole exchange; ``offset``: where that one begins."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"no whole record at byte {offset}: {why}")
        self.offset = offset


class _TornError(Exception):
    """No whole gzip member stands at ``offset``."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(why)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Kept:
    """An exchange in a file, and where it stands there.

    offset, length: of its three records, in bytes of the file. digest: SHA-256, hex, that the
    record states of the body; None for a 304. is_revisit: the body is not in it.
    refers_to: address and time of the exchange that has the body, where it is known.
    """

    exchange: Exchange
    offset: int
    length: int
    digest: str | None
    is_revisit: bool = False
    refers_to: tuple[str, datetime] | None = None

    @property
    def end(self) -> int:
        """Where the next record of the file begins."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class _Record:
    fields: dict[str, str]
    block: bytes


def read_kept(stream: IO[bytes], start: int = 0) -> Iterator[Kept]:
    """Yield the exchanges of a file from a record on; raise ``BrokenRecordError`` behind the
    last whole one, where the file does not end with it.

    start: offset of a record, from which the stream is read on.
    """
    response: _Record | None = None
    request: _Record | None = None
    begun = start
    try:
        for offset, length, data in _members(stream, start):
            begun = begun if response else offset
            record = _record(data)
            kind = record.fields["warc-type"]
            if kind in {"response", "revisit"}:
                response, request, begun = record, None, offset
            elif kind == "request":
                request = record
            elif kind == "metadata" and response is not None and request is not None:
                kept = _kept(response, request, record)
                yield replace(kept, offset=begun, length=offset + length - begun)
                response = None
    except (_TornError, ValueError, LookupError) as error:
        where = error.offset if isinstance(error, _TornError) and response is None else begun
        raise BrokenRecordError(where, str(error)) from error
    if response is not None:
        raise BrokenRecordError(begun, "the file ends before its request and its purpose")


def read_run(stream: IO[bytes]) -> FileRun | None:
    """Return the run that a file is of, None where its first record does not tell or is broken."""
    try:
        for _, _, data in _members(stream, 0):
            return _run(_record(data))
    except (_TornError, ValueError, LookupError):
        pass  # what it told is lost, and what follows it may be whole
    return None


def _run(record: _Record) -> FileRun | None:
    fields = _lines(record.block) if record.fields["warc-type"] == "warcinfo" else {}
    if "newscrawl-run" not in fields:
        return None
    started_at = datetime.fromisoformat(fields["newscrawl-run"])
    asked = json.loads(fields["newscrawl-asked"])
    if started_at.tzinfo is None or not isinstance(asked, dict):
        raise ValueError("not a run as we write it")
    return FileRun(fields["newscrawl-source"], started_at, asked, int(fields["newscrawl-part"]))


def read_exchanges(stream: IO[bytes]) -> Iterator[Exchange]:
    """Yield the exchanges of a file; a revisit has an empty body. Raises as ``read_kept``."""
    return (kept.exchange for kept in read_kept(stream))


def find_exchange(stream: IO[bytes], start: int, stop: int) -> int | None:
    """Return where an exchange may begin, at ``start`` or behind it and before ``stop``.

    None where none does. What a publisher sent may look like one: who reads on from there has
    to make sure that the exchange before it ends there.
    """
    stream.seek(start)
    data = stream.read(stop - start + _HEAD)
    at = data.find(_BEGINS, 0, stop - start)
    while at >= 0:
        try:
            head = isal_zlib.decompressobj(wbits=_GZIP).decompress(data[at : at + _HEAD], _HEAD)
        except (isal_zlib.error, zlib.error):  # type: ignore[misc]  # its stub is wrong
            head = b""
        if head.startswith((b"WARC/1.1\r\nWARC-Type: response", b"WARC/1.1\r\nWARC-Type: revisit")):
            return start + at
        at = data.find(_BEGINS, at + 1, stop - start)
    return None


def _members(stream: IO[bytes], start: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield offset, length and content of each gzip member; its checksum is verified."""
    stream.seek(start)
    offset, left = start, stream.read(_CHUNK)
    while left:
        inflate, parts, fed = isal_zlib.decompressobj(wbits=_GZIP), [], 0
        try:
            while left and not inflate.eof:
                parts.append(inflate.decompress(left))
                fed += len(left)
                left = inflate.unused_data if inflate.eof else stream.read(_CHUNK)
        except (isal_zlib.error, zlib.error) as error:  # type: ignore[misc]  # its stub is wrong
            raise _TornError(offset, str(error)) from error
        if not inflate.eof:
            raise _TornError(offset, "the file ends within it")
        length = fed - len(inflate.unused_data)
        yield offset, length, b"".join(parts)
        offset += length
        left = left or stream.read(_CHUNK)


def _record(data: bytes) -> _Record:
    head, _, rest = data.partition(b"\r\n\r\n")
    version, *lines = head.decode().split("\r\n")
    if not version.startswith("WARC/"):
        raise ValueError("not a WARC record")
    fields = {name.lower(): value for name, value in map(_field, lines)}
    length = int(fields["content-length"])
    if rest[length:] != b"\r\n\r\n":
        raise ValueError("its length is not what it says")
    return _Record(fields, rest[:length])


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError(f"not a header: {line[:80]!r}")
    return name, value.removeprefix(" ")


def _kept(response: _Record, request: _Record, metadata: _Record) -> Kept:
    fields = response.fields
    status_line, headers, body = _http(response.block)
    request_line, request_headers, _ = _http(request.block)
    digest = fields.get("warc-payload-digest")
    referred = fields.get("warc-refers-to-target-uri"), fields.get("warc-refers-to-date")
    exchange = Exchange(
        url=fields["warc-target-uri"],
        fetched_at=datetime.fromisoformat(fields["warc-date"]),
        request_headers=request_headers,
        status=int(status_line.split(" ")[1]),
        headers=_as_sent(headers),
        body=body,
        purpose=purpose_of(metadata.block),
        request_line=request_line,
        status_line=status_line,
        ip=fields.get("warc-ip-address"),
    )
    return Kept(
        exchange,
        offset=0,
        length=0,
        digest=digest.removeprefix("sha256:") if digest else None,
        is_revisit=fields["warc-type"] == "revisit",
        refers_to=(referred[0], datetime.fromisoformat(referred[1]))
        if referred[0] and referred[1]
        else None,
    )


def _http(block: bytes) -> tuple[str, Headers, bytes]:
    """Return first line, headers and body of an HTTP message."""
    head, _, body = block.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    return line, tuple(map(_field, lines)), body


def _as_sent(headers: Headers) -> Headers:
    """Undo ``warc.kept_headers``: the headers as they came over the wire."""
    moved = {f"{ORIGINAL}{name}".lower() for name in FRAMING}
    if not any(name.lower() == f"{ORIGINAL}transfer-encoding".lower() for name, _ in headers):
        return headers
    return tuple(
        (name[len(ORIGINAL) :] if name.lower() in moved else name, value)
        for name, value in headers
        if name.lower() != "content-length"
    )


def purpose_of(block: bytes) -> Purpose:
    """Return the purpose that a metadata record of ours states; raise ``ValueError``."""
    fields = _lines(block)
    cursor, entry = fields.get("newscrawl-cursor"), fields.get("newscrawl-entry")
    return Purpose(
        fields.get("newscrawl-source", ""),
        fields.get("newscrawl-section", ""),
        fields.get("newscrawl-article"),
        from_entry(entry) if entry else None,
        json.loads(cursor) if cursor else None,
    )


def _lines(block: bytes) -> dict[str, str]:
    """Return the content of a block of type ``application/warc-fields``."""
    return dict(line.split(": ", 1) for line in block.decode().split("\r\n") if line)


def read_at(stream: IO[bytes], offset: int, length: int) -> Kept:
    """Return the exchange at a place in a file; raise ``BrokenRecordError`` for any other thing."""
    stream.seek(offset)
    kept = next(read_kept(BytesIO(stream.read(length))), None)
    if kept is None or kept.length != length:
        raise BrokenRecordError(offset, "another record stands there")
    return replace(kept, offset=offset)
