"""Hands every page to the raw record before anything decodes or judges it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newscrawl.archive.exchange import Exchange, Headers, Purpose
from newscrawl.batching import Batcher
from newscrawl.identity.urls import host_of
from newscrawl.middlewares.clock import FETCHED_AT
from newscrawl.middlewares.errors import SiteUnavailable
from newscrawl.middlewares.site import site_of

PURPOSE = "newscrawl_purpose"
"""Key of ``Request.meta``: what a page is fetched for; without it nothing is kept."""
WIRE = "newscrawl_wire"
"""Key of ``Request.meta``: a ``Wire``, from the one who made the connection."""
MOST = 8
"""Pages of articles that are kept, and then read, one right after another: what they need of the
processor's cache stays there, which saves up to a twentieth of a crawl of large pages."""


class Wire(NamedTuple):
    """What went over the wire beside the body, in the spelling and order of the wire.

    ip: of the server, None where a stand-in answered.
    """

    request_line: str
    request_headers: Headers
    status_line: str
    headers: Headers
    ip: str | None


class RawMiddleware:
    """Nearest to the network, so that it sees the bytes as they were sent."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings["NEWSCRAWL_CONFIG"].raw.keep:
            raise NotConfigured
        self.crawler = crawler
        # Where fewer are asked for at once, no more would come while these wait.
        most = min(MOST, crawler.settings.getint("CONCURRENT_REQUESTS") // 2)
        self._batcher = Batcher(self._keep, most)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RawMiddleware":
        """Scrapy's entry point; raises ``NotConfigured`` where no raw record is kept."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Keep the exchange of a page that an entry or a listing asked for.

        An article waits a moment for others, a listing does not: a crawl waits for each one.
        Raises ``SiteUnavailable`` where it cannot be kept: what is read from a page must not
        be stored without it, so its entry stays pending (H118).
        """
        purpose: Purpose | None = request.meta.get(PURPOSE)
        if purpose is not None:
            at = request.meta.get(FETCHED_AT)
            if at is None:
                at = request.meta[FETCHED_AT] = datetime.now(UTC)
            exchange = exchange_of(request, response, purpose, at)
            if not await self._batcher.add(exchange, wait=purpose.article is not None):
                raise SiteUnavailable(host_of(request.url), "not_kept")
        return response

    def _keep(self, exchanges: Sequence[Exchange]) -> Sequence[bool | Exception]:
        return [self._keep_one(exchange) for exchange in exchanges]

    def _keep_one(self, exchange: Exchange) -> bool | Exception:
        try:
            return site_of(self.crawler).keep(exchange)
        except Exception as error:  # noqa: BLE001  (H127; raised where the page is waited for)
            return error


def exchange_of(request: Request, response: Response, purpose: Purpose, at: datetime) -> Exchange:
    """Return a request and its response as the raw record keeps them; at: aware."""
    wire: Wire | None = request.meta.pop(WIRE, None)
    if wire is None:  # from another handler than ours
        wire = Wire("", headers_of(request), "", headers_of(response), None)
    return Exchange(
        url=request.url,
        fetched_at=at,
        request_headers=wire.request_headers,
        status=response.status,
        headers=wire.headers,
        body=response.body,
        purpose=purpose,
        request_line=wire.request_line,
        status_line=wire.status_line,
        ip=wire.ip,
    )


def headers_of(message: Request | Response) -> Headers:
    """Return the headers that Scrapy has of a message, in its spelling and order."""
    return tuple(
        [
            (name.decode("latin-1"), value.decode("latin-1"))
            # Scrapy's own ``items`` looks each name up again, by the spelling that it has.
            for name, values in dict.items(message.headers)
            for value in values
        ]
    )
