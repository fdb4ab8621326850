"""Articles as ``jsonl`` posts have them: all fields of a line, one line an article."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from newscrawl.archive import ImportedPost, WrittenArticle
from newscrawl.extraction.article import content_hash
from newscrawl.identity.posts import IMPORTED
from newscrawl.importing.broken import Broken, Reason
from newscrawl.importing.files import read_bytes
from newscrawl.items import Article

NAME = "jsonl"


@dataclass
class _Line(Article):
    """What a line has besides the article."""

    sections: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)


def read_lines(path: Path, *, now: datetime) -> list[ImportedPost]:
    """Return the articles of one file; raise ``Broken`` where a line is none.

    now: aware; a time of publication behind it counts as that (C7).
    """
    return list(_posts(path, now))


def _posts(path: Path, now: datetime) -> Iterator[ImportedPost]:
    for number, text in enumerate(read_bytes(path).split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            line = msgspec.json.decode(text, type=_Line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Broken(Reason.NO_POST, f"line {number}: {error}") from error
        if not (line.url_hash and line.identity and line.title and line.published_at):
            raise Broken(Reason.NO_POST, f"line {number}: it says no identity, title or time")
        try:
            yield _post(path.name, line, now)
        except ValueError as error:
            raise Broken(Reason.NO_POST, f"line {number}: {error}") from error


def _post(name: str, line: _Line, now: datetime) -> ImportedPost:
    values = {each: getattr(line, each) for each in Article.__dataclass_fields__}
    article = Article(**values)
    article.url = line.url or line.identity
    article.content_hash = content_hash(line.title or "", line.body_html or "")
    if line.published_at is not None:
        article.fetched_at = min(now, line.published_at)
    placed = tuple(line.categories) if line.source == IMPORTED else ()
    sections = line.sections or ([line.section] if line.section else [])
    return ImportedPost(
        written=WrittenArticle.of(article),
        section=next(iter(sections), None),
        further=tuple(sections[1:]),
        placed=(placed[0], placed[1], placed[2]) if len(placed) == 3 else None,
        slug=None,
        dialect=NAME,
        name=name,
    )
