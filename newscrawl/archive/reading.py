"""Reading articles back, a few at a time, however many there are."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from newscrawl.archive.codec import digest, from_article, from_time, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.records import ArticleFilter, StoredArticle

Unless = Callable[[Mapping[str, int]], Container[str]]
"""url_hash -> sequence of some articles; returns the hashes of those that need not be read."""
_ASKED = 128
"""Articles of which ``Unless`` is asked at once."""
_READ = 8
"""Articles that are read at once: a statement for each costs as much again."""
_ARTICLES = (
    "SELECT url_hash, source, identity, revision, sequence, first_seen_at, fetched_at, updated_at,"
    # As bytes: it is decoded once, as JSON.
    " CAST(r.article AS BLOB),"
    " site_group, site, feed FROM asked CROSS JOIN articles ON url_hash = column1"
    " JOIN revisions AS r USING (url_hash) LEFT JOIN placements USING (url_hash)"
    " WHERE r.number = revision"
)
_SECTIONS = (
    "SELECT url_hash, source, section FROM asked CROSS JOIN outcomes ON url_hash = column1"
    " WHERE state <> 'skipped' AND section <> '' ORDER BY id"
)


class Recent:
    """Articles that were read a moment ago, for another dialect that needs the same ones.

    The first 512 of a crawl's news, which writes the posts of 500 articles at once.
    """

    _MOST = 512

    def __init__(self) -> None:
        self._articles: dict[str, StoredArticle] = {}

    def get(self, url_hash: str, sequence: int) -> StoredArticle | None:
        """Return an article, unless it has changed since."""
        found = self._articles.get(url_hash)
        return found if found and found.sequence == sequence else None

    def add(self, url_hash: str, article: StoredArticle) -> None:
        """Keep an article while there is room."""
        if len(self._articles) < self._MOST:
            self._articles[url_hash] = article


def read_articles(
    database: Database,
    where: ArticleFilter,
    unless: Unless | None = None,
    recent: Recent | None = None,
) -> Iterator[StoredArticle]:
    """Yield the articles of a filter in the order of (published_at, url_hash).

    Only hashes wait in the query, in the order of an index where there is one; the texts
    are read a few at a time, so memory does not grow with the archive, and the archive may be
    written meanwhile.
    """
    for sequences in read_hashes(database, where, unless):
        if recent is None:
            yield from read_some(database, list(sequences))
        else:
            for few in _parted(list(sequences)):
                yield from _read_once(database, {each: sequences[each] for each in few}, recent)


def read_hashes(
    database: Database, where: ArticleFilter, unless: Unless | None = None
) -> Iterator[dict[str, int]]:
    """Yield hash -> sequence of the articles that ``read_articles`` reads, some at a time."""
    conditions, values = _conditions(where)
    # Without it SQLite takes an index in the wanted order and reads all articles for the
    # few that changed.
    index = "" if where.after_sequence is None else "INDEXED BY articles_sequence"
    keys = database.stream(
        f"SELECT url_hash, sequence FROM articles {index} WHERE {conditions}"  # noqa: S608  (our own text)
        " ORDER BY published_at, url_hash LIMIT ?",
        (*values, -1 if where.limit is None else where.limit),
    )
    while some := {key.hex(): sequence for key, sequence in islice(keys, _ASKED)}:
        left_out = () if unless is None else unless(some)
        if wanted := {each: some[each] for each in some if each not in left_out}:
            yield wanted


def read_some(database: Database, hashes: Sequence[str]) -> Iterator[StoredArticle]:
    """Yield the articles stored under these hashes, in their order."""
    for few in _parted(hashes):
        yield from _read(database, [digest(each) for each in few])


def _parted(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (hashes[start : start + _READ] for start in range(0, len(hashes), _READ))


def _read_once(
    database: Database, sequences: Mapping[str, int], recent: Recent
) -> Iterator[StoredArticle]:
    """Yield the articles of these hashes, in their order, reading only those not yet read."""
    found = {each: recent.get(each, sequence) for each, sequence in sequences.items()}
    if missing := [digest(each) for each, article in found.items() if article is None]:
        for article in _read(database, missing):
            url_hash = article.article.url_hash or ""
            found[url_hash] = article
            recent.add(url_hash, article)
    yield from filter(None, found.values())


def read_article(database: Database, key: bytes) -> StoredArticle | None:
    """Return the article that is stored under this very hash."""
    return next(_read(database, [key]), None)


def _read(database: Database, keys: Sequence[bytes]) -> Iterator[StoredArticle]:
    """Yield the articles stored under these hashes, in the order of the hashes."""
    rows = {row[0]: row for row in database.rows_in(_ARTICLES, keys)}
    sections = defaultdict(list)
    for key, source, section in database.rows_in(_SECTIONS, keys):
        sections[key, source].append(section)
    for key in keys:
        if key in rows:
            _, source, *_ = rows[key]
            yield _stored(rows[key], tuple(sections.get((key, source), ())))


def _stored(row: tuple[Any, ...], sections: tuple[str, ...]) -> StoredArticle:
    key, source, identity, revision, sequence, first_seen_at, fetched_at, updated_at, *rest = row
    text, *placed = rest
    article = from_article(text)
    # A later fetch may have met it under another identity; the archive keeps the first.
    article.source, article.identity, article.url_hash = source, identity, key.hex()
    article.fetched_at = from_time(fetched_at)
    # Where the publisher told no time of a correction, it is when the correction was met.
    article.updated_at = from_time(updated_at) if updated_at else None
    return StoredArticle(
        article,
        sections,
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
