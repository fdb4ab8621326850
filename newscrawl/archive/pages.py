"""Pages out of the raw record, as the crawl saw them."""

from newscrawl.archive.archive import Archive
from newscrawl.archive.exchange import Capture, Exchange
from newscrawl.archive.raw import read
from newscrawl.config import Crawl
from newscrawl.extraction.coding import decode_body
from newscrawl.extraction.page import Page

MAX_SIZE = Crawl().max_size
"""Bytes of a page, also inflated, where nobody says another bound."""


def page_of_capture(archive: Archive, capture: Capture, *, max_size: int = MAX_SIZE) -> Page:
    """Return the page of a capture, equal to the one that the crawl read.

    A revisit has the bytes that it refers to, except a 304, whose body is empty as it came:
    look at ``capture.status``. Raises ``raw.NotKeptError`` where the bytes are no longer kept,
    ``ValueError`` or ``OSError`` where the files are not what the index says, and
    ``Failed`` for a body that its coding does not fit or that grows past ``max_size``.
    """
    return page_of_exchange(read(archive, capture), max_size=max_size)


def page_of_exchange(exchange: Exchange, *, max_size: int = MAX_SIZE) -> Page:
    """Return the page of an exchange; its content coding is taken off. Raises ``Failed``."""
    codings = [value for name, value in exchange.headers if name.lower() == "content-encoding"]
    body, left = decode_body(exchange.body, codings, max_size=max_size)
    headers = exchange.headers
    if codings:
        headers = tuple(each for each in headers if each[0].lower() != "content-encoding")
        headers += tuple(("content-encoding", name) for name in left)
    return Page.of_response(exchange.url, body, exchange.fetched_at, headers)
