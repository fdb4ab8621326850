"""What the middlewares need to know of the source that is crawled, and no more."""

from datetime import datetime
from typing import Protocol, cast

from scrapy.crawler import Crawler

from newscrawl.archive.exchange import Exchange


class Site(Protocol):
    """The part of a source that says where it is; every ``SourceSpider`` has it."""

    @property
    def endpoints(self) -> frozenset[str]:
        """``host:port`` of pages on ports of their own."""

    @property
    def stopped(self) -> bool:
        """Whether nothing more is asked for in this run."""

    def owns(self, url: str) -> bool:
        """Whether the page behind ``url`` belongs to the source."""

    def keep(self, exchange: Exchange) -> bool:
        """Put a page into the raw record of the run; return whether it is in it."""

    def now(self) -> datetime:
        """Return the time, as far as it is known."""

    def is_behind(self, said: datetime) -> None:
        """Go on from this time, by a site's word: the clock of this machine is behind."""


def site_of(crawler: Crawler) -> Site:
    """Return the source that a crawler runs."""
    return cast("Site", crawler.spider)
