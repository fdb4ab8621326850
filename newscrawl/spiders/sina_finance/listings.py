"""Discovery at Sina Finance: four kinds of listing, each a request and a reader (dossier §1)."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborNode

from newscrawl.extraction.dates import parse_time
from newscrawl.extraction.page import Page
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.outcomes import Failed, ListingError
from newscrawl.spiders.sina_finance import addresses, flashes
from newscrawl.spiders.sina_finance.sections import ZONE

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_JSONP_HEAD = re.compile(r"\s*(?P<guard>try\s*\{)?\s*[\w$.]+\s*\(")


@dataclass(frozen=True, slots=True)
class Surface:
    """One kind of listing.

    url: its address without query; ``{…}`` come from the section. query: fixed parameters,
    behind those of the section. page: the parameter that numbers its pages, None where
    there is one page. referer: what the site's own pages send.
    """

    url: str
    read: Callable[[Page], Iterator[Entry]]
    parameters: tuple[str, ...] = ()
    query: Mapping[str, str] | None = None
    page: str | None = None
    referer: str = "https://finance.sina.com.cn/"


def listing_request(section: Section, cursor: str | None) -> Fetch:
    """Return the request for one page of a section; the cursor is its number."""
    surface = SURFACES[section.surface]
    query = {name: section.params[name] for name in surface.parameters}
    query |= surface.query or {}
    if surface.page:
        query[surface.page] = cursor or "1"
    url = surface.url.format_map(section.params)
    return Fetch(f"{url}?{urlencode(query)}" if query else url, {"Referer": surface.referer})


def parse_listing(page: Page, section: Section, cursor: str | None) -> Listing:
    """Read one listing page; raise ``ListingError`` for anything but a listing (H59, H61).

    The next page exists as long as this one has rows: totals are not to be trusted.
    """
    surface = SURFACES[section.surface]
    try:
        entries = tuple(surface.read(page))
    except Failed as error:
        raise ListingError(str(error)) from error
    number = int(cursor or "1")
    last = number == section.max_pages
    more = surface.page is not None and entries and not last
    return Listing(entries, str(number + 1) if more else None)


# ---- JSON ------------------------------------------------------------------------------


def _result(page: Page) -> dict[str, Any]:
    """Return the ``result`` of an API answer, bare or in a callback, once its status is 0."""
    answer = page.json() if page.is_json else _unwrapped(page).json()
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise ListingError("no result in the answer")
    status = result.get("status")
    if not isinstance(status, dict) or str(status.get("code")) != "0":
        raise ListingError(f"the answer reports {status}")
    return result


def _unwrapped(page: Page) -> Page:
    """Return the JSON inside ``CB(…)`` or ``try{CB(…);}catch(e){};`` as a page."""
    head = _JSONP_HEAD.match(page.text)
    if head is None:
        raise ListingError(f"neither JSON nor a callback: {page.text[:60]!r}")
    end = page.text.rfind(");}catch" if head["guard"] else ")")
    return replace(page, body=page.text[head.end() : max(end, 0)].encode(), content_type="")


def _rows(value: Any, where: str) -> list[dict[str, Any]]:
    """Return a list of objects; raise ``ListingError`` where it is none, or holds none."""
    if not isinstance(value, list):
        raise ListingError(f"{where} is no list but {type(value).__name__}")
    rows = [row for row in value if isinstance(row, dict)]
    if value and not rows:
        raise ListingError(f"no row of {where} is an object")
    return rows


def _roll(page: Page) -> Iterator[Entry]:
    rows = _rows(_result(page).get("data"), "data")
    entries = [entry for row in rows if (entry := _roll_entry(row, page)) is not None]
    if rows and not entries:
        raise ListingError(f"none of {len(rows)} rows has an address")
    yield from entries


def _roll_entry(row: Mapping[str, Any], page: Page) -> Entry | None:
    """Read one row. All its scalars are strings; some hold JSON; any may be missing."""
    url = row.get("url") or next(iter(_json_list(row.get("urls"))), None) or row.get("wapurl")
    if not isinstance(url, str) or not url:
        return None
    url = addresses.page_address(url)
    core = str(row.get("docid") or "").removeprefix("comos:")
    return Entry(
        url=url,
        title=_text(row, "title"),
        published_at=parse_time(row.get("ctime"), zone=ZONE, now=page.fetched_at),
        modified_at=parse_time(row.get("mtime"), zone=ZONE, now=page.fetched_at),
        media=_text(row, "media_name"),
        summary=_text(row, "intro") or _text(row, "summary") or _text(row, "wapsummary"),
        keywords=tuple(word for word in (_text(row, "keywords") or "").split(",") if word),
        aliases=(addresses.ARTICLE_URL.format(core=core),) if core and core not in url else (),
        skip="video" if _is_set(row.get("vid")) else addresses.other_kind(url),
    )


def _is_set(value: Any) -> bool:
    """Whether an id is one: absent ids are ``"0"``, ``""``, 0 or null."""
    return str(value or "0") != "0"


def _text(row: Mapping[str, Any], key: str) -> str | None:
    """Return a text of a row with its HTML references decoded, exactly once (H53)."""
    value = row.get(key)
    if not isinstance(value, str):
        return None
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), value).strip() or None


def _json_list(value: Any) -> list[Any]:
    """Return a list that is written as JSON inside a string."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _live(page: Page) -> Iterator[Entry]:
    data = _result(page).get("data")
    feed = data.get("feed") if isinstance(data, dict) else None
    rows = _rows(feed.get("list") if isinstance(feed, dict) else None, "data.feed.list")
    for row in rows:
        if (entry := flashes.entry_of(row, zone=ZONE, now=page.fetched_at)) is not None:
            yield entry


