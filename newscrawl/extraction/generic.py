"""Title, time, media and body of a Chinese article page of a site that has no rules.

``density`` finds the lines of the page, the headline and the body, ``surroundings`` takes
out of the body what is none of the article; this module reads the fields.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.body import CleanBody, clean_body
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.text import plain
from newscrawl.extraction.dates import parse_time
from newscrawl.extraction.density import (
    HEADINGS,
    Scan,
    is_headline,
    same_words,
    scan,
)
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import Rule, candidates, first
from newscrawl.extraction.surroundings import DAY, DAY_PATTERN, PROMOTION, SOURCE, trim
from newscrawl.outcomes import Failed, Quarantined

SHANGHAI = ZoneInfo("Asia/Shanghai")

_SITE_NAME = re.compile(
    r"\s*(?:[_|｜]|\s[-–—]+\s|--|-(?=[^-]{2,16}$)|—+(?=[^—]{2,16}$)|(?<=\S)\s*[(（][^()（）]{2,8}网[)）]$)"
)
"""Where the headline ends in a ``<title>``."""
_DATE_TIME = re.compile(
    DAY_PATTERN
    + r"[^\d:]{0,12}?(?P<pm>下午|晚上)?\s?(?P<H>\d{1,2})\s?[:：时]\s?(?P<M>\d{2})(?::(?P<S>\d{2}))?"
)
_NAMES = (Rule("head title"), Rule('meta[property="og:title"]', "content"), Rule("title"))
_HEADLINES = (Rule('meta[property="og:title"]', "content"), Rule("h1"))
_CREATED = (
    Rule('meta[name="weibo: article:create_at"]', "content", name="create_at"),
    Rule('meta[name="weibo:article:create_at"]', "content", name="create_at"),
)
_PUBLISHED = (
    Rule('meta[property="og:release_date"]', "content", name="og:release_date"),
    Rule('meta[itemprop="datePublished"]', "content", name="datePublished"),
    Rule('meta[property="article:published_time"]', "content", name="published_time"),
    Rule('meta[name="publishdate"]', "content", name="publishdate"),
    Rule("time[datetime]", "datetime", name="time"),
    Rule('script[type="application/ld+json"]', pattern=r'"datePublished"\s*:\s*"([^"]{8,40})"'),
)
_MEDIA = (
    Rule('meta[name="source"]', "content"),
    Rule('meta[name="mediaid"]', "content"),
)
_MEDIA_ELEMENTS = (Rule("#js_name, [class*=media-name], [class*=source] a, [class*=source]"),)
_SOURCE_LABEL = re.compile(r"^(?:来\s?源|出处|稿源|來源)\s?[:：]?\s*")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9《》·&.-]{2,20}")
_NO_NAME = re.compile(
    "[:：]|原创|时间|字号|作者|编辑|评论|参与|举报|收藏|星期|发布|浏览|阅读|^[\\d.-]+$"
)
_LONGEST_META = 120
_NEAR = 12
"""Lines around the headline and the body among which its time and source stand."""
_SHORTEST_TITLE, _SHORTEST_BODY = 6, 12
_NO_NOISE = Noise()


@dataclass(frozen=True, slots=True)
class GenericFields:
    """What a page without rules says.

    title: one line. published_at: aware, Asia/Shanghai where the page names no offset; None
    where it shows none. date_source: ``visible`` or the name of a meta element. body: clean.
    """

    title: str
    published_at: datetime | None
    date_source: str | None
    media: str | None
    body: CleanBody


def extract_generic(
    page: Page, *, noise: Noise = _NO_NOISE, zone: ZoneInfo = SHANGHAI
) -> GenericFields:
    """Return the fields of an article page; the page's tree is changed.

    noise: rules of the site that are known besides the general ones. zone: of times that
    name none. Raises ``Failed("empty")`` for a page without any element,
    ``Quarantined("no_title")`` and ``Quarantined("no_body")`` where it shows none.
    """
    tree = page.tree
    root = tree.body
    if root is None:
        raise Failed("empty")
    name = plain(_value(tree, _NAMES))
    found = scan(root, name)
    title = _title(tree, found, name)
    if not title:
        raise Quarantined("no_title")
    if found.body is None:
        raise Quarantined("no_body", "no prose")
    published_at, date_source = _time(page, found, zone)
    media = _media(page, found)
    trim(found, title)
    body = clean_body([found.body.node], base_url=page.url, noise=PROMOTION.merged(noise))
    if len(body.text) < _SHORTEST_BODY:
        raise Quarantined("no_body", body.text)
    return GenericFields(title, published_at, date_source, media, body)


def _value(tree: LexborHTMLParser, rules: tuple[Rule, ...]) -> str:
    found = first(tree, rules)
    return found[0] if found else ""


def _title(tree: LexborHTMLParser, found: Scan, name: str) -> str:
    """Return the headline on the page, else the page's ``<title>`` without the site's name."""
    match = _SITE_NAME.search(name, _SHORTEST_TITLE)
    short = name[: match.start()] if match else name
    if found.title is None:
        return plain(_value(tree, _HEADLINES)) or short
    line = found.lines[found.title]
    whole = plain(line.block.text(separator=" ")) if line.block.tag in HEADINGS else line.text
    headline = whole if is_headline(same_words(whole), same_words(name)) else line.text
    words, page_words = same_words(headline), same_words(name)
    if words not in page_words:
        return short
    cut = page_words.startswith(words) and len(words) < len(same_words(short)) / 2
    return short if cut else headline


def _time(page: Page, found: Scan, zone: ZoneInfo) -> tuple[datetime | None, str | None]:
    """Return the time of publication and where it stands: the visible one goes before meta."""
    day: datetime | None = None
    for value, rule in candidates(page.tree, _CREATED, page.places):
        if time := parse_time(value, zone=zone, now=page.fetched_at):
            return time, rule.name
    for text in _near_title(found):
        if match := _DATE_TIME.search(text):
            time = parse_time(_written(match), zone=zone, now=page.fetched_at)
            if time is not None:
                return time, "visible"
        elif day is None and (match := DAY.search(text)):
            day = parse_time(
                "{y}-{m}-{d}".format(**match.groupdict()), zone=zone, now=page.fetched_at
            )
    for value, rule in candidates(page.tree, _PUBLISHED, page.places):
        if time := parse_time(value, zone=zone, now=page.fetched_at):
            return time, rule.name
    return day, "visible" if day else None


def _written(match: re.Match[str]) -> str:
    """Return a matched time in the one form that cannot be misread."""
    parts = match.groupdict()
    hour = int(parts["H"])
    if parts["pm"] and hour < 12:
        hour += 12
    return f"{parts['y']}-{parts['m']}-{parts['d']} {hour:02}:{parts['M']}:{parts['S'] or '00'}"


def _near_title(found: Scan) -> Iterator[str]:
    """Yield short lines with their successors: from the headline on, before it, below the body.

    A day and its time may stand in two neighbouring lines.
    """
    lines = found.lines
    body = found.body
    start = found.title if found.title is not None else 0
    text_from = body.first if body else start
    end = body.end if body else start
    for numbers in (
        range(start, max(text_from, start) + _NEAR),
        range(start - 1, start - _NEAR, -1),
        range(end, end + _NEAR),
    ):
        for number in numbers:
            if 0 <= number < len(lines) and not lines[number].prose:
                text = lines[number].text
                if len(text) <= _LONGEST_META:
                    after = lines[number + 1].text if number + 1 < len(lines) else ""
                    yield f"{text} {after[:_LONGEST_META]}" if _is_day(text) else text


def _is_day(text: str) -> bool:
    return DAY.search(text) is not None and _DATE_TIME.search(text) is None


def _media(page: Page, found: Scan) -> str | None:
    """Return the outlet: after 来源, from a meta element, or next to the time."""
    near = list(_near_title(found))
    for text in near:
        if match := SOURCE.search(text):
            return match[1].strip("，,。；;）)")
    for value, _ in candidates(page.tree, _MEDIA, page.places):
        if _is_name(value := _SOURCE_LABEL.sub("", plain(value))):
            return value
    for text in near:
        if match := _DATE_TIME.search(text):
            words = re.split(r"[\s·|｜]+", f"{text[: match.start()]} {text[match.end() :]}")
            return next(filter(_is_name, (re.sub(r"[\[(（].*", "", word) for word in words)), None)
    return next(
        (value for value, _ in candidates(page.tree, _MEDIA_ELEMENTS) if _is_name(value)), None
    )


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and _NO_NAME.search(text) is None
