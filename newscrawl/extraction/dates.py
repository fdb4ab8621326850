"""The time of an article from whatever a site writes for it.

No pattern here has two ways to match the same characters and none sees more than a short
text, so hostile input costs nothing (H66).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""No site of ours is older; 1970 in particular is an unset clock, not a time (H77)."""

SKEW = timedelta(days=1)
"""How far a time may lie in the future: clocks differ, days do not (H79)."""

_MAX_TEXT = 300

_CLOCK = (
    r"(?P<H>\d{1,2})\s?[:：时]\s?(?P<M>\d{2})分?"
    r"(?:[:：]?(?P<S>\d{2})(?!\d)(?:[.,]\d{1,9})?秒?)?(?!\d)"
)
_OFFSET = r"(?:\s?(?P<zone>Z|GMT|UTC|[+-]\d{2}:?\d{2})(?![\dA-Za-z]))?"
# Between day and clock stand spaces, a T, a weekday in brackets; never a digit.
_TIME = rf"(?:[^\d:：]{{0,12}}{_CLOCK}{_OFFSET})?"
_START, _END = r"(?<![\d/.\-])", r"(?![/.\-]?\d)"
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH_NAME = rf"(?P<b>{'|'.join(_NAMES)})"

_EXACT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?")
"""What publishing systems write: read as ``_FORMATS`` would, in half the time."""
_NUMBER = re.compile(r"(?P<whole>-?\d{1,19})(?:\.\d{1,9})?")
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?)?"
)
_AGO = re.compile(r"(?P<n>\d{1,4}|半|一)\s?个?\s?(?P<unit>秒|分钟|小时|天|周|星期)钟?[之以]?前")
_NAMED_DAY = re.compile(rf"(?P<word>今天|今日|昨天|昨日|前天){_TIME}")
_UNITS = {
    "秒": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "天": timedelta(days=1),
    "周": timedelta(weeks=1),
    "星期": timedelta(weeks=1),
}
_COUNTS = {"半": 0.5, "一": 1.0}
_DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}


class _Impossible(ValueError):  # noqa: N818  (says what it is)
    """The text is a date of this format, but no day of any calendar."""


def parse_time(
    value: str | int | float | None, *, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """Return the instant that ``value`` states, aware and in ``zone``, else None.

    value: a number or digits (seconds, milliseconds or microseconds since 1970, or
    ``YYYYMMDD[HHMM[SS]]``), or a text that holds a date: year first with any usual
    separator, ``MM/DD/YYYY``, without year, relative (``5分钟前``, ``昨天 08:30``), ISO 8601,
    RFC 1123 (dossiers, rule 5). zone: holds where the text names no offset. now: aware;
    when the page was fetched, for relative texts and missing years.

    To the second (C7). None for no date, an impossible one (H78), one before 1980 (H77) or
    more than a day after ``now`` (H79). Of several dates in a text the first counts.
    """
    if value is None:
        return None
    text = str(value)[:_MAX_TEXT].strip()
    here = now.astimezone(zone)
    try:
        if exact := _EXACT.fullmatch(text):
            found: datetime | None = _exact(exact.groups("0"), zone)
        elif _NUMBER.fullmatch(text):
            found = _number(text, here)
        else:
            found = _written(text, here)
    except (_Impossible, OverflowError):
        return None
    if found is None or found > here + SKEW or (found.year <= EARLIEST.year and found < EARLIEST):
        return None
    if found.tzinfo is not zone:
        found = found.astimezone(zone)
    return found.replace(microsecond=0) if found.microsecond else found


def _exact(parts: tuple[str, ...], zone: ZoneInfo) -> datetime:
    """Build the instant of year, month, day, hour, minute and second."""
    year, month, day, hour, minute, second = map(int, parts)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as error:
        raise _Impossible from error


def _number(text: str, now: datetime) -> datetime | None:
    """Read digits: a compact date where they are one, else a count since 1970."""
    if compact := _COMPACT.fullmatch(text):
        return _calendar(compact.groupdict(), now)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    scale = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6}.get(len(match["whole"]))
    if scale is None or match["whole"].startswith("-"):
        return None
    return datetime.fromtimestamp(float(text) / scale, tz=now.tzinfo)


