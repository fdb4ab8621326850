"""From a Scrapy response to the plain page that the other rooms know."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from newscrawl.extraction.page import Page
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
    if response.status != 200:
        kind, reason = ENDS.get(response.status, (Failed, f"http_{response.status}"))
        raise kind(reason, response.url)
    if not response.body:
        raise Failed("empty", response.url)
    if response.meta.get("redirect_urls") and urlsplit(response.url).path in {"", "/"}:
        raise Gone("redirected_home", response.url)


def page_of(response: Response, fetched_at: datetime) -> Page:
    """Return the response as a ``Page``: final address, decoded content, header names lower."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Page(response.url, response.body, fetched_at, headers.get("content-type", ""), headers)
