"""The floor of a crawl: a Scrapy spider that fetches the same pages and reads none of them.

Same settings, same connection, same order; no robots.txt, no archive, no posts. Prints one
JSON line: pages, seconds and peak memory.
"""

import json
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from newscrawl.config import Config


class BareSpider(scrapy.Spider):
    """Fetches a list of URLs and does nothing with the pages."""

    name = "bare"
    urls: tuple[str, ...] = ()
    endpoints: frozenset[str] = frozenset()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Read nothing."""


def settings(via: str) -> Settings:
    """Return newscrawl's own settings without what makes it newscrawl."""
    made = Settings()
    made.setmodule("newscrawl.settings", priority="project")
    made.setdict(
        {
            "NEWSCRAWL_CONFIG": Config(),
            "NEWSCRAWL_VIA": via,
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {},
            "DOWNLOADER_MIDDLEWARES": {},
            "SPIDER_MODULES": [],
        },
        priority="cmdline",
    )
    return made


def main(via: str, urls: Path) -> None:
    """Fetch every line of the file ``urls`` through ``via``."""
    BareSpider.urls = tuple(urls.read_text(encoding="utf-8").split())
    process = AsyncCrawlerProcess(settings(via))
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler)
    begun = monotonic()
    process.start()
    pages = crawler.stats.get_value("response_received_count", 0) if crawler.stats else 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "seconds": monotonic() - begun, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
