"""Ending an entry: an article and everything about it in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from newscrawl.archive import images, ledger
from newscrawl.archive.codec import digest, to_article, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.known import bump, is_stored, link, resolve, touch
from newscrawl.archive.ledger import End, New, Row
from newscrawl.identity.identities import hash_url
from newscrawl.identity.posts import IMPORTED, is_unknown, same_title
from newscrawl.identity.urls import comparison_url
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

_REQUIRED = (
    "source",
    "identity",
    "url",
    "url_hash",
    "title",
    "published_at",
    "body_html",
    "content_hash",
    "fetched_at",
)
_SHOWN = (
    "source",
    "identity",
    "url",
    "title",
    "published_at",
    "updated_at",
    "media",
    "author",
    "editor",
    "content_hash",
    "fetched_at",
)
"""Fields of an article that stand in columns of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which entry ends: the run, the source and section that listed it, and its hash."""

    run: int
    source: str
    section: str
    url_hash: bytes


def store(
    database: Database,
    run: int,
    section: str,
    url_hash: str,
    article: Article,
    *,
    claim_images: bool = False,
) -> Outcome:
    """Store what was read for an entry and end the entry; all of it or nothing.

    Raises ``ValueError`` for an article that lacks what identifies it, or its title,
    time or body: that is a case for quarantine.
    """
    at = check(article)
    place = Place(run, article.source or "", section, digest(url_hash))
    own, url = digest(article.url_hash or ""), article.url or ""
    with database.transaction():
        row = _find_row(database, place)
        key = stored_as(database, own, article.aliases, place.url_hash)
        post = find_post(database, article, posts_only=True) if key is None else None
        if post is not None:
            key, outcome = post, _revise(database, run, post, article, adopted=True)
        elif key is None:
            key, outcome = own, Outcome.NEW
            first_seen_at = row.first_seen_at if row else to_time(at)
            insert(database, run, own, article, first_seen_at)
        elif key == place.url_hash:
            outcome = _revise(database, run, key, article)
        else:
            outcome = Outcome.DUPLICATE
        if claim_images and outcome is not Outcome.DUPLICATE:
            images.claim(database, key, images.addresses_of(article))
        link(database, own, key, url)
        link(database, digest(hash_url(comparison_url(url))), key, url)
        for alias in article.aliases:
            link(database, digest(hash_url(alias)), key, alias)
        done = End(outcome, "", at)
        if row:
            _end(database, row, run, key, done)
        else:
            new = New(run, place.source, section, place.url_hash)
            ledger.add(database, new, Entry(url), done)
        if place.url_hash != key:
            _merge(database, place.url_hash, key)
    return outcome


def end(database: Database, place: Place, done: End) -> None:
    """End an entry without an article; one that no listing showed is only counted."""
    with database.transaction():
        if row := _find_row(database, place):
            _end(database, row, place.run, row.url_hash, done)
        else:
            ledger.count(database, place.run, place.section, done.outcome, 1)


def _find_row(database: Database, place: Place) -> Row | None:
    """Return the row of an entry, also where its hash became an alias meanwhile."""
    for url_hash in (place.url_hash, resolve(database, place.url_hash)):
        for row in ledger.rows_of(database, url_hash):
            if (row.source, row.section) == (place.source, place.section):
                return row
    return None


def check(article: Article) -> datetime:
    """Return when an article was fetched; raise ``ValueError`` for one that is not complete."""
    missing = [name for name in _REQUIRED if not getattr(article, name)]
    if missing or article.fetched_at is None:
        raise ValueError(f"article without {', '.join(missing)}: {article.url or article.title}")
    return article.fetched_at


def find_post(database: Database, article: Article, *, posts_only: bool) -> bytes | None:
    """Return the article of the same source, minute and title, None where there is none.

    posts_only: only among imported posts whose identity nobody could tell. A post shows
    the time to the second, its page perhaps to the minute. Posts of sites that are no
    source share one source's name, and are known by their own identity alone.
    """
    if article.published_at is None or article.source == IMPORTED:
        return None
    minute = article.published_at.replace(second=0, microsecond=0)
    found = database.rows(
        "SELECT url_hash, identity, title FROM articles"
        " WHERE source = ? AND published_at >= ? AND published_at < ?"
        " ORDER BY published_at, url_hash",
        (article.source, to_time(minute), to_time(minute + timedelta(minutes=1))),
    )
    for key, identity, title in found:
        if (is_unknown(identity) or not posts_only) and same_title(title, article.title or ""):
            return bytes(key)
    return None


def stored_as(
    database: Database, own: bytes, aliases: Iterable[str], *asked: bytes
) -> bytes | None:
    """Return the hash of the stored article that this one is, None where it is new.

    asked: further hashes under which it was looked for.
    """
    for url_hash in (own, *(digest(hash_url(alias)) for alias in aliases), *asked):
        key = resolve(database, url_hash)
        if is_stored(database, key):
            return key
    return None


def insert(database: Database, run: int, key: bytes, article: Article, first_seen: str) -> None:
    """Store a new article with its first revision."""
    values = {
        "url_hash": key,
        **_columns(article),
        "revision": 1,
        "sequence": bump(database),
        "first_seen_at": first_seen,
    }
    database.execute(
        f"INSERT INTO articles ({', '.join(values)})"  # noqa: S608  (names of our columns)
        f" VALUES ({', '.join('?' * len(values))})",
        tuple(values.values()),
    )
    _add_revision(database, run, key, 1, article)
    formerly = resolve(database, key)
    if formerly != key:  # known as another name of an article that did not come
        database.execute("DELETE FROM aliases WHERE url_hash = ?", (key,))
        link(database, formerly, key, article.url or "")


def _revise(
    database: Database, run: int, key: bytes, article: Article, *, adopted: bool = False
) -> Outcome:
    """Store another content as a new revision; for the same, note that it was looked at.

    adopted: what is stored is a post that told no identity; the publisher's own page takes
    its place, with its identity and address, and the post keeps its path.
    """
    ((revision, content_hash, source, identity),) = database.rows(
        "SELECT revision, content_hash, source, identity FROM articles WHERE url_hash = ?", (key,)
    )
    values: dict[str, str | int | None] = {**_columns(article)}
    if not adopted:
        values |= {"source": source, "identity": identity}
    outcome = Outcome.UNCHANGED
    if article.content_hash == content_hash and not adopted:
        values = {"fetched_at": values["fetched_at"]}
    else:
        outcome = Outcome.UPDATED
        values |= {"revision": revision + 1, "sequence": bump(database)}
        _add_revision(database, run, key, revision + 1, article)
    database.execute(
        f"UPDATE articles SET {', '.join(f'{name} = ?' for name in values)}"  # noqa: S608
        " WHERE url_hash = ?",
        (*values.values(), key),
    )
    return outcome


def complete(database: Database, key: bytes, article: Article) -> None:
    """Put a fuller reading of the current revision in its place; it stays the same one."""
    values: dict[str, str | int | None] = {**_columns(article), "sequence": bump(database)}
    database.execute(
        f"UPDATE articles SET {', '.join(f'{name} = ?' for name in values)}"  # noqa: S608
        " WHERE url_hash = ?",
        (*values.values(), key),
    )
    database.execute(
        "UPDATE revisions SET (title, content_hash, article) = (?, ?, ?) WHERE url_hash = ?"
        " AND number = (SELECT revision FROM articles AS a WHERE a.url_hash = ?)",
        (article.title, article.content_hash, to_article(article), key, key),
    )


def _columns(article: Article) -> dict[str, str | None]:
    """Return the fields of an article that stand in columns of their own."""
    return {
        name: to_time(value) if isinstance(value, datetime) else value
        for name in _SHOWN
        for value in (getattr(article, name),)
    }


def _add_revision(database: Database, run: int, key: bytes, number: int, article: Article) -> None:
    database.execute(
        "INSERT INTO revisions (url_hash, number, run, stored_at, title, content_hash, article)"
        " SELECT url_hash, ?, ?, ?, ?, ?, ? FROM articles WHERE url_hash = ?",
        (
            number,
            run,
            to_time(check(article)),
            article.title,
            article.content_hash,
            to_article(article),
            key,
        ),
    )


def _end(database: Database, row: Row, run: int, key: bytes, done: End) -> None:
    """End a row; only the first end of a row in a run counts."""
    if row.state is not Outcome.PENDING:
        if row.run == run:
            return
        row = ledger.restart(database, row, run)
    entry = ledger.entry_of(database, row)
    ledger.finish(database, row, done)
    if done.outcome is not Outcome.DUPLICATE and entry and entry.modified_at:
        # Whatever came of it: we have looked, and a failure is tried again for its own sake.
        database.execute(
            "UPDATE articles SET listed_modified_at = max(coalesce(listed_modified_at, ''), ?)"
            " WHERE url_hash = ?",
            (to_time(entry.modified_at), key),
        )


def _merge(database: Database, url_hash: bytes, key: bytes) -> None:
    """Make everything known of one hash known of the article that it turned out to be."""
    if is_stored(database, url_hash):
        return
    known = {(row.source, row.section) for row in ledger.rows_of(database, key)}
    url = ""
    for row in ledger.rows_of(database, url_hash):
        url = url or row.url
        if (row.source, row.section) in known:
            database.execute("DELETE FROM outcomes WHERE id = ?", (row.id,))
        else:
            database.execute("UPDATE outcomes SET url_hash = ? WHERE id = ?", (key, row.id))
    database.execute("UPDATE aliases SET article = ? WHERE article = ?", (key, url_hash))
    link(database, url_hash, key, url)
    touch(database, key)
