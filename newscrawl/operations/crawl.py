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
from newscrawl.extensions.progress import Line, LiveLine
from newscrawl.extensions.run_record import INTERRUPTED
from newscrawl.operations.interrupts import Interrupts, Stop
from newscrawl.operations.report import CrawlReport, end_of, images_of, posts_of, worst
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import spiders

_LARGEST = 1 << 20
"""A block that is taken and freed at once: glibc then keeps twice as much at the end of its heap
(``mallopt(3)``, M_MMAP_THRESHOLD). Else the memory of a page's tree can go back to the system
after each page, and be faulted in again for the next one."""


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
    """Show it on standard error."""
    jobs: int = 1
    """Processes that share the sources (``operations.jobs``)."""
    log_level: str = "WARNING"


def run_crawl(
    request: CrawlRequest, stop: Stop | None = None, line: Line | None = None
) -> CrawlReport:
    """Crawl and wait for the end; once a process, since an event loop is run and ended.

    stop: who gives one hears the signals, and may end the crawl by it; else that is done here.
    line: where to show progress, in the place of a line of its own. Every failure is in the
    report: a locked, failed or interrupted source has its exit code and its line in
    ``failures``, and the others are crawled all the same. Raises ``KeyboardInterrupt`` for a
    stop while it waits for a lock.
    """
    begun = monotonic()
    config = _overridden(request)
    if line is None and request.progress:
        line = live_line()
    with ExitStack() as held:
        names = _wait(request, config, held, stop)
        settings = _settings(request, config, names, line)
        if stop is None:
            stop = Stop()
            held.enter_context(Interrupts(stop))
        return _run(request, settings, stop, begun)


def _wait(
    request: CrawlRequest, config: Config, locks: ExitStack, stop: Stop | None
) -> tuple[str, ...]:
    """Wait for the sources' locks where that is asked for; return which are held then.

    All or none: where the time is over, each crawl finds out by itself whether its source
    is free. Raises ``KeyboardInterrupt`` for a signal while it waits.
    """
    if request.wait is None:
        return ()
    stopped = (lambda: stop.asked) if stop else None
    try:
        locks.enter_context(hold(config.directory, request.sources, request.wait, stopped))
    except LockedError:
        return ()
    return request.sources


def _run(request: CrawlRequest, settings: Settings, stop: Stop, begun: float) -> CrawlReport:
    bytearray(_LARGEST)
    process = AsyncCrawlerProcess(settings)
    crawls = []
    for name in request.sources:
        spider = spiders()[name]
        crawler = process.create_crawler(spider)
        crawls.append((crawler, process.crawl(crawler, **_arguments(request, spider))))
    loop = crawls[0][1].get_loop()

    def interrupt() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_interrupt, [crawler for crawler, _ in crawls])

    stop.tell(interrupt)
    process.start(install_signal_handlers=False)
    ends = [end_of(crawler, task.exception()) for crawler, task in crawls if task.done()]
    crawled = [each for each, task in crawls if task.done() and task.exception() is None]
    return CrawlReport(
        sections=tuple(section for end in ends for section in end.sections),
        failures=tuple(failure for end in ends for failure in end.failures),
        posts=posts_of(crawled),
        images=images_of(crawled),
        seconds=monotonic() - begun,
        exit_code=worst(end.code for end in ends),
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


def _settings(
    request: CrawlRequest, config: Config, held: tuple[str, ...], line: Line | None
) -> Settings:
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    values = {
        "NEWSCRAWL_CONFIG": config,
        "NEWSCRAWL_VIA": request.via,
        "NEWSCRAWL_HELD": held,
        "NEWSCRAWL_PROGRESS": line,
        "LOG_LEVEL": request.log_level,
    }
    settings.setdict(values, priority="cmdline")
    return settings


def live_line() -> LiveLine:
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
