"""A fetched page as every stage after the fetch sees it: bytes, address, time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

import msgspec
from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.markup import PLAIN_TREE, check_markup
from newscrawl.extraction.charset import Decoded, decode
from newscrawl.extraction.rules import Places
from newscrawl.outcomes import Failed


@dataclass(frozen=True)
class Page:
    """One response, or one listing record, kept as it came.

    url: the address it was asked under (after redirects). body: the bytes after content
    decoding. content_type: the header as sent, may be empty. fetched_at: aware.
    ``text`` and ``tree`` are made once and shared by all readers of the page.
    """

    url: str
    body: bytes
    fetched_at: datetime
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_record(cls, url: str, record: Mapping[str, Any], fetched_at: datetime) -> "Page":
        """Return a listing record with full text as a page of its own (JSON, UTF-8)."""
        return cls(url, msgspec.json.encode(record), fetched_at, "application/json")

    @classmethod
    def of_response(
        cls, url: str, body: bytes, fetched_at: datetime, headers: Iterable[tuple[str, str]]
    ) -> "Page":
        """Return a response as a page; header names become lower, repeated ones are joined."""
        joined: dict[str, str] = {}
        for name, value in headers:
            key = name.lower()
            joined[key] = f"{joined[key]}, {value}" if key in joined else value
        return cls(url, body, fetched_at, joined.get("content-type", ""), joined)

    @property
    def is_json(self) -> bool:
        """Whether the body is a JSON object or array, by its first byte."""
        return self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")

    @cached_property
    def decoded(self) -> Decoded:
        """The body as text with its encoding and remarks, by ``extraction.charset``."""
        return decode(self.body, self.content_type)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.decoded.text

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The one HTML5 tree of the page; fields and body are both read from it.

        Raises ``Failed("extract")`` for hostile markup (``cleaning.markup``).

        The parser works on UTF-8: where the body is the text in UTF-8 byte for byte, it is
        spared the way through ``str`` and back, a quarter of its time.
        """
        check_markup(self.text)
        if self.decoded.whole and self.body[-1:].isascii():
            return LexborHTMLParser(self.body, options=PLAIN_TREE)
        return LexborHTMLParser(self.text, options=PLAIN_TREE)

    @cached_property
    def places(self) -> Places:
        """Where to look on the tree."""
        return Places(self.tree)

    def json(self) -> Any:
        """Return the parsed JSON body; raise ``Failed("type")`` where it is none.

        Half a surrogate pair (a title cut in the middle of an emoji) is left out and raw
        control characters are let pass: one bad row must not cost a listing (H52).
        """
        try:
            return msgspec.json.decode(self.text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return self._tolerant_json()

    def _tolerant_json(self) -> Any:
        try:
            value = json.loads(self.text, strict=False, parse_constant=_refuse)
            plain = json.dumps(value, ensure_ascii=False).encode("utf-8", "ignore")
            return msgspec.json.decode(plain)
        except (ValueError, RecursionError) as error:
            raise Failed("type", f"expected JSON, {error}") from error


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and infinities: they are not JSON, and no value of ours (H61)."""
    raise ValueError(f"{constant} is no JSON value")
