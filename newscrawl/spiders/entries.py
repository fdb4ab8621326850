"""Entries of a listing page as the crawl sees them: which article, met before, in range."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from newscrawl.archive import Found
from newscrawl.identity.identities import Identity
from newscrawl.identity.urls import UnsafeURL
from newscrawl.listings import Entry
from newscrawl.spiders.options import CrawlOptions

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

logger = logging.getLogger(__name__)

MAX_ENTRIES = 5_000
"""Entries of one listing page that are taken; no publisher lists more than 500 (H65)."""


def identified(spider: "SourceSpider", entry: Entry) -> Found:
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


def unmet(spider: "SourceSpider", entries: Sequence[Entry], met: set[str]) -> list[Found]:
    """Return the entries whose article no earlier page of the walk had; ``met`` grows."""
    if len(entries) > MAX_ENTRIES:
        logger.warning(
            "%s: %d entries on one page, %d taken", spider.name, len(entries), MAX_ENTRIES
        )
    found = []
    for entry in entries[:MAX_ENTRIES]:
        item = identified(spider, entry)
        if item.identity.url_hash not in met:
            met.add(item.identity.url_hash)
            found.append(item)
    return found


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
