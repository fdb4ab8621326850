"""From a Scrapy response to the plain page that the other rooms know."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from newscrawl.extraction.page import Page
from newscrawl.middlewares.clock import FETCHED_AT
from newscrawl.middlewares.raw import headers_of
from newscrawl.outcomes import Blocked, Ended, Failed, Gone

ENDS: Mapping[int, tuple[type[Ended], str]] = {
    401: (Blocked, "login"),
    403: (Blocked, "forbidden"),
    404: (Gone, "http_404"),
    410: (Gone, "http_410"),
    418: (Blocked, "http_418"),
    429: (Blocked, "too_many_requests"),
    451: (Gone, "http_451"),
}
"""Status -> what it says of the article; any other but 200 is ``failed(http_NNN)``."""


def check_status(response: Response) -> None:
    """Raise the ``outcomes.Ended`` that the status or an empty body means (H15 to H19)."""
    redirected = bool(response.meta.get("redirect_urls"))
    check_answer(response.status, response.body, response.url, redirected=redirected)


def check_answer(status: int, body: bytes, url: str, *, redirected: bool) -> None:
    """Raise what an answer means that is no page, also one from the raw record.

    redirected: whether another address led here.
    """
    if status != 200:
        kind, reason = ENDS.get(status, (Failed, f"http_{status}"))
        raise kind(reason, url)
    if not body:
        raise Failed("empty", url)
    if redirected and is_home(url):
        raise Gone("redirected_home", url)


def is_home(url: str) -> bool:
    """Whether an address is that of a home page, where no article is."""
    return urlsplit(url).path in {"", "/"}


def page_of(response: Response) -> Page:
    """Return the response as a ``Page``: final address, decoded content, header names lower.

    Its time is that of the exchange in the raw record, so that one leads to the other.
    """
    fetched_at = response.meta.get(FETCHED_AT) or datetime.now(UTC)
    return Page.of_response(response.url, response.body, fetched_at, headers_of(response))
