"""Today's rules over the whole raw record, without the network (``newscrawl reextract``)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.archive.lock import ended_by_sigterm, hold
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.readings import Batch, Changed, Rescued, Scope
from newscrawl.operations.recording import Runs
from newscrawl.operations.rereading import reader
from newscrawl.operations.workers import Workers
from newscrawl.outcomes import Outcome

if TYPE_CHECKING:
    from newscrawl.pipelines.posts import Written

_SPAN = 64
"""Captures that a worker reads in one go, and that share a transaction: a tenth of a second."""
Span = tuple[int, int]
"""The first and the last of some captures, by their numbers."""
_TAKEN = frozenset({Outcome.NEW, Outcome.UPDATED})


@dataclass(frozen=True, slots=True)
class ReextractRequest:
    """What to read again.

    sources: names. section: id, None for all. since, until: aware times of publication,
    ``since <= published_at < until``. wait: seconds to wait for other runs, None for not at
    all. jobs: processes that read. details: whether changes are told with their values.
    progress: called with the captures read so far and all. tell: called with every article
    that is read in another way, or for the first time, in the order of the raw record.
    """

    config: Config
    sources: tuple[str, ...]
    section: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    jobs: int = 1
    dry_run: bool = False
    details: bool = False
    wait: float | None = None
    progress: Callable[[int, int], None] | None = None
    tell: Callable[[Changed | Rescued], None] | None = None

    @property
    def archive(self) -> Path:
        """The archive, which must be there."""
        return self.config.directory / "archive.db"


@dataclass(slots=True)
class ReextractReport:
    """What became of the articles: ``read`` is the sum of changed, relabelled, unchanged, kept.

    relabelled: read the same, by rules of another version. kept: stored articles that
    today's rules cannot read, by reason; their text stays. rescued: articles that nobody
    could read before and that are stored now. unread: those that still cannot be read, by
    reason. without_raw: stored articles whose page is not in the raw record. fields: field ->
    articles in which it differs. damaged: WARC file -> captures that are not as indexed.
    """

    changed: int = 0
    relabelled: int = 0
    unchanged: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    rescued: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    without_raw: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    captures: int = 0
    damaged: Counter[str] = field(default_factory=Counter)
    posts: "dict[str, Written]" = field(default_factory=dict)
    posts_waiting: str = ""
    """Why the posts follow only with the next run, if they do."""
    bug: str = ""
    seconds: float = 0.0

    @property
    def read(self) -> int:
        """Stored articles whose page was read again."""
        return self.changed + self.relabelled + self.unchanged + self.kept.total()

    @property
    def exit_code(self) -> ExitCode:
        """The worst thing decides."""
        checks = (
            (bool(self.bug), ExitCode.BUG),
            (bool(self.damaged), ExitCode.PARTIAL),
            (not self.read + self.rescued + self.unread.total(), ExitCode.NOTHING_MATCHED),
        )
        return next((code for applies, code in checks if applies), ExitCode.OK)

    def add(self, batch: Batch) -> None:
        """Count a batch; what is stored anew is counted when it is stored."""
        self.captures += batch.captures
        for changed in batch.changed:
            self.changed += changed.reading.shows
            self.relabelled += not changed.reading.shows
            self.fields.update(changed.names)
        self.unchanged += batch.unchanged.total()
        for (_, _, reason), number in batch.kept.items():
            self.kept[reason] += number
        for (_, _, reason, _), number in batch.unread.items():
            self.unread[reason] += number
        self.damaged += batch.damaged
        self.bug = self.bug or batch.bug


def run_reextract(request: ReextractRequest) -> ReextractReport:
    """Read what the raw record holds by today's rules, store what differs, write its posts.

    Raises ``LockedError`` where a source is being crawled, ``ArchiveError``, ``ExportError``
    and ``OSError`` where files cannot be read or written, and ``KeyboardInterrupt`` on SIGINT
    or SIGTERM. Whatever ends it, what was stored is whole, and the next run does the rest.
    """
    begun = monotonic()
    report = ReextractReport()
    with ExitStack() as stack:
        stack.enter_context(ended_by_sigterm())
        workers = stack.enter_context(
            Workers(reader, (_scope(request),), request.jobs, is_early=True)
        )
        if not request.dry_run:
            stack.enter_context(hold(request.config.directory, request.sources, request.wait))
        archive = stack.enter_context(Archive.open(request.archive, read_only=request.dry_run))
        stack.callback(workers.close)
        runs = None
        if not request.dry_run:
            asked = _asked(request)
            runs = stack.enter_context(Runs(archive, asked, lambda: report.exit_code))
        with_images = request.config.output.images == "local"
        batches = _batches(archive, request, workers)
        matching = _matching(archive, request)
        for batch in batches:
            report.add(batch)
            if runs is None:
                report.rescued += len(batch.rescued)
            else:
                _take(archive, runs, batch, report, with_images=with_images)
            _tell(request, batch)
        report.without_raw = max(0, matching - report.read)
        if runs is not None:
            # Not before: until the workers have begun, every import is time that none of them has.
            from newscrawl.pipelines.posts import follow

            report.posts, report.posts_waiting = follow(archive, request.config)
    report.seconds = monotonic() - begun
    return report


def _asked(request: ReextractRequest) -> dict[str, object]:
    return {
        "command": "reextract",
        "section": request.section,
        "since": request.since,
        "until": request.until,
    }


def _scope(request: ReextractRequest) -> Scope:
    return Scope(
        archive=request.archive,
        sources=request.sources,
        section=request.section,
        since=request.since,
        until=request.until,
        details=request.details,
        max_size=request.config.crawl.max_size,
    )


def _batches(
    archive: Archive, request: ReextractRequest, workers: Workers[Span, Batch]
) -> Iterator[Batch]:
    """Return what comes of the captures; the workers have begun when it is back."""
    last = archive.captures.last()
    spans = ((first, min(first + _SPAN - 1, last)) for first in range(1, last + 1, _SPAN))
    return _told(workers.in_order(spans), last, request.progress)


def _told(
    batches: Iterator[Batch], last: int, progress: Callable[[int, int], None] | None
) -> Iterator[Batch]:
    """Yield batches, and say how far each one went."""
    for number, batch in enumerate(batches, 1):
        yield batch
        if progress is not None:
            progress(min(number * _SPAN, last), last)


def _tell(request: ReextractRequest, batch: Batch) -> None:
    if request.tell is not None:
        for changed in batch.changed:
            request.tell(changed)
        for rescued in batch.rescued:
            request.tell(rescued)


def _matching(archive: Archive, request: ReextractRequest) -> int:
    return sum(
        archive.count(
            ArticleFilter(
                source=source,
                section=request.section,
                since=request.since,
                until=request.until,
            )
        )
        for source in request.sources
    )


def _take(
    archive: Archive, runs: Runs, batch: Batch, report: ReextractReport, *, with_images: bool
) -> None:
    """Store what a batch brought, under the run of each source."""
    for source in {each.source for each in batch.changed} | batch.sources():
        readings = [each.reading for each in batch.changed if each.source == source]
        archive.rereading.replace(
            runs.of(source), readings, _counts(batch, source), claim_images=with_images
        )
    for each in batch.rescued:
        outcome = archive.store(
            runs.of(each.source),
            each.work.section,
            each.work.url_hash,
            each.article,
            claim_images=with_images,
        )
        report.rescued += outcome in _TAKEN


def _counts(batch: Batch, source: str) -> Mapping[tuple[str, Outcome], int]:
    """Return (section, outcome) -> articles of a source, all but those to be stored.

    A text that stays though today's rules cannot read it is ``unchanged``.
    """
    counts: Counter[tuple[str, Outcome]] = Counter()
    for changed in batch.changed:
        outcome = Outcome.UPDATED if changed.reading.shows else Outcome.UNCHANGED
        counts[changed.section, outcome] += changed.source == source
    for (name, section), number in batch.unchanged.items():
        counts[section, Outcome.UNCHANGED] += number * (name == source)
    for (name, section, _), number in batch.kept.items():
        counts[section, Outcome.UNCHANGED] += number * (name == source)
    for (name, section, _, outcome), number in batch.unread.items():
        counts[section, outcome] += number * (name == source)
    return +counts
