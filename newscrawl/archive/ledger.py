"""Rows of ``outcomes`` and the counts of their runs, which change together or not at all."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from newscrawl.archive.codec import from_entry, to_entry, to_time
from newscrawl.archive.database import Database
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

RETRIED = frozenset({Outcome.FAILED, Outcome.BLOCKED})
"""Ends that a later run tries again."""
OPEN = RETRIED | {Outcome.PENDING}
"""States whose row keeps its entry."""

_COLUMNS = "id, source, section, url_hash, url, state, reason, attempts, run, first_seen_at"


class Row(NamedTuple):
    """What happened last to one article in one section of one source."""

    id: int
    source: str
    section: str
    url_hash: bytes
    url: str
    state: Outcome
    reason: str
    attempts: int
    run: int
    first_seen_at: str

    def can_retry(self, attempts: int) -> bool:
        """Whether it is waiting, or failed in fewer runs than ``attempts``."""
        return self.state is Outcome.PENDING or (self.state in RETRIED and self.attempts < attempts)


class New(NamedTuple):
    """Where a row that does not exist yet belongs."""

    run: int
    source: str
    section: str
    url_hash: bytes
    attempts: int = 0


class End(NamedTuple):
    """How an entry ends."""

    outcome: Outcome
    reason: str
    at: datetime


def rows_of(database: Database, url_hash: bytes) -> list[Row]:
    """Return all rows of one hash, in the order of first discovery."""
    return [
        _row(values)
        for values in database.rows(
            f"SELECT {_COLUMNS} FROM outcomes WHERE url_hash = ? ORDER BY id",  # noqa: S608
            (url_hash,),
        )
    ]


def open_rows(database: Database, source: str) -> Iterator[tuple[Row, Entry]]:
    """Yield the open rows of a source with their entries, in the order of first discovery."""
    for *values, entry in database.rows(
        f"SELECT {_COLUMNS}, entry FROM outcomes"  # noqa: S608
        " WHERE source = ? AND state IN ('pending', 'failed', 'blocked') ORDER BY id",
        (source,),
    ):
        yield _row(values), from_entry(entry)


def _row(values: Sequence[Any]) -> Row:
    row = Row(*values)
    return row._replace(state=Outcome(row.state))


def add(database: Database, new: New, entry: Entry, end: End) -> None:
    """Insert the row of an entry that its section shows for the first time, and count it."""
    at = to_time(end.at)
    is_open = end.outcome in OPEN
    database.execute(
        "INSERT INTO outcomes (run, source, section, url_hash, attempts, url, state, reason,"
        " first_seen_at, ended_at, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *new,
            entry.url,
            end.outcome,
            end.reason,
            at,
            None if end.outcome is Outcome.PENDING else at,
            to_entry(entry) if is_open else None,
        ),
    )
    count(database, new.run, new.section, end.outcome, 1)


def restart(database: Database, row: Row, run: int, entry: Entry | None = None) -> Row:
    """Make a row pending in ``run``, with a newer entry if there is one, and return it.

    Its former run keeps the count of an end, but not that of a row which was pending:
    that one has moved.
    """
    if row.state is Outcome.PENDING:
        count(database, row.run, row.section, Outcome.PENDING, -1)
    database.execute(
        "UPDATE outcomes SET state = 'pending', reason = '', run = ?, ended_at = NULL,"
        " entry = coalesce(?, entry) WHERE id = ?",
        (run, to_entry(entry) if entry else None, row.id),
    )
    count(database, run, row.section, Outcome.PENDING, 1)
    return row._replace(state=Outcome.PENDING, reason="", run=run)


def finish(database: Database, row: Row, end: End) -> None:
    """End a pending row; its count moves from ``pending`` to the outcome."""
    retried = end.outcome in RETRIED
    database.execute(
        "UPDATE outcomes SET state = ?, reason = ?, ended_at = ?,"
        " attempts = CASE WHEN ? THEN attempts + 1 ELSE 0 END,"
        " entry = CASE WHEN ? THEN entry END WHERE id = ?",
        (end.outcome, end.reason, to_time(end.at), retried, retried, row.id),
    )
    count(database, row.run, row.section, Outcome.PENDING, -1)
    count(database, row.run, row.section, end.outcome, 1)


def hand_over(database: Database, row: Row) -> None:
    """End an open row as ``duplicate``: another section fetches the article now.

    A run in which it had failed keeps that count; it did fail there.
    """
    if row.state is Outcome.PENDING:
        count(database, row.run, row.section, Outcome.PENDING, -1)
        count(database, row.run, row.section, Outcome.DUPLICATE, 1)
    database.execute(
        "UPDATE outcomes SET state = 'duplicate', reason = '', attempts = 0, entry = NULL"
        " WHERE id = ?",
        (row.id,),
    )


def entry_of(database: Database, row: Row) -> Entry | None:
    """Return the entry of an open row, None where the row has ended."""
    text = database.value("SELECT entry FROM outcomes WHERE id = ?", (row.id,))
    return from_entry(text) if text else None


def count(database: Database, run: int, section: str, outcome: Outcome, n: int) -> None:
    """Add ``n`` to a count."""
    key = (run, section, outcome)
    changed = database.execute(
        "UPDATE run_counts SET n = n + ? WHERE run = ? AND section = ? AND outcome = ?", (n, *key)
    )
    if not changed.rowcount:
        database.execute("INSERT INTO run_counts VALUES (?, ?, ?, ?)", (*key, n))
