"""Rows of ``outcomes`` and the counts of their runs, which change together or not at all."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from newscrawl.archive.codec import from_entry, to_entry, to_time
from newscrawl.archive.database import Database
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

RETRIED = frozenset({Outcome.FAILED, Outcome.BLOCKED})
"""Ends that a later run tries again."""
OPEN = RETRIED | {Outcome.PENDING}
"""States whose row keeps its entry."""

_MOST = 64
"""How many rows a statement inserts at once."""
_STATES = {str(outcome): outcome for outcome in Outcome}
COLUMNS = (
    "id, source, section, url_hash, url, state, reason, attempts, run, first_seen_at,"
    " json_extract(entry, '$.modified_at')"
)


class Row(NamedTuple):
    """What happened last to one article in one section of one source.

    modified_at: when the listing says that the article of an open row was modified, as the
    entry has it; None where it says nothing.
    """

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
    modified_at: str | None

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
    """How an entry ends; ``at``: when, as ``to_time`` writes it."""

    outcome: Outcome
    reason: str
    at: str


def rows_of(database: Database, url_hash: bytes) -> list[Row]:
    """Return all rows of one hash, in the order of first discovery."""
    return [
        to_row(values)
        for values in database.rows(
            f"SELECT {COLUMNS} FROM outcomes WHERE url_hash = ? ORDER BY id",  # noqa: S608
            (url_hash,),
        )
    ]


def open_rows(
    database: Database, source: str, *, attempts: int, after: int, limit: int
) -> Iterator[tuple[Row, Entry]]:
    """Yield open rows of a source with their entries, in the order of first discovery.

    attempts: failed runs after which a row is passed over, for good; their number only grows.
    after: the id behind which they begin. limit: the most there may be.
    """
    for *values, entry in database.rows(
        f"SELECT {COLUMNS}, entry FROM outcomes"  # noqa: S608
        " WHERE source = ? AND state IN ('pending', 'failed', 'blocked') AND id > ?"
        " AND (state = 'pending' OR attempts < ?) ORDER BY id LIMIT ?",
        (source, after, attempts, limit),
    ):
        yield to_row(values), from_entry(entry)


def to_row(values: Sequence[Any]) -> Row:
    """Return a row of ``COLUMNS``."""
    number, source, section, url_hash, url, state, *rest = values
    return Row(number, source, section, url_hash, url, _STATES[state], *rest)


def add(database: Database, new: New, entry: Entry, end: End) -> None:
    """Insert the row of an entry that its section shows for the first time, and count it."""
    insert(database, [row_of(new, entry, end)])
    count(database, new.run, new.section, end.outcome, 1)


def row_of(new: New, entry: Entry, end: End) -> tuple[Any, ...]:
    """Return the row of an entry for ``insert``."""
    is_open = end.outcome in OPEN
    return (
        *new,
        entry.url,
        end.outcome,
        end.reason,
        end.at,
        None if end.outcome is Outcome.PENDING else end.at,
        to_entry(entry) if is_open else None,
    )


def insert(database: Database, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows in their order; the caller counts them in the same transaction.

    Many with one statement: each makes a table of the states that an index is about. Their
    numbers are powers of two, so that SQLite parses few statements.
    """
    left = rows
    while left:
        room = min(_MOST, 1 << (len(left).bit_length() - 1))
        database.execute(_insertion(room), [value for row in left[:room] for value in row])
        left = left[room:]


@cache
def _insertion(room: int) -> str:
    row = f"({', '.join('?' * (len(New._fields) + 6))})"
    return (
        "INSERT INTO outcomes (run, source, section, url_hash, attempts, url, state, reason,"  # noqa: S608
        f" first_seen_at, ended_at, entry) VALUES {', '.join([row] * room)}"
    )


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
    told = row.modified_at
    if entry:
        told = to_time(entry.modified_at) if entry.modified_at else None
    return row._replace(state=Outcome.PENDING, reason="", run=run, modified_at=told)


def finish(database: Database, row: Row, end: End) -> None:
    """End a pending row; its count moves from ``pending`` to the outcome."""
    retried = end.outcome in RETRIED
    database.execute(
        "UPDATE outcomes SET state = ?, reason = ?, ended_at = ?,"
        " attempts = CASE WHEN ? THEN attempts + 1 ELSE 0 END,"
        " entry = CASE WHEN ? THEN entry END WHERE id = ?",
        (end.outcome, end.reason, end.at, retried, retried, row.id),
    )
    _move(database, row, end.outcome)


def hand_over(database: Database, row: Row) -> None:
    """End an open row as ``duplicate``: another section fetches the article now.

    A run in which it had failed keeps that count; it did fail there.
    """
    if row.state is Outcome.PENDING:
        _move(database, row, Outcome.DUPLICATE)
    database.execute(
        "UPDATE outcomes SET state = 'duplicate', reason = '', attempts = 0, entry = NULL"
        " WHERE id = ?",
        (row.id,),
    )


def count(database: Database, run: int, section: str, outcome: Outcome, n: int) -> None:
    """Add ``n`` to a count; what was counted before may be taken away, and no more."""
    key = (run, section, outcome)
    if n > 0:
        database.execute(
            "INSERT INTO run_counts VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET n = n + excluded.n",
            (*key, n),
        )
    elif n < 0:  # no INSERT: the table's CHECK looks at what it would insert
        changed = database.execute(
            "UPDATE run_counts SET n = n + ? WHERE run = ? AND section = ? AND outcome = ?",
            (n, *key),
        )
        if not changed.rowcount:
            raise LookupError(f"nothing was counted as {key}")


def _move(database: Database, row: Row, outcome: Outcome) -> None:
    """Count as something else what was counted as ``pending``."""
    moved = database.execute(
        "UPDATE run_counts SET n = n + CASE outcome WHEN 'pending' THEN -1 ELSE 1 END"
        # "+": the few counts of a section are read; else a table is made of the two names.
        " WHERE run = ? AND section = ? AND +outcome IN ('pending', ?)",
        (row.run, row.section, outcome),
    )
    if moved.rowcount != 2:  # the first of its kind in this run and section
        if moved.rowcount == 0:
            raise LookupError(f"nothing was counted as pending of run {row.run}, {row.section}")
        database.execute(
            "INSERT INTO run_counts VALUES (?, ?, ?, 1)", (row.run, row.section, outcome)
        )
