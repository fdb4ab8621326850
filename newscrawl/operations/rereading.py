"""Today's rules over a span of the raw record: what they read, beside what is stored.

Only reads; it runs in as many processes as there are cores (``operations.workers``).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from newscrawl.archive import Archive, StoredArticle, Work
from newscrawl.archive.exchange import Capture, Exchange
from newscrawl.archive.pages import page_of_exchange
from newscrawl.archive.raw import NotKeptError, read
from newscrawl.archive.rereading import NewReading, Task, Use
from newscrawl.archive.revising import completed, judge
from newscrawl.extraction.page import Page
from newscrawl.identity.posts import is_unknown
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.operations.differences import described, differing, shows
from newscrawl.operations.readings import Batch, Changed, Rescued, Scope, in_words
from newscrawl.outcomes import Ended, Failed, ListingError, Outcome
from newscrawl.spiders.entries import adopt, dated, identified, row_page
from newscrawl.spiders.registry import spiders

NOT_KEPT = "raw_not_kept"
DAMAGED = "raw_damaged"
_OTHER_COPY = "other_copy"

Source = Callable[[], tuple[Page, Entry]]
"""Gives a page and the entry it was fetched for, or raises an ``outcomes.Ended``."""


def reader(scope: Scope) -> Callable[[tuple[int, int]], Batch]:
    """Return the function that reads the captures of a span of numbers, both ends included."""
    return _Reader(scope).read


class _Reader:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._archive = Archive.open(scope.archive, read_only=True)
        self._spiders = {name: spiders()[name] for name in scope.sources}

    def read(self, span: tuple[int, int]) -> Batch:
        batch = Batch()
        for capture in self._archive.captures.between(*span):
            batch.captures += 1
            if capture.source not in self._spiders or capture.status != 200:
                continue
            if capture.article is None:
                self._read_listing(capture, batch)
            elif task := self._archive.rereading.of_page(capture):
                if task.use is Use.UNREAD:
                    self._rescue(task, self._pages_of(task, capture), capture, batch)
                else:
                    self._reread(task, partial(self._page, capture), capture, batch)
        return batch

    # ---- what is read -----------------------------------------------------------------

    def _exchange(self, capture: Capture) -> Exchange:
        """Return what was kept; raise ``Failed`` where it is not there, or is damaged."""
        try:
            return read(self._archive, capture)
        except NotKeptError as error:
            raise Failed(NOT_KEPT, capture.url) from error
        except (OSError, ValueError) as error:
            raise Failed(DAMAGED, f"{capture.file} at {capture.offset}: {error}") from error

    def _page(self, capture: Capture) -> tuple[Page, Entry]:
        exchange = self._exchange(capture)
        page = page_of_exchange(exchange, max_size=self._scope.max_size)
        if not page.body:
            raise Failed("empty", capture.url)
        return page, exchange.purpose.entry or Entry(capture.url)

    def _pages_of(self, task: Task, last: Capture) -> list[Source]:
        """Return the last page of every address of an article, the best address first."""
        newest: dict[str, Capture] = {}
        for number in self._archive.rereading.pages(task.article):
            if capture := self._archive.captures.capture(number):
                newest.setdefault(capture.url, capture)
        try:
            entry = self._exchange(last).purpose.entry or Entry(last.url)
            fetches = self._spiders[last.source].article_requests(entry)
        except Ended:  # then any order is as good
            fetches = ()
        urls = [fetch.url for fetch in fetches]
        rank = {url: number for number, url in enumerate(urls)}
        best = sorted(newest.values(), key=lambda each: rank.get(each.url, len(rank)))
        return [partial(self._page, each) for each in best]

    def _read_listing(self, capture: Capture, batch: Batch) -> None:
        """Read the rows of a listing that are whole articles; most listings have none."""
        spider = self._spiders[capture.source]
        section = spider.find_section(capture.section)
        if section is None:
            return
        try:
            exchange = self._exchange(capture)
            page = page_of_exchange(exchange, max_size=self._scope.max_size)
            listing = spider.parse_listing(page, section, exchange.purpose.cursor)
        except ListingError:
            return
        except Ended as end:
            batch.damaged[capture.file] += end.reason == DAMAGED
            return
        except Exception as error:  # noqa: BLE001  (boundary: a bug stops nobody else, H127)
            batch.bug = batch.bug or f"{capture.url}: {error!r}"
            return
        for entry in dated(listing, capture.fetched_at).entries:
            if entry.record is not None:
                self._read_row(entry, capture, batch)

    def _read_row(self, entry: Entry, capture: Capture, batch: Batch) -> None:
        spider = self._spiders[capture.source]
        found = identified(spider, entry)
        if found.entry.skip:
            return
        task = self._archive.rereading.of_row(
            found.identity.url_hash, spider.name, capture.fetched_at
        )
        if task is None:
            return
        row: Source = partial(_row, entry, capture)
        if task.use is Use.UNREAD:
            self._rescue(task, [row], capture, batch)
        else:
            self._reread(task, row, capture, batch)

    def _parse(self, source: Source, task: Task, capture: Capture, batch: Batch) -> Rescued:
        """Return what today's rules read, with its entry; raise an ``outcomes.Ended``."""
        spider = self._spiders[capture.source]
        try:
            page, entry = source()
            article = spider.parse_article(page, entry)
            work = Work(task.section or capture.section, capture.article or task.article, entry)
            return Rescued(spider.name, work, adopt(spider, article, work))
        except Ended as end:
            batch.damaged[capture.file] += end.reason == DAMAGED
            raise
        except Exception as error:  # boundary: a bug stops nobody else (H127)
            batch.bug = batch.bug or f"{capture.url}: {error!r}"
            raise Failed("bug", repr(error)) from error

    # ---- what becomes of it -----------------------------------------------------------

    def _reread(self, task: Task, source: Source, capture: Capture, batch: Batch) -> None:
        """Read a stored article again and note what differs."""
        stored = self._archive.article(task.article)
        if stored is None or not self._scope.takes(stored.article, stored.sections):
            return
        place = (capture.source, capture.section)
        try:
            read = self._parse(source, task, capture, batch).article
            new = self._as_stored(task, stored, read)
        except Ended as end:
            batch.kept[(*place, in_words(end))] += 1
            return
        names = differing(stored.article, new)
        if not names:
            batch.unchanged[place] += 1
            return
        changes = described(stored.article, new, names) if self._scope.details else ()
        reading = NewReading(new, stored.revision, shows(names))
        batch.changed.append(Changed(*place, reading, names, changes))

    def _as_stored(self, task: Task, stored: StoredArticle, article: Article) -> Article:
        """Return a reading as the archive would have stored it for this very revision.

        A correction was completed from what was stored before it, and so is its new reading.
        Raises ``Failed`` for a later look that was none at the article itself.
        """
        old = stored.article
        if task.use is Use.LATER:
            verdict = judge(old, article)
            if verdict.reason == _OTHER_COPY or verdict.outcome in {
                Outcome.FAILED,
                Outcome.BLOCKED,
            }:
                raise Failed(verdict.reason)
        before = None
        if stored.revision > 1:
            before = self._archive.rereading.earlier(task.article, stored.revision)
        if before is not None:
            if not is_unknown(before.identity or ""):
                article = completed(before, article)
            article.updated_at = old.updated_at
        return replace(
            article,
            source=old.source,
            section=old.section,
            identity=old.identity,
            url_hash=old.url_hash,
            fetched_at=old.fetched_at,
        )

    def _rescue(
        self, task: Task, sources: Sequence[Source], capture: Capture, batch: Batch
    ) -> None:
        """Read what nobody could read before, from the first page that today's rules can."""
        section = task.section or ""
        last: Ended = Failed("no_address")
        for source in sources:
            try:
                rescued = self._parse(source, task, capture, batch)
            except Ended as end:
                last = end
                continue
            if self._scope.takes(rescued.article, (section,)):
                batch.rescued.append(rescued)
            return
        if self._scope.may_take(section):
            batch.unread[capture.source, section, in_words(last), last.outcome] += 1


def _row(entry: Entry, capture: Capture) -> tuple[Page, Entry]:
    return row_page(entry, capture.fetched_at), entry
