"""A stretch of the raw record, read by today's rules. It writes nothing, and asks no archive.

So it runs in as many processes as there are cores (``operations.workers``); what goes there
and what comes back is plain data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from newscrawl.archive import Found, Work
from newscrawl.archive.captures import Placed
from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.archive.pages import page_of_exchange
from newscrawl.archive.warc_reader import BrokenRecordError, Kept, find_exchange, read_kept
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.middlewares.redirects import STATUSES
from newscrawl.middlewares.responses import check_answer, is_home
from newscrawl.outcomes import Ended, Failed, ListingError
from newscrawl.spiders.entries import adopt, dated, found_on
from newscrawl.spiders.registry import spiders

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

BUG = "bug"
"""Reason of what ended by a fault of ours."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of a listing shows, and where the next one begins, as in ``Listing``."""

    found: list[Found]
    next_cursor: str | None


Result: TypeAlias = Article | Shown | Ended | ListingError | Exchange | None
"""What a page is read as, or why it is not. An exchange is still to be read; None is a page
that tells nothing: a redirect, a listing that had no news, a page of a source that is gone."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: the exchanges that begin at ``start`` or behind it, before ``stop``."""

    path: Path
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One exchange. is_repeat: its bytes stand elsewhere, so that nobody has read it yet."""

    placed: Placed
    purpose: Purpose
    is_redirect: bool
    is_repeat: bool
    result: Result

    @property
    def end(self) -> int:
        """Where the next record of the file begins."""
        return self.placed.offset + self.placed.length


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a span holds. begins: its first record, or what was taken for one, None for none.

    end: where the span was left, behind a whole exchange: not before its ``stop``, unless
    what stands there is broken.
    """

    begins: int | None
    end: int
    seen: list[Seen]


def reader(max_size: int) -> Callable[[Span], Stretch]:
    """Return the function that reads a span; max_size: bytes of a page, inflated."""
    rules = Rules(max_size)

    def read(span: Span) -> Stretch:
        with span.path.open("rb") as stream:
            begins = find_exchange(stream, span.start, span.stop) if span.start else 0
            if begins is None:
                return Stretch(None, span.stop, [])
            seen: list[Seen] = []
            end = begins
            try:
                for kept in read_kept(stream, begins):
                    end = kept.offset
                    if end < span.stop:
                        seen.append(see(kept, rules.read))
                        end = kept.end
                    if end >= span.stop:
                        break
            except BrokenRecordError:
                return Stretch(begins, end, seen)
        return Stretch(begins, max(end, span.stop), seen)

    return read


def see(kept: Kept, read: Callable[[Exchange], Result]) -> Seen:
    """Return an exchange of a file with what ``read`` makes of it."""
    exchange = kept.exchange
    is_repeat = kept.is_revisit and exchange.status != 304
    return Seen(
        Placed.of(kept),
        exchange.purpose,
        _is_redirect(exchange),
        is_repeat,
        None if is_repeat else read(exchange),
    )


class Rules:
    """Today's rules, for the pages of all sources."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size

    def read(self, exchange: Exchange) -> Result:
        """Return what a page is read as.

        What a home page in the place of an article means hangs on whether another address
        led to it, which its own exchange does not tell: it is returned as it is.
        """
        spider = spiders().get(exchange.purpose.source)
        if spider is None:
            return None
        if exchange.purpose.article is not None:
            if _is_redirect(exchange):
                return None
            return exchange if is_home(exchange.url) else self.read_article(exchange)
        try:
            return self._listing(spider, exchange)
        except (Ended, ListingError) as end:
            return end

    def read_article(self, exchange: Exchange, *, redirected: bool = False) -> Article | Ended:
        """Return the article of a page, or why there is none."""
        spider, purpose = spiders()[exchange.purpose.source], exchange.purpose
        work = Work(purpose.section, purpose.article or "", purpose.entry or Entry(exchange.url))
        try:
            return read_article(spider, self._page(exchange, redirected=redirected), work)
        except Ended as end:
            return end

    def _listing(self, spider: "type[SourceSpider]", exchange: Exchange) -> Shown | None:
        purpose = exchange.purpose
        section = spider.find_section(purpose.section)
        if section is None or exchange.status in STATUSES or exchange.status == 304:
            return None
        page = self._page(exchange)
        try:
            listing = spider.parse_listing(page, section, purpose.cursor)
            listing = dated(listing, exchange.fetched_at)
            return Shown(found_on(spider, listing.entries), listing.next_cursor)
        except (Ended, ListingError):
            raise
        except Exception as error:  # boundary: a bug stops nobody else (H127)
            raise Failed(BUG, repr(error)) from error

    def _page(self, exchange: Exchange, *, redirected: bool = False) -> Page:
        page = page_of_exchange(exchange, max_size=self._max_size)
        check_answer(exchange.status, page.body, exchange.url, redirected=redirected)
        return page


def read_article(spider: "type[SourceSpider]", page: Page, work: Work) -> Article:
    """Return the article of a page by today's rules; raise an ``outcomes.Ended``."""
    try:
        return adopt(spider, spider.parse_article(page, work.entry), work)
    except Ended:
        raise
    except Exception as error:  # boundary: a bug stops nobody else (H127)
        raise Failed(BUG, repr(error)) from error


def _is_redirect(exchange: Exchange) -> bool:
    names = (name.lower() for name, _ in exchange.headers)
    return exchange.status in STATUSES and "location" in names
