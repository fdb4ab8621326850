"""The articles of a crawl: at most ``ROOM`` at a time, every one to its one end.

One place decides what happens to every entry, and bounds memory whatever the size of a run.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.http import Response
from twisted.python.failure import Failure

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


class Articles:
    """Fetches and reads the articles that a crawl finds."""

    def __init__(self, crawl: "Crawl") -> None:
        self.crawl = crawl
        self.spider = crawl.spider
        self.in_flight = 0
        self._rows = 0
        self._freed = asyncio.Event()
        self._watch = Watch()
        connect = crawl.crawler.signals.connect
        connect(self._left, signal=signals.item_scraped)
        connect(self._left, signal=signals.item_dropped)
        connect(self._left, signal=signals.item_error)
        connect(self._failed, signal=signals.spider_error)

    async def begin(self, work: Work) -> AsyncIterator[Request]:
        """Start one entry when there is room: its first request, or its row's article."""
        while self.in_flight >= ROOM and not self.crawl.stopped:
            self._freed.clear()
            await self._freed.wait()
        if self.crawl.stopped:
            return
        self.in_flight += 1
        if work.entry.skip:  # stored, and cannot be fetched by itself
            self._end(work, Kept(work.entry.skip))
            return
        try:
            fetches = self.spider.article_requests(work.entry)
        except Exception as error:  # noqa: BLE001  (boundary: a bug stops nobody else, H127)
            self.crawl.bug(work.entry.url, error)
            self._end(work, Failed("bug", repr(error)))
            return
        # A row in the place of a page that is gone would replace the copy that we have.
        may_read_row = not (fetches and work.stored)
        for step in self._next(Attempt(work, fetches, may_read_row)):
            if isinstance(step, Article):
                await self._store_row(step)
            else:
                yield step

    async def _store_row(self, article: Article) -> None:
        """Send an article read from a listing row through the pipelines, to its end.

        Not yielded: Scrapy loses sight of items that come from start(), and a spider that
        is closed while one is on its way never ends.
        """
        engine = self.crawl.crawler.engine
        if engine is None:
            raise RuntimeError("the crawl has no engine")
        self._rows += 1
        try:
            await engine.scraper.start_itemproc_async(article, response=None)
        finally:
            self._rows -= 1
            self._freed.set()

    async def rows_left(self) -> None:
        """Wait until the articles of listing rows that are on their way have been stored."""
        while self._rows:
            self._freed.clear()
            await self._freed.wait()

    def _next(self, attempt: Attempt) -> Iterator[Request | Article]:
        """Try the entry's next address; after the last one its row; then end it."""
        row = attempt.work.entry.record
        if attempt.fetches:
            fetch, *rest = attempt.fetches
            work = attempt.work
            yield self.crawl.request(
                fetch,
                Priority.ARTICLE,
                Purpose(self.spider.name, work.section, work.url_hash, work.entry),
                callback=self.on_article,
                errback=self.on_error,
                cb_kwargs={"attempt": replace(attempt, fetches=tuple(rest))},
            )
        elif row is not None and attempt.may_read_row:
            page = row_page(attempt.work.entry, self.crawl.now())
            yield from self._read(page, replace(attempt, may_read_row=False))
        else:
            self._end(attempt.work, attempt.end or Failed("no_address"))

    def on_article(self, response: Response, attempt: Attempt) -> Iterator[Request | Article]:
        """Read the article from a response, or end its entry with the reason."""
        try:
            check_status(response)
            page = page_of(response)
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
            self.crawl.unavailable(error)
            self._release()
            return
        end = error if isinstance(error, Ended) else Failed(reason_of(error))
        yield from self._ended(request.cb_kwargs["attempt"], end)

    def _read(self, page: Page, attempt: Attempt) -> Iterator[Request | Article]:
        try:
            article = self.spider.parse_article(page, attempt.work.entry)
            self._watch.read(page, article)
            adopted = adopt(self.spider, article, attempt.work)
        except Ended as end:
            yield from self._ended(attempt, end)
        except Exception as error:  # noqa: BLE001  (boundary: a bug stops nobody else, H127)
            self.crawl.bug(page.url, error)
            yield from self._ended(attempt, Failed("bug", repr(error)))
        else:
            yield adopted

    def _ended(self, attempt: Attempt, end: Ended) -> Iterator[Request | Article]:
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
        self._release()
        if reason := self._watch.ended(end.outcome):
            self.crawl.failures[self.spider.name] = f"left alone after {reason.replace('_', ' ')}"
            self.crawl.stop(reason)

    def _left(self) -> None:
        self._release()

    def _failed(self, response: Response | None) -> None:
        """Give back the place of an article whose callback raised; start() holds none."""
        if response is not None:
            self._release()

    def _release(self) -> None:
        self.in_flight -= 1
        self._freed.set()
