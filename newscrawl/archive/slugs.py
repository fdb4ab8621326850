"""The address part that a name has for ever, and nobody else (document-format S5)."""

import re
import unicodedata

from newscrawl.archive.database import Database

SLUG_BYTES = 100
"""Longest slug, with its suffix."""
_REMOVED = r"\s/\\:*?\"'<>|#%&{}\[\]=,;!@$^~`\x00-\x1f\x7f-"
_USABLE = re.compile(rf"(?!\.)[^{_REMOVED}]+")
"""What S4 leaves of a name; anything else splits, ends or moves an address."""


def claim(database: Database, name: str, slug: str) -> str:
    """Return the slug that ``name`` has for ever: ``slug``, else the first free ``slug_N``.

    No two names share one, whatever the case of the letters, since Hugo lower-cases
    addresses (C4). A read-only archive answers without claiming.
    """
    had = known(database, name)
    if had is not None:
        return had
    if database.read_only:
        return _free(database, slug)[0]
    with database.transaction():
        had = known(database, name)  # another process may have been faster
        if had is not None:
            return had
        free, folded = _free(database, slug)
        database.execute("INSERT INTO slugs VALUES (?, ?, ?)", (name, free, folded))
    return free


def adopt(database: Database, name: str, slug: str) -> None:
    """Give a name the slug that an existing post has, if it has none and nobody has this.

    In the caller's transaction. A slug that could not stand in an address is left alone.
    """
    if _USABLE.fullmatch(slug) and len(slug.encode()) <= SLUG_BYTES:
        database.execute("INSERT OR IGNORE INTO slugs VALUES (?, ?, ?)", (name, slug, fold(slug)))


def known(database: Database, name: str) -> str | None:
    """Return the slug that a name has, None while it has none."""
    slug = database.value("SELECT slug FROM slugs WHERE name = ?", (name,))
    return None if slug is None else str(slug)


def _free(database: Database, slug: str) -> tuple[str, str]:
    """Return the first variant of a slug that is free, and its folded form."""
    number = 1
    while True:
        suffix = f"_{number}" if number > 1 else ""
        room = SLUG_BYTES - len(suffix)
        variant = slug.encode()[:room].decode(errors="ignore") + suffix
        folded = fold(variant)
        if not database.row("SELECT 1 FROM slugs WHERE folded = ?", (folded,)):
            return variant, folded
        number += 1


def fold(slug: str) -> str:
    """Return the form in which slugs are compared."""
    return unicodedata.normalize("NFC", slug).casefold()
