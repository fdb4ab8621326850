"""What two readings of one article differ in: field by field, and for a person to read."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import unified_diff
from typing import Any

import msgspec

from newscrawl.items import Article

_TEXTS = ("body_text", "body_html")
_VERSION = "extractor_version"
_FIELDS = tuple(field.name for field in fields(Article) if field.name != "fetched_at")
LINES = 12
"""Lines of a diff that are shown."""
WIDTH = 160
"""Characters of a line, or of a value, that are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is read in another way now.

    old, new: plain data. lines: of the fields that hold a whole text a unified diff instead,
    cut to ``LINES``.
    """

    field: str
    old: Any = None
    new: Any = None
    lines: tuple[str, ...] = ()


def differing(old: Article, new: Article) -> tuple[str, ...]:
    """Return the names of the fields that differ, in the order of ``Article``.

    When an article was fetched is no matter of its reading.
    """
    return tuple(name for name in _FIELDS if getattr(old, name) != getattr(new, name))


def shows(names: tuple[str, ...]) -> bool:
    """Whether anything differs but the version of the rules."""
    return any(name != _VERSION for name in names)


def described(old: Article, new: Article, names: tuple[str, ...]) -> tuple[Change, ...]:
    """Return the fields of these names with what they were and what they are."""
    return tuple(_described(old, new, name) for name in names)


def _described(old: Article, new: Article, name: str) -> Change:
    before, after = getattr(old, name), getattr(new, name)
    if name in _TEXTS:
        return Change(name, lines=tuple(_diff(before or "", after or "")))
    return Change(name, msgspec.to_builtins(before), msgspec.to_builtins(after))


def _diff(before: str, after: str) -> Iterator[str]:
    """Yield the first lines of a diff, without the lines that name its two sides."""
    lines = unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm="")
    for number, line in enumerate(lines):
        if number < 2:
            continue
        if number >= LINES + 2:
            yield "…"
            return
        yield cut(line)


def cut(text: str) -> str:
    """Return a text as long as a person reads of it in a list."""
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
