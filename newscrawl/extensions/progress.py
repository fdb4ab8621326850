"""One live line on a terminal while a crawl runs; nothing at all under cron."""

import threading
from typing import TYPE_CHECKING, Protocol

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from rich.console import Console


class Line(Protocol):
    """Where the progress of sources is shown. Settings are copied: a copy is to be itself."""

    def show(self, source: str, state: str) -> None:
        """Say how far a source is."""
        ...

    def drop(self, source: str) -> None:
        """Say nothing more of a source."""
        ...


class LiveLine:
    """A line on standard error, shared by the sources of a run; it goes with the last.

    It may be told from several threads.
    """

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._status = console.status("")
        self._states: dict[str, str] = {}
        self._lock = threading.Lock()

    def __deepcopy__(self, _: object) -> "LiveLine":
        # Every crawler copies the settings that hold it; there is one line all the same.
        return self

    def show(self, source: str, state: str) -> None:
        """Say how far a source is."""
        from rich.text import Text

        with self._lock:
            if not self._states:
                self._status.start()
            self._states[source] = state
            line = Text("   ".join(f"{name}: {text}" for name, text in self._states.items()))
            # A line that wraps cannot be taken back; the spinner needs two columns.
            line.truncate(self._console.width - 3, overflow="ellipsis")
            self._status.update(line)

    def drop(self, source: str) -> None:
        """Say nothing more of a source."""
        with self._lock:
            if self._states.pop(source, None) is not None and not self._states:
                self._status.stop()


class Progress:
    """Shows, for each source that runs, pages fetched and articles read.

    The setting ``NEWSCRAWL_PROGRESS`` holds the ``LiveLine`` to show it on; without one
    (``scrapy crawl``, cron) nothing is shown.
    """

    def __init__(self, crawler: Crawler) -> None:
        line = crawler.settings.get("NEWSCRAWL_PROGRESS")
        if line is None:
            raise NotConfigured
        self._line: Line = line
        self.pages = self.articles = 0
        crawler.signals.connect(self._show, signal=signals.spider_opened)
        crawler.signals.connect(self.response_received, signal=signals.response_received)
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        """Scrapy's entry point; raises ``NotConfigured`` where there is no line."""
        return cls(crawler)

    def response_received(self, spider: Spider) -> None:
        """Count a page."""
        self.pages += 1
        self._show(spider)

    def item_scraped(self, spider: Spider) -> None:
        """Count an article."""
        self.articles += 1
        self._show(spider)

    def spider_closed(self, spider: Spider) -> None:
        """Drop this source from the line."""
        self._line.drop(spider.name)

    def _show(self, spider: Spider) -> None:
        self._line.show(spider.name, f"{self.pages} pages, {self.articles} articles")
