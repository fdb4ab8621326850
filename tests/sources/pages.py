"""Fixtures as pages: ``fixture("sina_finance/wap.html", url)``."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newscrawl.extraction.page import Page

FOLDER = Path(__file__).parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 29, 0, 5, tzinfo=SHANGHAI)
"""When the fixtures were fetched: five minutes after midnight, a day after their news."""


def fixture(name: str, url: str, *, now: datetime = NOW, content_type: str = "") -> Page:
    """Return the fixture ``name`` as if it had been fetched from ``url``."""
    return Page(url, (FOLDER / name).read_bytes(), now, content_type)


def page_of(text: str, url: str, *, now: datetime = NOW) -> Page:
    """Return a page with this text, as UTF-8."""
    return Page(url, text.encode("utf-8", "surrogatepass"), now)
