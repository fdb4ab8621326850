"""The crawl of one source: finish what is pending, walk the listings, fetch articles.

Listings are walked one after another, so that the same archive and site always lead to the
same claims (``spiders.walk``); articles are fetched beside them (``spiders.articles``).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler

from newscrawl.archive import Archive, ArchiveError, OwedImages
from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.archive.raw import RawRecord
from newscrawl.archive.recall import Recall
from newscrawl.config import Config
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Section
from newscrawl.middlewares.errors import SiteUnavailable
from newscrawl.middlewares.politeness import give_up_waiting
from newscrawl.middlewares.raw import PURPOSE
from newscrawl.spiders.articles import ROOM, Articles, Priority
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
        options = self.spider.options
        async for step in self._resumed():
            yield step
        if options.recrawl and options.limit is None:
            await self._mark()  # first: from now on a kill loses nothing of the recrawl
        for section in self.sections():
            async for step in self.walker.walk(section):
                yield step
        if options.recrawl:
            if options.limit is not None:
                await self._mark()
            async for step in self._recalled():
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
            refetch=self.spider.options.recrawl,
        ):
            if self.stopped:
                return
            async for step in self.articles.begin(work):
                yield step

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

    async def _recalled(self) -> AsyncIterator[Request]:
        """Go on with what is stored and no listing has shown in this run."""
        for work in self.archive.recalled(self.run, self.spider.name):
            if self.stopped:
                return
            async for step in self.articles.begin(work):
                yield step

    # ---- what both parts need ------------------------------------------------------

    def request(
        self, fetch: Fetch, priority: Priority, purpose: Purpose, **options: Any
    ) -> Request:
        """Return the request for a page; the archive decides what is fetched twice."""
        return Request(
            fetch.url,
            headers=dict(fetch.headers),
            priority=priority,
            dont_filter=True,
            meta={PURPOSE: purpose},
            **options,
        )

    def unavailable(self, error: SiteUnavailable) -> None:
        """Note that a host is not asked any more; after a stop, none is."""
        if not self.stopped:
            self.failures[error.host] = str(error)

    def bug(self, what: str, error: BaseException) -> None:
        """Tell of a fault in the source's rules; where it is, once a run (H127)."""
        trace = None if self._traceback_shown else error
        self._traceback_shown = True
        logger.error("%s: %r raised %r", self.spider.name, what, error, exc_info=trace)

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
