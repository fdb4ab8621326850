"""How fast a host is asked: the configured delay, AutoThrottle, Crawl-delay, Retry-After."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 60.0
"""Seconds; a larger Crawl-delay is taken as this much, with a warning (H41)."""
MAX_PAUSE = 3600.0
"""Seconds; the longest pause that Retry-After can ask for (H20)."""
DEFAULT_PAUSE = 30.0
"""Seconds to wait where Retry-After cannot be read."""
PAUSING = frozenset({429, 503})


class Politeness(AutoThrottle):
    """AutoThrottle with a floor for each host, which Crawl-delay may raise."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._floors: dict[str, float] = {}

    @classmethod
    def of(cls, crawler: Crawler) -> "PolitenessLike":
        """Return the running instance, or one that does nothing where it is switched off."""
        extension = crawler.get_extension(cls)
        return extension if extension is not None else _Unthrottled()

    def slow_down(self, host: str, delay: float) -> None:
        """Ask ``host`` at most once in ``delay`` seconds from now on."""
        if delay > MAX_CRAWL_DELAY:
            logger.warning("%s: Crawl-delay %s taken as %s s", host, delay, MAX_CRAWL_DELAY)
        self._floors[host] = min(delay, MAX_CRAWL_DELAY)
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, self._floors[host])

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if slot is not None:
            slot.delay = max(slot.delay, self._floors.get(key or "", 0.0))


class _Unthrottled:
    """Stands in on loopback, where nobody needs to be spared."""

    def slow_down(self, host: str, delay: float) -> None:
        """Do nothing."""


PolitenessLike = Politeness | _Unthrottled


class RetryAfterMiddleware:
    """Pause a host for as long as its 429 or 503 asks, before the request is tried again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RetryAfterMiddleware":
        """Scrapy's entry point."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the pause and pass the response on."""
        header = response.headers.get("Retry-After")
        if response.status in PAUSING and header is not None:
            pause = retry_after(header.decode("latin-1"), datetime.now(UTC))
            self._pause(request.meta.get("download_slot", ""), pause)
        return response

    def _pause(self, host: str, seconds: float) -> None:
        engine = self.crawler.engine
        slot = engine.downloader.slots.get(host) if engine is not None else None
        if slot is not None:
            logger.warning("%s asks to wait: paused for %.0f s", host, seconds)
            # The next request leaves a slot its delay after the last one was seen.
            slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)


def retry_after(value: str, now: datetime) -> float:
    """Return the seconds that a Retry-After header asks for (RFC 9110 §10.2.3), bounded.

    value: seconds or an HTTP date; junk counts as ``DEFAULT_PAUSE``. now: aware.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_PAUSE)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return DEFAULT_PAUSE
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), MAX_PAUSE)
