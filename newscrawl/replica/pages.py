"""The folder mode: captured pages under their own addresses."""

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newscrawl.replica.options import SHANGHAI, ReplicaError, ReplicaOptions
from newscrawl.replica.standin import Captured, Request

_TITLE = re.compile(r"<title[^>]*>([^<]{1,300})", re.IGNORECASE)
_DATE = re.compile(r"(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{2}))?")
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset=[\"']?([\w-]{2,20})", re.IGNORECASE)


class CapturedPages:
    """Captured pages by address; ``left_out`` holds a line for each one without address."""

    def __init__(self, pages: list[Captured], left_out: list[str]) -> None:
        self.pages = pages
        self.left_out = left_out
        self._by_address = {(page.host, page.path, page.query): page for page in pages}
        self._by_path = {(page.host, page.path): page for page in pages}

    @classmethod
    def read(cls, options: ReplicaOptions) -> "CapturedPages":
        """Read the manifest of ``options``; without one there are no pages.

        Each line is ``{"file", "url", "charset", "expected": {"title", "published_at",
        "media"}}``; all but ``file`` may be missing. Raises ``ReplicaError`` for a manifest
        or file that cannot be read.
        """
        left_out: list[str] = []
        if options.pages is None or options.manifest is None:
            return cls([], left_out)
        pages = []
        try:
            for line in _lines(options.manifest):
                if line.get("url"):
                    pages.append(_captured(line, options.pages))
                else:
                    left_out.append(f"{line['file']}: no url")
        except (OSError, ValueError, KeyError) as error:
            raise ReplicaError(f"{options.manifest}: {error!r}") from error
        return cls(pages, left_out)

    def find(self, request: Request, raw_query: str) -> Captured | None:
        """Return the page at an address; a query that it was captured without is ignored."""
        address = (request.host, request.path)
        return self._by_address.get((*address, raw_query)) or self._by_path.get(address)

    def has_host(self, host: str) -> bool:
        """Whether any page is from ``host``."""
        return any(page.host == host for page in self.pages)


def _lines(manifest: Path) -> Iterator[dict[str, Any]]:
    with manifest.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _captured(line: dict[str, Any], folder: Path) -> Captured:
    body = (folder / line["file"]).read_bytes()
    charset = line.get("charset") or "utf-8"
    parts = urlsplit(line["url"])
    expected = line.get("expected") or {}
    text = body[:200_000].decode(charset, "replace")
    title = _TITLE.search(text)
    declared = _CHARSET.search(body[:4096])
    # What the page declares itself stays its own affair, as it was when it was captured.
    content_type = "text/html" if declared else f"text/html; charset={charset}"
    return Captured(
        host=(parts.hostname or "").lower(),
        path=parts.path or "/",
        query=parts.query,
        url=line["url"],
        body=body,
        content_type=content_type,
        title=expected.get("title")
        or html.unescape(title[1] if title else "").split("_")[0].strip(),
        published_at=_time(expected.get("published_at"), text),
        media=expected.get("media") or "",
    )


def _time(stated: str | None, text: str) -> datetime:
    """Return the stated time, else the first date in the page, else the epoch of the web."""
    if stated:
        moment = datetime.fromisoformat(stated)
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if found := _DATE.search(text):
        year, month, day, hour, minute = (int(group or 0) for group in found.groups())
        try:
            return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
        except ValueError:
            pass
    return datetime(2000, 1, 1, tzinfo=SHANGHAI)
