"""What the Eastmoney tests share: fixtures as pages, and a clock that stands still."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newscrawl.extraction.page import Page

FIXTURES = Path(__file__).parent.parent / "sources" / "eastmoney"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 1, 8, 0, tzinfo=ZONE)


def at(text: str) -> datetime:
    """Return an instant of Shanghai from ``YYYY-MM-DD HH:MM[:SS]``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def page(body: str | bytes, url: str = "https://finance.eastmoney.com/") -> Page:
    """Return a response as it would have come under ``url``."""
    data = body.encode() if isinstance(body, str) else body
    kind = "application/json" if data.lstrip()[:1] == b"{" else "text/html; charset=utf-8"
    return Page(url, data, NOW, kind)


def fixture(name: str, url: str = "https://finance.eastmoney.com/") -> Page:
    """Return a file of tests/sources/eastmoney as a page."""
    return page((FIXTURES / name).read_bytes(), url)
