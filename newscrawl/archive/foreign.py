"""WARC files of other tools (ISO 28500, WARC 1.0 and 1.1), read by ``warcio``.

Whatever a file holds, one response of bounded size is in memory at a time: sizes that a file
states are never believed, and a file that is damaged ends where it is (H07 to H12).
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from newscrawl.archive.exchange import Exchange, Headers, Purpose
from newscrawl.archive.warc_reader import purpose_of

_LINE = 1 << 16
"""Bytes of a header line; a longer one is no header."""
_HEAD = 1 << 20
"""Bytes of all headers of a record."""
_FRAMING = 1 << 20
"""Bytes that the marks of a chunked body may take beside the body."""
_METADATA = 1 << 20
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class NotWARCError(ValueError):
    """The file holds no WARC record; the message says what it is instead."""


class DamagedError(Exception):
    """A file does not go on with a whole record; ``offset``: where that one begins."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"no whole record at byte {offset}: {why}")
        self.offset = offset


class _BrokenError(Exception):
    """The bytes go on with nothing that a WARC file has."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A response in a file.

    exchange: its body is without the transfer coding; its purpose names no source, unless
    newscrawl wrote the file. offset: of its record. digest: of the body, as the file writes
    it. problem: why it cannot be read: ``too_large``, ``truncated``, ``no_date``,
    ``no_status``, ``revisit`` for one whose body is in another record; empty for none.
    refers_to: address and date of that record, where the file says them.
    """

    exchange: Exchange
    offset: int
    digest: str = ""
    problem: str = ""
    refers_to: str = ""


def read_responses(stream: IO[bytes], *, max_size: int) -> Iterator[Recorded]:
    """Yield the responses of a WARC file, packed by gzip or plain, from where the stream is.

    max_size: bytes that a body may have, not inflated. Raises ``NotWARCError`` where the
    first record is none, and ``DamagedError`` behind the last whole one of a damaged file.
    """
    archive = ArchiveIterator(stream)
    archive.reader = _Reader(stream)
    joined, met = _Joined(max_size), False
    try:
        for record in archive:
            if record.format != "warc" or record.length is None:
                raise _BrokenError("no WARC record, or one without a length")
            met = True
            if whole := joined.add(record, archive.offset):
                yield whole
    except _UNREADABLE as error:
        if not met:
            raise NotWARCError(_words(error)) from error
        if joined.waiting is not None and joined.waiting.offset != archive.offset:
            yield joined.waiting
        raise DamagedError(archive.offset, _words(error)) from error
    if joined.waiting is not None:
        yield joined.waiting
    if not met:
        raise NotWARCError("it holds no record")


