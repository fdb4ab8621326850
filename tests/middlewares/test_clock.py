"""What time a page came, on machines whose clock is right, behind and ahead."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from newscrawl.middlewares.clock import FETCHED_AT, ClockMiddleware

NOW = datetime(2026, 11, 22, 8, 0, 30, tzinfo=UTC)
MONTH = timedelta(days=31)


def came(clock: datetime, *said: datetime | str | None) -> list[datetime]:
    """Return when pages came that say this of the time; the clock stands still."""
    site: Any = SimpleNamespace(at=clock)
    site.now = lambda: site.at
    site.is_behind = lambda said: setattr(site, "at", said)
    middleware = ClockMiddleware(SimpleNamespace(spider=site))  # type: ignore[arg-type]
    found = []
    for date in said:
        text = format_datetime(date, usegmt=True) if isinstance(date, datetime) else date
        request = Request("https://toy.test/1")
        headers = {"Date": text} if text is not None else {}
        middleware.process_response(request, Response(request.url, headers=headers))
        found.append(request.meta[FETCHED_AT])
    return found


@pytest.mark.parametrize(
    "said", [None, "", "never", NOW, NOW - timedelta(hours=23), NOW - 9 * MONTH,
             NOW + timedelta(hours=23), datetime(1970, 1, 1, tzinfo=UTC)],
)  # fmt: skip
def test_the_clock_counts_whatever_a_cache_or_a_broken_site_says(said: datetime | str) -> None:
    assert came(NOW, said) == [NOW]


@pytest.mark.parametrize("year", [1970, 2025])
def test_a_clock_that_is_behind_is_put_right_by_the_first_page(year: int) -> None:
    late = NOW + timedelta(minutes=1)
    assert came(NOW.replace(year=year), NOW, None, late) == [NOW, NOW, NOW]


def test_of_a_clock_that_is_years_ahead_no_page_bears_the_time() -> None:
    assert came(NOW.replace(year=2099), NOW, None) == [NOW, NOW.replace(year=2099)]
