"""The crawl of one source: finish what is pending, walk the listings, fetch articles.

Listings are walked one after another, so that the same archive and site always lead to the
same claims; articles are fetched beside them (``spiders.articles``).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.archive import Archive, ArchiveError, Discovery, OwedImages
from newscrawl.config import Config
from newscrawl.listings import Fetch, Listing, Section
from newscrawl.middlewares.errors import SiteUnavailable, reason_of
from newscrawl.middlewares.politeness import give_up_waiting
from newscrawl.middlewares.responses import check_status, page_of
from newscrawl.outcomes import Ended, ListingError, Outcome
from newscrawl.spiders.articles import ROOM, Articles, Priority
from newscrawl.spiders.entries import in_range, is_older, unmet
from newscrawl.spiders.options import sections_to_crawl
from newscrawl.spiders.pictures import in_parallel, of_stored

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

logger = logging.getLogger(__name__)

DRIFT = "drift: the listing is empty, and was not before"


class Crawl:
    """Drives one source through one run; the archive remembers, this decides.

    failures: section id (or host) -> why it could not be read. look: whether something was
    met that a person should look at, such as a block page in the place of a listing.
    """

    def __init__(self, spider: "SourceSpider", crawler: Crawler) -> None:
        self.spider = spider
        self.crawler = crawler
        self.failures: dict[str, str] = {}
        self.look = False
        self.fetch_pictures: Callable[[OwedImages], Awaitable[object]] | None = None
        """Set by the pipeline that keeps pictures, where they are kept."""
        self.stop_reason = ""
        self.archive: Archive
        self.run: int
        self.config: Config
        self._on_storage_error: Callable[[BaseException], None]
        self._traceback_shown = False
        self.articles = Articles(self)

    def attach(
        self, archive: Archive, run: int, on_storage_error: Callable[[BaseException], None]
    ) -> None:
        """Take the open archive and the number of this run (from the run record).

        Only now the configuration is laid over the settings; a spider is made before.
        """
        self.archive, self.run = archive, run
        self.config = self.crawler.settings["NEWSCRAWL_CONFIG"]
        self._on_storage_error = on_storage_error

    async def steps(self) -> AsyncIterator[Request]:
        """Yield article requests; articles whose listing row is whole are stored on the way.

        Last the pictures are fetched that earlier runs left, where pictures are kept.
        """
        if self.stopped:
            return
        try:
            if not self.spider.options.pictures:
                async for step in self._articles():
                    yield step
            if self.fetch_pictures is not None:
                await in_parallel(self.fetch_pictures, self._owed(), ROOM)
        except ArchiveError as error:
            self.storage_failed(error)

    async def _articles(self) -> AsyncIterator[Request]:
        async for step in self._resumed():
            yield step
        for section in self.sections():
            async for step in self._walk(section):
                yield step

    def sections(self) -> tuple[Section, ...]:
        """Return the sections of this run: asked for, else configured, else default."""
        return sections_to_crawl(type(self.spider), self.spider.options.sections, self.config)

    def _owed(self) -> Iterator[OwedImages]:
        """Return the stored articles with pictures to fetch, until the crawl is stopped."""
        source, options = self.spider.name, self.spider.options
        attempts = self.config.crawl.attempts
        if options.pictures:
            owed = of_stored(self.archive, source, options, self.run, attempts)
        else:
            owed = self.archive.images.owed(source, self.run, attempts)
        return takewhile(lambda _: not self.stopped, owed)

    async def _resumed(self) -> AsyncIterator[Request]:
        """Begin with what earlier runs left."""
        for work in self.archive.resume(
            self.run,
            self.spider.name,
            [section.id for section in self.spider.options.sections] or None,
            attempts=self.config.crawl.attempts,
        ):
            async for step in self.articles.begin(work):
                yield step

    async def _walk(self, section: Section) -> AsyncIterator[Request]:
        """Walk one listing until a rule of design §4 stops it.

        A walk that an earlier run left open (killed, cut by a limit, failed page) is
        walked whole: below a page of known articles there may be ones never seen.
        """
        if self.stopped:
            return
        options = self.spider.options
        whole, left = options.full, options.limit
        met: set[str] = set()
        cursor: str | None = None
        for _ in range(min(section.max_pages, self.config.crawl.max_pages)):
            listing = await self._listing(section, cursor)
            if listing is None or self.stopped:
                return
            if cursor is None:  # only now: a site that is not reached leaves nothing to make up
                whole |= self.archive.open_walk(self.spider.name, section.id)
            found = unmet(self.spider, listing.entries, met)
            taken = in_range(found, options)[:left]
            left = None if left is None else left - len(taken)
            discovery: Discovery = self.archive.discover(
                self.run,
                self.spider.name,
                section.id,
                taken,
                self.now(),
                attempts=self.config.crawl.attempts,
            )
            for work in discovery.fetch:
                async for step in self.articles.begin(work):
                    yield step
            if self.stopped or left == 0:
                return
            if not found or listing.next_cursor is None or is_older(found, options):
                break
            # New to this section, not to the archive: where sections overlap, a page known
            # from another section says nothing of the pages below it. Nor does a page of
            # entries that are all too new to be taken.
            if not whole and taken and not discovery.added:
                break
            cursor = listing.next_cursor
        self.archive.close_walk(self.spider.name, section.id)

    async def _listing(self, section: Section, cursor: str | None) -> Listing | None:
        """Return one listing page, None where it cannot be had; then the section has failed."""
        try:
            listing = await self._read_listing(section, cursor)
        except ListingError as error:
            self._fail(section, str(error))
            return None
        empty = cursor is None and not listing.entries
        if empty and self.archive.has_entries(self.spider.name, section.id):
            # A site changes its pages without a word: what was full is not empty now (H62).
            self.look = True
            self._fail(section, DRIFT)
            return None
        return listing

    async def _read_listing(self, section: Section, cursor: str | None) -> Listing:
        """Fetch and read one listing page; every way to fail is a ``ListingError``."""
        try:
            fetch = self.spider.listing_request(section, cursor)
            response = await self._download(self.request(fetch, Priority.LISTING))
            check_status(response)
            return self.spider.parse_listing(page_of(response, self.now()), section, cursor)
        except ListingError:
            raise
        except Ended as end:
            self.look |= end.outcome is Outcome.BLOCKED
            raise ListingError(str(end)) from end
        except Exception as error:  # the boundary: one listing's bug stops no other (H127)
            self.bug(section.id, error)
            raise ListingError(f"bug: {error!r}") from error

    async def _download(self, request: Request) -> Response:
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("the crawl has no engine")
        try:
            return await engine.download_async(request)
        except SiteUnavailable as error:
            self.unavailable(error)
            raise ListingError(str(error)) from error
        except Exception as error:  # boundary: all the download stack raises
            if isinstance(error, Ended):
                raise
            raise ListingError(reason_of(error)) from error

    # ---- what both parts need ------------------------------------------------------

    def request(self, fetch: Fetch, priority: Priority, **options: Any) -> Request:
        """Return the request for a page; the archive decides what is fetched twice."""
        return Request(
            fetch.url,
            headers=dict(fetch.headers),
            priority=priority,
            dont_filter=True,
            **options,
        )

    def _fail(self, section: Section, why: str) -> None:
        if self.stopped:
            return
        self.failures[section.id] = why
        logger.info("%s %s: listing failed: %r", self.spider.name, section.id, why)

    def unavailable(self, error: SiteUnavailable) -> None:
        """Note that a host is not asked any more; after a stop, none is."""
        if not self.stopped:
            self.failures[error.host] = str(error)

    def bug(self, what: str, error: BaseException) -> None:
        """Tell of a fault in the source's rules; where it is, once a run (H127)."""
        trace = None if self._traceback_shown else error
        self._traceback_shown = True
        logger.error("%s: %r raised %r", self.spider.name, what, error, exc_info=trace)

    def storage_failed(self, error: BaseException) -> None:
        """Hand an error of the archive to the run record, which ends the run (H118)."""
        self._on_storage_error(error)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is asked for in this run."""
        return bool(self.stop_reason)

    def stop(self, reason: str) -> None:
        """End this source's run; what was found and not fetched stays pending.

        Where the engine does not run yet, nothing will be asked for once it does.
        """
        if self.stopped:
            return
        self.stop_reason = reason
        engine = self.crawler.engine
        if engine is not None and engine.running and engine.spider is not None:
            self._stopping = asyncio.ensure_future(self._close(engine, reason))
            give_up_waiting(engine.downloader)

    async def _close(self, engine: ExecutionEngine, reason: str) -> None:
        await self.articles.rows_left()
        await engine.close_spider_async(reason=reason)

    def now(self) -> datetime:
        """Return the time, in the source's zone."""
        return datetime.now(self.spider.timezone)
