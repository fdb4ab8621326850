"""One run of the raw record, played again: what its listings showed and its pages said."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from newscrawl.archive import Archive, Work
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.pages import page_of_exchange
from newscrawl.config import Config
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.middlewares.redirects import STATUSES
from newscrawl.middlewares.responses import check_answer
from newscrawl.outcomes import Ended, Failed, ListingError, Outcome
from newscrawl.spiders.articles import FALL_BACK_ON
from newscrawl.spiders.entries import adopt, dated, in_range, is_older, row_page, unmet
from newscrawl.spiders.options import CrawlOptions
from newscrawl.spiders.registry import spiders

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

_MANY = 1 << 30


@dataclass(slots=True)
class Replayed:
    """What the raw record gave.

    files, captures: that are indexed now. damaged: file -> places where a record is broken.
    unread: pages that today's rules cannot read, by reason. bugs: pages at which a rule
    failed with a fault of ours.
    """

    files: int = 0
    captures: int = 0
    damaged: dict[str, int] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    bugs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Attempt:
    """What became of one entry so far; read: addresses that answered."""

    read: int = 0
    end: Ended | None = None
    redirected: bool = False


@dataclass(slots=True)
class _Walk:
    """How far one listing was walked. left: entries that its limit leaves."""

    left: int | None
    met: set[str] = field(default_factory=set)
    pages: int = 0
    whole: bool = False


class PlayedRun:
    """One run of one source, as its pages tell of it."""

    def __init__(
        self,
        archive: Archive,
        config: Config,
        source: str,
        number: int,
        asked: str,
        done: Replayed,
        is_new: bool,
    ) -> None:
        self.number = number
        self._archive = archive
        self._config = config
        self._source = source
        self._spider: type[SourceSpider] | None = spiders().get(source)
        self._options = _options(asked)
        self._done = done
        self._is_new = is_new
        self._attempts: dict[str, _Attempt] = {}
        self._walks: dict[str, _Walk] = {}
        self._last: datetime | None = None
        self._whole = True
        self._claim_images = config.output.images == "local"

    def seen(self, last: datetime, *, whole: bool) -> None:
        """Note when the last page of a file was fetched, and whether the file is whole."""
        self._last, self._whole = last, whole

    def end(self) -> None:
        """Note the end of a run that nobody has recorded; a cut file is that of a kill."""
        if self._is_new and self._whole and self._last is not None:
            self._archive.end_run(self.number, finished_at=self._last, exit_code=0)

    def take(self, exchange: Exchange) -> None:
        """Take in one page."""
        if self._spider is None:
            return
        try:
            if exchange.purpose.article is None:
                self._listing(self._spider, exchange)
            else:
                self._article(self._spider, exchange)
        except Ended as end:
            self._done.unread[f"{end.outcome} ({end.reason})"] += 1
        except ListingError:
            self._done.unread["listing"] += 1

    # ---- listings ---------------------------------------------------------------------

    def _listing(self, spider: "type[SourceSpider]", exchange: Exchange) -> None:
        purpose = exchange.purpose
        section = spider.find_section(purpose.section)
        if section is None or exchange.status in STATUSES or exchange.status == 304:
            return
        page = self._page(exchange, redirected=False)
        try:
            listing = dated(
                spider.parse_listing(page, section, purpose.cursor), exchange.fetched_at
            )
        except (Ended, ListingError):
            raise
        except Exception as error:  # noqa: BLE001  (boundary: a bug stops nobody else, H127)
            self._bug(exchange, error)
            return
        walk = self._walk(section.id, first=purpose.cursor is None)
        found = unmet(spider, listing.entries, walk.met)
        taken = in_range(found, self._options)[: walk.left]
        walk.left = None if walk.left is None else walk.left - len(taken)
        discovery = self._archive.discover(
            self.number,
            spider.name,
            section.id,
            taken,
            exchange.fetched_at,
            attempts=self._config.crawl.attempts,
        )
        for work in discovery.fetch:
            if work.entry.record is not None and not spider.article_requests(work.entry):
                self._row(spider, work, exchange)
        walk.pages += 1
        ends = (
            not found
            or listing.next_cursor is None
            or is_older(found, self._options)
            or (not walk.whole and bool(taken) and not discovery.added)
            or walk.pages >= min(section.max_pages or _MANY, self._config.crawl.max_pages)
        )
        if ends and walk.left != 0:
            self._archive.walks.close(spider.name, section.id)

    def _walk(self, section: str, *, first: bool) -> _Walk:
        if first or section not in self._walks:
            walk = self._walks[section] = _Walk(self._options.limit)
            walk.whole = self._options.full
            walk.whole |= self._archive.walks.open(self._source, section)
        return self._walks[section]

    def _row(self, spider: "type[SourceSpider]", work: Work, exchange: Exchange) -> None:
        """Store an article whose text stands in its listing's row, or end its entry."""
        try:
            article = self._read(spider, row_page(work.entry, exchange.fetched_at), work, exchange)
        except Ended as end:
            self._end(work, end, exchange.fetched_at)
        else:
            self._store(article, work)

    # ---- articles ---------------------------------------------------------------------

    def _article(self, spider: "type[SourceSpider]", exchange: Exchange) -> None:
        purpose = exchange.purpose
        key = purpose.article or ""
        attempt = self._attempts.setdefault(key, _Attempt())
        if exchange.status in STATUSES and _has_location(exchange):
            attempt.redirected = True
            return
        entry = purpose.entry or Entry(exchange.url)
        work = Work(purpose.section, key, entry)
        attempt.read += 1
        try:
            page = self._page(exchange, redirected=attempt.redirected)
            article = self._read(spider, page, work, exchange)
        except Ended as end:
            attempt.redirected = False
            self._failed(spider, attempt, work, end, exchange)
        else:
            self._attempts.pop(key, None)
            self._store(article, work)

    def _failed(
        self,
        spider: "type[SourceSpider]",
        attempt: _Attempt,
        work: Work,
        end: Ended,
        exchange: Exchange,
    ) -> None:
        """Wait for the next address of an article, read its row, or end its entry."""
        if end.outcome not in FALL_BACK_ON:
            self._end(work, end, exchange.fetched_at)
            return
        unknown = attempt.end is not None and attempt.end.outcome is Outcome.FAILED
        attempt.end = attempt.end if unknown else end
        if attempt.read < len(spider.article_requests(work.entry)):
            return
        last = attempt.end or end
        if work.entry.record is not None and last.outcome is not Outcome.FAILED:
            self._row(spider, work, exchange)
        else:
            self._end(work, last, exchange.fetched_at)

    def _page(self, exchange: Exchange, *, redirected: bool) -> Page:
        page = page_of_exchange(exchange, max_size=self._config.crawl.max_size)
        check_answer(exchange.status, page.body, exchange.url, redirected=redirected)
        return page

    def _read(
        self, spider: "type[SourceSpider]", page: Page, work: Work, exchange: Exchange
    ) -> Article:
        """Read an article by today's rules; raise ``Ended``."""
        try:
            return adopt(spider, spider.parse_article(page, work.entry), work)
        except Ended:
            raise
        except Exception as error:  # boundary: a bug stops nobody else (H127)
            self._bug(exchange, error)
            raise Failed("bug", repr(error)) from error

    def _store(self, article: Article, work: Work) -> None:
        self._archive.store(
            self.number, work.section, work.url_hash, article, claim_images=self._claim_images
        )

    def _end(self, work: Work, end: Ended, at: datetime) -> None:
        self._attempts.pop(work.url_hash, None)
        self._archive.end(
            self.number, self._source, work.section, work.url_hash, end.outcome, end.reason, at
        )

    def _bug(self, exchange: Exchange, error: BaseException) -> None:
        self._done.bugs.append(f"{exchange.url}: {error!r}")


def _has_location(exchange: Exchange) -> bool:
    return any(name.lower() == "location" for name, _ in exchange.headers)


def _options(asked: str) -> CrawlOptions:
    """Return what of a run's options decides which entries it took."""
    try:
        said = json.loads(asked)
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        said = {}
    options = CrawlOptions(limit=said.get("limit"), full=bool(said.get("full")))
    since, until = said.get("since"), said.get("until")
    return replace(
        options,
        since=datetime.fromisoformat(since) if since else None,
        until=datetime.fromisoformat(until) if until else None,
    )
