"""Folders of posts: filled as a crawl does, and looked at file by file."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from newscrawl.archive import Archive, Found, StoredArticle
from newscrawl.export import (
    Exporter,
)
from newscrawl.identity.identities import Identity
from newscrawl.listings import Entry
from tests.export.builders import NIGHT, article, stored

OpenSite = Callable[..., Exporter]
"""(dialect, folder, place, first_day, **configuration) -> an exporter; the one before is closed."""


def put(archive: Archive, **fields: Any) -> StoredArticle:
    """Store an article as a crawl does, and return it."""
    made = article(**fields)
    identity = Identity(made.identity or "", made.identity or "")
    made = replace(made, content_hash=hashlib.sha256(repr(made).encode()).hexdigest())
    run = archive.begin_run("sina_finance", {}, NIGHT)
    found = Found(Entry(made.url or ""), identity)
    archive.discover(run, "sina_finance", "china", [found], NIGHT, refetch=True)
    archive.store(run, "china", identity.url_hash, made)
    kept = archive.article(identity.url_hash)
    assert kept
    return kept


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Return every file below a folder with its digest and inode."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_ino,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("-journal")  # of an exporter still open
    }


def posts(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "_posts").iterdir())


def many(number: int, **fields: Any) -> list[StoredArticle]:
    return [stored(n + 1, identity=f"sina:x{n}", title=f"第{n}篇", **fields) for n in range(number)]
