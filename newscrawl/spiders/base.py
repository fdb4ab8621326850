"""What a source is: data and pure functions. The crawl that drives it is in ``crawl``."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import scrapy
from scrapy.crawler import Crawler

from newscrawl.archive.exchange import Exchange
from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.page import Page
from newscrawl.identity.identities import Identity, IdentityRule, identify
from newscrawl.identity.urls import host_of
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.spiders.crawl import Crawl
from newscrawl.spiders.options import CrawlOptions


@dataclass(frozen=True, slots=True)
class Channel:
    """The category that flash news of a source has in Jekyll (document-format J5)."""

    slug: str
    label: str


@lru_cache(maxsize=1024)  # asked for every entry, of the same few hosts
def _is_below(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


class SourceSpider(scrapy.Spider):
    """Base of all sources: state the data, write the four functions, nothing else.

    The functions are class methods without state or I/O: the same ones serve crawl,
    recrawl, re-extraction and ``newscrawl extract``.

    Spider arguments (``scrapy crawl NAME -a section=china``) are those of
    ``CrawlOptions``; a wrong one raises ``ValueError`` before anything is asked for.
    """

    crawl: Crawl
    """What drives it; there as soon as it runs under a crawler."""

    title: ClassVar[str]
    """Name of the site as its readers know it, ``新浪财经``."""
    group: ClassVar[str]
    """First Hexo category, ``金融``."""
    home: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    """Domains whose pages are this source's; subdomains are included."""
    endpoints: ClassVar[frozenset[str]] = frozenset()
    """``host:port`` of listings that are served on a port of their own (H33)."""
    timezone: ClassVar[ZoneInfo] = ZoneInfo("Asia/Shanghai")
    rules_version: ClassVar[int]
    """Raised with every change of the rules: stored with each article."""
    sections: ClassVar[Mapping[str, Section]]
    """In order of precedence: an article in several sections belongs to the first."""
    channel: ClassVar[Channel]
    identities: ClassVar[tuple[IdentityRule, ...]] = ()
    drop_parameters: ClassVar[frozenset[str]] = frozenset()
    noise: ClassVar[Noise] = Noise()
    """What its bodies hold besides the article, also in posts that others made of them."""

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.options = CrawlOptions.of_arguments(type(self), arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> "SourceSpider":
        """Create the spider and the crawl it drives (Scrapy's own entry point)."""
        spider: SourceSpider = super().from_crawler(crawler, *args, **arguments)
        spider.crawl = Crawl(spider, crawler)
        return spider

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Crawl; nothing is left for Scrapy to schedule, which wants an iterator all the same."""
        await self.crawl.drive()
        nothing: tuple[scrapy.Request, ...] = ()
        for request in nothing:
            yield request

    @property
    def stopped(self) -> bool:
        """Whether nothing more is asked for in this run."""
        return self.crawl.stopped

    def keep(self, exchange: Exchange) -> bool:
        """Put a page into the raw record of the run; return whether it is in it."""
        return self.crawl.keep(exchange)

    def now(self) -> datetime:
        """Return the time, as far as it is known, in the source's zone."""
        return self.crawl.now()

    def is_behind(self, said: datetime) -> None:
        """Go on from this time, by the site's word: the clock of this machine is behind."""
        self.crawl.is_behind(said)

    @staticmethod
    def of(crawler: Crawler) -> "SourceSpider":
        """Return the source that a crawler runs; raise ``TypeError`` for another spider."""
        if not isinstance(crawler.spider, SourceSpider):
            raise TypeError(f"{crawler.spider!r} is no newscrawl source")
        return crawler.spider

    # ---- what a source may refine -------------------------------------------------

    @classmethod
    def owns(cls, url: str) -> bool:
        """Whether the page behind ``url`` belongs to this source, by its host."""
        return _is_below(host_of(url), cls.hosts)

    @classmethod
    def identify(cls, url: str) -> Identity:
        """Return which article ``url`` stands for; raise ``UnsafeURL``."""
        return identify(url, cls.identities, cls.drop_parameters)

    @classmethod
    def find_section(cls, name: str) -> Section | None:
        """Return a section by its id or Chinese name; ``stock-<symbol>`` is one for every stock."""
        if section := cls.sections.get(name):
            return section
        head, _, symbol = name.partition("-")
        if head == "stock":
            with suppress(ValueError):
                return cls.stock_section(symbol)
        return next((section for section in cls.sections.values() if section.name == name), None)

    @classmethod
    def stock_section(cls, symbol: str) -> Section:
        """Return the section ``stock-<symbol>`` of one stock's news.

        Raises ``ValueError`` for what is no symbol, or where the source has no such news.
        """
        raise ValueError(f"{cls.name} has no news by stock: {symbol!r}")

    @classmethod
    def picture_referer(cls, article_url: str) -> str:
        """Return the Referer under which the site's picture hosts answer.

        That is the article's own address, as a browser would send it; a source whose
        hosts want another page of the site returns that.
        """
        return article_url

    @classmethod
    def stored_entry(cls, article: Article) -> Entry:
        """Return the entry under which a stored article is fetched again.

        What is known of it are the hints. ``skip`` says why it has no page to fetch.
        """
        return Entry(
            url=article.url or "",
            title=article.title,
            published_at=article.published_at,
            media=article.media,
            summary=article.summary,
            keywords=tuple(article.keywords),
            stock_codes=tuple(article.stock_codes),
            aliases=tuple(article.aliases),
        )

    @classmethod
    def claims(cls, page: Page) -> bool:  # noqa: ARG003  (for those that can tell)
        """Whether a page of unknown address, which names none, is this source's."""
        return False

    # ---- what a source must say ---------------------------------------------------

    @classmethod
    def listing_request(cls, section: Section, cursor: str | None) -> Fetch:
        """Return the request for one page of a section; ``cursor`` None is the first."""
        raise NotImplementedError

    @classmethod
    def parse_listing(cls, page: Page, section: Section, cursor: str | None) -> Listing:
        """Read one listing page; raise ``ListingError`` for anything but a listing."""
        raise NotImplementedError

    @classmethod
    def article_requests(cls, entry: Entry) -> tuple[Fetch, ...]:
        """Return where the article can be had, best first; each next one is a fallback.

        Empty where ``entry.record`` holds the full text.
        """
        return () if entry.record is not None else (Fetch(entry.url),)

    @classmethod
    def parse_article(cls, page: Page, entry: Entry | None = None) -> Article:
        """Read one article page or record; raise an ``outcomes.Ended`` for any other end."""
        raise NotImplementedError
