"""The crawl of one source: finish what is pending, walk the listings, fetch articles.

Listings are walked one after another, so that the same archive and site always lead to the
same claims (``spiders.walk``); articles are fetched beside them (``spiders.articles``).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.archive import Archive, ArchiveError, OwedImages, Work
from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.archive.raw import RawRecord
from newscrawl.archive.recall import Recall
from newscrawl.config import Config
from newscrawl.identity.urls import host_of
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Section
from newscrawl.middlewares.errors import SiteUnavailable
from newscrawl.middlewares.politeness import give_up_waiting
from newscrawl.middlewares.raw import PURPOSE
from newscrawl.spiders.articles import ROOM, Articles
from newscrawl.spiders.entries import identified
from newscrawl.spiders.options import sections_to_crawl
from newscrawl.spiders.pictures import in_parallel, of_stored
from newscrawl.spiders.walk import Walker

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

logger = logging.getLogger(__name__)


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
        self._behind = timedelta()
        self.archive: Archive
        self.run: int
        self.config: Config
        self._on_storage_error: Callable[[BaseException], None]
        self._traceback_shown = False
        self.articles = Articles(self)
        self.walker = Walker(self)

    def attach(
        self,
        archive: Archive,
        run: int,
        raw: RawRecord | None,
        on_storage_error: Callable[[BaseException], None],
    ) -> None:
        """Take the open archive, the number of this run and its raw record (from the run record).

        Only now the configuration is laid over the settings; a spider is made before.
        """
        self.archive, self.run, self._raw = archive, run, raw
        self.config = self.crawler.settings["NEWSCRAWL_CONFIG"]
        self._on_storage_error = on_storage_error

    async def drive(self) -> None:
        """Crawl, from what earlier runs left to the last article.

        Last the pictures are fetched that earlier runs left, where pictures are kept.
        """
        if self.stopped:
            return
        try:
            if not self.spider.options.pictures:
                await self._articles()
            if self.fetch_pictures is not None:
                await in_parallel(self.fetch_pictures, self._owed(), ROOM)
        except ArchiveError as error:
            self.storage_failed(error)
        await self.articles.finished()

    async def _articles(self) -> None:
        options = self.spider.options
        await self._resume()
        if options.recrawl and options.limit is None:
            await self._mark()  # first: from now on a kill loses nothing of the recrawl
        for section in self.sections():
            await self.walker.walk(section)
        if options.recrawl:
            if options.limit is not None:
                await self._mark()
            await self._begin(self.archive.recalled(self.run, self.spider.name))

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

    async def _resume(self) -> None:
        """Begin with what earlier runs left."""
        left = self.archive.resume(
            self.run,
            self.spider.name,
            [section.id for section in self.spider.options.sections] or None,
            attempts=self.config.crawl.attempts,
            refetch=self.spider.options.recrawl,
        )
        await self._begin(left)

    async def _begin(self, works: Iterable[Work]) -> None:
        for work in works:
            if self.stopped:
                return
            await self.articles.begin(work)

    async def _mark(self) -> None:
        """Make what is stored pending in this run; listings bring most of it in newer words."""
        options = self.spider.options
        recall = Recall(
            self.spider.name,
            frozenset(section.id for section in options.sections),
            options.since,
            options.until,
        )
        for _ in self.archive.recall(
            self.run,
            recall,
            self.now(),
            self._entry_of,
            limit=options.limit,
            taken=self.walker.taken,
        ):
            await asyncio.sleep(0)  # others want to run as well, and a signal to be heard
            if self.stopped:
                return

    def _entry_of(self, article: Article) -> Entry:
        """Return the entry under which a stored article is fetched again."""
        return identified(self.spider, self.spider.stored_entry(article)).entry

    # ---- what both parts need ------------------------------------------------------

    async def download(self, fetch: Fetch, purpose: Purpose) -> Response:
        """Fetch a page. Raises whatever the download stack does.

        After a stop nothing is asked for any more: ``SiteUnavailable``.
        """
        if self.stopped:
            raise SiteUnavailable(host_of(fetch.url), "stopped")
        request = Request(fetch.url, headers=dict(fetch.headers), meta={PURPOSE: purpose})
        return await self._engine.download_async(request)

    async def store(self, article: Article) -> None:
        """Send an article through the item pipelines, to its end."""
        scraper = self._engine.scraper
        try:
            await scraper.start_itemproc_async(article, response=None)
        finally:
            # Scrapy looks for that only after items of a callback: a spider that others close
            # while this one is on its way would never end.
            scraper._check_if_closing()

    def unavailable(self, error: SiteUnavailable) -> None:
        """Note that a host is not asked any more; after a stop, none is."""
        if not self.stopped:
            self.failures[error.host] = str(error)

    def bug(self, what: str, error: BaseException) -> None:
        """Tell of a fault in the source's rules; where it is, once a run (H127)."""
        trace = None if self._traceback_shown else error
        self._traceback_shown = True
        logger.error("%s: %r raised %r", self.spider.name, what, error, exc_info=trace)

    def broken(self, error: BaseException) -> None:
        """Tell of a fault of the crawl itself: its entry stays pending, the run ends as a bug."""
        logger.error("%s: %r", self.spider.name, error, exc_info=error)
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value("spider_exceptions/count")

    def keep(self, exchange: Exchange) -> bool:
        """Put a page into the raw record, where one is kept; return False where that failed."""
        try:
            if self._raw is not None:
                self._raw.keep(exchange)
        except (ArchiveError, OSError) as error:
            self.storage_failed(error)
            return False
        return True

    def storage_failed(self, error: BaseException) -> None:
        """Hand an error of the archive to the run record, which ends the run (H118)."""
        self._on_storage_error(error)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is asked for in this run: we stop, or Scrapy closes the spider."""
        engine = self.crawler.engine
        if self.stop_reason or engine is None:
            return bool(self.stop_reason)
        return engine._slot is None or engine._slot.closing is not None

    @property
    def _engine(self) -> ExecutionEngine:
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("the crawl has no engine")
        return engine

    def stop(self, reason: str) -> None:
        """End this source's run; what was found and not fetched stays pending.

        Where the engine does not run yet, nothing will be asked for once it does.
        """
        if self.stop_reason:
            return
        self.stop_reason = reason
        engine = self.crawler.engine
        if engine is not None and engine.running and engine.spider is not None:
            self._stopping = asyncio.ensure_future(self._close(engine, reason))
            give_up_waiting(engine.downloader)

    async def _close(self, engine: ExecutionEngine, reason: str) -> None:
        await self.articles.finished()
        await engine.close_spider_async(reason=reason)

    def now(self) -> datetime:
        """Return the time, in the source's zone."""
        return datetime.now(self.spider.timezone) + self._behind

    def is_behind(self, said: datetime) -> None:
        """Go on from what a site says that the time is: the clock of this machine is behind."""
        clock = datetime.now(self.spider.timezone)
        self._behind = said - clock
        logger.warning(
            "%s: the clock of this machine is wrong: %s here, %s at the site, which counts",
            self.spider.name, f"{clock:%Y-%m-%d %H:%M}",
            f"{said.astimezone(self.spider.timezone):%Y-%m-%d %H:%M}",
        )  # fmt: skip
