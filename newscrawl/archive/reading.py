"""Reading articles back, one at a time, however many there are."""

from collections.abc import Callable, Iterator
from typing import Any

from newscrawl.archive.codec import from_article, from_time, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.records import ArticleFilter, StoredArticle

Unless = Callable[[str, int], bool]
"""(url_hash, sequence) -> whether an article need not be read."""


def read_articles(
    database: Database, where: ArticleFilter, unless: Unless | None = None
) -> Iterator[StoredArticle]:
    """Yield the articles of a filter in the order of (published_at, url_hash).

    Only hashes wait in the query, in the order of an index where there is one; the texts
    are read one by one, so memory does not grow with the archive, and the archive may be
    written meanwhile.
    """
    conditions, values = _conditions(where)
    # Without it SQLite takes an index in the wanted order and reads all articles for the
    # few that changed.
    index = "" if where.after_sequence is None else "INDEXED BY articles_sequence"
    keys = database.stream(
        f"SELECT url_hash, sequence FROM articles {index} WHERE {conditions}"  # noqa: S608  (our own text)
        " ORDER BY published_at, url_hash LIMIT ?",
        (*values, -1 if where.limit is None else where.limit),
    )
    for key, sequence in keys:
        if unless is not None and unless(key.hex(), sequence):
            continue
        if article := read_article(database, key):
            yield article


def read_article(database: Database, key: bytes) -> StoredArticle | None:
    """Return the article that is stored under this very hash."""
    found = database.row(
        "SELECT source, identity, revision, sequence, first_seen_at, fetched_at, updated_at,"
        # As bytes: it is decoded once, as JSON.
        " CAST(r.article AS BLOB),"
        " site_group, site, feed FROM articles JOIN revisions AS r USING (url_hash)"
        " LEFT JOIN placements USING (url_hash)"
        " WHERE url_hash = ? AND r.number = revision",
        (key,),
    )
    if found is None:
        return None
    source, identity, revision, sequence, first_seen_at, fetched_at, updated_at, *rest = found
    text, *placed = rest
    article = from_article(text)
    # A later fetch may have met it under another identity; the archive keeps the first.
    article.source, article.identity, article.url_hash = source, identity, key.hex()
    article.fetched_at = from_time(fetched_at)
    # Where the publisher told no time of a correction, it is when the correction was met.
    article.updated_at = from_time(updated_at) if updated_at else None
    sections = database.rows(
        "SELECT section FROM outcomes WHERE url_hash = ? AND source = ? AND state <> 'skipped'"
        " AND section <> ''"
        " ORDER BY id",
        (key, source),
    )
    return StoredArticle(
        article,
        tuple(section for (section,) in sections),
        revision,
        sequence,
        from_time(first_seen_at),
        (placed[0], placed[1], placed[2]) if placed[0] is not None else None,
    )


def count_articles(database: Database, where: ArticleFilter) -> int:
    """Return how many articles a filter matches, whatever its limit."""
    conditions, values = _conditions(where)
    sql = f"SELECT count(*) FROM articles WHERE {conditions}"  # noqa: S608  (our own text)
    return int(database.value(sql, values))


def _conditions(where: ArticleFilter) -> tuple[str, list[Any]]:
    """Return the filter as SQL and its values."""
    since = to_time(where.since) if where.since else None
    until = to_time(where.until) if where.until else None
    section = (
        "EXISTS (SELECT 1 FROM outcomes AS o WHERE o.url_hash = articles.url_hash"
        " AND o.source = articles.source AND o.section = ? AND o.state <> 'skipped')"
    )
    chosen = {
        "source = ?": where.source,
        section: where.section,
        "media = ?": where.media,
        "published_at >= ?": since,
        "published_at < ?": until,
        "sequence > ?": where.after_sequence,
    }
    given = {sql: value for sql, value in chosen.items() if value is not None}
    return " AND ".join(given) or "1", list(given.values())
