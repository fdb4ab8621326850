"""Archive -> posts: what changed is written every so often and at the end of the run."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from scrapy.crawler import Crawler

from newscrawl.archive import (
    STORAGE_ERRORS,
    Archive,
    ArticleFilter,
    Recent,
    StoredArticle,
)
from newscrawl.config import Config
from newscrawl.export import ExportCounts, Exporter, ExportError, ExportLocked, Placement
from newscrawl.export.choice import choose_windows
from newscrawl.extensions.run_record import RunRecord
from newscrawl.items import Article
from newscrawl.pipelines.placement import placement

logger = logging.getLogger(__name__)

EVERY_ARTICLES = 500
EVERY_SECONDS = 60.0
"""A long polite crawl shows its posts as it goes; a batch shares the cost of its fsync."""
WAIT = 30.0
"""Seconds that the end of a run waits for another one that writes posts into a folder."""


@dataclass
class Written:
    """What the posts of one dialect came to over the whole run.

    A post that stays as it is, though its article was met in one more section, is no news.
    """

    folder: Path
    written: int = 0
    dated_back: int = 0
    kept: int = 0
    withheld: dict[str, int] = field(default_factory=dict)
    moved: int = 0
    removed: int = 0

    def add(self, counts: ExportCounts) -> None:
        """Add one batch; a kept file is met anew by each, and not summed."""
        self.merge(
            Written(
                self.folder,
                counts.written,
                counts.dated_back,
                len(counts.kept),
                dict(counts.withheld.items()),
                counts.moved,
                len(counts.removed),
            )
        )

    def merge(self, other: "Written") -> None:
        """Add what another source wrote into the same folder beside this one."""
        self.written += other.written
        self.dated_back += other.dated_back
        self.kept = max(self.kept, other.kept)
        self.moved += other.moved
        self.removed += other.removed
        for reason, number in other.withheld.items():
            self.withheld[reason] = self.withheld.get(reason, 0) + number


def folders(config: Config) -> dict[str, Written]:
    """Return an empty account for every configured dialect, by its name."""
    return {name: Written(config.directory / name) for name in config.output.dialects}


def write_changed(
    archive: Archive,
    config: Config,
    written: Mapping[str, Written],
    place: Callable[[StoredArticle], Placement],
    *,
    wait: float = WAIT,
) -> None:
    """Write the posts of all that changed since each dialect was written last.

    written: dialect -> its account, which grows. wait: seconds to wait for another process
    that writes into a folder; the other folders come first. Raises ``ExportLocked`` where that
    was not enough, ``ExportError`` and ``ArchiveError``.
    """
    first_days, recent = choose_windows(tuple(written), config), Recent()

    def write(name: str, account: Written, wait: float) -> None:
        with Exporter(
            archive,
            name,
            account.folder,
            place=place,
            config=config,
            first_day=first_days.get(name),
            recent=recent,
            wait=wait,
        ) as posts:
            account.add(posts.write(posts.changed(ArticleFilter())))

    busy = {}
    for name, account in written.items():
        try:
            write(name, account, 0.0)
        except ExportLocked:
            busy[name] = account
    for name, account in busy.items():
        write(name, account, wait)


def follow(archive: Archive, config: Config) -> tuple[dict[str, Written], str]:
    """Write the posts of all that changed; return what came of them by dialect.

    The second value says which folder another process writes into, where one does: then the
    posts follow with the next run. Raises as ``write_changed``.
    """
    written, waiting = folders(config), ""
    try:
        write_changed(archive, config, written, placement(config))
    except ExportLocked as error:
        waiting = f"{error}: the posts follow with the next run"
    return written, waiting


class PostPipeline:
    """Writes the posts of every configured dialect from the archive.

    The archive, not the item, is what is exported: posts that a killed run left unwritten
    follow in the next one, and an article met again in another section is placed once.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.record = RunRecord.of(crawler)
        config = self.record.config
        self.written = folders(config)
        self._place = placement(config)
        choose_windows(tuple(self.written), config)  # a wrong one ends the crawl before it asks
        self._waiting = 0
        self._last = monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PostPipeline":
        """Scrapy's entry point."""
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Count the article and write a batch when it is due."""
        self._waiting += 1
        if self._waiting >= EVERY_ARTICLES or monotonic() - self._last >= EVERY_SECONDS:
            self._write()
        return item

    def close_spider(self) -> None:
        """Write what is left."""
        self._write(last=True)

    def _write(self, *, last: bool = False) -> None:
        """Bring every dialect up to date; its folder is held only for so long."""
        self._waiting, self._last = 0, monotonic()
        archive, config = self.record.archive, self.record.config
        try:
            write_changed(archive, config, self.written, self._place, wait=WAIT if last else 0.0)
        except ExportLocked as error:
            if last:  # else the next batch brings them
                logger.warning("%s: the posts follow with the next run", error)
        except (ExportError, *STORAGE_ERRORS) as error:
            self.record.fail_storage(error)
