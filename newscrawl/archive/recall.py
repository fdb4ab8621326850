"""Stored articles that are to be fetched again: marked all at once, handed out bit by bit."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from newscrawl.archive import ledger
from newscrawl.archive.codec import to_time
from newscrawl.archive.database import Database
from newscrawl.archive.ledger import End, New, Row
from newscrawl.archive.reading import read_article
from newscrawl.archive.records import Work
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

BATCH = 200
"""Articles that share one transaction; nothing else grows with their number."""
NOWHERE = ""
"""The section of an article that no listing showed: an imported post of no known section."""
_LATEST = "9999"
_NOTHING: Mapping[str, int] = {}
_LISTED = frozenset({Outcome.SKIPPED, Outcome.DUPLICATE})
"""Ends in this run after which an article has not been fetched."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Which stored articles: of a source, of these sections (empty for all), of a span.

    since, until: aware; ``since <= published_at < until``.
    """

    source: str
    sections: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None


def count(database: Database, recall: Recall) -> int:
    """Return how many articles there are to fetch again."""
    return sum(
        not recall.sections or _own(ledger.rows_of(database, key), recall) is not None
        for keys in _batches(database, recall)
        for _, key in keys
    )


def mark(
    database: Database,
    run: int,
    recall: Recall,
    at: datetime,
    describe: Callable[[Article], Entry],
    *,
    met: set[tuple[str, bytes]],
    limit: int | None = None,
    taken: Mapping[str, int] = _NOTHING,
) -> Iterator[int]:
    """Make the articles pending in ``run``, newest first; yield the size of each batch.

    An article that is pending in this run already, or was met, stays as it is. describe:
    the entry under which one is fetched. limit: the most of each section, of which
    ``taken`` are taken already.
    """
    marking = _Marking(database, run, recall, at, describe, met, limit, Counter(taken))
    for keys in _batches(database, recall):
        with database.transaction():
            marked = sum(marking.mark(key) for _, key in keys)
        yield marked


@dataclass(slots=True)
class _Marking:
    """Makes articles pending, one after another; fields as ``mark`` has them."""

    database: Database
    run: int
    recall: Recall
    at: datetime
    describe: Callable[[Article], Entry]
    met: set[tuple[str, bytes]]
    limit: int | None
    taken: Counter[str]

    def mark(self, key: bytes) -> bool:
        """Make one article pending; return whether it was."""
        rows = ledger.rows_of(self.database, key)
        if any(self._is_met(row) for row in rows):
            return False
        row = _own(rows, self.recall)
        stored = read_article(self.database, key)
        if (row is None and self.recall.sections) or stored is None:
            return False
        section = row.section if row else NOWHERE
        if self.limit is not None and self.taken[section] >= self.limit:
            return False
        self.taken[section] += 1
        entry = self.describe(stored.article)
        if row:
            ledger.restart(self.database, row, self.run, entry)
        else:
            new = New(self.run, self.recall.source, NOWHERE, key)
            ledger.add(self.database, new, entry, End(Outcome.PENDING, "", to_time(self.at)))
        return True

    def _is_met(self, row: Row) -> bool:
        """Whether a row has its place in this run already."""
        pending = row.run == self.run and row.state not in _LISTED
        return pending or (row.section, row.url_hash) in self.met


def _own(rows: list[Row], recall: Recall) -> Row | None:
    """Return the row of the first chosen section that showed the article."""
    return next(
        (
            row
            for row in rows
            if row.source == recall.source
            and row.state is not Outcome.SKIPPED
            and (not recall.sections or row.section in recall.sections)
        ),
        None,
    )


def _batches(database: Database, recall: Recall) -> Iterator[list[tuple[str, bytes]]]:
    """Yield (time, hash) of the articles of a span, newest first, by the index of the source."""
    since = to_time(recall.since) if recall.since else ""
    last = (to_time(recall.until) if recall.until else _LATEST, b"")
    while keys := [
        (time, key)
        for time, key in database.rows(
            "SELECT published_at, url_hash FROM articles WHERE source = ? AND published_at >= ?"
            " AND (published_at, url_hash) < (?, ?)"
            " ORDER BY published_at DESC, url_hash DESC LIMIT ?",
            (recall.source, since, *last, BATCH),
        )
    ]:
        yield keys
        last = keys[-1]


def marked(
    database: Database, run: int, source: str, *, met: set[tuple[str, bytes]]
) -> Iterator[Work]:
    """Yield what is pending in ``run`` and was not handed out; ``met`` grows."""
    after = 0
    while batch := list(ledger.open_rows(database, source, attempts=0, after=after, limit=BATCH)):
        after = batch[-1][0].id
        for row, entry in batch:
            key = (row.section, row.url_hash)
            if row.run == run and row.state is Outcome.PENDING and key not in met:
                met.add(key)
                yield Work(row.section, row.url_hash.hex(), entry, row.attempts, stored=True)
