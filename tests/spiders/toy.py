"""A source small enough to read at a glance, and a desk that crawls it without a network.

The site is a dictionary: URL -> body. The crawl, its options and the archive are the real
ones; only the download is answered from the dictionary.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scrapy import Request, signals
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager

from newscrawl.archive import Archive
from newscrawl.config import parse_config
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.middlewares.errors import SiteUnavailable
from newscrawl.outcomes import Blocked, ListingError
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.crawl import Crawl
from tests.spiders.invented import InventedSpider

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class ToySpider(InventedSpider):
    """Listings are JSON arrays of ids or rows; an article is its title."""

    name = "toy"
    home = "https://toy.test/"
    hosts = ("toy.test",)
    sections = {  # noqa: RUF012
        "a": Section("a", "甲", "list"),
        "b": Section("b", "乙", "list"),
        "extra": Section("extra", "外", "list", default=False),
        "capped": Section("capped", "限", "list", max_pages=2, default=False),
    }

    @classmethod
    def listing_request(cls, section: Section, cursor: str | None) -> Fetch:
        return Fetch(listing_url(section.id, int(cursor or 1)))

    @classmethod
    def parse_listing(cls, page: Page, section: Section, cursor: str | None) -> Listing:
        if "验证码" in page.text:
            raise Blocked("captcha")
        rows = page.json()
        if not isinstance(rows, list):
            raise ListingError(str(rows))
        entries = tuple(_entry(row) for row in rows)
        return Listing(entries, str(int(cursor or 1) + 1) if entries else None)

    @classmethod
    def article_requests(cls, entry: Entry) -> tuple[Fetch, ...]:
        return (Fetch(entry.url), Fetch(entry.url + "?fallback"))

    @classmethod
    def parse_article(cls, page: Page, entry: Entry | None = None) -> Article:
        if "验证码" in page.text:
            raise Blocked("captcha")
        shown = replace(page, url=page.url.partition("?")[0])
        article = cls.article(shown, page.text, page.text)
        article.published_at = (entry and entry.published_at) or NOW
        article.flags = ["paid"] if "付费" in page.text else []
        return article


def _entry(row: Any) -> Entry:
    """Read one row: an id, or an address with times in ISO 8601."""
    if not isinstance(row, dict):
        return Entry(url(row))
    times = {key: datetime.fromisoformat(row[key]) for key in row if key.endswith("_at")}
    return Entry(**row | times)


def url(number: int | str) -> str:
    """Return the address of an article."""
    return f"https://toy.test/{number}"


def listing_url(section: str, page: int = 1) -> str:
    """Return the address of a listing page."""
    return f"https://toy.test/list/{section}/{page}"


def site(
    pages: Mapping[str, list[Any]], articles: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return a site: ``{"a/1": [1, 2]}`` are listings; their articles are made to match."""
    answers = {listing_url(*_split(key)): json.dumps(rows) for key, rows in pages.items()}
    for rows in pages.values():
        for row in rows:
            address = row["url"] if isinstance(row, dict) else url(row)
            answers[address] = f"文章{address.rpartition('/')[2]}"
    return answers | dict(articles or {})


def dated(number: int, day: str) -> dict[str, str]:
    """Return the row of an article of a day in November 2026."""
    return {"url": url(number), "published_at": f"2026-11-{day}T12:00:00+08:00"}


def _split(key: str) -> tuple[str, int]:
    section, page = key.split("/")
    return section, int(page)


class Desk:
    """Runs the toy's crawl against a site and an archive, and remembers what was asked."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "archive.db"
        self.asked: list[str] = []
        self.toy = ToySpider
        self.config = "crawl.attempts = 3"
        self.version: Callable[[str], Mapping[str, str]] = lambda _: {}
        """Body -> the headers that tell of its version; the site answers 304 to the same."""
        self.storage_errors: list[BaseException] = []
        self.stats: Counter[str] = Counter()

    def crawl(
        self, site: Mapping[str, str], *, stop_after: int | None = None, **arguments: Any
    ) -> "Counter[str]":
        """Crawl once; return ``"section outcome"`` counts. ``stop_after`` requests it dies."""
        self.asked = []
        with Archive.open(self.path) as archive:
            run = archive.begin_run("toy", {}, NOW)
            asyncio.run(self._crawl(archive, run, site, stop_after, arguments))
            archive.end_run(run, finished_at=NOW, exit_code=0)
            counted = archive.counts(run)
        return Counter(
            {
                f"{section} {outcome}": number
                for section, outcomes in counted.items()
                for outcome, number in outcomes.items()
                if number
            }
        )

    async def _crawl(
        self,
        archive: Archive,
        run: int,
        site: Mapping[str, str],
        stop_after: int | None,
        arguments: dict[str, Any],
    ) -> None:
        settings = Settings({"NEWSCRAWL_CONFIG": parse_config(self.config)})

        died = asyncio.Event()
        one_at_a_time = asyncio.Lock()

        async def download(request: Request) -> Response:
            async with one_at_a_time:
                await asyncio.sleep(0)  # others run meanwhile, as with a real site
                if spider.crawl.stopped:
                    raise SiteUnavailable("toy.test", "stopped")
                if stop_after is not None and len(self.asked) >= stop_after:
                    died.set()
                    await asyncio.Event().wait()
                return self._answer(request, site)

        async def close(reason: str) -> None:
            self.closed = reason

        async def store(article: Article, response: None = None) -> None:
            archive.store(run, article.section or "", article.url_hash or "", article)
            crawler.signals.send_catch_log(signals.item_scraped, item=article)

        engine = SimpleNamespace(
            scraper=SimpleNamespace(start_itemproc_async=store, _check_if_closing=lambda: None),
            _slot=SimpleNamespace(closing=None),
            download_async=download,
            close_spider_async=close,
            spider=True,
            running=True,
            downloader=SimpleNamespace(slots={}),
        )
        crawler: Any = SimpleNamespace(
            settings=settings,
            signals=SignalManager(),
            engine=engine,
            stats=SimpleNamespace(inc_value=lambda name: self.stats.update([name])),
            _unhandled=None,
        )
        spider = self.toy.from_crawler(crawler, **arguments)
        self.spider, self.closed = spider, ""
        assert spider.crawl is not None
        spider.crawl.attach(archive, run, None, self.storage_errors.append)
        running = asyncio.ensure_future(self._run_to_its_end(spider))
        death = asyncio.ensure_future(died.wait())
        await asyncio.wait({running, death}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
            await asyncio.sleep(0)

    @staticmethod
    async def _run_to_its_end(spider: SourceSpider) -> None:
        assert [step async for step in spider.start()] == []

    def _answer(self, request: Request, site: Mapping[str, str]) -> Response:
        self.asked.append(request.url.removeprefix("https://toy.test/"))
        body = site.get(request.url)
        if body == "RESET":
            raise ConnectionResetError("gone")
        version = self.version(body or "")
        known = request.headers.get("If-None-Match")
        if version and known and known.decode() == version["ETag"]:
            return Response(request.url, 304, headers=version, request=request)
        status = 200 if body is not None else 404
        return Response(
            request.url, status, headers=version, body=(body or "").encode(), request=request
        )

    @property
    def crawled(self) -> Crawl:
        """The last crawl."""
        return self.spider.crawl

    def titles(self) -> list[str]:
        """Return the titles that the archive holds."""
        with Archive.open(self.path) as archive:
            return sorted(stored.article.title or "" for stored in archive.articles())
