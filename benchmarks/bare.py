"""The floor of a crawl: a Scrapy spider that fetches the same pages and reads none of them.

Same settings, same connection, same order; no robots.txt, no archive, no posts. Prints one
JSON line: pages, seconds and peak memory. ``benchmarks.settings`` changes one setting at a time.
``UsualSpider`` does the least with the pages that a crawl of articles can do by hand.
"""

import json
import os
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings, default_settings

from newscrawl.config import Config
from newscrawl.identity.identities import hash_url

TUNED: Mapping[str, Any] = {
    "CONCURRENT_ITEMS": 4,  # a task for each is made at every response
    "WARN_ON_GENERATOR_RETURN_VALUE": False,  # reads the source anew for every response
}
"""What pays for a spider of callbacks. Newscrawl's have none, and its settings nothing for them."""
DEFAULTS: Mapping[str, Any] = {
    **dict.fromkeys(("DOWNLOAD_HANDLERS", "TWISTED_REACTOR_ENABLED")),
    **dict.fromkeys(("DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE", "EXTENSIONS_BASE")),
    **dict.fromkeys(("COOKIES_ENABLED", "METAREFRESH_ENABLED", "HTTPPROXY_ENABLED")),
    **dict.fromkeys(("RETRY_EXCEPTIONS", "LOG_LEVEL")),
    "LOG_FILE": os.devnull,
}
"""The changes that leave Scrapy as it is installed, but for the number of requests at once."""


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


class UsualSpider(BareSpider):
    """Selects the article with parsel, inserts it into SQLite and writes a file; nothing more."""

    name = "usual"
    folder: Path

    async def start(self) -> AsyncIterator[scrapy.Request]:
        self._database = sqlite3.connect(self.folder / "articles.db", isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, time TEXT, body TEXT)"
        )
        async for request in super().start():
            yield request

    def closed(self, _reason: str) -> None:
        """Close the database."""
        self._database.close()

    def parse(self, response: Response) -> None:
        """Keep the article of a page; listings are left unread."""
        if not isinstance(response, HtmlResponse):
            return
        title = response.css("h1::text").get(default="")
        time = response.css(".date::text, .time::text, .infos .item::text").get(default="")
        body = "\n\n".join(response.css("#artibody p::text, #ContentBody p::text").getall())
        self._database.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?)", (response.url, title, time, body)
        )
        post = self.folder / f"{hash_url(response.url)}.md"
        post.write_text(f"---\ntitle: {title}\ndate: {time}\n---\n{body}\n", encoding="utf-8")


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


def main(via: str, urls: Path, changes: Mapping[str, Any], folder: Path | None = None) -> None:
    """Fetch every line of the file ``urls`` through ``via``, with some settings changed.

    folder: where the usual spider keeps what it reads; without one nothing is read.
    """
    BareSpider.urls = tuple(urls.read_text(encoding="utf-8").split())
    BareSpider.replica = via if "DOWNLOAD_HANDLERS" in changes else ""
    process = AsyncCrawlerProcess(settings(via, changes))
    if folder is not None:
        UsualSpider.folder = folder
    crawler = process.create_crawler(BareSpider if folder is None else UsualSpider)
    process.crawl(crawler)
    begun = monotonic()
    process.start()
    pages = crawler.stats.get_value("response_received_count", 0) if crawler.stats else 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "seconds": monotonic() - begun, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]), *map(Path, sys.argv[4:]))
