"""What a crawl comes to: its counts, failures and exit code, taken from its crawlers."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scrapy.crawler import Crawler

from newscrawl.archive import ArchiveError
from newscrawl.archive.lock import LockedError
from newscrawl.exit_codes import ExitCode
from newscrawl.extensions.run_record import RunRecord
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.pictures import PicturePipeline
from newscrawl.pipelines.posts import PostPipeline
from newscrawl.pipelines.posts import Written as PostReport
from newscrawl.spiders.base import SourceSpider

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
class BackfillReport:
    """How far a walk back in time has come, over all its runs.

    ended: ``complete``, ``end of listing`` or ``source limit``; None where the next run
    goes on. oldest: the earliest time met, in the source's zone.
    """

    since: datetime
    pages: int
    oldest: datetime | None
    ended: str | None


@dataclass(frozen=True, slots=True)
class SectionReport:
    """One section's counts in this run.

    failure: why its listing could not be read. not_modified: its publisher said that
    nothing has changed since the last run. backfill: its walk back to the first day.
    """

    source: str
    section: str
    name: str
    counts: dict[Outcome, int] = field(default_factory=dict)
    failure: str | None = None
    not_modified: bool = False
    backfill: BackfillReport | None = None

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


@dataclass(frozen=True, slots=True)
class End:
    """How one source's crawl ended."""

    code: ExitCode
    sections: tuple[SectionReport, ...] = ()
    failures: tuple[str, ...] = ()


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return what several ends come to."""
    met = set(codes)
    return next((code for code in SEVERITY if code in met), ExitCode.OK)


def merged(reports: Sequence[CrawlReport], sources: Sequence[str], seconds: float) -> CrawlReport:
    """Return the reports of several processes as one, in the order of ``sources``."""
    order = {name: position for position, name in enumerate(sources)}
    last = len(order)
    posts: dict[str, PostReport] = {}
    images: Counter[str] = Counter()
    for report in reports:
        images.update(report.images)
        for dialect, written in report.posts.items():
            posts.setdefault(dialect, PostReport(written.folder)).merge(written)
    sections = (each for report in reports for each in report.sections)
    failures = (each for report in reports for each in report.failures)
    return CrawlReport(
        sections=tuple(sorted(sections, key=lambda each: order[each.source])),
        # Every line begins with its source.
        failures=tuple(sorted(failures, key=lambda each: order.get(each.split(":")[0], last))),
        posts=posts,
        seconds=seconds,
        exit_code=worst(report.exit_code for report in reports),
        images=dict(sorted(images.items())),
    )


def failed(sources: Iterable[str], error: BaseException, seconds: float) -> CrawlReport:
    """Return the report of sources that an error kept from being crawled at all."""
    ends = [_not_crawled(name, error) for name in sources]
    lines = tuple(line for end in ends for line in end.failures)
    return CrawlReport((), lines, {}, seconds, worst(end.code for end in ends))


def end_of(crawler: Crawler, error: BaseException | None) -> End:
    """Return how one source's crawl ended; ``error`` is what kept it from starting."""
    if error is not None:
        return _not_crawled(crawler.spidercls.name, error)
    record = RunRecord.of(crawler)
    return End(record.exit_code, _sections(crawler, record), _failures(crawler, record))


def _not_crawled(source: str, error: BaseException) -> End:
    if isinstance(error, KeyboardInterrupt):
        return End(ExitCode.INTERRUPTED)
    return End(_code_of(error), failures=(f"{source}: {error}",))


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
    others = {name: name_of(spider, name) for name in record.counts if name not in asked}
    return tuple(
        SectionReport(
            spider.name,
            section,
            name,
            record.counts.get(section, {}),
            record.failures.get(section),
            section in spider.crawl.walker.not_modified,
            _backfill(spider, section),
        )
        for section, name in {**asked, **others}.items()
    )


def _backfill(spider: SourceSpider, section: str) -> BackfillReport | None:
    back = spider.crawl.walker.backfills.get(section)
    if back is None:
        return None
    state, zone = back.state, spider.timezone
    oldest = state.oldest.astimezone(zone) if state.oldest else None
    return BackfillReport(back.span.since, state.pages, oldest, state.ended)


def name_of(spider: SourceSpider | type[SourceSpider], section_id: str) -> str:
    """Return the name of a section, also of one that the source has no more."""
    section = spider.find_section(section_id)
    return section.name if section else section_id or "in no section"


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


def images_of(crawlers: Iterable[Crawler]) -> dict[str, int]:
    """Return what became of the pictures of all sources that were crawled together."""
    total: Counter[str] = Counter()
    for crawler in crawlers:
        pipeline = crawler.get_item_pipeline(PicturePipeline)
        total.update(pipeline.counts if pipeline else {})
    return dict(sorted(total.items()))


def posts_of(crawlers: Any) -> dict[str, PostReport]:
    """Return the posts of all sources that were crawled together, by dialect."""
    total: dict[str, PostReport] = {}
    for crawler in crawlers:
        pipeline = crawler.get_item_pipeline(PostPipeline)
        for dialect, written in (pipeline.written if pipeline else {}).items():
            total.setdefault(dialect, PostReport(written.folder)).merge(written)
    return total
