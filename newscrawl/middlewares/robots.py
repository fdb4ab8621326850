"""robots.txt by RFC 9309: obeyed, and closed where it cannot be had.

Scrapy's own middleware lets everything through on 5xx, resets and time-outs, and ignores
Crawl-delay; this one follows §2.3.1 of the RFC: 4xx means no rules, 5xx and unreachable
mean complete disallow for this run.
"""

import asyncio
import logging
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.identity.urls import host_of
from newscrawl.middlewares.errors import SiteUnavailable, reason_of
from newscrawl.middlewares.politeness import Politeness
from newscrawl.outcomes import Skipped

logger = logging.getLogger(__name__)

MAX_BYTES = 512 * 1024
"""RFC 9309 §2.5: at least 500 KiB must be read; the rest is left unread."""
UNREACHABLE = "robots_unreachable"


class RobotsMiddleware:
    """Ask each origin's robots.txt once a run before anything else is asked of it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Task[Protego | str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Scrapy's entry point."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let an allowed request pass; raise ``Skipped`` or ``SiteUnavailable`` otherwise."""
        if request.meta.get("robots_request"):
            return
        parts = urlsplit(request.url)
        rules = await self._of_origin(f"{parts.scheme}://{parts.netloc}")
        if isinstance(rules, str):
            raise SiteUnavailable(parts.hostname or "", UNREACHABLE, rules)
        if not rules.can_fetch(request.url, self.agent):
            raise Skipped("robots", request.url)

    async def _of_origin(self, origin: str) -> Protego | str:
        """Return the rules of an origin, or why they could not be had; asked once."""
        rules = self._rules.get(origin)
        if rules is None:
            rules = self._rules[origin] = asyncio.ensure_future(self._ask(origin))
        if rules.done():
            return rules.result()
        # Many requests wait for one answer: none that is cancelled may take it from the others.
        return await asyncio.shield(rules)

    async def _ask(self, origin: str) -> Protego | str:
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("robots.txt is asked for while the engine runs")
        request = Request(
            f"{origin}/robots.txt", callback=NO_CALLBACK, meta={"robots_request": True}
        )
        try:
            response = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001  (boundary: all the download stack raises)
            return self._closed(origin, reason_of(error))
        if response.status >= 500:
            return self._closed(origin, f"http_{response.status}")
        rules = Protego.parse(self._text(response, origin))
        delay = rules.crawl_delay(self.agent)
        if delay:
            Politeness.of(self.crawler).slow_down(host_of(origin), delay)
        return rules

    @staticmethod
    def _closed(origin: str, cause: str) -> str:
        # The end of the run names the host and what was not asked because of it.
        logger.info("%s: robots.txt unreachable (%s): host skipped", origin, cause)
        return cause

    def _text(self, response: Response, origin: str) -> str:
        """Return the rules as text; anything but a text file of rules means none (H36, H38)."""
        if response.status != 200:
            return ""
        text = response.body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\r", "\n")
        if text.lstrip()[:1] == "<":
            logger.warning("%s: robots.txt is a web page: taken as no rules", origin)
            return ""
        return text