class _Joined:
    """Puts a response together with its request and its metadata, which stand beside it.

    waiting: the last response, to which more may belong.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._asked: tuple[str, Headers] = ("", ())
        self.waiting: Recorded | None = None

    def add(self, record: Any, offset: int) -> Recorded | None:
        """Take in a record; return the response before it where that is whole now."""
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type in {"response", "revisit"}:
            before, self.waiting = self.waiting, _recorded(record, url, offset, self._max_size)
            self._add_request()
            return before
        if record.rec_type == "request" and record.http_headers is not None:
            self._asked = (url, tuple(record.http_headers.headers))
            self._add_request()
        elif record.rec_type == "metadata" and self.waiting and self.waiting.exchange.url == url:
            self.waiting = _with(self.waiting, purpose=_purpose(record))
        return None

    def _add_request(self) -> None:
        """Some tools write the request before its response, some after it."""
        url, headers = self._asked
        if self.waiting is not None and self.waiting.exchange.url == url:
            self.waiting = _with(self.waiting, request_headers=headers)
            self._asked = ("", ())


def _with(recorded: Recorded, **fields: Any) -> Recorded:
    return replace(recorded, exchange=replace(recorded.exchange, **fields))


def _recorded(record: Any, url: str, offset: int, max_size: int) -> Recorded:
    """Return a response with its body; the record is read to its end, as far as is wanted."""
    fields, http = record.rec_headers, record.http_headers
    body, problem = _body(record, max_size)
    headers: Headers = tuple(http.headers) if http is not None else ()
    code = http.get_statuscode() if http is not None else ""
    at = read_date(fields.get_header("WARC-Date") or "")
    if record.rec_type == "revisit":
        problem = problem or "revisit"
    if fields.get_header("WARC-Truncated"):
        problem = problem or "truncated"
    if at is None:
        problem = "no_date"
    if not code.isdecimal() and problem != "revisit":
        problem = "no_status"
    exchange = Exchange(
        url=url,
        fetched_at=at or _NEVER,
        request_headers=(),
        status=int(code[:3]) if code.isdecimal() else 200,
        headers=tuple(each for each in headers if each[0].lower() != "transfer-encoding"),
        body=body,
        purpose=Purpose("", ""),
    )
    referred = (fields.get_header(f"WARC-Refers-To-{name}") for name in ("Target-URI", "Date"))
    return Recorded(
        exchange,
        offset,
        digest=fields.get_header("WARC-Payload-Digest") or "",
        problem=problem,
        refers_to=" ".join(filter(None, referred)),
    )


def _body(record: Any, max_size: int) -> tuple[bytes, str]:
    """Return the body of a response without its transfer coding, and what is wrong with it."""
    most = max_size + _FRAMING
    body: bytes = record.raw_stream.read(most + 1)
    if len(body) > most:
        return b"", "too_large"
    if len(body) < record.length and record.raw_stream.limit:
        raise _BrokenError("the file ends within it")
    http = record.http_headers
    header = http.get_header if http is not None else {}.get
    if "chunked" in (header("Transfer-Encoding") or "").lower():
        body, whole = _dechunked(body)
        return body, "" if whole else "truncated"
    length = header("Content-Length") or ""
    # A browser writes what it decoded, under the length of what was sent.
    short = length.isdecimal() and len(body) < int(length[:18])
    is_cut = short and record.rec_type == "response" and not header("Content-Encoding")
    return body, "truncated" if is_cut else ""


def _dechunked(body: bytes) -> tuple[bytes, bool]:
    """Return a body without its chunks (RFC 9112, section 7.1), and whether it came whole.

    Many tools keep the header and take off the chunks: what does not begin with one is the
    body itself. ``warcio`` does the same, and does not tell where a body breaks off.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 1024)
        try:
            size = int(body[at:end].split(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return (body, True) if at == 0 else (b"".join(parts), False)
        if size == 0:
            return b"".join(parts), True
        parts.append(body[end + 2 : end + 2 + size])
        if len(parts[-1]) < size:
            return b"".join(parts), False
        at = end + 2 + size + 2


def read_date(text: str) -> datetime | None:
    """Return a WARC date, which may be as short as a year; None for anything else."""
    for missing in ("", "-01", "-01-01"):
        try:
            at = datetime.fromisoformat(f"{text}{missing}")
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _purpose(record: Any) -> Purpose:
    """Return what newscrawl wrote of a page's purpose, an empty one for what others wrote."""
    block = record.raw_stream.read(_METADATA)
    if not block.startswith(b"newscrawl-source: "):
        return Purpose("", "")
    try:
        return purpose_of(block)
    except (ValueError, LookupError):
        return Purpose("", "")


def _words(error: Exception) -> str:
    """Return the first line of an error that says something."""
    if "non-chunked gzip" in str(error):
        return "its records are packed as one; `warcio recompress` packs each by itself"
    lines = (line.strip() for line in str(error).splitlines())
    return next(filter(None, lines), type(error).__name__)[:200]


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]
    """warcio's reader of packed and plain files, without its trust.

    It takes damage for the end of the file, and a file without line ends for one line.
    """

    decompressor: Any

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self._head = 0

    def read(self, length: int | None = None) -> bytes:
        self._head = 0
        data: bytes = super().read(length)
        return data

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _LINE, _LINE))
        self._head += len(line)
        if self._head > _HEAD or len(line) == _LINE:
            raise _BrokenError("headers without an end")
        return line

    def _decompress(self, data: bytes) -> bytes:
        if self.decompressor is None or not data:
            return data
        try:
            inflated: bytes = self.decompressor.decompress(data)
        except zlib.error as error:
            if self.num_read:
                raise _BrokenError(str(error)) from error
            self.decompressor = None  # not packed at all
            return data
        return inflated

    def _process_read(self, data: bytes) -> None:
        if not data and self.num_read and self.decompressor and not self.decompressor.eof:
            raise _BrokenError("the file ends within it")
        super()._process_read(data)


_UNREADABLE = (
    _BrokenError,
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    EOFError,
    ValueError,
    LookupError,
    AttributeError,
)
"""What ``warcio`` raises for damage; the last for a record that lacks its address."""
