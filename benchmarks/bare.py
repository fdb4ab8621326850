"""The floor of a crawl: a Scrapy spider that fetches the same pages and reads none of them.

Same settings, same connection, same order; no robots.txt, no archive, no posts. Prints one
JSON line: pages, seconds and peak memory. ``benchmarks.settings`` changes one setting at a time.
"""

import json
import resource
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings, default_settings

from newscrawl.config import Config


class BareSpider(scrapy.Spider):
    """Fetches a list of URLs and does nothing with the pages."""

    name = "bare"
    urls: tuple[str, ...] = ()
    replica: str = ""
    """Asked itself, under the publisher's name, where the handler cannot lead there."""
    endpoints: frozenset[str] = frozenset()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield self._to_replica(url) if self.replica else scrapy.Request(url, dont_filter=True)

    def _to_replica(self, url: str) -> scrapy.Request:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        return scrapy.Request(f"{self.replica}{path}", headers=headers, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Read nothing."""


def settings(via: str, changes: Mapping[str, Any]) -> Settings:
    """Return newscrawl's own settings without what makes it newscrawl.

    changes: values for some of them, None for what Scrapy has where nothing is set.
    """
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
        }
        | {
            name: getattr(default_settings, name) if value is None else value
            for name, value in changes.items()
        },
        priority="cmdline",
    )
    return made


def main(via: str, urls: Path, changes: Mapping[str, Any]) -> None:
    """Fetch every line of the file ``urls`` through ``via``, with some settings changed."""
    BareSpider.urls = tuple(urls.read_text(encoding="utf-8").split())
    BareSpider.replica = via if "DOWNLOAD_HANDLERS" in changes else ""
    process = AsyncCrawlerProcess(settings(via, changes))
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler)
    begun = monotonic()
    process.start()
    pages = crawler.stats.get_value("response_received_count", 0) if crawler.stats else 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "seconds": monotonic() - begun, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]) if sys.argv[3:] else {})
