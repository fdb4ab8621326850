"""What the middlewares need to know of the source that is crawled, and no more."""

from typing import Protocol, cast

from scrapy.crawler import Crawler


class Site(Protocol):
    """The part of a source that says where it is; every ``SourceSpider`` has it."""

    @property
    def endpoints(self) -> frozenset[str]:
        """``host:port`` of pages on ports of their own."""

    def owns(self, url: str) -> bool:
        """Whether the page behind ``url`` belongs to the source."""


def site_of(crawler: Crawler) -> Site:
    """Return the source that a crawler runs."""
    return cast("Site", crawler.spider)
