"""Times, durations and sizes as a person reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEVER = "never"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_STEPS = ("B", "KiB", "MiB", "GiB", "TiB")


def when(moment: datetime | None) -> str:
    """Return a time in Asia/Shanghai, to the second: ``2026-09-28 12:00:37``."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if moment else NEVER


def lasted(duration: timedelta | None) -> str:
    """Return how long something took, in its largest unit: ``1.4 s``, ``12 min``, ``3 h``."""
    if duration is None:
        return "-"
    seconds = duration.total_seconds()
    for unit, size in _UNITS:
        if seconds >= size * 1.95:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago a time was, or in how long it will be."""
    if moment is None:
        return NEVER
    span = (now or datetime.now(UTC)) - moment
    return f"{lasted(span)} ago" if span >= timedelta() else f"in {lasted(-span)}"


def size(number: int) -> str:
    """Return bytes in the unit that leaves few digits: ``1.4 MiB``."""
    value, units = float(number), iter(_STEPS)
    unit = next(units)
    while value >= 1000 and (larger := next(units, None)):
        value, unit = value / 1024, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 99.5 else f"{value:.1f} {unit}"


def counted(number: int, noun: str) -> str:
    """Return ``1 article``, ``2 articles``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
