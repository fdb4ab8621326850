"""What two crawls of the same sites must have in common, however one of them was disturbed."""

import fcntl
import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from newscrawl.archive import Archive
from newscrawl.archive.raw import read
from tests.archive.exchanges import by_fastwarc

_TABLES = {
    "articles": "SELECT hex(url_hash), identity, source, url, title, published_at, updated_at,"
    " media, author, editor, content_hash, revision, listed_modified_at FROM articles",
    "aliases": "SELECT hex(url_hash), hex(article), url FROM aliases",
    # What the last look at a stored article brought is a matter of how many runs there were.
    "outcomes": "SELECT source, section, hex(url_hash), url, CASE WHEN state IN ('new', 'updated',"
    " 'unchanged') THEN 'stored' ELSE state || ' ' || reason END FROM outcomes",
    "captures": "SELECT DISTINCT source, section, hex(article), url, status, hex(digest)"
    " FROM captures",
    "images": "SELECT url, state, reason, hex(content_hash), type, width, height, bytes"
    " FROM images",
    "article_images": "SELECT hex(article), hex(image) FROM article_images",
    "slugs": "SELECT name, slug FROM slugs",
    "walks": "SELECT source, section FROM walks",
    "backfills": "SELECT source, section, since, until, oldest, ended FROM backfills",
    "removals": "SELECT hex(url_hash), hex(article), source, url, reason FROM removals",
    "validators": "SELECT source, section, url, etag, last_modified FROM validators",
}
_REVISIONS = "SELECT hex(url_hash), number, content_hash, title, article FROM revisions"
_MANIFEST = "SELECT owner, path, post_id, sha256, claimed FROM files"
_TRACE = re.compile(r"\breq_trace=\w+")
MANIFEST = ".newscrawl-posts.db"


def kept(output: Path) -> dict[str, Any]:
    """Return what is in the archive, and every post, page and picture with its bytes.

    Without what time and the number of runs add: times of fetching, numbers of runs, captures
    of the same bytes.
    """
    found: dict[str, Any] = {}
    with closing(sqlite3.connect(output / "archive.db")) as database:
        for name, sql in _TABLES.items():
            found[name] = sorted(database.execute(sql), key=repr)
        found["captures"] = sorted({_asked(row) for row in found["captures"]}, key=repr)
        found["revisions"] = sorted(_read_once(row) for row in database.execute(_REVISIONS))
    for manifest in sorted(output.glob(f"*/{MANIFEST}")):
        with closing(sqlite3.connect(manifest)) as database:
            rows = sorted(database.execute(_MANIFEST), key=repr)
        found[f"{manifest.parent.name} manifest"] = rows
    found["files"] = files(output)
    return found


def files(output: Path) -> dict[str, bytes]:
    """Return every file that is to be the same to the byte."""
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
        and path.name != MANIFEST
        and not path.name.startswith("archive.db")  # and what a rebuild kept of the old one
        and path.suffix not in (".lock", ".gz")
    }


def _asked(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a capture without what a listing's request and answer have of their own moment."""
    source, section, article, url, status, digest = row
    return source, section, article, _TRACE.sub("", url), status, digest if article else ""


def _read_once(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *columns, article = row
    fields = json.loads(article)
    fields.pop("fetched_at", None)
    return (*columns, json.dumps(fields, sort_keys=True, ensure_ascii=False))


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return what is not the same, for a message that a person can read."""
    found: dict[str, Any] = {}
    for name in sorted({*one, *other}):
        first, second = one.get(name, ()), other.get(name, ())
        if first != second:
            rows = [set(_rows(each)) for each in (first, second)]
            found[name] = {
                "missing": sorted(rows[0] - rows[1])[:3],
                "further": sorted(rows[1] - rows[0])[:3],
                "counts": (len(first), len(second)),
            }
    return found


def _rows(found: Any) -> Iterable[str]:
    return map(repr, found.items() if isinstance(found, dict) else found)


def faults(output: Path) -> list[str]:
    """Return what a finished run must not leave: half files, locks, files that nobody knows."""
    found = [
        f"left over: {path.relative_to(output)}"
        for path in output.rglob("*")
        if path.name.startswith((".newscrawl-tmp-", ".archive.db"))
        or path.name.endswith(("-wal", "-shm", "-journal", ".tmp"))
    ]
    for lock in output.glob(".*.lock"):
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append(f"held: {lock.name}")
    with Archive.open(output / "archive.db", read_only=True) as archive:
        known = {file.name: file for file in archive.warc_files.all()}
        found += [f"not closed: {name}" for name, file in known.items() if file.closed_at is None]
        for path in (output / "warc").iterdir():
            if path.name not in known:
                found.append(f"not in the index: {path.name}")
            elif path.stat().st_size != known[path.name].bytes:
                found.append(f"of another size than the index says: {path.name}")
            kinds = [kind for kind, _, _ in by_fastwarc(path.read_bytes())]
            if kinds[0] != "warcinfo" or len(kinds) % 3 != 1:
                found.append(f"not whole: {path.name}: {kinds}")
        for capture in archive.captures.between(0, archive.captures.last()):
            if read(archive, capture).url != capture.url:
                found.append(f"another page: {capture}")
    return found
