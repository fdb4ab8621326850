"""The rows of the 7x24 feed: each one is a whole article (dossier §1 C)."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.cleaning.body import CleanBody, clean_fragment, clean_plain_text
from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.article import add_body, add_time
from newscrawl.extraction.dates import parse_time
from newscrawl.extraction.page import Page
from newscrawl.listings import Entry
from newscrawl.loaders import ArticleLoader
from newscrawl.outcomes import Failed
from newscrawl.spiders.sina_finance.addresses import FLASH_URL, page_address

KEPT = ("id", "rich_text", "create_time", "update_time", "tag", "ext", "docurl")
"""What of a row is an article's; the rest is of the feed."""

EXTRACTOR = "flash"
"""Reader of these rows, as an article names it behind its source."""
TITLE_LENGTH = 40
_BRACKET = re.compile(r"\s*【(?P<title>[^【】]{1,200})】\s*")
_SENTENCE = re.compile(r"[^。！？!?；;\n]{1,200}[。！？!?]?")
_MARKUP = re.compile(r"<(?:p|br|a|b|strong|span|div|img)\b", re.IGNORECASE)


def entry_of(row: Mapping[str, Any], *, zone: ZoneInfo, now: datetime) -> Entry | None:
    """Return the entry of one row, None where it has neither id nor text."""
    number, text = row.get("id"), row.get("rich_text")
    if not isinstance(number, int | str) or not isinstance(text, str):
        return None
    own, feed = _addresses(row), FLASH_URL.format(id=number)
    return Entry(
        url=own or feed,
        title=title_of(text),
        published_at=parse_time(row.get("create_time"), zone=zone, now=now),
        modified_at=parse_time(row.get("update_time"), zone=zone, now=now),
        stock_codes=tuple(_symbols(row)),
        aliases=(feed,) if own else (),
        record={key: row[key] for key in KEPT if key in row},
        skip="deleted" if str(row.get("is_delete") or "0") != "0" else None,
    )


def read_flash(page: Page, loader: ArticleLoader, *, noise: Noise, zone: ZoneInfo) -> str:
    """Fill ``loader`` from a row kept as JSON; return the address that it stands for.

    Raises ``Failed`` where the record is no such row.
    """
    row = page.json()
    if not isinstance(row, dict) or not isinstance(row.get("rich_text"), str) or "id" not in row:
        raise Failed("type", "not a row of the 7x24 feed")
    text = row["rich_text"]
    loader.add_value("extractor", EXTRACTOR)
    loader.add_value("flags", "flash")
    loader.add_value("title", title_of(text))
    add_time(loader, row.get("create_time"), "create_time", zone=zone, now=page.fetched_at)
    loader.add_value(
        "updated_at", parse_time(row.get("update_time"), zone=zone, now=page.fetched_at)
    )
    loader.add_value("keywords", list(_tags(row)))
    loader.add_value("stock_codes", list(_symbols(row)))
    add_body(loader, _body(text, page.url, noise))
    return _addresses(row) or FLASH_URL.format(id=row["id"])


def title_of(text: str) -> str:
    """Return the ``【…】`` at the start of a flash, else its first sentence, cut at a length."""
    if bracket := _BRACKET.match(text):
        return bracket["title"].strip()
    sentence = _SENTENCE.search(re.sub(r"<[^<>]{0,500}>", "", text))
    title = sentence[0].strip() if sentence else ""
    return title if len(title) <= TITLE_LENGTH else f"{title[:TITLE_LENGTH]}…"


def _body(text: str, base_url: str, noise: Noise) -> CleanBody:
    """Clean the text behind the title in brackets, or all of it where that is all."""
    bracket = _BRACKET.match(text)
    rest = text[bracket.end() :] if bracket else text
    text = rest if rest.strip() else text
    if _MARKUP.search(text):
        return clean_fragment(text, base_url=base_url, noise=noise)
    return clean_plain_text(text)


def _addresses(row: Mapping[str, Any]) -> str | None:
    """Return the page of a flash: ``ext`` names the desktop one, the row the mobile one."""
    for url in (_ext(row).get("docurl"), row.get("docurl")):
        if isinstance(url, str) and url.strip():
            return page_address(url)
    return None


def _ext(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``ext``, which is JSON inside a string, or an object, or anything."""
    value = row.get("ext")
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _symbols(row: Mapping[str, Any]) -> Iterator[str]:
    stocks = _ext(row).get("stocks")
    for stock in stocks if isinstance(stocks, list) else ():
        symbol = stock.get("symbol") if isinstance(stock, dict) else None
        if isinstance(symbol, str) and symbol:
            yield symbol


def _tags(row: Mapping[str, Any]) -> Iterator[str]:
    tags = row.get("tag")
    for tag in tags if isinstance(tags, list) else ():
        name = tag.get("name") if isinstance(tag, dict) else None
        if isinstance(name, str):
            yield name
