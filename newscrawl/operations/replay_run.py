"""One run of the raw record, played again: what its listings showed and its pages said."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newscrawl.archive import Archive, Work
from newscrawl.archive.exchange import Exchange
from newscrawl.config import Config
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.operations.replay_reading import BUG, Result, Rules, Seen, Shown, read_article
from newscrawl.outcomes import Ended, ListingError, Outcome
from newscrawl.spiders.articles import FALL_BACK_ON
from newscrawl.spiders.entries import in_range, is_older, row_page, without
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


class Played(ABC):
    """A run that is played again, and its end.

    number: in the new archive. begun: when it began, aware. is_new: nobody but its pages
    tells of it.
    """

    def __init__(self, archive: Archive, number: int, begun: datetime, *, is_new: bool) -> None:
        self.archive = archive
        self.number = number
        self._last = begun
        self._whole = True
        self._is_new = is_new

    def seen(self, last: datetime, *, whole: bool) -> None:
        """Note when the last page of a file was fetched, and whether the file is whole."""
        self._last, self._whole = max(last, self._last), whole

    def end(self) -> None:
        """Note the end of a run that nobody has recorded; a cut file is that of a kill."""
        if self._is_new and self._whole:
            self.archive.end_run(self.number, finished_at=self._last, exit_code=0)

    @abstractmethod
    def read(self, exchange: Exchange) -> Result:
        """Return what the run takes of a page."""

    @abstractmethod
    def take(self, seen: Seen) -> None:
        """Take in one page."""


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
    met: set[bytes] = field(default_factory=set)
    pages: int = 0
    whole: bool = False


class PlayedCrawl(Played):
    """One crawl of one source, as its pages tell of it. asked: its options."""

    def __init__(
        self,
        archive: Archive,
        config: Config,
        source: str,
        number: int,
        begun: datetime,
        asked: Mapping[str, Any],
        done: Replayed,
        *,
        is_new: bool,
    ) -> None:
        super().__init__(archive, number, begun, is_new=is_new)
        self._config = config
        self._rules = Rules(config.crawl.max_size)
        self._source = source
        self._spider: type[SourceSpider] | None = spiders().get(source)
        self._options = _options(asked)
        self._done = done
        self._attempts: dict[str, _Attempt] = {}
        self._walks: dict[str, _Walk] = {}
        self._claim_images = config.output.images == "local"

    def read(self, exchange: Exchange) -> Result:
        """Read a page that nobody has read yet."""
        return self._rules.read(exchange)

    def take(self, seen: Seen) -> None:
        """Take in one page, as it was read."""
        if self._spider is None:
            return
        try:
            if seen.purpose.article is None:
                self._listing(self._spider, seen)
            else:
                self._article(self._spider, seen)
        except Ended as end:
            self._done.unread[f"{end.outcome} ({end.reason})"] += 1
        except ListingError:
            self._done.unread["listing"] += 1

    # ---- listings ---------------------------------------------------------------------

    def _listing(self, spider: "type[SourceSpider]", seen: Seen) -> None:
        shown, at = seen.result, seen.placed.fetched_at
        section = spider.find_section(seen.purpose.section)
        if isinstance(shown, Ended | ListingError) and not self._note_bug(seen, shown):
            raise shown
        if section is None or not isinstance(shown, Shown):
            return
        walk = self._walk(section.id, first=seen.purpose.cursor is None)
        found = without(shown.found, walk.met)
        taken = in_range(found, self._options)[: walk.left]
        walk.left = None if walk.left is None else walk.left - len(taken)
        discovery = self.archive.discover(
            self.number,
            spider.name,
            section.id,
            taken,
            at,
            attempts=self._config.crawl.attempts,
        )
        for work in discovery.fetch:
            if work.entry.record is not None and not spider.article_requests(work.entry):
                self._row(spider, work, seen)
        walk.pages += 1
        ends = (
            not found
            or shown.next_cursor is None
            or is_older(found, self._options)
            or (not walk.whole and bool(taken) and not discovery.added)
            or walk.pages >= min(section.max_pages or _MANY, self._config.crawl.max_pages)
        )
        if ends and walk.left != 0:
            self.archive.walks.close(spider.name, section.id)

    def _walk(self, section: str, *, first: bool) -> _Walk:
        if first or section not in self._walks:
            walk = self._walks[section] = _Walk(self._options.limit)
            walk.whole = self._options.full
            walk.whole |= self.archive.walks.open(self._source, section)
        return self._walks[section]

    def _row(self, spider: "type[SourceSpider]", work: Work, seen: Seen) -> None:
        """Store an article whose text stands in its listing's row, or end its entry."""
        at = seen.placed.fetched_at
        try:
            article = read_article(spider, row_page(work.entry, at), work)
        except Ended as end:
            self._note_bug(seen, end)
            self._end(work, end, at)
        else:
            self._store(article, work)

    # ---- articles ---------------------------------------------------------------------

    def _article(self, spider: "type[SourceSpider]", seen: Seen) -> None:
        purpose, url = seen.purpose, seen.placed.url
        key = purpose.article or ""
        attempt = self._attempts.setdefault(key, _Attempt())
        if seen.is_redirect:
            attempt.redirected = True
            return
        work = Work(purpose.section, key, purpose.entry or Entry(url))
        attempt.read += 1
        result = seen.result
        if isinstance(result, Exchange):
            result = self._rules.read_article(result, redirected=attempt.redirected)
        if isinstance(result, Article):
            self._attempts.pop(key, None)
            self._store(result, work)
        elif isinstance(result, Ended):
            self._note_bug(seen, result)
            attempt.redirected = False
            self._failed(spider, attempt, work, result, seen)

    def _failed(
        self,
        spider: "type[SourceSpider]",
        attempt: _Attempt,
        work: Work,
        end: Ended,
        seen: Seen,
    ) -> None:
        """Wait for the next address of an article, read its row, or end its entry."""
        at = seen.placed.fetched_at
        if end.outcome not in FALL_BACK_ON:
            self._end(work, end, at)
            return
        unknown = attempt.end is not None and attempt.end.outcome is Outcome.FAILED
        attempt.end = attempt.end if unknown else end
        if attempt.read < len(spider.article_requests(work.entry)):
            return
        last = attempt.end or end
        if work.entry.record is not None and last.outcome is not Outcome.FAILED:
            self._row(spider, work, seen)
        else:
            self._end(work, last, at)

    def _store(self, article: Article, work: Work) -> None:
        self.archive.store(
            self.number, work.section, work.url_hash, article, claim_images=self._claim_images
        )

    def _end(self, work: Work, end: Ended, at: datetime) -> None:
        self._attempts.pop(work.url_hash, None)
        self.archive.end(
            self.number, self._source, work.section, work.url_hash, end.outcome, end.reason, at
        )

    # ---- faults -----------------------------------------------------------------------

    def _note_bug(self, seen: Seen, end: Ended | ListingError) -> bool:
        """Note an end that is a fault of ours; return whether it is one."""
        if isinstance(end, ListingError) or end.reason != BUG:
            return False
        self._done.bugs.append(f"{seen.placed.url}: {end.detail}")
        return True


def _options(asked: Mapping[str, Any]) -> CrawlOptions:
    """Return what of a run's options decides which entries it took."""
    options = CrawlOptions(limit=asked.get("limit"), full=bool(asked.get("full")))
    since, until = asked.get("since"), asked.get("until")
    return replace(
        options,
        since=datetime.fromisoformat(since) if since else None,
        until=datetime.fromisoformat(until) if until else None,
    )
