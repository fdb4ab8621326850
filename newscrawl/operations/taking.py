"""Where ingested articles go: the archive and its raw record, or nowhere in a dry run."""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.archive import Archive, StoredArticle, Work
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.raw import RawRecord
from newscrawl.archive.revising import judge
from newscrawl.config import Config
from newscrawl.items import Article
from newscrawl.operations.opening import opened_archives
from newscrawl.operations.recording import Runs
from newscrawl.outcomes import Outcome

_BATCH = 256
"""Entries whose counts are written in one transaction."""


class Taking:
    """Context manager around the archive that articles are taken into.

    In a dry run what the archive lacks goes into one that is thrown away, so that pages of
    one article among the files are counted as they would be. archive: the one that is
    written. runs: to be set before anything is stored.
    """

    runs: Runs

    def __init__(self, path: Path, config: Config, dry_run: bool) -> None:
        self._path = path
        self._config = config
        self._dry_run = dry_run
        self._opened = ExitStack()
        self._real: Archive | None = None
        self._raw: dict[str, RawRecord] = {}
        self._counts: dict[str, Counter[tuple[str, Outcome]]] = {}
        self.archive: Archive

    def __enter__(self) -> "Taking":
        both = opened_archives(self._path, dry_run=self._dry_run)
        self.archive, self._real = self._opened.enter_context(both)
        return self

    def __exit__(self, *exception: object) -> None:
        with self._opened:  # counts that still wait are those of a run that an error ended
            self._close_raw()

    def article(self, url_hash: str) -> StoredArticle | None:
        """Return the article stored under any of its identities, None where there is none."""
        found = self.archive.article(url_hash)
        return found or (self._real.article(url_hash) if self._real else None)

    def place_of(self, url_hash: str, source: str) -> tuple[str, str | None]:
        """Return the hash that an article is known by, and the first section that lists it."""
        return (self._real or self.archive).rereading.place_of(url_hash, source)

    def has(self, exchange: Exchange) -> bool:
        """Whether a page is in the raw record already."""
        archive = self._real or self.archive
        return archive.captures.has(exchange.url, exchange.fetched_at)

    def store(self, source: str, work: Work, article: Article) -> Outcome:
        """Store an article for the entry that it was read for; return what it was, or would be."""
        known = self._real.article(work.url_hash) if self._real else None
        if self._real and self._real.rereading.is_removed(work.url_hash):
            return Outcome.SKIPPED
        if known and self.archive.article(work.url_hash) is None:
            outcome = judge(known.article, article).outcome
            if outcome is not Outcome.UPDATED:
                return outcome
            self._put(source, work, article)
            return outcome
        return self._put(source, work, article)

    def _put(self, source: str, work: Work, article: Article) -> Outcome:
        return self.archive.store(
            self.runs.of(source),
            work.section,
            work.url_hash,
            article,
            claim_images=self._config.output.images == "local",
        )

    def keep(self, source: str, exchange: Exchange) -> None:
        """Copy a page into the raw record, where one is kept."""
        if self._dry_run or not self._config.raw.keep:
            return
        if source not in self._raw:
            self._raw[source] = RawRecord(
                self.archive, source, self.runs.of(source), max_bytes=self._config.raw.max_file
            )
        self._raw[source].keep(exchange)

    def count(self, source: str, section: str, outcome: Outcome) -> None:
        """Count an entry that ended without being stored."""
        counts = self._counts.setdefault(source, Counter())
        counts[section, outcome] += 1
        if counts.total() >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Bring what waits to the disk."""
        for source, counts in self._counts.items():
            self.archive.rereading.replace(self.runs.of(source), (), counts)
        self._counts = {}
        for raw in self._raw.values():
            raw.flush()

    def close(self) -> None:
        """Bring what waits to the disk and finish the files of the raw record."""
        self.flush()
        self._close_raw()

    def _close_raw(self) -> None:
        for raw in self._raw.values():
            raw.close(datetime.now(UTC))
        self._raw = {}
