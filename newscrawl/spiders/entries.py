"""Entries of a listing page as the crawl sees them: which article, met before, in range.

Crawl, re-extraction and ingest share them, so that the same page is the same article.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from newscrawl.archive import Found, Work
from newscrawl.extraction.page import Page
from newscrawl.identity.identities import Identity
from newscrawl.identity.urls import UnsafeURL
from newscrawl.items import Article
from newscrawl.listings import Entry, Listing
from newscrawl.spiders.options import CrawlOptions

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

    Source: TypeAlias = SourceSpider | type[SourceSpider]

logger = logging.getLogger(__name__)

MAX_ENTRIES = 5_000
"""Entries of one listing page that are taken; no publisher lists more than 500 (H65)."""


def identified(spider: "Source", entry: Entry) -> Found:
    """Say which article an entry stands for.

    An address that must not be asked for, or that is not the source's, gets a reason to
    be skipped; the entry is counted all the same.
    """
    try:
        identity = spider.identify(entry.url)
        aliases = tuple(spider.identify(url) for url in entry.aliases)
    except UnsafeURL:
        return Found(replace(entry, skip="unsafe_url"), Identity(entry.url, entry.url))
    if entry.skip is None and not spider.owns(entry.url):
        entry = replace(entry, skip="offsite")
    return Found(entry, identity, aliases)


def dated(listing: Listing, at: datetime) -> Listing:
    """Return a listing whose rows with a whole article say when their page was fetched."""
    entries = (replace(each, listed_at=at) if each.record else each for each in listing.entries)
    return replace(listing, entries=tuple(entries))


def row_page(entry: Entry, now: datetime) -> Page:
    """Return a row with a whole article as a page of its own.

    Its time is that of the listing's page, which leads to it in the raw record; ``now`` for
    entries that were found before that was noted.
    """
    return Page.of_record(entry.url, entry.record or {}, entry.listed_at or now)


def adopt(spider: "Source", article: Article, work: Work) -> Article:
    """Give an article the identity it was listed under; all others are its aliases."""
    listed = identified(spider, work.entry)
    identities = {alias.url for alias in (listed.identity, *listed.aliases)}
    own = spider.identify(article.url or work.entry.url)
    # A page may name the home page as its address on every article (H88): only what a
    # rule of the source recognises as an article can be another name of this one.
    if own.key != own.url:
        identities.add(own.url)
    if listed.identity.url_hash == work.url_hash:
        article.identity = listed.identity.key
        identities.discard(listed.identity.url)
    article.section = work.section
    article.url_hash = work.url_hash
    article.aliases = sorted(identities.union(article.aliases))
    return article


def unmet(spider: "Source", entries: Sequence[Entry], met: set[bytes]) -> list[Found]:
    """Return the entries whose article no earlier page of the walk had; ``met`` grows."""
    return without(found_on(spider, entries), met)


def found_on(spider: "Source", entries: Sequence[Entry]) -> list[Found]:
    """Say of each entry of a page which article it stands for."""
    if len(entries) > MAX_ENTRIES:
        logger.warning(
            "%s: %d entries on one page, %d taken", spider.name, len(entries), MAX_ENTRIES
        )
    return [identified(spider, entry) for entry in entries[:MAX_ENTRIES]]


def without(found: Iterable[Found], met: set[bytes]) -> list[Found]:
    """Leave out the entries whose article was met; ``met``, hashes of 32 bytes, grows."""
    left = []
    for item in found:
        url_hash = bytes.fromhex(item.identity.url_hash)  # half of what its text would take
        if url_hash not in met:
            met.add(url_hash)
            left.append(item)
    return left


def in_range(found: Sequence[Found], options: CrawlOptions) -> list[Found]:
    """Leave out entries whose listed time lies outside ``since`` and ``until``."""

    def wanted(time: datetime | None) -> bool:
        return time is None or (
            (options.since is None or time >= options.since)
            and (options.until is None or time < options.until)
        )

    return [item for item in found if wanted(item.entry.published_at)]


def is_older(found: Sequence[Found], options: CrawlOptions) -> bool:
    """Whether every dated entry of a page lies before ``since``."""
    times = [item.entry.published_at for item in found if item.entry.published_at]
    return options.since is not None and bool(times) and max(times) < options.since
