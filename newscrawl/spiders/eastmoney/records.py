"""Rows and records of Eastmoney: five spellings of the same few facts, read in one way."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.cleaning.text import plain
from newscrawl.extraction.dates import parse_time
from newscrawl.spiders.eastmoney.addresses import ARTICLE, SHARE, code_in

Record = Mapping[str, Any]
"""A JSON object with its keys in lower case (``folded``)."""

ZONE = ZoneInfo("Asia/Shanghai")

# What a record may call a fact, best first.
CODE = ("art_code", "code", "newsid", "id")
NW_CODE = ("infocode", "id")
ADDRESS = ("art_uniqueurl", "uniqueurl", "url_unique", "art_url", "url_w", "url", "url_m")
TITLE = ("art_title", "title", "simtitle")
TIME = ("art_showtime", "showtime", "datetime", "date")
SORT = ("realsort", "art_sortstart", "sort")
"""The time by which a row was put in order, a number: publication to the second."""
ORDER_TIME = ("art_ordertime", "ordertime")
MEDIA = ("art_media_name", "art_medianame", "medianame", "from")
AUTHOR = ("art_author_name", "author")
EDITOR = ("art_editor_name", "editor_name")
SUMMARY = ("art_digest", "art_description", "art_guidance", "digest", "simdigest", "summary")
DIGEST = ("digest", "summary", "simdigest")
KEYWORDS = ("art_keyword", "relkey")
ORIGINAL_TITLE = ("art_originaltitle",)
IMAGE = ("art_image", "image")
HTML = ("art_content", "content")
TEXT = ("text",)
STOCKS = ("stocklist", "reletecodes")

_CODE = re.compile(r"\d{16,20}")
_NW = re.compile(r"NW\w+")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_LEADING_BRACKET = re.compile(r"\s*【([^【】]*)】\s*")
_SENTENCE_END = re.compile(r"(?<=[。！？!?；])|\n")
_TITLE_LENGTH = 40


def folded(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object with lower-case keys: ``infoCode`` and ``infocode`` are one."""
    return {key.lower(): value for key, value in record.items()}


def raw(record: Record, names: tuple[str, ...]) -> str:
    """Return the first of these facts that says something, as it came; else ``""``.

    Numbers become text; other types say nothing here. Several names are one text.
    """
    for name in names:
        value = record.get(name)
        if value is None:
            continue
        if isinstance(value, list):
            value = " ".join(item for item in value if isinstance(item, str))
        elif isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value and not value.isspace():
            return value
    return ""


def text(record: Record, names: tuple[str, ...]) -> str:
    """Return a fact as text: its character references, if any, decoded once (H53).

    The ideographic spaces that begin a paragraph stay.
    """
    value = raw(record, names)
    if "&" in value:
        value = _REFERENCE.sub(lambda found: html.unescape(found[0]), value)
    return value.strip(" \t\r\n")


def code_of(record: Record) -> str | None:
    """Return the 16 to 20 digits that name the article, from a number or an address."""
    for name in CODE:
        if _CODE.fullmatch(value := text(record, (name,))):
            return value
    return next(filter(None, (code_in(text(record, (name,))) for name in ADDRESS)), None)


def nw_code_of(record: Record) -> str | None:
    """Return the ``NW…`` code of a record, None where it has none."""
    values = (text(record, (name,)) for name in NW_CODE)
    return next(filter(_NW.fullmatch, values), None)


def times_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield name and value of what a record says of its time, best first."""
    for name in (*TIME, *SORT):
        if value := text(record, (name,)):
            yield name.removeprefix("art_"), value


def time_of(record: Record, now: datetime) -> datetime | None:
    """Return the time of publication, None where the record says no possible one."""
    times = (parse_time(value, zone=ZONE, now=now) for _, value in times_of(record))
    return next(filter(None, times), None)


def order_time_of(record: Record, now: datetime) -> datetime | None:
    """Return when the publisher last put the article to the front."""
    return parse_time(text(record, ORDER_TIME), zone=ZONE, now=now)


def day_of(code: str | None, now: datetime) -> datetime | None:
    """Return midnight of the day in a code's first eight digits: the last resort."""
    return parse_time((code or "").removeprefix("NW")[:8], zone=ZONE, now=now)


def title_of(record: Record) -> str | None:
    """Return the title. Brackets around all of it are the list's way to print it."""
    title = plain(text(record, TITLE))
    bracket = _LEADING_BRACKET.fullmatch(title)
    return (bracket[1] if bracket else title) or None


def title_from(digest: str) -> str | None:
    """Return a title for a text that has none: its leading 【】, else its first sentence."""
    bracket = _LEADING_BRACKET.match(digest)
    if bracket and bracket[1].strip():
        return plain(bracket[1])
    sentence = plain(_SENTENCE_END.split(without_title(digest).strip(), maxsplit=1)[0])
    if len(sentence) > _TITLE_LENGTH:
        return sentence[:_TITLE_LENGTH] + "…"
    return sentence.rstrip("。；") or None


def without_title(digest: str) -> str:
    """Return a digest without its leading 【title】: one bracket only (J5)."""
    bracket = _LEADING_BRACKET.match(digest)
    return digest[bracket.end() :] if bracket else digest


def is_about(digest: str, title: str | None) -> bool:
    """Whether a digest repeats ``title`` in its leading 【】, and so belongs to it."""
    bracket = _LEADING_BRACKET.match(digest)
    return bool(bracket and title and plain(bracket[1]) == title)


def stock_codes_of(record: Record) -> list[str]:
    """Return the stocks a record names: ``1.600519``, ``90.BK0437``."""
    values = (record.get(name) for name in STOCKS)
    lists = (value for value in values if isinstance(value, list))
    return [code for codes in lists for code in codes if isinstance(code, str)]


def addresses_of(record: Record) -> list[str]:
    """Return the canonical URLs of the article, empty for a record that names none.

    Of two codes the 18-digit one comes first: it is the identity, the NW code an alias.
    """
    code, nw_code = code_of(record), nw_code_of(record)
    return [
        *([ARTICLE.format(code=code)] if code else []),
        *([SHARE.format(nw=nw_code)] if nw_code else []),
    ]
