"""When a page came, also where the clock of this machine is wrong.

A machine whose clock lost its battery wakes up in 1970. Every article would lie in its future,
where no time is believed (H79), and the archive would end it for good. What the site says of
the time (RFC 9110, section 6.6.1) then counts.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.middlewares.site import site_of

FETCHED_AT = "newscrawl_fetched_at"
"""Key of ``Request.meta``: when the response came; the article bears the same time."""
_SLOW = timedelta(days=1)
"""A site cannot be so far ahead of us, unless our clock is behind."""
_FAST = timedelta(days=366)
"""A page can be old, kept by a cache between us; but so old only where our clock is ahead."""
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""There was no newscrawl before: who says so has no clock to be believed."""


class ClockMiddleware:
    """Notes the time of each response; nearest to the network, as the raw record is."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ClockMiddleware":
        """Scrapy's entry point."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note when the response came, in UTC."""
        site = site_of(self.crawler)
        said, at = said_at(response), site.now().astimezone(UTC)
        if said is not None and said - at > _SLOW:
            site.is_behind(said)
            at = site.now().astimezone(UTC)
        request.meta[FETCHED_AT] = said if said is not None and at - said > _FAST else at
        return response


def said_at(response: Response) -> datetime | None:
    """Return when the site says that it answered, None where it says nothing to be believed."""
    return _read(response.headers.get(b"Date") or b"")


@lru_cache(maxsize=64)  # whoever answers many times a second says the same of all of them
def _read(date: bytes) -> datetime | None:
    try:
        said = parsedate_to_datetime(date.decode("latin-1"))
    except ValueError:
        return None
    said = said.replace(tzinfo=said.tzinfo or UTC)
    return said.astimezone(UTC) if said >= _FIRST else None