def _written(text: str, now: datetime) -> datetime | None:
    """Read the first format that occurs in ``text``; the order keeps them apart."""
    for pattern, read in _FORMATS:
        if match := pattern.search(text):
            return read(match.groupdict(), now)
    return None


def _calendar(parts: Mapping[str, str | None], now: datetime) -> datetime:
    """Build the instant of a full date."""
    month = int(parts["m"] or 0) if "m" in parts else _MONTHS[(parts["b"] or "").title()]
    try:
        day = date(int(parts["y"] or 0), month, int(parts["d"] or 0))
    except ValueError as error:
        raise _Impossible from error
    return _at(day, parts, now)


def _without_year(parts: Mapping[str, str | None], now: datetime) -> datetime:
    """Take the latest year that has this day and does not put it into the future (H76)."""
    for year in range(now.year + 1, now.year - 9, -1):  # 29 February: 8 years at most
        try:
            found = _calendar({**parts, "y": str(year)}, now)
        except _Impossible:
            continue
        if found <= now + SKEW:
            return found
    raise _Impossible


def _ago(parts: Mapping[str, str | None], now: datetime) -> datetime:
    count = parts["n"] or ""
    return now - _UNITS[parts["unit"] or ""] * (_COUNTS.get(count) or float(count))


def _just_now(_: Mapping[str, str | None], now: datetime) -> datetime:
    return now


def _named_day(parts: Mapping[str, str | None], now: datetime) -> datetime:
    day = now.date() - timedelta(days=_DAYS_BACK[parts["word"] or ""])
    return _at(day, parts, now)


def _at(day: date, parts: Mapping[str, str | None], now: datetime) -> datetime:
    """Put the clock of ``parts`` on ``day``; midnight where it has none.

    The zone's own rules give the offset: in the summers of 1986 to 1991 it was +9 (H82).
    """
    try:
        return datetime(
            day.year,
            day.month,
            day.day,
            int(parts.get("H") or 0),
            int(parts.get("M") or 0),
            int(parts.get("S") or 0),
            tzinfo=_offset(parts.get("zone")) or now.tzinfo,
        )
    except ValueError as error:
        raise _Impossible from error


def _offset(text: str | None) -> tzinfo | None:
    """Return the zone of ``Z``, ``GMT``, ``+0800``, ``-05:00``; None for no text."""
    if not text:
        return None
    if text in ("Z", "GMT", "UTC"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


_Reader = Callable[[Mapping[str, str | None], datetime], datetime]
_FORMATS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        re.compile(
            rf"{_START}(?P<y>\d{{4}})(?:\s?[-/.年]\s?|\s)(?P<m>\d{{1,2}})\s?[-/.月]\s?"
            rf"(?P<d>\d{{1,2}})(?:\s?日|{_END}){_TIME}"
        ),
        _calendar,
    ),
    (
        re.compile(rf"{_START}(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/(?P<y>\d{{4}}){_END}{_TIME}"),
        _calendar,
    ),
    (
        re.compile(
            rf"(?<!\d)(?P<d>\d{{1,2}})[ -]{_MONTH_NAME}[ -](?P<y>\d{{4}}) {_CLOCK}{_OFFSET}", re.I
        ),
        _calendar,
    ),
    (
        re.compile(
            rf"{_MONTH_NAME} {{1,2}}(?P<d>\d{{1,2}}) {_CLOCK}{_OFFSET} (?P<y>\d{{4}})(?!\d)", re.I
        ),
        _calendar,
    ),
    (_AGO, _ago),
    (re.compile("刚刚|刚才"), _just_now),
    (_NAMED_DAY, _named_day),
    (
        re.compile(rf"{_START}(?P<m>\d{{1,2}})\s?[-/月]\s?(?P<d>\d{{1,2}})(?:\s?日|{_END}){_TIME}"),
        _without_year,
    ),
)
