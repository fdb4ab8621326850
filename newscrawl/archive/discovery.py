"""Taking in a listing page: which entries are new, and what is to be fetched."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from newscrawl.archive import ledger
from newscrawl.archive.codec import digest
from newscrawl.archive.database import Database
from newscrawl.archive.known import Known, is_stored, link_free, touch
from newscrawl.archive.ledger import OPEN, RETRIED, End, Row
from newscrawl.archive.records import Discovery, Found, Work
from newscrawl.archive.snapshot import Snapshot
from newscrawl.archive.tombstones import REASON
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

_STAYS = frozenset({Outcome.SKIPPED, Outcome.GONE, Outcome.QUARANTINED}) | RETRIED
"""States that an entry met again is counted as; any other is ``unchanged`` then."""
_PASSED = frozenset({Outcome.SKIPPED, Outcome.DUPLICATE})
"""Ends that fetch nothing."""
BATCH = 500
"""Entries that are looked up, and rows of earlier runs that are moved, at a time: many, and
memory stays what it is."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page of one section's listing in one run.

    at: when it was read, as ``to_time`` writes it. refetch: fetch known articles too.
    attempts: failed runs after which an article is left alone.
    """

    run: int
    source: str
    section: str
    at: str
    refetch: bool
    attempts: int


def decide(known: Known, own: Row | None, entry: Entry, visit: Visit) -> tuple[Outcome, str] | None:
    """Return what an entry counts as and why; ``pending`` is to be fetched.

    own: the row of the visit's section. None for an entry that this section has shown in
    this run already.
    """
    if own and own.run == visit.run and not (visit.refetch and _is_marked(own, entry)):
        return None
    if not known:
        return (Outcome.SKIPPED, entry.skip) if entry.skip else (Outcome.PENDING, "")
    if entry.skip and own and own.state in OPEN and not known.stored:
        return Outcome.SKIPPED, entry.skip
    handled = any(
        row.run == visit.run and row.state not in _PASSED for row in known.rows if row is not own
    )
    wanted = not entry.skip and _is_wanted(known, own, entry, visit)
    if wanted:
        return (Outcome.DUPLICATE if handled else Outcome.PENDING), ""
    if own:
        return (own.state if own.state in _STAYS else Outcome.UNCHANGED), own.reason
    spent = next((row for row in known.rows if row.state in RETRIED), None)
    if spent and not known.stored and not handled:
        return spent.state, spent.reason  # given up elsewhere, so given up here
    return Outcome.DUPLICATE, ""


def _is_marked(own: Row, entry: Entry) -> bool:
    """Whether a row waits to be fetched again, and the listing shows how."""
    return own.state is Outcome.PENDING and not entry.skip


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
    database: Database, visit: Visit, found: Sequence[Found], met: set[tuple[str, bytes]]
) -> Discovery:
    """Record a listing page in one transaction and return what to fetch.

    met: the known entries that were counted in this run while their row stayed as it was,
    and what a recrawl has under way. It grows here, so that a listing that shifts while it
    is read counts each of them once.
    """
    page = _Page(database, visit, met)
    with database.transaction():
        for start in range(0, len(found), BATCH):
            page.take(found[start : start + BATCH])
    met.update(page.repeated)
    return Discovery(tuple(page.fetch), page.fresh, page.added)


class _Page:
    """Takes in a listing page, in its order; what it has done is in its fields."""

    def __init__(self, database: Database, visit: Visit, met: set[tuple[str, bytes]]) -> None:
        self._database = database
        self._visit = visit
        self._met = met
        self._counts: Counter[Outcome] = Counter()
        self._rows: list[tuple[Any, ...]] = []
        self.fetch: list[Work] = []
        self.fresh = self.added = 0
        self.repeated: set[tuple[str, bytes]] = set()

    def take(self, found: Sequence[Found]) -> None:
        """Take in some entries: all that is known of them is read at once."""
        hashed = [(item, _hashes(item)) for item in found]
        snapshot = Snapshot(self._database, {each for _, hashes in hashed for each in hashes})
        changed: set[bytes] = set()
        for item, hashes in hashed:
            known_by = snapshot
            if changed and not changed.isdisjoint(snapshot.meanings(hashes)):
                self._write()  # an entry before this one was about the same article
                known_by = Snapshot(self._database, hashes)
            known = known_by.look_up(hashes)
            if self._link(item, hashes, known, known_by) | self._take(
                item, hashes, known, known_by
            ):
                changed.update(hashes, (known.url_hash,))
        self._write()

    def _link(self, item: Found, hashes: Sequence[bytes], known: Known, snapshot: Snapshot) -> bool:
        """Remember all identities of an entry as one article; return whether any was new."""
        key, linked = known.url_hash, False
        for url_hash, identity in zip(hashes, (item.identity, *item.aliases), strict=True):
            if url_hash != key and snapshot.is_free(url_hash):
                link_free(self._database, url_hash, key, identity.url)
                linked = True
        return linked

    def _take(self, item: Found, hashes: Sequence[bytes], known: Known, snapshot: Snapshot) -> bool:
        """Decide what an entry counts as; return whether its row was written."""
        visit = self._visit
        own = known.row(visit.source, visit.section)
        verdict = decide(known, own, item.entry, visit)
        key = (visit.section, known.url_hash)
        if verdict is None or key in self._met:
            return False
        outcome, reason = verdict
        if snapshot.is_removed((known.url_hash, *hashes)):  # under whatever name it comes
            outcome, reason = Outcome.SKIPPED, REASON
        self.fresh += not known
        self.added += own is None
        if own and outcome is not Outcome.PENDING and not _settles(own, outcome):
            if key not in self.repeated:
                self.repeated.add(key)
                self._counts[outcome] += 1
            return False
        attempts = self._record(known, own, item.entry, End(outcome, reason, visit.at))
        if outcome is Outcome.PENDING:
            url_hash = known.url_hash.hex()
            self.fetch.append(Work(visit.section, url_hash, item.entry, attempts, known.stored))
            if visit.refetch:  # pending as what was marked is, but on its way
                self._met.add(key)
        return True

    def _record(self, known: Known, own: Row | None, entry: Entry, end: End) -> int:
        """Write the row of an entry and return how often the article has failed."""
        database, visit = self._database, self._visit
        attempts = max((row.attempts for row in known.rows), default=0)
        if own:
            pending = ledger.restart(database, own, visit.run, entry)
            if end.outcome is not Outcome.PENDING:
                ledger.finish(database, pending, end)
        else:
            new = ledger.New(visit.run, visit.source, visit.section, known.url_hash, attempts)
            self._rows.append(ledger.row_of(new, entry, end))
            self._counts[end.outcome] += 1
            if known.stored and end.outcome is not Outcome.SKIPPED:
                touch(database, known.url_hash)
        if end.outcome is Outcome.PENDING:
            for row in known.rows:
                if row is not own and row.state in OPEN:
                    ledger.hand_over(database, row)
        return attempts

    def _write(self) -> None:
        """Insert the rows that are new so far, and add what was counted to the run's counts."""
        ledger.insert(self._database, self._rows)
        self._rows.clear()
        for outcome, n in self._counts.items():
            ledger.count(self._database, self._visit.run, self._visit.section, outcome, n)
        self._counts.clear()


def _hashes(item: Found) -> tuple[bytes, ...]:
    return tuple(digest(each.url_hash) for each in (item.identity, *item.aliases))


def _settles(own: Row, outcome: Outcome) -> bool:
    """Whether an open row of an earlier run ends because of what the listing shows now."""
    return own.state in OPEN and outcome in _PASSED


def resume(
    database: Database, run: int, source: str, sections: Collection[str] | None, attempts: int
) -> Iterator[Work]:
    """Move what earlier runs left to ``run``, a batch at a time, in the order of discovery."""
    chosen = None if sections is None else frozenset(sections)
    after = 0
    while batch := list(
        ledger.open_rows(database, source, attempts=attempts, after=after, limit=BATCH)
    ):
        after = batch[-1][0].id
        with database.transaction():
            left = [
                Work(
                    row.section,
                    row.url_hash.hex(),
                    entry,
                    row.attempts,
                    is_stored(database, row.url_hash),
                )
                for row, entry in batch
                if row.run != run
                and (chosen is None or row.section in chosen)
                and ledger.restart(database, row, run)
            ]
        yield from left
