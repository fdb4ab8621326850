"""Discovery: requests for listing pages, and the entries on them (dossier §1, §2)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from newscrawl.cleaning.text import plain
from newscrawl.extraction.page import Page
from newscrawl.identity.urls import UnsafeURL, check_url
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.outcomes import Failed, ListingError
from newscrawl.spiders.eastmoney import records
from newscrawl.spiders.eastmoney.addresses import out_of_scope
from newscrawl.spiders.eastmoney.records import Record
from newscrawl.spiders.eastmoney.sections import SURFACES, Surface

_WRAPPER = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:var\s+\w+\s*=|[\w$.]+\s*\()\s*(\{.*\})[\s);]*\Z", re.DOTALL
)


def listing_request(section: Section, cursor: str | None) -> Fetch:
    """Return the request for one page of a section."""
    surface = SURFACES[section.surface]
    url = surface.url.format(
        column=section.params["column"],
        cursor=surface.first if cursor is None else cursor,
        trace=uuid4().hex,
    )
    return Fetch(url, {"Referer": surface.referer})


def parse_listing(page: Page, section: Section, cursor: str | None) -> Listing:
    """Read one listing page.

    Raises ``ListingError`` for what is no JSON, reports an error inside its 200, lacks its
    row list, or has rows of which none names an article (H61).
    """
    surface = SURFACES[section.surface]
    answer = _answer(page)
    _check_status(answer, surface)
    rows = _at(answer, surface.rows)
    if not isinstance(rows, list):
        raise ListingError(f"no list at {'.'.join(surface.rows)}")
    entries = tuple(_entries(rows, surface, page.fetched_at))
    if rows and not entries:
        raise ListingError(f"{len(rows)} rows, none names an article")
    return Listing(entries, _next_cursor(answer, surface, cursor) if rows else None)


def _answer(page: Page) -> Record:
    """Return the JSON object of a page, out of ``var ajaxResult=…;`` or ``callback(…)``."""
    wrapped = None if page.is_json else _WRAPPER.match(page.body)
    try:
        answer = (replace(page, body=wrapped[1]) if wrapped else page).json()
    except Failed as error:
        raise ListingError(str(error)) from error
    if not isinstance(answer, Mapping):
        raise ListingError(f"expected an object, got {type(answer).__name__}")
    return records.folded(answer)


def _check_status(answer: Record, surface: Surface) -> None:
    """Raise ``ListingError`` where the answer says that it is none."""
    if surface.ok is None:
        return
    name, good = surface.ok
    if str(answer.get(name)) != good:
        message = records.text(answer, ("message", "me"))
        raise ListingError(f"{name} is {answer.get(name)!r}" + (f": {message}" if message else ""))


def _at(answer: Record, path: tuple[str, ...]) -> Any:
    """Return the value at a path of lower-case keys, None where there is none."""
    value: Any = answer
    for key in path:
        value = records.folded(value).get(key) if isinstance(value, Mapping) else None
    return value


def _next_cursor(answer: Record, surface: Surface, cursor: str | None) -> str | None:
    """Return where the next page begins; never the page that was just read (H64)."""
    if not surface.paged:
        return None
    if not surface.next_cursor:
        return str(int(cursor or surface.first) + 1)
    following = _at(answer, surface.next_cursor)
    return str(following) if following and str(following) != cursor else None


def _entries(rows: list[Any], surface: Surface, now: datetime) -> Iterator[Entry]:
    """Yield the entries of all rows that name something."""
    for row in rows:
        if isinstance(row, Mapping):
            record = records.folded(row)
            addresses = records.addresses_of(record)
            entry = _skipped(record, addresses) or _entry(record, addresses, surface, now)
            if entry is not None:
                yield entry


def _skipped(record: Record, addresses: Sequence[str]) -> Entry | None:
    """Return the entry of a row that shows no article of ours: a forum, a video, an ad."""
    url = records.text(record, records.ADDRESS)
    reason = out_of_scope(url)
    if reason is None and url and not addresses:
        reason = "out_of_scope"
    try:
        return (
            Entry(check_url(url), title=records.title_of(record), skip=reason) if reason else None
        )
    except UnsafeURL:
        return None


def _entry(
    record: Record, addresses: Sequence[str], surface: Surface, now: datetime
) -> Entry | None:
    """Return what the row of an article says; None for a row without code and address."""
    if not addresses:
        return None
    digest = records.text(record, records.DIGEST)
    title = records.title_of(record)
    if surface.loose_summary and not records.is_about(digest, title):
        digest = ""
    published_at = records.time_of(record, now) or records.day_of(
        records.code_of(record) or records.nw_code_of(record), now
    )
    ordered_at = records.order_time_of(record, now)
    changed = ordered_at and published_at and ordered_at > published_at
    return Entry(
        addresses[0],
        title=title or records.title_from(digest),
        published_at=published_at,
        modified_at=ordered_at if changed else None,
        media=plain(records.text(record, records.MEDIA)) or None,
        summary=plain(records.without_title(digest)) or None,
        stock_codes=tuple(records.stock_codes_of(record)),
        aliases=tuple(addresses[1:]),
        record=dict(record) if surface.whole and digest else None,
    )
