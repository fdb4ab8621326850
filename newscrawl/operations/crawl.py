"""Runs the sources' spiders in one process and says in one report how it went."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newscrawl.archive.lock import LockedError, hold
from newscrawl.config import Config, Images
from newscrawl.exit_codes import ExitCode
from newscrawl.extensions.progress import LiveLine
from newscrawl.extensions.run_record import INTERRUPTED
from newscrawl.operations.interrupts import Interrupts
from newscrawl.operations.report import CrawlReport, end_of, images_of, posts_of
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import spiders

SEVERITY = (
    ExitCode.STORAGE,
    ExitCode.BUG,
    ExitCode.INTERRUPTED,
    ExitCode.LOOK,
    ExitCode.LOCKED,
    ExitCode.PARTIAL,
)
"""Of several sources' codes the first of these is the process's."""


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl, and how; everything that was not given is the configuration's."""

    config: Config
    sources: tuple[str, ...]
    sections: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    full: bool = False
    via: str | None = None
    output: Path | None = None
    dialects: tuple[str, ...] = ()
    images: Images | None = None
    no_raw: bool = False
    """Keep no raw record, whatever the configuration says."""
    recrawl: bool = False
    """Fetch known articles again, whether a listing shows them or not."""
    wait: float | None = None
    """Seconds to wait for runs that hold a source; None leaves such a source out at once."""
    pictures: bool = False
    """Ask no listing: fetch the pictures of the stored articles that the rest selects."""
    progress: bool = False
    log_level: str = "WARNING"


def run_crawl(request: CrawlRequest) -> CrawlReport:
    """Crawl and wait for the end; once a process, since an event loop is run and ended.

    Every failure is in the report: a locked, failed or interrupted source has its exit
    code and its line in ``failures``, and the others are crawled all the same.
    """
    begun = monotonic()
    config = _overridden(request)
    with ExitStack() as locks:
        held = _wait(request, config, locks)
        return _run(request, config, held, begun)


def _wait(request: CrawlRequest, config: Config, locks: ExitStack) -> tuple[str, ...]:
    """Wait for the sources' locks where that is asked for; return which are held then.

    All or none: where the time is over, each crawl finds out by itself whether its source
    is free. Raises ``KeyboardInterrupt`` for a signal while it waits.
    """
    if request.wait is None:
        return ()
    try:
        locks.enter_context(hold(config.directory, request.sources, request.wait))
    except LockedError:
        return ()
    return request.sources


def _run(request: CrawlRequest, config: Config, held: tuple[str, ...], begun: float) -> CrawlReport:
    process = AsyncCrawlerProcess(_settings(request, config, held))
    crawls = []
    for name in request.sources:
        spider = spiders()[name]
        crawler = process.create_crawler(spider)
        crawls.append((crawler, process.crawl(crawler, **_arguments(request, spider))))
    loop = crawls[0][1].get_loop()
    with Interrupts(loop, lambda: _interrupt(crawler for crawler, _ in crawls)):
        process.start(install_signal_handlers=False)
    ends = [end_of(crawler, task.exception()) for crawler, task in crawls if task.done()]
    crawled = [each for each, task in crawls if task.done() and task.exception() is None]
    return CrawlReport(
        sections=tuple(section for end in ends for section in end.sections),
        failures=tuple(failure for end in ends for failure in end.failures),
        posts=posts_of(crawled),
        images=images_of(crawled),
        seconds=monotonic() - begun,
        exit_code=next((c for c in SEVERITY if any(c is end.code for end in ends)), ExitCode.OK),
    )


def _interrupt(crawlers: Iterable[Crawler]) -> None:
    """Let every source that still runs finish what is in flight, and no more."""
    for crawler in crawlers:
        if crawler.crawling:
            SourceSpider.of(crawler).crawl.stop(INTERRUPTED)


def _overridden(request: CrawlRequest) -> Config:
    config = request.config.with_directory(request.output).with_images(request.images)
    if request.dialects:
        output = msgspec.structs.replace(config.output, dialects=request.dialects)
        config = msgspec.structs.replace(config, output=output)
    return config.without_raw() if request.no_raw else config


def _settings(request: CrawlRequest, config: Config, held: tuple[str, ...]) -> Settings:
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    values = {
        "NEWSCRAWL_CONFIG": config,
        "NEWSCRAWL_VIA": request.via,
        "NEWSCRAWL_HELD": held,
        "NEWSCRAWL_PROGRESS": _live_line() if request.progress else None,
        "LOG_LEVEL": request.log_level,
    }
    settings.setdict(values, priority="cmdline")
    return settings


def _live_line() -> LiveLine:
    """Return the line on standard error that shows the progress of all sources."""
    from rich.console import Console

    return LiveLine(Console(stderr=True))


def _arguments(request: CrawlRequest, spider: type[SourceSpider]) -> dict[str, Any]:
    """Return the spider's arguments: of the sections asked for, those that it has."""
    own = filter(spider.find_section, request.sections)
    return {
        "section": ",".join(own),
        "since": request.since,
        "until": request.until,
        "limit": request.limit,
        "full": request.full,
        "recrawl": request.recrawl,
        "pictures": request.pictures,
    }
