"""Opens the archive for a crawl, records the run, and closes both with the exit code."""

import logging
from datetime import UTC, datetime, timedelta
from time import monotonic

from scrapy import signals
from scrapy.crawler import Crawler

from newscrawl.archive import STORAGE_ERRORS, Archive
from newscrawl.archive.lock import Lock
from newscrawl.archive.raw import RawRecord
from newscrawl.archive.raw_limits import Expired, Limits
from newscrawl.archive.raw_recovery import recover
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.outcomes import Outcome
from newscrawl.spiders.base import SourceSpider

logger = logging.getLogger(__name__)

DATABASE = "archive.db"
STORAGE_FAILED = "storage_failed"
"""Reason to close a spider whose archive or posts cannot be written."""
INTERRUPTED = "shutdown"
"""The reason Scrapy closes a spider with on SIGINT or SIGTERM."""
STOPPED_BY_SITE = frozenset({"blocked_in_a_row", "failed_in_a_row"})


class RunRecord:
    """Holds what one run needs beside the spider: lock, archive, number, result.

    After the crawl ``counts``, ``failures``, ``seconds`` and ``exit_code`` say how it went.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.config: Config = crawler.settings["NEWSCRAWL_CONFIG"]
        self.counts: dict[str, dict[Outcome, int]] = {}
        self.failures: dict[str, str] = {}
        self.storage_error = ""
        self.seconds = 0.0
        self.exit_code = ExitCode.BUG
        self._begun = monotonic()
        self.spider = spider = SourceSpider.of(crawler)
        # Made here, before the engine: what cannot be stored must not be asked for (H119).
        self.config.directory.mkdir(parents=True, exist_ok=True)
        self._lock = Lock.of(self.config.directory, spider.name)
        if spider.name not in crawler.settings.getlist("NEWSCRAWL_HELD"):  # by who started us
            self._lock.acquire()
        try:
            self.archive = Archive.share(self.config.directory / DATABASE)
            self.run = self._begin()
        except BaseException:
            self._lock.release()
            raise
        self.raw = self._open_raw()
        spider.crawl.attach(self.archive, self.run, self.raw, self.fail_storage)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RunRecord":
        """Scrapy's entry point; raises ``LockedError``, ``ArchiveError`` or ``OSError``."""
        return cls(crawler)

    @classmethod
    def of(cls, crawler: Crawler) -> "RunRecord":
        """Return the record of a running crawl."""
        record = crawler.get_extension(cls)
        if record is None:
            raise RuntimeError("the extension RunRecord is switched off")
        return record

    def _begin(self) -> int:
        """Make good what a killed run left of its pages, and begin the run."""
        now = datetime.now(UTC)
        try:
            recover(self.archive, self.spider.name, now)
            return self.archive.begin_run(self.spider.name, self.spider.options.asked(), now)
        except BaseException:
            self.archive.close()
            raise

    def _open_raw(self) -> RawRecord | None:
        raw = self.config.raw
        if not raw.keep:
            return None
        limits = Limits(raw.max_total or None, timedelta(days=raw.max_age) or None)
        return RawRecord(
            self.archive, self.spider.name, self.run, max_bytes=raw.max_file, limits=limits
        )

    def _tell_expired(self, expired: Expired) -> None:
        """Say what the limits of the raw record took away."""
        if not expired.files:
            return
        logger.info(
            "%s: raw record: removed %d files of %d pages (%d bytes) past the limits",
            self.spider.name, expired.files, expired.captures, expired.bytes,
        )  # fmt: skip
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value("newscrawl/raw_files_expired", expired.files)
            self.crawler.stats.inc_value("newscrawl/raw_bytes_expired", expired.bytes)

    def fail_storage(self, error: BaseException) -> None:
        """Stop the crawl: what is asked for from now on could not be kept (H118)."""
        if not self.storage_error:
            self.storage_error = f"{type(error).__name__}: {error}"
            logger.error("cannot store: %s", self.storage_error)
            self.spider.crawl.stop(STORAGE_FAILED)

    def spider_closed(self, reason: str) -> None:
        """Write the end of the run and free what was held."""
        self.failures = dict(self.spider.crawl.failures)
        self.seconds = monotonic() - self._begun
        try:
            if self.raw is not None:
                self.raw.close(datetime.now(UTC))
                self._tell_expired(self.raw.expired)
            self.counts = self.archive.counts(self.run)
            self.exit_code = self._exit_code(self.spider.crawl.stop_reason or reason)
            self.archive.end_run(
                self.run,
                finished_at=datetime.now(UTC),
                exit_code=self.exit_code,
                error=self.storage_error or "; ".join(self.failures.values()),
            )
        except STORAGE_ERRORS as error:
            self.fail_storage(error)
            self.exit_code = ExitCode.STORAGE
        finally:
            self.archive.close()
            self._lock.release()

    def _exit_code(self, reason: str) -> ExitCode:
        """Return what the end of the run means to cron; the worst thing decides."""
        totals = dict.fromkeys(Outcome, 0)
        for section in self.counts.values():
            for outcome, number in section.items():
                totals[outcome] += number
        stats = self.crawler.stats
        broken = stats is not None and stats.get_value("spider_exceptions/count", 0) > 0
        checks = (
            (bool(self.storage_error), ExitCode.STORAGE),
            (reason == INTERRUPTED, ExitCode.INTERRUPTED),
            (broken, ExitCode.BUG),
            (totals[Outcome.BLOCKED] > 0 or self.spider.crawl.look, ExitCode.LOOK),
            (reason in STOPPED_BY_SITE, ExitCode.LOOK),
            (bool(self.failures) or totals[Outcome.FAILED] > 0, ExitCode.PARTIAL),
            (reason != "finished", ExitCode.PARTIAL),
        )
        return next((code for applies, code in checks if applies), ExitCode.OK)
