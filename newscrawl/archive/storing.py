"""Ending an entry: an article and everything about it in one transaction."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from newscrawl.archive import images, ledger
from newscrawl.archive.codec import digest, from_time, to_article, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.known import hashes_of, is_stored, link, link_free, names_of, touch
from newscrawl.archive.ledger import RETRIED, End, New, Row
from newscrawl.archive.revisions import Shown, adopt, insert, revise, show
from newscrawl.archive.snapshot import Snapshot
from newscrawl.archive.tombstones import REASON
from newscrawl.identity.posts import IMPORTED, POST, same_title
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
_required = attrgetter(*_REQUIRED)

_MINUTE = len("2022-01-21T16:30:")
"""What a time in the archive has in common with all others of its minute."""
_TOLD_OTHERWISE = frozenset({Outcome.DUPLICATE, Outcome.NEW})
"""Ends that note no word of the listing: it was inserted, or is of an article stored before."""


class Place(NamedTuple):
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
    """Store what was read for an entry and end the entry, in the caller's transaction.

    Raises ``ValueError`` for an article that lacks what identifies it, or its title,
    time or body: that is a case for quarantine.
    """
    check(article)
    shown = show(article)
    at = shown.fetched_at
    place = Place(run, article.source or "", section, digest(url_hash))
    names = names_of(article)
    asked = (*hashes_of(article), place.url_hash)
    own = asked[0]
    known = Snapshot(database, {*asked, *names})
    row = _row_in(known.rows_of(place.url_hash), place)
    if known.is_removed(asked):
        _refuse(database, row, place, at)
        return Outcome.SKIPPED
    key = known.stored_under(asked)
    post = find_post(database, shown, posts_only=True) if key is None else None
    outcome, reason = Outcome.DUPLICATE, ""
    if post is not None:
        key, outcome = post, adopt(database, run, post, article)
    elif key is None:
        key, outcome = own, Outcome.NEW
        insert(
            database,
            run,
            own,
            shown,
            to_article(article),
            row.first_seen_at if row else at,
            formerly=known.meaning_of(own),
            listed_modified_at=_told(row, run),
        )
    elif key == place.url_hash:
        outcome, reason = revise(database, run, key, article)
    if outcome not in RETRIED:  # what is no reading of the article names nothing of it
        if claim_images and outcome is not Outcome.DUPLICATE:
            images.claim(database, key, images.addresses_of(article))
        for name, url in names.items():
            if name != key and known.is_free(name):
                link_free(database, name, key, url)
    done = End(outcome, reason, at)
    if row:
        _end(database, row, run, key, done)
    else:
        new = New(run, place.source, section, place.url_hash)
        ledger.add(database, new, Entry(article.url or ""), done)
    if place.url_hash != key:
        _merge(database, place.url_hash, key)
    return outcome


def _refuse(database: Database, row: Row | None, place: Place, at: str) -> None:
    """End the entry of an article that was taken down; nothing of it is kept."""
    done = End(Outcome.SKIPPED, REASON, at)
    if row:
        _end(database, row, place.run, row.url_hash, done)
    else:
        ledger.count(database, place.run, place.section, done.outcome, 1)


def end(database: Database, place: Place, done: End) -> None:
    """End an entry without an article; one that no listing showed is only counted."""
    with database.transaction():
        if row := _find_row(database, place):
            _end(database, row, place.run, row.url_hash, done)
        else:
            ledger.count(database, place.run, place.section, done.outcome, 1)


def _find_row(database: Database, place: Place) -> Row | None:
    """Return the row of an entry, also where its hash became an alias meanwhile."""
    return _row_in(Snapshot(database, [place.url_hash]).rows_of(place.url_hash), place)


def _row_in(rows: Iterable[Row], place: Place) -> Row | None:
    wanted = place.source, place.section
    return next((row for row in rows if (row.source, row.section) == wanted), None)


def check(article: Article) -> None:
    """Raise ``ValueError`` for an article that is not complete."""
    if not all(_required(article)):
        missing = ", ".join(name for name in _REQUIRED if not getattr(article, name))
        raise ValueError(f"article without {missing}: {article.url or article.title}")


def find_post(database: Database, shown: Shown, *, posts_only: bool) -> bytes | None:
    """Return the article of the same source, minute and title, None where there is none.

    posts_only: only among imported posts whose identity nobody could tell. A post shows
    the time to the second, its page perhaps to the minute. Posts of sites that are no
    source share one source's name, and are known by their own identity alone.
    """
    if shown.source == IMPORTED:
        return None
    minute = shown.published_at[:_MINUTE]
    # In these words the index of such posts serves; there are few of them, or none.
    unknown = f" AND identity GLOB '{POST}*'" if posts_only else ""
    found = database.rows(
        "SELECT url_hash, title FROM articles"  # noqa: S608  (our own text)
        f" WHERE source = ? AND published_at > ? AND published_at < ?{unknown}"
        " ORDER BY published_at, url_hash",
        (shown.source, minute, f"{minute}~"),  # "~": behind every second of it
    )
    for key, title in found:
        if same_title(title, shown.title):
            return bytes(key)
    return None


def _has_ended(row: Row, run: int) -> bool:
    """Whether a row has its end in a run: only the first one counts."""
    return row.state is not Outcome.PENDING and row.run == run


def _told(row: Row | None, run: int) -> str | None:
    """Return when the listing says that what is ended now was modified, None for nothing."""
    if row is None or row.modified_at is None or _has_ended(row, run):
        return None
    return to_time(from_time(row.modified_at))


def _end(database: Database, row: Row, run: int, key: bytes, done: End) -> None:
    """End a row."""
    if _has_ended(row, run):
        return
    if row.state is not Outcome.PENDING:
        row = ledger.restart(database, row, run)
    ledger.finish(database, row, done)
    modified_at = _told(row, run)
    if modified_at and done.outcome not in _TOLD_OTHERWISE:
        # Whatever came of it: we have looked, and a failure is tried again for its own sake.
        database.execute(
            "UPDATE articles SET listed_modified_at = max(coalesce(listed_modified_at, ''), ?)"
            " WHERE url_hash = ?",
            (modified_at, key),
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
