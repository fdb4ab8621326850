"""The address of a medium's category page, made from its name (S1 to S6)."""

import functools
import hashlib
import re
import unicodedata

from xpinyin import Pinyin

_LIMIT = 96
"""Bytes, so that ``_2`` to ``_999`` still fit into the 100 of S5."""
_KEPT_ASCII = frozenset("()_+.")
_PAIRS = {")": "(", "）": "（"}
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"})
_DOTS = re.compile(r"\.{2,}")
"""Jekyll makes a ``/`` of ``..`` in an address, and the category page would be elsewhere.

So no slug ends in a dot either: another one follows, that of ``.html``.
"""
_NEVER_FIRST = "._"
"""Jekyll builds no page of a file whose name begins with one of these."""


@functools.lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """Return the slug of a name, not yet made unique: 1 to 96 bytes, no white space.

    Each Han character by its one reading, whatever the word (银行 is ``yinxing``), as the
    existing category addresses have it (S6).
    """
    kept = "".join(map(_of_character, name)).lstrip(_NEVER_FIRST)
    short = kept.encode("utf-8")[:_LIMIT].decode("utf-8", "ignore")
    made = _DOTS.sub(".", _balanced(short)).lstrip(_NEVER_FIRST).rstrip(".")
    return made or f"m{hashlib.sha256(name.encode()).hexdigest()[:12]}"


@functools.cache
def _of_character(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() or character in _KEPT_ASCII else ""
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    return str(_readings().get_pinyin(character, ""))


@functools.cache
def _readings() -> Pinyin:
    """Return the readings of all characters: a file that a run without news does not need."""
    return Pinyin()


def _balanced(text: str) -> str:
    """Drop parentheses without a partner: they would end a link's address early (S3)."""
    open_at: list[int] = []
    dropped: set[int] = set()
    for at, mark in enumerate(text):
        if mark in _PAIRS.values():
            open_at.append(at)
        elif mark in _PAIRS:
            if open_at and text[open_at[-1]] == _PAIRS[mark]:
                open_at.pop()
            else:
                dropped.add(at)
    dropped.update(open_at)
    return re.sub(r"\s", "", "".join(c for at, c in enumerate(text) if at not in dropped))
