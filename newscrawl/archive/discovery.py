"""Taking in a listing page: which entries are new, and what is to be fetched."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from newscrawl.archive import ledger
from newscrawl.archive.codec import digest
from newscrawl.archive.database import Database
from newscrawl.archive.known import Known, link, look_up, touch
from newscrawl.archive.ledger import OPEN, RETRIED, End, Row
from newscrawl.archive.records import Discovery, Found, Work
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

_STAYS = frozenset({Outcome.SKIPPED, Outcome.GONE, Outcome.QUARANTINED}) | RETRIED
"""States that an entry met again is counted as; any other is ``unchanged`` then."""
_PASSED = frozenset({Outcome.SKIPPED, Outcome.DUPLICATE})
"""Ends that fetch nothing."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page of one section's listing in one run.

    refetch: fetch known articles too. attempts: failed runs after which an article is
    left alone.
    """

    run: int
    source: str
    section: str
    at: datetime
    refetch: bool
    attempts: int


def decide(known: Known, entry: Entry, visit: Visit) -> tuple[Outcome, str] | None:
    """Return what an entry counts as and why; ``pending`` is to be fetched.

    None for an entry that this section has shown in this run already.
    """
    own = known.row(visit.source, visit.section)
    if own and own.run == visit.run:
        return None
    if not known:
        return (Outcome.SKIPPED, entry.skip) if entry.skip else (Outcome.PENDING, "")
    if entry.skip and own and own.state in OPEN:
        return Outcome.SKIPPED, entry.skip
    handled = any(row.run == visit.run and row.state not in _PASSED for row in known.rows)
    wanted = not entry.skip and _is_wanted(known, own, entry, visit)
    if wanted:
        return (Outcome.DUPLICATE if handled else Outcome.PENDING), ""
    if own:
        return (own.state if own.state in _STAYS else Outcome.UNCHANGED), own.reason
    spent = next((row for row in known.rows if row.state in RETRIED), None)
    if spent and not known.stored and not handled:
        return spent.state, spent.reason  # given up elsewhere, so given up here
    return Outcome.DUPLICATE, ""


def _is_wanted(known: Known, own: Row | None, entry: Entry, visit: Visit) -> bool:
    """Whether the article should be fetched in this run, by this section or another.

    An open row of another section counts while no article is stored: that section may
    never be crawled again.
    """
    if visit.refetch or known.is_older_than(entry):
        return True
    relevant = known.rows if not known.stored else (own,) if own else ()
    return any(row.can_retry(visit.attempts) for row in relevant)


def discover(
    database: Database, visit: Visit, found: Iterable[Found], met: set[tuple[str, bytes]]
) -> Discovery:
    """Record a listing page in one transaction and return what to fetch.

    met: the known entries that were counted in this run while their row stayed as it was.
    It grows here, so that a listing that shifts while it is read counts each of them once.
    """
    fetch: list[Work] = []
    fresh = added = 0
    repeated: dict[tuple[str, bytes], Outcome] = {}
    with database.transaction():
        for item in found:
            known = _identify(database, item)
            verdict = decide(known, item.entry, visit)
            key = (visit.section, known.url_hash)
            if verdict is None or key in met:
                continue
            outcome, reason = verdict
            own = known.row(visit.source, visit.section)
            fresh += not known
            added += own is None
            if own and outcome is not Outcome.PENDING and not _settles(own, outcome):
                repeated[key] = outcome
                continue
            attempts = _record(database, visit, known, item.entry, End(outcome, reason, visit.at))
            if outcome is Outcome.PENDING:
                fetch.append(Work(visit.section, known.url_hash.hex(), item.entry, attempts))
        for outcome, n in Counter(repeated.values()).items():
            ledger.count(database, visit.run, visit.section, outcome, n)
    met.update(repeated)
    return Discovery(tuple(fetch), fresh, added)


def _identify(database: Database, item: Found) -> Known:
    """Return what is known of an entry, and remember all its identities as one article."""
    identities = (item.identity, *item.aliases)
    known = look_up(database, identities)
    for identity in identities:
        link(database, digest(identity.url_hash), known.url_hash, identity.url)
    return known


def _settles(own: Row, outcome: Outcome) -> bool:
    """Whether an open row of an earlier run ends because of what the listing shows now."""
    return own.state in OPEN and outcome in _PASSED


def _record(database: Database, visit: Visit, known: Known, entry: Entry, end: End) -> int:
    """Write the row of an entry and return how often the article has failed."""
    own = known.row(visit.source, visit.section)
    attempts = max((row.attempts for row in known.rows), default=0)
    if own:
        pending = ledger.restart(database, own, visit.run, entry)
        if end.outcome is not Outcome.PENDING:
            ledger.finish(database, pending, end)
    else:
        new = ledger.New(visit.run, visit.source, visit.section, known.url_hash, attempts)
        ledger.add(database, new, entry, end)
        if end.outcome is not Outcome.SKIPPED:
            touch(database, known.url_hash)
    if end.outcome is Outcome.PENDING:
        for row in known.rows:
            if row is not own and row.state in OPEN:
                ledger.hand_over(database, row)
    return attempts


def resume(
    database: Database, run: int, source: str, sections: Collection[str] | None, attempts: int
) -> list[Work]:
    """Move what earlier runs left to ``run`` and return it in the order of discovery."""
    chosen = None if sections is None else frozenset(sections)
    with database.transaction():
        left = [
            (row, entry)
            for row, entry in ledger.open_rows(database, source)
            if row.run != run
            and row.can_retry(attempts)
            and (chosen is None or row.section in chosen)
        ]
        for row, _ in left:
            ledger.restart(database, row, run)
    return [Work(row.section, row.url_hash.hex(), entry, row.attempts) for row, entry in left]
