"""The crawl of one source: finish what is pending, walk the listings, fetch articles.

One place decides what happens to every entry. Listings are walked one after another, so
that the same archive and site always lead to the same claims; articles are fetched
beside them, at most ``ROOM`` at a time, which bounds memory whatever the size of a run.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.archive import Archive, Work
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Fetch, Listing, Section
from newscrawl.middlewares.errors import SiteUnavailable, reason_of
from newscrawl.middlewares.responses import check_status, page_of
from newscrawl.outcomes import Ended, Failed, ListingError, Outcome
from newscrawl.spiders.entries import identified, in_range, is_older, unmet

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

logger = logging.getLogger(__name__)

ROOM = 64
"""Articles in flight: enough to keep every connection busy, little enough to hold."""
BLOCKED_IN_A_ROW = 3
"""Challenge pages in a row after which the site is left alone for this run (H71)."""
FAILED_IN_A_ROW = 20
"""Failures in a row after which the same holds (H21): it is the site, not the article."""
FALL_BACK_ON = frozenset({Outcome.FAILED, Outcome.GONE, Outcome.QUARANTINED})
"""Ends after which an article's next address is tried."""


class Priority(IntEnum):
    """Order of requests: what is at hand is finished before more is found."""

    LISTING = 10
    ARTICLE = 30


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is left to try for one entry.

    fetches: its further addresses. may_read_row: its row holds a text that serves where no
    address does. end: how the addresses tried so far ended.
    """

    work: Work
    fetches: tuple[Fetch, ...]
    may_read_row: bool
    end: Ended | None = None


class Crawl:
    """Drives one source through one run; the archive remembers, this decides."""

    def __init__(self, spider: "SourceSpider", crawler: Crawler) -> None:
        self.spider = spider
        self.crawler = crawler
        self.failures: dict[str, str] = {}
        """Section id (or host, for robots.txt) -> why it could not be read."""
        self.in_flight = 0
        self._freed = asyncio.Event()
        self._in_a_row = {Outcome.BLOCKED: 0, Outcome.FAILED: 0}
        self._traceback_shown = False
        self._attempts = crawler.settings.getint("NEWSCRAWL_ATTEMPTS")
        self.archive: Archive
        self.run: int
        crawler.signals.connect(self._article_left, signal=signals.item_scraped)
        crawler.signals.connect(self._article_left, signal=signals.item_dropped)
        crawler.signals.connect(self._article_left, signal=signals.item_error)

    def attach(self, archive: Archive, run: int) -> None:
        """Take the open archive and the number of this run (from the run record)."""
        self.archive, self.run = archive, run

    # ---- discovery -----------------------------------------------------------------

    async def steps(self) -> AsyncIterator[Request | Article]:
        """Yield article requests, and articles whose listing row was all there is."""
        for work in self.archive.resume(
            self.run,
            self.spider.name,
            [section.id for section in self.spider.options.sections] or None,
            attempts=self._attempts,
        ):
            await self._room()
            for step in self._begin(work):
                yield step
        for section in self.sections():
            async for step in self._walk(section):
                yield step

    def sections(self) -> tuple[Section, ...]:
        """Return the sections of this run: asked for, else configured, else default."""
        if self.spider.options.sections:
            return self.spider.options.sections
        configured = self.crawler.settings.getdict("NEWSCRAWL_SECTIONS").get(self.spider.name)
        if configured:
            return tuple(configured)
        return tuple(section for section in self.spider.sections.values() if section.default)

    async def _walk(self, section: Section) -> AsyncIterator[Request | Article]:
        """Walk one listing until a rule of design §4 stops it.

        A walk that an earlier run left open (killed, cut by a limit, failed page) is
        walked whole: below a page of known articles there may be ones never seen.
        """
        interrupted = self.archive.open_walk(self.spider.name, section.id)
        options = self.spider.options
        whole, limit = interrupted or options.full, options.limit
        met: set[str] = set()
        cursor: str | None = None
        pages = min(section.max_pages, self.crawler.settings.getint("NEWSCRAWL_MAX_PAGES"))
        for _ in range(pages):
            try:
                listing = await self._listing(section, cursor)
            except ListingError as error:
                self.failures[section.id] = str(error)
                logger.warning("%s %s: listing failed: %s", self.spider.name, section.id, error)
                return
            found = unmet(self.spider, listing.entries, met)
            taken = in_range(found, options)
            if limit is not None:
                room_left = limit - (len(met) - len(found))
                taken = taken[: max(0, room_left)]
            discovery = self.archive.discover(
                self.run,
                self.spider.name,
                section.id,
                taken,
                self._now(),
                attempts=self._attempts,
            )
            for work in discovery.fetch:
                await self._room()
                for step in self._begin(work):
                    yield step
            if limit is not None and len(met) >= limit:
                return
            if not found or listing.next_cursor is None or is_older(found, options):
                break
            # New to this section, not to the archive: where sections overlap, a page known
            # from another section says nothing of the pages below it.
            if not whole and not discovery.added:
                break
            cursor = listing.next_cursor
        self.archive.close_walk(self.spider.name, section.id)

    async def _listing(self, section: Section, cursor: str | None) -> Listing:
        """Fetch and read one listing page; every way to fail is a ``ListingError``."""
        fetch = self.spider.listing_request(section, cursor)
        request = self._request(fetch, Priority.LISTING)
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("the crawl has no engine")
        try:
            response = await engine.download_async(request)
        except Exception as error:  # boundary: all the download stack raises
            raise ListingError(reason_of(error)) from error
        try:
            check_status(response)
            return self.spider.parse_listing(page_of(response, self._now()), section, cursor)
        except Ended as end:
            raise ListingError(str(end)) from end

    # ---- articles ------------------------------------------------------------------

    def _begin(self, work: Work) -> Iterator[Request | Article]:
        """Start one entry: its first request, or its article where the row is whole."""
        self.in_flight += 1
        fetches = self.spider.article_requests(work.entry)
        yield from self._next(Attempt(work, fetches, may_read_row=True))

    def _next(self, attempt: "Attempt") -> Iterator[Request | Article]:
        """Try the entry's next address; after the last one its row; then end it."""
        row = attempt.work.entry.record
        if attempt.fetches:
            fetch, *rest = attempt.fetches
            yield self._request(
                fetch,
                Priority.ARTICLE,
                callback=self.on_article,
                errback=self.on_error,
                cb_kwargs={"attempt": replace(attempt, fetches=tuple(rest))},
            )
        elif row is not None and attempt.may_read_row:
            page = Page.of_record(attempt.work.entry.url, row, self._now())
            yield from self._read(page, replace(attempt, may_read_row=False))
        else:
            self._end(attempt.work, attempt.end or Failed("no_address"))

    def _request(self, fetch: Fetch, priority: Priority, **options: Any) -> Request:
        # The archive decides what is fetched twice, not the request fingerprint.
        return Request(
            fetch.url,
            headers=dict(fetch.headers),
            priority=priority,
            dont_filter=True,
            **options,
        )

    def on_article(self, response: Response, attempt: "Attempt") -> Iterator[Request | Article]:
        """Read the article from a response, or end its entry with the reason."""
        try:
            check_status(response)
            page = page_of(response, self._now())
        except Ended as end:
            yield from self._ended(attempt, end)
        else:
            yield from self._read(page, attempt)

    def on_error(self, failure: Failure) -> Iterator[Request | Article]:
        """End an entry whose request came to nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error: BaseException = failure.value or RuntimeError("failure without a cause")
        if isinstance(error, SiteUnavailable):
            # Says nothing of the article: it stays pending and the next run finds it.
            self.failures[error.host] = error.reason
            self._release()
            return
        end = error if isinstance(error, Ended) else Failed(reason_of(error))
        yield from self._ended(request.cb_kwargs["attempt"], end)

    def _read(self, page: Page, attempt: "Attempt") -> Iterator[Request | Article]:
        try:
            article = self.spider.parse_article(page, attempt.work.entry)
        except Ended as end:
            yield from self._ended(attempt, end)
        except Exception as error:  # the boundary: one source's bug stops nobody else (H127)
            logger.error(
                "%s: %s raised %r",
                self.spider.name,
                page.url,
                error,
                exc_info=None if self._traceback_shown else error,
            )
            self._traceback_shown = True
            yield from self._ended(attempt, Failed("bug", repr(error)))
        else:
            self._in_a_row = dict.fromkeys(self._in_a_row, 0)
            yield self._adopt(article, attempt.work)

    def _adopt(self, article: Article, work: Work) -> Article:
        """Give the article the identity it was listed under; all others are its aliases."""
        listed = identified(self.spider, work.entry)
        identities = {alias.url for alias in (listed.identity, *listed.aliases)}
        own = self.spider.identify(article.url or work.entry.url)
        # A page may name the home page as its address on every article (H88): only what a
        # rule of the source recognises as an article can be another name of this one.
        if own.key != own.url:
            identities.add(own.url)
        if listed.identity.url_hash == work.url_hash:
            article.identity = listed.identity.key
            identities.discard(listed.identity.url)
        article.section = work.section
        article.url_hash = work.url_hash
        article.aliases = sorted(identities.union(article.aliases))
        return article

    def _ended(self, attempt: "Attempt", end: Ended) -> Iterator[Request | Article]:
        """Go on to what is left to try, or end the entry."""
        if end.outcome not in FALL_BACK_ON:
            self._end(attempt.work, end)
            return
        # A failure says that we do not know; "gone" elsewhere must not hide it. And a row
        # in place of a page that may come back tomorrow would be kept for good.
        unknown = attempt.end if attempt.end and attempt.end.outcome is Outcome.FAILED else end
        may_read_row = attempt.may_read_row and unknown.outcome is not Outcome.FAILED
        yield from self._next(replace(attempt, end=unknown, may_read_row=may_read_row))

    def _end(self, work: Work, end: Ended) -> None:
        self.archive.end(
            self.run,
            self.spider.name,
            work.section,
            work.url_hash,
            end.outcome,
            end.reason,
            self._now(),
        )
        logger.info("%s: %s %s", work.entry.url, end.outcome, end)
        self._release()
        self._watch(end.outcome)

    def _watch(self, outcome: Outcome) -> None:
        """Leave the site alone once its answers say that it wants to be (H21, H71)."""
        if outcome not in self._in_a_row:
            return
        self._in_a_row[outcome] += 1
        for kind, most in ((Outcome.BLOCKED, BLOCKED_IN_A_ROW), (Outcome.FAILED, FAILED_IN_A_ROW)):
            if self._in_a_row[kind] == most:
                self.failures[self.spider.name] = f"{most} articles {kind} in a row"
                self.stop(f"{kind}_in_a_row")

    def stop(self, reason: str) -> None:
        """End this source's run; what was found and not fetched stays pending."""
        engine = self.crawler.engine
        if engine is not None and engine.spider is not None:
            self._stopping = asyncio.ensure_future(engine.close_spider_async(reason=reason))

    # ---- bounds --------------------------------------------------------------------

    async def _room(self) -> None:
        while self.in_flight >= ROOM:
            self._freed.clear()
            await self._freed.wait()

    def _article_left(self) -> None:
        self._release()

    def _release(self) -> None:
        self.in_flight -= 1
        self._freed.set()

    def _now(self) -> datetime:
        return datetime.now(self.spider.timezone)
