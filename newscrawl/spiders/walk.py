"""The walk through the listings of one source, page by page, one section after another."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrapy.http import Response

from newscrawl.archive.exchange import Purpose
from newscrawl.archive.walks import BackfillEnd, Span, Validators
from newscrawl.listings import Fetch, Listing, Section
from newscrawl.middlewares.errors import SiteUnavailable, reason_of
from newscrawl.middlewares.responses import check_status, page_of
from newscrawl.middlewares.validators import NOT_MODIFIED, conditions, validators_of
from newscrawl.outcomes import Ended, ListingError, Outcome
from newscrawl.spiders.backfill import WayBack, end_of
from newscrawl.spiders.entries import dated, in_range, unmet

if TYPE_CHECKING:
    from newscrawl.spiders.crawl import Crawl

logger = logging.getLogger(__name__)

DRIFT = "drift: the listing is empty, and was not before"


@dataclass(frozen=True, slots=True)
class Answer:
    """A listing page, and its version; no page where it is the version that we know."""

    listing: Listing | None
    validators: Validators | None = None


class Walker:
    """Walks listings and hands what they show to the articles of a crawl.

    taken: section -> entries taken. not_modified: sections whose publisher said that
    nothing is new. backfills: section -> its walk back in time, where there is one.
    """

    def __init__(self, crawl: "Crawl") -> None:
        self.crawl = crawl
        self.spider = crawl.spider
        self.taken: Counter[str] = Counter()
        self.not_modified: set[str] = set()
        self.backfills: dict[str, WayBack] = {}

    async def walk(self, section: Section) -> None:
        """Walk one listing until a rule of design §4 stops it.

        With a first day the walk goes back to it, past what is known, in steps of
        ``[crawl] max_pages``: what is new on top first, then on from the last step's page.
        """
        if self.crawl.stopped:
            return
        back = self._way_back(section)
        if back is None or not back.begun:
            await self._pages(section, None, back)
            return
        self.backfills[section.id] = back
        if back.has_a_head:
            await self._pages(section, None, None)
        if not back.is_over and not self._was_left(section):
            await self._pages(section, back.state.cursor, back)

    def _way_back(self, section: Section) -> WayBack | None:
        options = self.spider.options
        if options.since is None or options.recrawl:
            return None
        span = Span(self.spider.name, section.id, options.since, options.until)
        archive, run = self.crawl.archive, self.crawl.run
        return WayBack(archive.walks, run, span, self.crawl.now(), anew=options.full)

    def _was_left(self, section: Section) -> bool:
        """Whether no more of a section is to be asked for: stopped, failed, or enough taken."""
        return self.crawl.stopped or section.id in self.crawl.failures or self._left(section) == 0

    def _left(self, section: Section) -> int | None:
        """Return how many entries of a section may still be taken, None for any number."""
        limit = self.spider.options.limit
        return None if limit is None else limit - self.taken[section.id]

    async def _pages(self, section: Section, cursor: str | None, back: WayBack | None) -> None:
        """Walk from a page on.

        A walk that an earlier run left open (killed, cut by a limit, failed page) is
        walked whole: below a page of known articles there may be ones never seen.
        """
        options, walks = self.spider.options, self.crawl.archive.walks
        from_top, was_open, validators = cursor is None, False, None
        whole = options.full or options.recrawl or back is not None
        # The page that the last step ended with is read again, and is none of this one's.
        pages, budget = (0, 0) if back is None or from_top else (back.state.pages - 1, 1)
        end: BackfillEnd | None = None
        met: set[bytes] = set()
        for _ in range(self.crawl.config.crawl.max_pages + budget):
            answer = await self._listing(section, cursor)
            if answer is None or self.crawl.stopped:
                return
            if answer.listing is None:
                self.not_modified.add(section.id)
                return
            if cursor is None:  # only now: a site that is not reached leaves nothing to make up
                was_open, validators = walks.open(self.spider.name, section.id), answer.validators
                whole |= was_open
            found = unmet(self.spider, answer.listing.entries, met)
            taken = in_range(found, options)[: self._left(section)]
            self.taken[section.id] += len(taken)
            discovery = self.crawl.archive.discover(
                self.crawl.run,
                self.spider.name,
                section.id,
                taken,
                self.crawl.now(),
                refetch=options.recrawl,
                attempts=self.crawl.config.crawl.attempts,
            )
            for work in discovery.fetch:
                await self.crawl.articles.begin(work)
            if self._was_left(section):
                return
            pages += 1
            end = end_of(section, answer.listing, found, pages, options)
            if back is not None:
                self.backfills[section.id] = back
                back.read(cursor, found, pages, end)
            # New to this section, not to the archive: where sections overlap, a page known
            # from another section says nothing of the pages below it. Nor does a page of
            # entries that are all too new to be taken.
            if end or (not whole and taken and not discovery.added):
                break
            cursor = answer.listing.next_cursor
        # What an earlier run left below the first day asked for is still left.
        if from_top and not (was_open and end is BackfillEnd.COMPLETE):
            self._close(section, validators)

    def _close(self, section: Section, validators: Validators | None) -> None:
        """Close a walk; only one without dates has taken in all that its first page shows."""
        walks, options = self.crawl.archive.walks, self.spider.options
        if options.since or options.until:
            walks.close(self.spider.name, section.id)
        else:
            walks.close_with(self.spider.name, section.id, validators)

    # ---- one page ------------------------------------------------------------------

    async def _listing(self, section: Section, cursor: str | None) -> Answer | None:
        """Return one listing page, None where it cannot be had; then the section has failed."""
        try:
            answer = await self._read(section, cursor)
        except ListingError as error:
            self._fail(section, str(error))
            return None
        empty = cursor is None and answer.listing is not None and not answer.listing.entries
        if empty and self.crawl.archive.has_entries(self.spider.name, section.id):
            # A site changes its pages without a word: what was full is not empty now (H62).
            self.crawl.look = True
            self._fail(section, DRIFT)
            return None
        if cursor is None:
            crawl = self.crawl
            crawl.archive.walks.note_read(crawl.run, self.spider.name, section.id, crawl.now())
        return answer

    async def _read(self, section: Section, cursor: str | None) -> Answer:
        """Fetch and read one listing page; every way to fail is a ``ListingError``."""
        try:
            fetch = self.spider.listing_request(section, cursor)
            asked = self._conditions(section, fetch.url) if cursor is None else {}
            purpose = Purpose(self.spider.name, section.id, cursor=cursor)
            whole = replace(fetch, headers={**fetch.headers, **asked})
            response = await self._download(whole, purpose)
            if asked and response.status == NOT_MODIFIED:
                return Answer(None)
            check_status(response)
            page = page_of(response)
            listing = dated(self.spider.parse_listing(page, section, cursor), page.fetched_at)
            return Answer(listing, validators_of(response, fetch.url, self.crawl.now()))
        except ListingError:
            raise
        except Ended as end:
            self.crawl.look |= end.outcome is Outcome.BLOCKED
            raise ListingError(str(end)) from end
        except Exception as error:  # the boundary: one listing's bug stops no other (H127)
            self.crawl.bug(section.id, error)
            raise ListingError(f"bug: {error!r}") from error

    def _conditions(self, section: Section, url: str) -> Mapping[str, str]:
        """Return what asks for a first page only if it changed since it was taken in whole."""
        options, walks = self.spider.options, self.crawl.archive.walks
        place = self.spider.name, section.id
        if options.wants_whole_pages or walks.is_open(*place):
            return {}
        return conditions(walks.validators(*place), url, self.crawl.now())

    async def _download(self, fetch: Fetch, purpose: Purpose) -> Response:
        try:
            return await self.crawl.download(fetch, purpose)
        except SiteUnavailable as error:
            self.crawl.unavailable(error)
            raise ListingError(str(error)) from error
        except Exception as error:  # boundary: all the download stack raises
            if isinstance(error, Ended):
                raise
            raise ListingError(reason_of(error)) from error

    def _fail(self, section: Section, why: str) -> None:
        if self.crawl.stopped:
            return
        self.crawl.failures[section.id] = why
        at = self.crawl.now()
        self.crawl.archive.walks.note_failure(self.spider.name, section.id, at, why)
        logger.info("%s %s: listing failed: %r", self.spider.name, section.id, why)
