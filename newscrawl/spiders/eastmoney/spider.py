"""Eastmoney (东方财富): data, and the four functions that read it."""

from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.spiders.base import Channel, SourceSpider
from newscrawl.spiders.eastmoney import article, listings
from newscrawl.spiders.eastmoney.addresses import HOME, IDENTITIES, article_fetches
from newscrawl.spiders.eastmoney.sections import LEGACY_HOSTS, SECTIONS, stock_section
from newscrawl.spiders.eastmoney.templates import NOISE


class EastmoneySpider(SourceSpider):
    """News of *.eastmoney.com: columns, flashes, the Choice back end, per-stock news."""

    name = article.SOURCE
    title = "东方财富"
    group = "金融"
    home = HOME
    hosts = ("eastmoney.com", *LEGACY_HOSTS)
    endpoints = frozenset({"43.240.125.15:1818"})
    rules_version = article.VERSION
    sections = SECTIONS
    channel = Channel("emnews", "东财滚动新闻")
    identities = IDENTITIES
    noise = NOISE

    @classmethod
    def stock_section(cls, symbol: str) -> Section:
        """Return the section of one stock's news; ``symbol`` such as ``sh600519``.

        Raises ``ValueError`` for what is no symbol.
        """
        return stock_section(symbol)

    @classmethod
    def listing_request(cls, section: Section, cursor: str | None) -> Fetch:
        """Return the request for one page of a section."""
        return listings.listing_request(section, cursor)

    @classmethod
    def parse_listing(cls, page: Page, section: Section, cursor: str | None) -> Listing:
        """Read one listing page; raise ``ListingError``."""
        return listings.parse_listing(page, section, cursor)

    @classmethod
    def article_requests(cls, entry: Entry) -> tuple[Fetch, ...]:
        """Return the article's addresses: detail JSON, page, text of the Choice back end.

        Flashes are fetched too, though their rows hold a text: the article behind a code
        may be longer, and its text must not depend on which list showed it first.
        """
        return article_fetches((entry.url, *entry.aliases))

    @classmethod
    def parse_article(cls, page: Page, entry: Entry | None = None) -> Article:
        """Read one article; raise an ``outcomes.Ended`` for any other end."""
        return article.parse_article(page, entry)

    @classmethod
    def claims(cls, page: Page) -> bool:
        """Whether a page of unknown address is one of this site."""
        return article.claims(page)
