"""Runs the sources' spiders in one process and says in one report how it went."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newscrawl.archive import ArchiveError
from newscrawl.archive.lock import LockedError
from newscrawl.config import Config, Images
from newscrawl.exit_codes import ExitCode
from newscrawl.extensions.progress import LiveLine
from newscrawl.extensions.run_record import INTERRUPTED, RunRecord
from newscrawl.operations.interrupts import Interrupts
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.pictures import PicturePipeline
from newscrawl.pipelines.posts import PostPipeline
from newscrawl.pipelines.posts import Written as PostReport
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import spiders

logger = logging.getLogger(__name__)

SEVERITY = (
    ExitCode.STORAGE,
    ExitCode.BUG,
    ExitCode.INTERRUPTED,
    ExitCode.LOOK,
    ExitCode.LOCKED,
    ExitCode.PARTIAL,
)
"""Of several sources' codes the first of these is the process's."""


NAMED = 3
"""Sections that a line about a failure names."""


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
    pictures: bool = False
    """Ask no listing: fetch the pictures of the stored articles that the rest selects."""
    progress: bool = False
    log_level: str = "WARNING"


@dataclass(frozen=True, slots=True)
class SectionReport:
    """One section's counts in this run; ``failure`` is why its listing could not be read."""

    source: str
    section: str
    name: str
    counts: dict[Outcome, int] = field(default_factory=dict)
    failure: str | None = None

    @property
    def entries(self) -> int:
        """Entries found: the sum of all outcomes, by the rule that counts balance."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """One whole run over all its sources."""

    sections: tuple[SectionReport, ...]
    failures: tuple[str, ...]
    posts: dict[str, PostReport]
    seconds: float
    exit_code: ExitCode
    images: dict[str, int] = field(default_factory=dict)
    """What became of the pictures asked for: ``stored``, or ``state (reason)``, sorted."""


def run_crawl(request: CrawlRequest) -> CrawlReport:
    """Crawl and wait for the end; once a process, since an event loop is run and ended.

    Every failure is in the report: a locked, failed or interrupted source has its exit
    code and its line in ``failures``, and the others are crawled all the same.
    """
    begun = monotonic()
    config = _overridden(request)
    process = AsyncCrawlerProcess(_settings(request, config))
    crawls = []
    for name in request.sources:
        spider = spiders()[name]
        crawler = process.create_crawler(spider)
        crawls.append((crawler, process.crawl(crawler, **_arguments(request, spider))))
    loop = crawls[0][1].get_loop()
    with Interrupts(loop, lambda: _interrupt(crawler for crawler, _ in crawls)):
        process.start(install_signal_handlers=False)
    ends = [_end_of(crawler, task.exception()) for crawler, task in crawls if task.done()]
    crawled = [each for each, task in crawls if task.done() and task.exception() is None]
    return CrawlReport(
        sections=tuple(section for end in ends for section in end.sections),
        failures=tuple(failure for end in ends for failure in end.failures),
        posts=_posts(crawled),
        images=_images(crawled),
        seconds=monotonic() - begun,
        exit_code=next((c for c in SEVERITY if any(c is end.code for end in ends)), ExitCode.OK),
    )


def _interrupt(crawlers: Iterable[Crawler]) -> None:
    """Let every source that still runs finish what is in flight, and no more."""
    for crawler in crawlers:
        if crawler.crawling:
            SourceSpider.of(crawler).crawl.stop(INTERRUPTED)


def _overridden(request: CrawlRequest) -> Config:
    output = request.config.output
    if request.output is not None:
        output = msgspec.structs.replace(output, directory=str(request.output))
    if request.dialects:
        output = msgspec.structs.replace(output, dialects=request.dialects)
    return msgspec.structs.replace(request.config, output=output).with_images(request.images)


def _settings(request: CrawlRequest, config: Config) -> Settings:
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    values = {
        "NEWSCRAWL_CONFIG": config,
        "NEWSCRAWL_VIA": request.via,
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
        "pictures": request.pictures,
    }


@dataclass(frozen=True, slots=True)
class _End:
    code: ExitCode
    sections: tuple[SectionReport, ...] = ()
    failures: tuple[str, ...] = ()


def _end_of(crawler: Crawler, error: BaseException | None) -> _End:
    """Return how one source's crawl ended; ``error`` is what kept it from starting."""
    if error is not None:
        return _End(_code_of(error), failures=(f"{crawler.spidercls.name}: {error}",))
    record = RunRecord.of(crawler)
    return _End(record.exit_code, _sections(crawler, record), _failures(crawler, record))


def _code_of(error: BaseException) -> ExitCode:
    if isinstance(error, LockedError):
        return ExitCode.LOCKED
    if isinstance(error, ArchiveError | OSError):
        return ExitCode.STORAGE
    logger.error("crawl could not start", exc_info=error)
    return ExitCode.BUG


def _sections(crawler: Crawler, record: RunRecord) -> tuple[SectionReport, ...]:
    """Return a report for every section walked, resumed or failed, in the source's order."""
    spider = SourceSpider.of(crawler)
    walked = () if spider.options.pictures else spider.crawl.sections()
    asked = {section.id: section.name for section in walked}
    others = {name: _name(spider, name) for name in record.counts if name not in asked}
    return tuple(
        SectionReport(
            spider.name, section, name, record.counts.get(section, {}), record.failures.get(section)
        )
        for section, name in {**asked, **others}.items()
    )


def _name(spider: SourceSpider, section_id: str) -> str:
    section = spider.find_section(section_id)
    return section.name if section else section_id


def _failures(crawler: Crawler, record: RunRecord) -> tuple[str, ...]:
    """Return a line for each reason, with what it kept us from reading, storage first."""
    spider = SourceSpider.of(crawler)
    by_reason: dict[str, list[str]] = {}
    for what, why in record.failures.items():
        by_reason.setdefault(why, []).append(what)
    lines = [f"storage: {record.storage_error}"] if record.storage_error else []
    for why, names in by_reason.items():
        sections = [name for name in names if spider.find_section(name)]
        places = [name for name in names if name not in sections and name != spider.name]
        if sections:
            places.append(_listed("section", sections))
        lines.append(": ".join(filter(None, (", ".join(places), why))))
    return tuple(f"{spider.name}: {line}" for line in lines)


def _listed(noun: str, names: Sequence[str]) -> str:
    """Return a few names as they are, and of many the first ones and how many there are."""
    if len(names) == 1:
        return f"{noun} {names[0]}"
    if len(names) <= NAMED:
        return f"{noun}s {', '.join(names)}"
    return f"{len(names)} {noun}s ({', '.join(names[:NAMED])}, ...)"


def _images(crawlers: Iterable[Crawler]) -> dict[str, int]:
    """Return what became of the pictures of all sources that were crawled together."""
    total: Counter[str] = Counter()
    for crawler in crawlers:
        pipeline = crawler.get_item_pipeline(PicturePipeline)
        total.update(pipeline.counts if pipeline else {})
    return dict(sorted(total.items()))


def _posts(crawlers: Any) -> dict[str, PostReport]:
    """Return the posts of all sources that were crawled together, by dialect."""
    total: dict[str, PostReport] = {}
    for crawler in crawlers:
        pipeline = crawler.get_item_pipeline(PostPipeline)
        for dialect, written in (pipeline.written if pipeline else {}).items():
            total.setdefault(dialect, PostReport(written.folder)).merge(written)
    return total
