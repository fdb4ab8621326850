"""One response of a foreign WARC file to its one end, by the rules that a crawl has."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlsplit

from newscrawl.archive import StoredArticle, Work
from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.archive.foreign import Recorded
from newscrawl.archive.pages import page_of_exchange
from newscrawl.archive.revising import EXTRACTOR
from newscrawl.extraction.page import Page
from newscrawl.identity.urls import UnsafeURL
from newscrawl.items import Article
from newscrawl.listings import Entry, Section
from newscrawl.outcomes import Ended, Failed, Gone, ListingError, Outcome
from newscrawl.spiders.entries import MAX_ENTRIES, adopt, dated, identified, row_page
from newscrawl.spiders.registry import spiders

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

    Spider = type[SourceSpider]

NOT_OURS = "not_ours"
OTHER_STATUS = "other_status"
NOT_AN_ARTICLE = "not_an_article"
LISTING = "listing"
OLDER = "older"
_KEPT = frozenset({Outcome.NEW, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE})
"""Outcomes of a page that goes into the raw record: its article, or another name of one, can be
read from it again."""
_AHEAD = timedelta(days=1)
"""How far the clock of who made a file may be ahead of ours."""
_MOST_EXPECTED = 10_000


@dataclass(frozen=True, slots=True)
class End:
    """Where a response ended: ``name`` is an ``Outcome`` or one of the words above.

    rows: outcome -> articles that a listing held whole. to_keep: the page of a stored article.
    """

    name: str
    reason: str = ""
    to_keep: Exchange | None = None
    rows: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Place:
    spider: "Spider"
    section: Section
    cursor: str | None


class Takes(Protocol):
    """Where articles go: an archive and its raw record (``taking.Taking`` says what each does)."""

    def article(self, url_hash: str, /) -> StoredArticle | None: ...

    def place_of(self, url_hash: str, source: str, /) -> tuple[str, str | None]: ...

    def has(self, exchange: Exchange, /) -> bool: ...

    def store(self, source: str, work: Work, article: Article, /) -> Outcome: ...

    def keep(self, source: str, exchange: Exchange, /) -> None: ...

    def count(self, source: str, section: str, outcome: Outcome, /) -> None: ...


class Ingesting:
    """Takes in responses of these sources. max_size: bytes of a page, inflated.

    bug: the first fault of ours.
    """

    def __init__(self, sources: tuple[str, ...], taking: Takes, max_size: int) -> None:
        self._spiders = {name: spiders()[name] for name in sources}
        self._taking = taking
        self._listings = _Listings(self._spiders.values())
        self.max_size = max_size
        self.bug = ""

    def owns(self, recorded: Recorded) -> bool:
        """Whether a response is of one of the sources."""
        return self._spider_of(recorded.exchange) is not None

    def take(self, recorded: Recorded) -> End:
        """Take in what a response holds; return its end. Raises ``ArchiveError``, ``OSError``."""
        exchange = recorded.exchange
        spider = self._spider_of(exchange)
        if spider is None:
            return End(NOT_OURS)
        if exchange.status != 200:
            return End(OTHER_STATUS)
        purpose = exchange.purpose
        if purpose.article is None and (place := self._listing_place(spider, exchange)):
            return self._take_listing(place, recorded)
        entry = purpose.entry or Entry(exchange.url)
        if not purpose.article and not _is_article(spider, exchange.url):
            return End(NOT_AN_ARTICLE)
        return self._take_page(spider, entry, recorded)

    def _spider_of(self, exchange: Exchange) -> "Spider | None":
        try:
            own = self._spiders.get(exchange.purpose.source)
            found = (each for each in self._spiders.values() if each.owns(exchange.url))
            return own or next(found, None)
        except ValueError:  # an address that is none
            return None

    def _listing_place(self, spider: "Spider", exchange: Exchange) -> _Place | None:
        """Return which page of which listing a response is, None where it is none."""
        purpose = exchange.purpose
        if purpose.source == spider.name and (section := spider.find_section(purpose.section)):
            return _Place(spider, section, purpose.cursor)
        return self._listings.find(exchange.url)

    def _take_page(self, spider: "Spider", entry: Entry, recorded: Recorded) -> End:
        section = recorded.exchange.purpose.section
        try:
            _check(recorded)
        except Failed as end:
            return self._ended(spider, section, end)
        taken = self._take_article(spider, entry, section, recorded.exchange)
        if taken.to_keep is not None:
            self._taking.keep(spider.name, taken.to_keep)
        return taken

    def _take_article(
        self,
        spider: "Spider",
        entry: Entry,
        section: str,
        exchange: Exchange,
        page: Page | None = None,
    ) -> End:
        """Take in an article from its page, or from ``page`` where its row is one."""
        is_row = page is not None
        try:
            found = identified(spider, entry)
            known, listed = self._taking.place_of(found.identity.url_hash, spider.name)
            section = section or listed or ""
            if found.entry.skip:
                return self._ended_as(spider, section, Outcome.SKIPPED, found.entry.skip)
            if name := self._known(known, exchange):
                self._taking.count(spider.name, section, Outcome.UNCHANGED)
                return End(name)
            if urlsplit(exchange.url).path in {"", "/"}:
                raise Gone("redirected_home", exchange.url)
            if page is None:
                page, exchange = readable(exchange, self.max_size)
            work = Work(section, known, entry)
            article = adopt(spider, spider.parse_article(page, entry), work)
        except Ended as end:
            return self._ended(spider, section, end)
        except Exception as error:  # noqa: BLE001  (boundary: a bug stops nobody else, H127)
            self.bug = self.bug or f"{entry.url}: {error!r}"
            return self._ended(spider, section, Failed("bug", repr(error)))
        if not is_row:
            purpose = Purpose(spider.name, section, known, entry)
            exchange = replace(exchange, purpose=purpose)
        outcome = self._taking.store(spider.name, work, article)
        return End(outcome, to_keep=exchange if outcome in _KEPT else None)

    def _known(self, url_hash: str, exchange: Exchange) -> str | None:
        """Return the end of a page that is no news: seen then, or older than what is stored.

        A post that was imported cannot say how old its text is; any page is news to it.
        """
        stored = self._taking.article(url_hash)
        if stored is None or (stored.article.extractor or "").startswith(EXTRACTOR):
            return None
        at, looked = exchange.fetched_at, stored.article.fetched_at
        if looked is None or at > looked:
            return Outcome.UNCHANGED if self._taking.has(exchange) else None
        return Outcome.UNCHANGED if at == looked else OLDER

    def _take_listing(self, place: _Place, recorded: Recorded) -> End:
        """Take in the rows of a listing that are whole articles; its others only say where."""
        spider = place.spider
        try:
            _check(recorded)
            page, exchange = readable(recorded.exchange, self.max_size)
            listing = spider.parse_listing(page, place.section, place.cursor)
        except (Ended, ListingError) as end:
            return self._ended(spider, place.section.id, Failed("listing", str(end)))
        except Exception as error:  # noqa: BLE001  (boundary: a bug stops nobody else, H127)
            self.bug = self.bug or f"{recorded.exchange.url}: {error!r}"
            return self._ended(spider, place.section.id, Failed("bug", repr(error)))
        self._listings.expect(place, listing.next_cursor)
        purpose = Purpose(spider.name, place.section.id, cursor=place.cursor)
        exchange = replace(exchange, purpose=purpose)
        rows: Counter[str] = Counter()
        news = False
        for entry in dated(listing, exchange.fetched_at).entries[:MAX_ENTRIES]:
            if entry.record is not None and not spider.article_requests(entry):
                row = row_page(entry, exchange.fetched_at)
                taken = self._take_article(spider, entry, place.section.id, exchange, row)
                rows[taken.name] += 1
                news |= taken.to_keep is not None
        if news:
            self._taking.keep(spider.name, exchange)
        return End(LISTING, rows=rows)

    def _ended(self, spider: "Spider", section: str, end: Ended) -> End:
        return self._ended_as(spider, section, end.outcome, end.reason)

    def _ended_as(self, spider: "Spider", section: str, outcome: Outcome, reason: str) -> End:
        self._taking.count(spider.name, section, outcome)
        return End(outcome, reason)


def readable(exchange: Exchange, max_size: int) -> tuple[Page, Exchange]:
    """Return the page of an exchange, and the exchange with headers that are true of it.

    Browsers write what they decoded under the headers of what was sent. Raises ``Failed``.
    """
    try:
        page = page_of_exchange(exchange, max_size=max_size)
    except Failed as error:
        if error.reason != "coding":
            raise
        headers = (each for each in exchange.headers if each[0].lower() != "content-encoding")
        exchange = replace(exchange, headers=tuple(headers))
        page = page_of_exchange(exchange, max_size=max_size)
    if not page.body:
        raise Failed("empty", exchange.url)
    return page, exchange


def _check(recorded: Recorded) -> None:
    """Raise ``Failed`` for a response that cannot be read, or that is from the future."""
    problem = recorded.problem
    if recorded.exchange.fetched_at > datetime.now(UTC) + _AHEAD:
        problem = problem or "future_date"
    if problem:
        raise Failed("revisit_alone" if problem == "revisit" else problem, recorded.exchange.url)


def _is_article(spider: "Spider", url: str) -> bool:
    """Whether an address is one that only articles of a source have."""
    try:
        identity = spider.identify(url)
    except UnsafeURL:
        return False
    return identity.key != identity.url


class _Listings:
    """The addresses of listings: all first pages, and each next one as its page is met."""

    def __init__(self, known: "Iterable[Spider]") -> None:
        self._expected: dict[tuple[str, str], list[tuple[dict[str, str], _Place]]] = {}
        self._number = 0
        for spider in known:
            for section in spider.sections.values():
                self._add(_Place(spider, section, None))

    def find(self, url: str) -> _Place | None:
        """Return the listing at an address; it may have parameters that ours has not."""
        where, parameters = _parts(url)
        for wanted, place in self._expected.get(where, ()):
            if wanted.items() <= parameters.items():
                return place
        return None

    def expect(self, place: _Place, cursor: str | None) -> None:
        """Know the next page of a listing, too."""
        if cursor is not None and self._number < _MOST_EXPECTED:
            self._add(replace(place, cursor=cursor))

    def _add(self, place: _Place) -> None:
        where, parameters = _parts(place.spider.listing_request(place.section, place.cursor).url)
        self._expected.setdefault(where, []).insert(0, (parameters, place))
        self._number += 1


def _parts(url: str) -> tuple[tuple[str, str], dict[str, str]]:
    parts = urlsplit(url)
    return (parts.netloc.lower(), parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
