"""How far listings were walked: walks left open, versions of first pages, walks back in time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newscrawl.archive.codec import from_time, to_time
from newscrawl.archive.database import Database


class BackfillEnd(StrEnum):
    """Why there is nothing more to walk."""

    COMPLETE = "complete"
    """The listing went on to entries older than what was asked for."""
    END_OF_LISTING = "end of listing"
    """The listing came to its end before."""
    SOURCE_LIMIT = "source limit"
    """There is more, but the publisher's listing does not show it."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a first page said of its own version (RFC 9110, section 8.8); url: as asked."""

    url: str
    etag: str | None
    last_modified: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """What a walk back in time is about: a section and the days asked for (aware times)."""

    source: str
    section: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backfill:
    """How far a walk back in time has come.

    cursor: of the last page that was read, None for the first one. pages: read so far.
    oldest: the earliest time met. ended: why there is nothing more, None while there is.
    at: when the run began that came this far.
    """

    cursor: str | None
    pages: int
    oldest: datetime | None
    ended: BackfillEnd | None
    at: datetime


class Walks:
    """The walks through the listings of one archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_open(self, source: str, section: str) -> bool:
        """Whether the last walk through a section's listing was begun and not closed."""
        sql = "SELECT 1 FROM walks WHERE source = ? AND section = ?"
        return self._database.row(sql, (source, section)) is not None

    def open(self, source: str, section: str) -> bool:
        """Note that the walk through a section's listing begins.

        Returns whether the walk before was never closed (killed, cut by a limit): older
        pages may then hold entries nobody has seen, though the first ones are all known.
        """
        with self._database.transaction():
            begun = self._database.execute(
                "INSERT OR IGNORE INTO walks VALUES (?, ?)", (source, section)
            )
        return begun.rowcount == 0

    def close(self, source: str, section: str) -> None:
        """Note that the walk came to its end."""
        with self._database.transaction():
            self._close(source, section)

    def close_with(self, source: str, section: str, validators: Validators | None) -> None:
        """Note that the walk came to its end, and which version of its first page it took in.

        Both at once: a version that is known while its entries are not would hide them.
        """
        with self._database.transaction():
            self._close(source, section)
            self._database.execute(
                "DELETE FROM validators WHERE source = ? AND section = ?", (source, section)
            )
            if validators is not None:
                self._database.execute(
                    "INSERT INTO validators (source, section, url, etag, last_modified, seen_at)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        source,
                        section,
                        validators.url,
                        validators.etag,
                        validators.last_modified,
                        to_time(validators.seen_at),
                    ),
                )

    def _close(self, source: str, section: str) -> None:
        self._database.execute(
            "DELETE FROM walks WHERE source = ? AND section = ?", (source, section)
        )

    def validators(self, source: str, section: str) -> Validators | None:
        """Return which version of a section's first page was taken in last."""
        row = self._database.row(
            "SELECT url, etag, last_modified, seen_at FROM validators"
            " WHERE source = ? AND section = ?",
            (source, section),
        )
        if row is None:
            return None
        url, etag, last_modified, seen_at = row
        return Validators(url, etag, last_modified, from_time(seen_at))

    def note_read(self, run: int, source: str, section: str, at: datetime) -> None:
        """Note that a section's listing was read, also where it had no news."""
        self._note(source, section, run=run, read_at=to_time(at), failure="")

    def note_failure(self, source: str, section: str, at: datetime, failure: str) -> None:
        """Note why a section's listing could not be read."""
        self._note(source, section, failed_at=to_time(at), failure=failure)

    def _note(self, source: str, section: str, **values: str | int) -> None:
        names = ", ".join(values)
        with self._database.transaction():
            self._database.execute(
                f"INSERT INTO listing_reads (source, section, {names})"  # noqa: S608
                f" VALUES (?, ?, {', '.join('?' * len(values))}) ON CONFLICT DO UPDATE"
                f" SET {', '.join(f'{name} = excluded.{name}' for name in values)}",
                (source, section, *values.values()),
            )

    # ---- back in time --------------------------------------------------------------

    def backfill(self, span: Span) -> Backfill | None:
        """Return how far the walk back over just this span has come, None where it has not begun.

        A walk that has ended and was about more than this span stands for it, too.
        """
        since, until = _bounds(span)
        row = self._database.row(
            "SELECT cursor, pages, oldest, ended, started_at FROM backfills JOIN runs USING (run)"
            " WHERE backfills.source = ? AND section = ? AND ((since = ? AND until = ?)"
            " OR (ended IS NOT NULL AND since <= ? AND (until = '' OR (? <> '' AND until >= ?))))"
            " ORDER BY ended IS NULL, since DESC LIMIT 1",
            (span.source, span.section, since, until, since, until, until),
        )
        if row is None:
            return None
        cursor, pages, oldest, ended, at = row
        return Backfill(
            cursor,
            pages,
            from_time(oldest) if oldest else None,
            BackfillEnd(ended) if ended else None,
            from_time(at),
        )

    def advance(self, run: int, span: Span, backfill: Backfill) -> None:
        """Note how far a walk back has come, in this run."""
        with self._database.transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO backfills"
                " (source, section, since, until, cursor, pages, oldest, ended, run)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    span.source,
                    span.section,
                    *_bounds(span),
                    backfill.cursor,
                    backfill.pages,
                    to_time(backfill.oldest) if backfill.oldest else None,
                    backfill.ended,
                    run,
                ),
            )


def _bounds(span: Span) -> tuple[str, str]:
    return to_time(span.since), to_time(span.until) if span.until else ""