# ---- HTML ------------------------------------------------------------------------------


def _column(page: Page) -> Iterator[Entry]:
    """Read a column page: the list is hidden until a script pages it."""
    lists = page.tree.css("ul#listcontent")
    if not lists:
        raise ListingError("no ul#listcontent: not a column page")
    for row in lists[0].css("li"):
        link = row.css_first("a[href]")
        if link is None:
            continue
        note = row.css_first("span")
        yield _html_entry(link, _dated(link, note.text() if note else ""), page)


def _dated(link: LexborNode, note: str) -> str:
    """Put the day from the address before the clock of ``(09月28日 23:54)``.

    The list gives no year; where the address has no day either, the text stays as it is
    and the year is inferred.
    """
    day = addresses.url_date(link.attributes.get("href") or "")
    clock = re.search(r"\d{1,2}:\d{2}", note)
    return f"{day} {clock[0]}" if day and clock and "-" in day else note


def _stock(page: Page) -> Iterator[Entry]:
    """Read a stock's news: a flat run of ``time&nbsp;<a>…</a><br>``."""
    box = page.tree.css_first("div.datelist ul")
    if box is None:
        raise ListingError("no div.datelist: not a list of stock news")
    before = ""
    for node in box.iter(include_text=True):
        if node.tag == "a":
            yield _html_entry(node, before, page)
            before = ""
        else:
            before += node.text()


def _html_entry(link: LexborNode, time: str, page: Page) -> Entry:
    url = addresses.page_address(urljoin(page.url, link.attributes.get("href") or ""))
    return Entry(
        url=url,
        title=" ".join(link.text().split()) or None,
        published_at=parse_time(time, zone=ZONE, now=page.fetched_at),
        skip=addresses.other_kind(url),
    )


SURFACES: Mapping[str, Surface] = {
    "roll": Surface(
        "https://feed.mix.sina.com.cn/api/roll/get",
        _roll,
        ("pageid", "lid"),
        {"k": "", "num": "50"},  # more than 50 are silently clamped
        "page",
        "https://news.sina.com.cn/",
    ),
    "column": Surface("https://finance.sina.com.cn/roll/c/{cid}.shtml", _column),
    "live": Surface(
        "https://zhibo.sina.com.cn/api/zhibo/feed",
        _live,
        ("zhibo_id", "tag_id"),
        {"page_size": "100", "dire": "f", "dpc": "1", "type": "0"},
        "page",
        "https://finance.sina.com.cn/7x24/",
    ),
    "stock": Surface(
        "https://vip.stock.finance.sina.com.cn/corp/view/vCB_AllNewsStock.php",
        _stock,
        ("symbol",),
        None,
        "Page",
    ),
}
