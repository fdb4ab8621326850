"""What the archive holds and what its runs did, from totals that are kept, not counted."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newscrawl.archive.codec import from_time
from newscrawl.archive.database import Database
from newscrawl.outcomes import Outcome

IMPORT = "import"
"""``runs.source`` of imports; other runs are named by their source."""
RECENT = 200
"""Runs of a source among which its last success is looked for."""
_COLUMNS = "run, source, asked, started_at, finished_at, exit_code, error"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a source, an import or a re-extraction. Times are UTC.

    asked: its options. finished_at, exit_code: None where it goes on, or was killed.
    """

    run: int
    source: str
    asked: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None
    error: str
    counts: dict[Outcome, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``crawl``, ``recrawl``, ``pictures``, ``import``, ``reextract``, …"""
        if command := self.asked.get("command"):
            return str(command)
        if self.source == IMPORT:
            return IMPORT
        return next((name for name in ("recrawl", "pictures") if self.asked.get(name)), "crawl")

    @property
    def is_regular(self) -> bool:
        """Whether it was a crawl of what the configuration says, and no less."""
        narrowed = any(self.asked.get(name) for name in ("sections", "since", "until", "limit"))
        return self.kind == "crawl" and not narrowed


@dataclass(frozen=True, slots=True)
class ListingRead:
    """When a section's listing was last read, UTC, and why it cannot be read now.

    failure: empty where it can.
    """

    read_at: datetime | None
    failed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True)
class RawFiles:
    """How many WARC files there are, and their bytes as far as they are indexed."""

    files: int
    bytes: int


class Overview:
    """Questions about the whole archive. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sources(self) -> list[str]:
        """Return the sources that have articles, addresses or runs, by name."""
        names = {name for (name,) in self._database.rows("SELECT source FROM article_totals")}
        names |= {name for (name,) in self._database.rows("SELECT DISTINCT source FROM totals")}
        last = ""
        while name := self._database.value(
            "SELECT min(source) FROM runs WHERE source > ?", (last,)
        ):
            names.add(last := name)
        return sorted(names)

    def articles(self) -> dict[str, int]:
        """Return how many articles of each source are stored."""
        return dict(self._database.rows("SELECT source, n FROM article_totals WHERE n > 0"))

    def states(self) -> dict[str, dict[str, dict[Outcome, int]]]:
        """Return source -> section -> state -> how many addresses."""
        found: dict[str, dict[str, dict[Outcome, int]]] = {}
        for source, section, state, n in self._database.rows(
            "SELECT source, section, state, n FROM totals WHERE n > 0"
        ):
            found.setdefault(source, {}).setdefault(section, {})[Outcome(state)] = n
        return found

    def listings(self) -> dict[str, dict[str, ListingRead]]:
        """Return source -> section -> how the last look at its listing went."""
        found: dict[str, dict[str, ListingRead]] = {}
        for source, section, read_at, failed_at, failure in self._database.rows(
            "SELECT source, section, read_at, failed_at, failure FROM listing_reads"
        ):
            found.setdefault(source, {})[section] = ListingRead(
                _time(read_at), _time(failed_at), failure
            )
        return found

    def raw_files(self) -> RawFiles:
        """Return what the raw record holds."""
        row = self._database.row(
            "SELECT count(*), coalesce(sum(bytes), 0) FROM warc_files WHERE bytes >= 0"
        )
        return RawFiles(*row) if row else RawFiles(0, 0)

    def runs(
        self, source: str | None = None, limit: int = RECENT, *, with_counts: bool = True
    ) -> list[Run]:
        """Return the last runs, the newest first; with_counts: how their entries ended."""
        where, values = ("WHERE source = ?", [source]) if source else ("", [])
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM runs {where} ORDER BY run DESC LIMIT ?",  # noqa: S608
            (*values, limit),
        )
        return [_run(row, self._counts(row[0]) if with_counts else {}) for row in list(rows)]

    def run(self, number: int) -> Run:
        """Return one run, without its counts; raise ``LookupError`` where there is none."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM runs WHERE run = ?",  # noqa: S608
            (number,),
        )
        if row is None:
            raise LookupError(f"run {number}")
        return _run(row, {})

    def _counts(self, run: int) -> dict[Outcome, int]:
        rows = self._database.rows(
            "SELECT outcome, sum(n) FROM run_counts WHERE run = ? GROUP BY outcome", (run,)
        )
        counts = {Outcome(outcome): n for outcome, n in rows if n}
        return {outcome: counts[outcome] for outcome in Outcome if outcome in counts}


def _run(row: tuple[Any, ...], counts: dict[Outcome, int]) -> Run:
    run, source, asked, started_at, finished_at, exit_code, error = row
    return Run(
        run,
        source,
        json.loads(asked),
        from_time(started_at),
        _time(finished_at),
        exit_code,
        error,
        counts,
    )


def _time(text: str | None) -> datetime | None:
    return from_time(text) if text else None
