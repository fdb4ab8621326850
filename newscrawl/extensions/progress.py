"""One live line on a terminal while a crawl runs; nothing at all under cron."""

import sys
from typing import TYPE_CHECKING

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from rich.status import Status

_STATUS: "list[Status]" = []
_STATES: dict[str, str] = {}


class Progress:
    """Shows, for each source that runs, pages fetched and articles stored."""

    def __init__(self, crawler: Crawler) -> None:
        if not (crawler.settings.getbool("NEWSCRAWL_PROGRESS") and sys.stderr.isatty()):
            raise NotConfigured
        self.pages = self.articles = 0
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.response_received, signal=signals.response_received)
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        """Scrapy's entry point; raises ``NotConfigured`` away from a terminal."""
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        """Start the line, shared by all sources of this process."""
        if not _STATUS:
            from rich.console import Console

            _STATUS.append(Console(stderr=True).status(""))
            _STATUS[0].start()
        self._show(spider)

    def response_received(self, spider: Spider) -> None:
        """Count a page."""
        self.pages += 1
        self._show(spider)

    def item_scraped(self, spider: Spider) -> None:
        """Count an article."""
        self.articles += 1
        self._show(spider)

    def spider_closed(self, spider: Spider) -> None:
        """Drop this source from the line, and the line with the last one."""
        _STATES.pop(spider.name, None)
        if not _STATES and _STATUS:
            _STATUS.pop().stop()

    def _show(self, spider: Spider) -> None:
        _STATES[spider.name] = f"{spider.name}: {self.pages} pages, {self.articles} articles"
        _STATUS[0].update("   ".join(_STATES.values()))
