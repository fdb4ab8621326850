"""What discovery speaks of: sections, their listings, and the entries on them. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a source that can be crawled by itself; the user calls it a category.

    id: what ``--section`` takes, ``[a-z0-9-]+``, unique within the source.
    name: the publisher's Chinese name.
    surface: which kind of listing of the source shows it; the spider's own word.
    params: what that surface needs to find it (``{"pageid": "155", "lid": "1686"}``).
    flash: its articles are rolling flash news (Jekyll J5).
    max_pages: how many pages the publisher serves, None where no limit of it is known.
    default: crawled when the user names no section (all are but overlapping or dead ones).
    feed: name of its feed in the Hexo categories; None means ``<source title>－<name>``.
    """

    id: str
    name: str
    surface: str
    params: Mapping[str, str] = field(default_factory=dict)
    flash: bool = False
    max_pages: int | None = None
    default: bool = True
    feed: str | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One page to get: its publisher's URL and the request headers that the site wants."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a listing: an address and what the listing says of the article.

    The hints fill what the article page leaves open. ``record`` is the row itself where
    it holds the whole text, so that no page needs to be fetched. ``skip`` is the reason
    why the row is no article of ours (``video``, ``gallery``, ``live``, ``topic``,
    ``deleted``); such an entry ends as ``skipped`` without a request. ``listed_at``: when the
    page of the listing was fetched; of an entry with a record only, whose article bears the
    same time.
    """

    url: str
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    media: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    stock_codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    record: dict[str, Any] | None = None
    skip: str | None = None
    listed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a section's listing: its entries and where the next page begins.

    next_cursor is None where the listing itself ends; the crawl stops earlier by the
    rules of design §4 (no new identity, configured depth or date).
    """

    entries: tuple[Entry, ...]
    next_cursor: str | None = None
