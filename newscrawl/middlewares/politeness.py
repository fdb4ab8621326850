"""How fast a host is asked: the configured delay, AutoThrottle, Crawl-delay, Retry-After."""

import logging
from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request, Spider
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.identity.urls import host_of
from newscrawl.middlewares.errors import SiteUnavailable
from newscrawl.middlewares.site import site_of

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 60.0
"""Seconds; a larger Crawl-delay is taken as this much, with a warning (H41)."""
MAX_PAUSE = 3600.0
"""Seconds; the longest pause that Retry-After can ask for (H20)."""
DEFAULT_PAUSE = 30.0
"""Seconds to wait where Retry-After cannot be read."""
FIRST_PAUSE = 2.0
MAX_BACKOFF = 60.0
"""Seconds of the first and of the longest pause for a refusal that names none; it doubles."""
MOST_PAUSES = 7
"""Pauses in a row, about three minutes without a name, after which a host is left alone."""
PAUSING = frozenset({429, 503})
TICK = 0.001


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


class BackoffMiddleware:
    """Pause a host that refuses, for as long as it asks or ever longer; then leave it alone.

    Before the request is tried again (H20, H21). A host that has refused ``MOST_PAUSES``
    times in a row, with nothing else between, is not asked again in this run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        # On loopback, where nothing is throttled, a refusal costs no time either.
        throttled = settings.getbool("AUTOTHROTTLE_ENABLED")
        least = FIRST_PAUSE if throttled else 0.0
        self._first = max(settings.getfloat("DOWNLOAD_DELAY"), least)
        self._pauses: Counter[str] = Counter()
        self._until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BackoffMiddleware":
        """Scrapy's entry point."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise ``SiteUnavailable`` for a host that has refused too often, and after a stop.

        What is tried again after a stop would wait for the end of a pause.
        """
        if site_of(self.crawler).stopped:
            raise SiteUnavailable(host_of(request.url), "stopped")
        if self._pauses and self._pauses[host := host_of(request.url)] >= MOST_PAUSES:
            raise SiteUnavailable(host, "overloaded")

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the pause that a response calls for and pass the response on."""
        host: str = request.meta.get("download_slot", "")
        now = monotonic()
        if response.status not in PAUSING:
            del self._pauses[host]
        elif now >= self._until.get(host, 0.0) and self._pauses[host] < MOST_PAUSES:
            # Else it was asked before the pause began, or is left alone after these.
            header = response.headers.get("Retry-After")
            pause = min(self._first * 2 ** self._pauses[host], MAX_BACKOFF)
            if header is not None:
                pause = retry_after(header.decode("latin-1"), datetime.now(UTC))
            self._pauses[host] += 1
            self._until[host] = now + pause
            logger.info("%s refuses (%d): paused for %.0f s", host, response.status, pause)
        self._hold(host, now)
        return response

    def _hold(self, host: str, now: float) -> None:
        """Let the host's slot wait for the end of its pause, whatever its delay is by now."""
        engine, until = self.crawler.engine, self._until.get(host)
        if until is None:
            return
        slot = engine.downloader.slots.get(host) if engine is not None else None
        if slot is not None and until > now:
            # The next request leaves a slot its delay after the last one was seen; a slot
            # without any delay does not look at the clock.
            slot.delay = slot.delay or TICK
            slot.lastseen = max(slot.lastseen, until - slot.delay)


def give_up_waiting(downloader: Downloader) -> None:
    """Fail the requests that wait for their turn, with ``SiteUnavailable``.

    A run that stops finishes what was sent; a host may be paused for an hour.
    """
    for host, slot in downloader.slots.items():
        while slot.queue:
            _, answer = slot.queue.popleft()
            answer.errback(Failure(SiteUnavailable(host, "stopped")))  # type: ignore[no-untyped-call]


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
