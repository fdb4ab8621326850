"""WARC files as other tools write them, made by ``warcio``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

LATER = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Response:
    """One response in a file; ``date`` as the file states it."""

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    status: str = "HTTP/1.1 200 OK"
    date: str = "2026-11-20T08:00:00Z"
    warc: dict[str, str] = field(default_factory=dict)


def write(path: Path, responses: Iterable[Response], *, gzip: bool = True) -> Path:
    """Write a file with a warcinfo record, the responses and their requests."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzip, warc_version="1.0")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "test"}))
        for each in responses:
            line, _, rest = each.status.partition(" ")
            response = writer.create_warc_record(
                each.url,
                "response",
                payload=BytesIO(each.body),
                length=len(each.body),
                http_headers=StatusAndHeaders(rest, list(each.headers), protocol=line),
                warc_headers_dict={"WARC-Date": each.date, **each.warc},
            )
            request = writer.create_warc_record(
                each.url,
                "request",
                http_headers=StatusAndHeaders(
                    "GET / HTTP/1.1", [("User-Agent", "test")], is_http_request=True
                ),
                warc_headers_dict={"WARC-Date": each.date},
            )
            writer.write_request_response_pair(request, response)
    return path


def write_revisit(path: Path, of: Response, date: str, *, profile_url: str | None = None) -> Path:
    """Write a file with a response and, later, the remark that it had not changed."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.0")
        http = StatusAndHeaders("200 OK", list(of.headers), protocol="HTTP/1.1")
        response = writer.create_warc_record(
            of.url,
            "response",
            payload=BytesIO(of.body),
            length=len(of.body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": of.date},
        )
        writer.write_record(response)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        revisit = writer.create_revisit_record(
            profile_url or of.url,
            digest,
            of.url,
            of.date,
            http_headers=http,
            warc_headers_dict={"WARC-Date": date},
        )
        writer.write_record(revisit)
    return path


def chunked(body: bytes, size: int = 1000) -> bytes:
    """Return a body in chunks."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def after(date: str, **by: int) -> str:
    """Return a WARC date so much later."""
    at = datetime.fromisoformat(date) + timedelta(**by)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
