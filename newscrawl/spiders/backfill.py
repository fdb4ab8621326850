"""The walk of one section back to a day: where it goes on, how far it came, why it ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newscrawl.archive import Found
from newscrawl.archive.walks import Backfill, BackfillEnd, Span, Walks
from newscrawl.listings import Listing, Section
from newscrawl.spiders.entries import is_older
from newscrawl.spiders.options import CrawlOptions


class WayBack:
    """One section's walk back over a span, in as many runs as it takes.

    A run reads so many pages and the next one goes on from the last of them. That page is
    read again: what was published meanwhile moves entries to later pages, where they are
    met twice; what was removed moves them to earlier ones, where they would be missed.

    anew: begin at the first page, whatever was walked before. at: when this run began.
    """

    def __init__(self, walks: Walks, run: int, span: Span, at: datetime, *, anew: bool) -> None:
        self._walks, self._run, self.span, self._at = walks, run, span, at
        known = None if anew else walks.backfill(span)
        self.begun = known is not None
        self.state = known or Backfill(None, 0, None, None, at)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to walk."""
        return self.state.ended is not None

    @property
    def has_a_head(self) -> bool:
        """Whether entries of the span may have come on top since the last step."""
        until = self.span.until
        return until is None or until > self.state.at

    def read(
        self, cursor: str | None, found: Sequence[Found], pages: int, end: BackfillEnd | None
    ) -> None:
        """Note that a page was taken in: its cursor, its entries, pages so far, whether it ends."""
        times = [item.entry.published_at for item in found if item.entry.published_at]
        if self.state.oldest:
            times.append(self.state.oldest)
        oldest = min(times, default=None)
        if end and oldest and oldest < self.span.since:
            end = BackfillEnd.COMPLETE  # whatever else it ends with: the day was passed
        self.state = replace(
            self.state,
            cursor=cursor,
            pages=pages,
            oldest=oldest,
            ended=end,
            at=self._at,
        )
        self._walks.advance(self._run, self.span, self.state)


def end_of(
    section: Section, listing: Listing, found: Sequence[Found], pages: int, options: CrawlOptions
) -> BackfillEnd | None:
    """Return why a walk ends with this page, None where there is a next one.

    found: the entries that no earlier page had. pages: its number in the listing.
    """
    if is_older(found, options):
        return BackfillEnd.COMPLETE
    if not listing.entries:
        return BackfillEnd.END_OF_LISTING
    if not found:  # past its cap a listing may repeat its last window for ever
        return BackfillEnd.SOURCE_LIMIT
    if section.max_pages is None:
        return BackfillEnd.END_OF_LISTING if listing.next_cursor is None else None
    if listing.next_cursor is None or pages >= section.max_pages:
        return BackfillEnd.SOURCE_LIMIT
    return None
