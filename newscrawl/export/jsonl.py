"""Articles as data: one JSON object a line, one file a day (docs/dialects.md)."""

import re
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any, ClassVar, get_args

import msgspec

from newscrawl.export.body import fragment_of
from newscrawl.export.posts import CHINA, Dialect, Post, Record
from newscrawl.items import Article

_LEFT_OUT = frozenset({"fetched_at", "hinted"})
"""Change whenever we look, or with who listed it, also where nothing changed: a line must not."""
_SHOWN = tuple(field for field in fields(Article) if field.name not in _LEFT_OUT)
_NAMES = tuple(field.name for field in _SHOWN)
_TIMES = tuple(field.name for field in _SHOWN if datetime in get_args(field.type))
_values_of = attrgetter(*_NAMES)
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffc\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no post holds (C2), and at some of which readers would end the line."""


class Jsonl(Dialect):
    """The ``jsonl`` dialect: ``articles/YYYY-MM-DD.jsonl``."""

    name: ClassVar[str] = "jsonl"
    version: ClassVar[int] = 1
    folder: ClassVar[PurePosixPath] = PurePosixPath("articles")
    suffix: ClassVar[str] = ".jsonl"
    old_folder: ClassVar[PurePosixPath | None] = None
    collected: ClassVar[bool] = True

    def file_name(self, when: datetime, post_id: str) -> str:  # noqa: ARG002  (shared)
        """Return the file of the day, which all its articles share."""
        return f"{when:%Y-%m-%d}{self.suffix}"

    def render(self, record: Record) -> Post:
        """Return the article as one line, without its end; raise ``Withheld``."""
        place = record.place
        values: dict[str, Any] = dict(zip(_NAMES, _values_of(record.article), strict=True))
        for name in _TIMES:
            if values[name] is not None:  # in +0800, whatever zone it was stored in
                values[name] = values[name].astimezone(CHINA)
        values |= {
            "url": record.url or None,
            "title": record.title,
            "published_at": record.when,
            "body_html": fragment_of(record),
            "sections": record.sections,
            "categories": (place.group, place.site, place.feed),
        }
        return Post(_ESCAPED.sub(_escape, msgspec.json.encode(values).decode("utf-8")))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
