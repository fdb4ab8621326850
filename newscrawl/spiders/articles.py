"""The articles of a crawl: at most ``ROOM`` at a time, every one to its one end.

Each is one coroutine, from its first request to the archive. It asks Scrapy's downloader by
itself, as the listings do: delays, robots.txt, retries and redirects are the downloader's. What
lies between a scheduler and a callback would cost a third of a request more, and nothing here
has a use for it: the archive remembers what is to be fetched, and bounds memory as ``ROOM`` does.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from newscrawl.archive import ArchiveError, Work
from newscrawl.archive.exchange import Purpose
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Fetch
from newscrawl.middlewares.errors import SiteUnavailable, reason_of
from newscrawl.middlewares.responses import check_status, page_of
from newscrawl.outcomes import Ended, Failed, Kept, Outcome
from newscrawl.spiders.entries import adopt, row_page
from newscrawl.spiders.watch import Watch

if TYPE_CHECKING:
    from newscrawl.spiders.crawl import Crawl

logger = logging.getLogger(__name__)

ROOM = 64
"""Articles in flight: enough to keep every connection busy, little enough to hold."""
FALL_BACK_ON = frozenset({Outcome.FAILED, Outcome.GONE, Outcome.QUARANTINED})
"""Ends after which an article's next address is tried."""


class Articles:
    """Fetches, reads and stores the articles that a crawl finds."""

    def __init__(self, crawl: "Crawl") -> None:
        self.crawl = crawl
        self.spider = crawl.spider
        self._room = asyncio.Semaphore(ROOM)
        # Few wait at the downloader, so that most hear of it when a host asks for patience.
        self._at_once = asyncio.Semaphore(crawl.crawler.settings.getint("CONCURRENT_REQUESTS"))
        self._running: set[asyncio.Task[None]] = set()
        self._watch = Watch()

    @property
    def in_flight(self) -> int:
        """Articles that were begun and have not come to their end."""
        return len(self._running)

    async def begin(self, work: Work) -> None:
        """Start one entry as soon as there is room; after a stop it stays pending."""
        await self._room.acquire()
        task = asyncio.create_task(self._to_its_end(work))
        self._running.add(task)
        task.add_done_callback(self._left)

    async def finished(self) -> None:
        """Wait until everything that was begun has come to its end, or stays pending."""
        while self._running:
            await asyncio.wait(self._running)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._room.release()
        if not task.cancelled() and (error := task.exception()):
            self.crawl.broken(error)

    async def _to_its_end(self, work: Work) -> None:
        """Bring one entry to its end; a host that is not asked any more leaves it pending."""
        if self.crawl.stopped:
            return
        try:
            article = await self._article(work)
        except SiteUnavailable as error:
            # Says nothing of the article: the next run finds it.
            self.crawl.unavailable(error)
        except Ended as end:
            self._end(work, end)
        else:
            await self.crawl.store(article)

    async def _article(self, work: Work) -> Article:
        """Return the article from the first place that has it; raise how the entry ends."""
        entry = work.entry
        if entry.skip:  # stored, and cannot be fetched by itself
            raise Kept(entry.skip)
        fetches = self._addresses(work)
        unknown: Ended | None = None
        for fetch in fetches:
            try:
                return self._read(await self._page(fetch, work), work)
            except Ended as end:
                if end.outcome not in FALL_BACK_ON:
                    raise
                # A failure says that we do not know; "gone" elsewhere must not hide it.
                if unknown is None or unknown.outcome is not Outcome.FAILED:
                    unknown = end
        # A row in the place of a page that is gone would replace the copy that we have, and in
        # that of one that may come back tomorrow it would be kept for good.
        has_failed = unknown is not None and unknown.outcome is Outcome.FAILED
        if entry.record is not None and not has_failed and not (fetches and work.stored):
            return self._read(row_page(entry, self.crawl.now()), work)
        try:
            raise unknown or Failed("no_address")
        finally:
            del unknown  # which knows this frame, and with it the page

    def _addresses(self, work: Work) -> tuple[Fetch, ...]:
        try:
            return self.spider.article_requests(work.entry)
        except Exception as error:  # the boundary: a bug stops nobody else (H127)
            self.crawl.bug(work.entry.url, error)
            raise Failed("bug", repr(error)) from error

    async def _page(self, fetch: Fetch, work: Work) -> Page:
        """Return a page; raise the ``Ended`` that its answer means, or ``SiteUnavailable``."""
        purpose = Purpose(self.spider.name, work.section, work.url_hash, work.entry)
        try:
            async with self._at_once:
                response = await self.crawl.download(fetch, purpose)
        except (Ended, SiteUnavailable):
            raise
        except Exception as error:  # the boundary: all the download stack raises
            raise Failed(reason_of(error)) from error
        check_status(response)
        return page_of(response)

    def _read(self, page: Page, work: Work) -> Article:
        try:
            article = self.spider.parse_article(page, work.entry)
            self._watch.read(page, article)
            return adopt(self.spider, article, work)
        except Ended:
            raise
        except Exception as error:  # the boundary: a bug stops nobody else (H127)
            self.crawl.bug(page.url, error)
            raise Failed("bug", repr(error)) from error

    def _end(self, work: Work, end: Ended) -> None:
        try:
            self.crawl.archive.end(
                self.crawl.run,
                self.spider.name,
                work.section,
                work.url_hash,
                end.outcome,
                end.reason,
                self.crawl.now(),
            )
        except ArchiveError as error:
            self.crawl.storage_failed(error)
        # Quoted: what a publisher wrote may not look like a line of ours (H130).
        logger.info("%r: %s %r", work.entry.url, end.outcome, str(end))
        if reason := self._watch.ended(end.outcome):
            self.crawl.failures[self.spider.name] = f"left alone after {reason.replace('_', ' ')}"
            self.crawl.stop(reason)
