"""One request and what came back, as the raw record keeps it. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawl.listings import Entry

Headers = tuple[tuple[str, str], ...]
"""Names and values as sent, in their order; a name may come more than once."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a page was fetched for.

    article: SHA-256, hex, of the entry's identity, None for a listing. entry: the listing's
    row, whose hints today's rules read beside the page. cursor: which page of a listing.
    """

    source: str
    section: str
    article: str | None = None
    entry: Entry | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A response as it came over the wire, and the request that it answers.

    url: as asked. body: the bytes after transfer coding and before content decoding, as
    ``Content-Encoding`` says. fetched_at: aware; the same time that the article carries.
    request_line, status_line: as they went over the wire, '' for what follows from the other
    fields. ip: address of the server, None where a stand-in answered for it. Header values
    hold one character for each byte (Latin-1).
    """

    url: str
    fetched_at: datetime
    request_headers: Headers
    status: int
    headers: Headers
    body: bytes
    purpose: Purpose
    request_line: str = ""
    status_line: str = ""
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class FileRun:
    """The run that a file of the raw record is of, as the file's first record tells it.

    started_at: of the run, aware; with the source it tells a run from all others, also in an
    archive that was begun anew. asked: its options. part: 1 for the first file of the run.
    """

    source: str
    started_at: datetime
    asked: Mapping[str, Any]
    part: int = 1


@dataclass(frozen=True, slots=True)
class Capture:
    """Where the raw record has an exchange: a row of ``captures`` (docs/archive.md).

    file: name below the folder of the raw record. digest: SHA-256, hex, of the body.
    payload: the capture whose record holds the bytes where this one is a revisit (and of a
    304 the capture that was still valid), 0 where those bytes are no longer kept.
    """

    capture: int
    file: str
    offset: int
    length: int
    source: str
    section: str
    article: str | None
    url: str
    status: int
    fetched_at: datetime
    digest: str
    payload: int | None = None
