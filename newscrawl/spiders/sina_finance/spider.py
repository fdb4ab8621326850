"""The spider of 新浪财经: what it is as data; what it does is in the modules beside."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.page import Page
from newscrawl.identity.identities import IdentityRule
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.spiders.base import Channel, SourceSpider
from newscrawl.spiders.sina_finance import addresses, article, listings
from newscrawl.spiders.sina_finance.flashes import EXTRACTOR
from newscrawl.spiders.sina_finance.noise import NOISE
from newscrawl.spiders.sina_finance.sections import NAME, SECTIONS, STOCK_PAGES

FLASH = f"{NAME}/{EXTRACTOR}"
_SYMBOL = re.compile(r"[a-z]{2}[0-9a-z]{4,8}")


class SinaFinance(SourceSpider):
    """新浪财经: roll API, column pages, 7x24 feed, and the news of any stock."""

    name = NAME
    title: ClassVar[str] = "新浪财经"
    group: ClassVar[str] = "金融"
    home: ClassVar[str] = "https://finance.sina.com.cn/"
    hosts: ClassVar[tuple[str, ...]] = ("sina.com.cn", "sina.cn")
    rules_version: ClassVar[int] = article.RULES_VERSION
    sections: ClassVar[Mapping[str, Section]] = SECTIONS
    channel: ClassVar[Channel] = Channel("sinaflash", "新浪财经7x24")
    identities: ClassVar[tuple[IdentityRule, ...]] = addresses.IDENTITIES
    drop_parameters: ClassVar[frozenset[str]] = addresses.DROP_PARAMETERS
    noise: ClassVar[Noise] = NOISE

    @classmethod
    def stock_section(cls, symbol: str) -> Section:
        """Return the section of one stock's news; ``symbol`` as Sina writes it, ``sh600000``.

        Raises ``ValueError`` for what is no symbol.
        """
        symbol = symbol.strip().lower()
        if not _SYMBOL.fullmatch(symbol):
            raise ValueError(f"not a stock symbol like sh600000: {symbol!r}")
        return Section(
            f"stock-{symbol}",
            f"个股 {symbol}",
            "stock",
            {"symbol": symbol},
            max_pages=STOCK_PAGES,
            default=False,
        )

    @classmethod
    def listing_request(cls, section: Section, cursor: str | None) -> Fetch:
        """Return the request for one page of a section; the cursor is its number."""
        return listings.listing_request(section, cursor)

    @classmethod
    def parse_listing(cls, page: Page, section: Section, cursor: str | None) -> Listing:
        """Read one listing page; raise ``ListingError`` for anything but a listing."""
        return listings.parse_listing(page, section, cursor)

    @classmethod
    def parse_article(cls, page: Page, entry: Entry | None = None) -> Article:
        """Read one article page or flash; raise an ``outcomes.Ended`` for any other end."""
        return article.parse_article(page, entry)

    @classmethod
    def stored_entry(cls, article: Article) -> Entry:
        """Return the entry of a stored article; a flash is in the feed alone (dossier §1 C).

        The page of one, where it has any, is another text and not a correction.
        """
        entry = super().stored_entry(article)
        return replace(entry, skip="listing_row") if article.extractor == FLASH else entry

    @classmethod
    def claims(cls, page: Page) -> bool:
        """Whether a page of unknown address is one of this site."""
        return article.claims(page)
