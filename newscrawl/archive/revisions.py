"""The rows of ``articles`` and ``revisions``: an article as it stands, and as it stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from newscrawl.archive.codec import from_article, from_time, to_article, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.known import SEQUENCE, bump, link
from newscrawl.archive.revising import EXTRACTOR, judge, update_time
from newscrawl.items import Article
from newscrawl.outcomes import Outcome


class Shown(NamedTuple):
    """The fields of an article with columns of their own; times as ``to_time`` writes them."""

    source: str
    identity: str
    url: str
    title: str
    published_at: str
    updated_at: str | None
    media: str | None
    author: str | None
    editor: str | None
    content_hash: str
    fetched_at: str


_shown = attrgetter(*Shown._fields)
_INSERT = (
    f"INSERT INTO articles (url_hash, {', '.join(Shown._fields)}, revision, first_seen_at,"  # noqa: S608
    f" listed_modified_at, sequence) VALUES ({'?, ' * (len(Shown._fields) + 4)}{SEQUENCE})"
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article as its page said it.

    number: from 1. run: the one that met it. stored_at: when, UTC. content_hash: SHA-256,
    hex, of title and body.
    """

    number: int
    run: int
    stored_at: datetime
    content_hash: str
    article: Article


def revisions_of(database: Database, key: bytes) -> Iterator[Revision]:
    """Yield the revisions of a stored article, the first one first."""
    for number, run, stored_at, content_hash, text in database.rows(
        "SELECT number, run, stored_at, content_hash, article FROM revisions"
        " WHERE url_hash = ? ORDER BY number",
        (key,),
    ):
        yield Revision(number, run, from_time(stored_at), content_hash, from_article(text))


def show(article: Article) -> Shown:
    """Return what stands in columns of its own, of an article that lacks nothing."""
    source, identity, url, title, published_at, updated_at, *said, fetched_at = _shown(article)
    times = to_time(published_at), updated_at and to_time(updated_at)
    return Shown._make((source, identity, url, title, *times, *said, to_time(fetched_at)))


def insert(
    database: Database,
    run: int,
    key: bytes,
    shown: Shown,
    written: bytes,
    first_seen: str,
    *,
    formerly: bytes,
    listed_modified_at: str | None = None,
) -> None:
    """Store a new article with its first revision.

    written: all of it, as ``to_article`` has it. formerly: what its hash has meant until now.
    listed_modified_at: as a listing told it.
    """
    bump(database)
    database.execute(_INSERT, (key, *shown, 1, first_seen, listed_modified_at))
    _add(database, run, key, 1, shown, written)
    if formerly != key:  # known as another name of an article that did not come
        database.execute("DELETE FROM aliases WHERE url_hash = ?", (key,))
        link(database, formerly, key, shown.url)


def revise(database: Database, run: int, key: bytes, read: Article) -> tuple[Outcome, str]:
    """Take in another reading of a stored article; return what it was, and why.

    A correction is a new revision; of the same content only the look is noted; what is no
    reading of the article (a wall, half a page) changes nothing.
    """
    number, stored = _current(database, key)
    verdict = judge(stored, read)
    if verdict.outcome is Outcome.UPDATED:
        _append(database, run, key, number + 1, stored, verdict.article, keep_identity=True)
    elif verdict.outcome is Outcome.UNCHANGED:
        if verdict.better:
            complete(database, key, verdict.article, keep_identity=True)
        _update(database, key, {"fetched_at": show(read).fetched_at})
    return verdict.outcome, verdict.reason


def adopt(database: Database, run: int, key: bytes, read: Article) -> Outcome:
    """Put the publisher's own page in the place of a post that told no identity.

    It comes with its identity and address; the post keeps its path.
    """
    number, stored = _current(database, key)
    _append(database, run, key, number + 1, stored, read, keep_identity=False)
    return Outcome.UPDATED


def complete(
    database: Database, key: bytes, article: Article, *, keep_identity: bool = False
) -> None:
    """Put a fuller reading of the current revision in its place; it stays the same one.

    A time of update that is known stays where the reading tells none. keep_identity: source
    and identity stay what they are.
    """
    values = show(article)._asdict()
    if keep_identity:
        values = _without_identity(values)
    if values["updated_at"] is None:
        del values["updated_at"]
    _update(database, key, values, changed=True)
    database.execute(
        "UPDATE revisions SET (title, content_hash, article) = (?, ?, CAST(? AS TEXT))"
        " WHERE url_hash = ?"
        " AND number = (SELECT revision FROM articles AS a WHERE a.url_hash = ?)",
        (article.title, article.content_hash, to_article(article), key, key),
    )


def _append(
    database: Database,
    run: int,
    key: bytes,
    number: int,
    stored: Article,
    read: Article,
    *,
    keep_identity: bool,
) -> None:
    """Add a revision and let the article show it."""
    shown = show(read)
    values = {**shown._asdict(), "revision": number}
    if keep_identity:  # a later fetch may have met it under another one
        values = _without_identity(values)
    if not (stored.extractor or "").startswith(EXTRACTOR):
        # A page that takes an import's place was not changed when we fetched it.
        updated = update_time(stored, read)
        values["updated_at"] = to_time(updated) if updated else None
    _add(database, run, key, number, shown, to_article(read))
    _update(database, key, values, changed=True)


def _current(database: Database, key: bytes) -> tuple[int, Article]:
    row = database.row(
        "SELECT number, r.article, updated_at FROM articles JOIN revisions AS r USING (url_hash)"
        " WHERE url_hash = ? AND number = revision",
        (key,),
    )
    if row is None:
        raise LookupError(key.hex())
    number, text, updated_at = row
    stored = from_article(text)
    stored.updated_at = from_time(updated_at) if updated_at else None
    return number, stored


def _without_identity(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in {"source", "identity"}}


def _update(
    database: Database,
    key: bytes,
    values: dict[str, Any],
    *,
    changed: bool = False,
) -> None:
    """Put values into the columns of an article. changed: its post shows something else now."""
    columns = [f"{name} = ?" for name in values]
    if changed:
        bump(database)
        columns.append(f"sequence = {SEQUENCE}")
    database.execute(
        f"UPDATE articles SET {', '.join(columns)} WHERE url_hash = ?",  # noqa: S608
        (*values.values(), key),
    )


def _add(
    database: Database, run: int, key: bytes, number: int, shown: Shown, written: bytes
) -> None:
    database.execute(
        "INSERT INTO revisions (url_hash, number, run, stored_at, title, content_hash, article)"
        " VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT))",
        (key, number, run, shown.fetched_at, shown.title, shown.content_hash, written),
    )
