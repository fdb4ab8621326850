"""How an article came to read as it does: its revisions and what changed between them."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newscrawl.archive import Archive
from newscrawl.archive.revising import changes
from newscrawl.archive.revisions import Revision
from newscrawl.items import Article

_SENTENCE = re.compile(r"(?<=[。！？；!?])(?![」』”’）)。！？；!?])")
"""Where a sentence ends: the lines of a diff are not whole paragraphs of Chinese."""
_SHOWN_AS_TEXT = ("published_at", "media", "author", "editor", "original_title", "summary")
NOTHING = "(none)"


@dataclass(frozen=True, slots=True)
class Step:
    """One revision as a person reads it.

    number: from 1. stored_at: when it was met, UTC. run: by which run. content_hash: of
    title and body. title: its own. extractor: rules that read it, with their version.
    changed: names of the fields in which it differs from the one before. diff: the
    difference as lines that begin with ``-``, ``+``, a blank, or ``…`` where something is
    left out; empty for the first.
    """

    number: int
    stored_at: datetime
    run: int
    content_hash: str
    title: str
    extractor: str
    changed: tuple[str, ...]
    diff: tuple[str, ...]


def history(archive: Archive, url_hash: str) -> list[Step]:
    """Return the revisions of a stored article, the first one first; none for any other."""
    steps: list[Step] = []
    before: Article | None = None
    for revision in archive.revisions(url_hash):
        steps.append(_step(revision, before))
        before = revision.article
    return steps


def _step(revision: Revision, before: Article | None) -> Step:
    article = revision.article
    version = f" {article.extractor_version}" if article.extractor_version else ""
    return Step(
        revision.number,
        revision.stored_at,
        revision.run,
        revision.content_hash,
        article.title or "",
        f"{article.extractor or 'unknown'}{version}",
        changes(before, article) if before else (),
        tuple(difference(before, article)) if before else (),
    )


def difference(before: Article, after: Article) -> Iterator[str]:
    """Yield what changed between two revisions: title, fields, text by sentences, pictures."""
    changed = changes(before, after)
    if "title" in changed:
        yield f"-{before.title}"
        yield f"+{after.title}"
    for name in _SHOWN_AS_TEXT:
        if name in changed:
            yield f"-{name}: {_said(before, name)}"
            yield f"+{name}: {_said(after, name)}"
    texts = [list(_sentences(each.body_text or "")) for each in (before, after)]
    yield from _unified(*texts)
    pictures = [[f"picture {image.url}" for image in each.images] for each in (before, after)]
    yield from _unified(*pictures)
    if changed == ("body",) and texts[0] == texts[1]:
        yield "…only markup"


def _said(article: Article, name: str) -> str:
    value = getattr(article, name)
    return value.isoformat() if isinstance(value, datetime) else value or NOTHING


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        for sentence in _SENTENCE.split(paragraph):
            if shown := sentence.strip():
                yield shown


def _unified(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield a unified diff without its file names; ``…`` stands for what is left out."""
    lines = difflib.unified_diff(before, after, n=1, lineterm="")
    for number, line in enumerate(lines):
        if number >= 2:
            yield "…" if line.startswith("@@") else line
