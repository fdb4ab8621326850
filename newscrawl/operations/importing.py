"""Existing posts into the archive (``newscrawl import``)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from newscrawl.archive import Archive, ImportedPost
from newscrawl.archive.imports import RUN
from newscrawl.config import Config, Source
from newscrawl.exit_codes import ExitCode
from newscrawl.importing import Broken, Origin, Reason, find_documents, read_post
from newscrawl.operations.opening import opened_archives
from newscrawl.operations.workers import Workers
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.placement import feed_of

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

_BATCH = 256
"""Posts that are stored in one transaction; a crawl beside us waits no longer than that."""
_SPAN = 64
"""Posts that a reading process is given at once.

Few enough that none is waited for long, and so many that readers have enough to do while a
batch is stored: what they are given ahead is more than a batch.
"""
_WORTH = 1_000
"""Documents from which on other processes read: beginning these costs as much as reading some."""
READERS = 2
"""Reading processes that keep the one writer busy; more of them would wait for it."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import.

    archive: its SQLite file, made where there is none. verbatim: keep the bytes of every
    document, too. dry_run: write nothing. progress: called with the number of documents
    read so far and that of all. jobs: processes that read, where there is enough to read;
    with 1 it is this one.
    """

    config: Config
    archive: Path
    paths: Sequence[Path]
    verbatim: bool = False
    dry_run: bool = False
    progress: Callable[[int, int], None] | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A document that was not taken, and why."""

    file: Path
    reason: Reason
    detail: str


Read: TypeAlias = ImportedPost | BrokenFile
"""What a document is read as."""


@dataclass(slots=True)
class ImportReport:
    """What became of all documents: ``files`` is the sum of all other numbers."""

    files: int = 0
    new: int = 0
    known: int = 0
    """Posts of articles that the archive has; it keeps its text."""
    removed: int = 0
    """Posts of articles that were taken down: none was taken."""
    broken: list[BrokenFile] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def exit_code(self) -> ExitCode:
        """``PARTIAL`` where a document is broken, ``NOTHING_MATCHED`` without any."""
        if not self.files:
            return ExitCode.NOTHING_MATCHED
        return ExitCode.PARTIAL if self.broken else ExitCode.OK


def run_import(request: ImportRequest) -> ImportReport:
    """Take the posts below the paths into the archive and return what became of each file.

    No file is changed. Posts are stored in the order of their files, whoever has read them.
    Raises ``ArchiveError`` where the archive cannot be used, and ``ChildProcessError`` where a
    reading process was killed; the batches that were stored before are whole.
    """
    begun = monotonic()
    report = ImportReport()
    documents = find_documents(request.paths)
    report.files = len(documents)
    if documents:
        jobs = request.jobs if len(documents) >= _WORTH else 1
        how = (origins_of(request.config), datetime.now(UTC), request.verbatim)
        with (
            Workers(reader, how, jobs, is_early=True) as workers,
            opened_archives(request.archive, dry_run=request.dry_run) as (target, real),
        ):
            read = chain.from_iterable(workers.in_order(_spans(documents)))
            _import(request, documents, read, _Taker(request, target, real), report)
    report.seconds = monotonic() - begun
    return report


class _Taker:
    """Where posts go: into ``target``, in a dry run only what ``real`` lacks."""

    def __init__(self, request: ImportRequest, target: Archive, real: Archive | None) -> None:
        self._target = target
        self._real = real
        asked = {"paths": list(map(str, request.paths)), "verbatim": request.verbatim}
        self._run = self._target.begin_run(RUN, asked, datetime.now(UTC))

    def take(self, posts: Sequence[ImportedPost]) -> list[Outcome]:
        """Return what became of posts, or would."""
        known = dict.fromkeys(range(len(posts)), Outcome.NEW)
        if self._real is not None:
            known = {at: self._real.imports.outcome_of(post) for at, post in enumerate(posts)}
        fresh = [at for at, outcome in known.items() if outcome is Outcome.NEW]
        taken = self._target.imports.take(self._run, [posts[at] for at in fresh])
        known.update(zip(fresh, taken, strict=True))
        return list(known.values())

    def end(self, report: ImportReport) -> None:
        """Record how the import ended; one without this was killed."""
        unread = [each for each in report.broken if each.reason is not Reason.NAME_TAKEN]
        self._target.imports.count_broken(self._run, len(unread))
        self._target.end_run(self._run, finished_at=datetime.now(UTC), exit_code=report.exit_code)


def reader(
    origins: Sequence[Origin], now: datetime, verbatim: bool
) -> Callable[[Sequence[Path]], list[Read]]:
    """Return the function that reads some documents, in their order; it runs in any process."""

    def read(paths: Sequence[Path]) -> list[Read]:
        return [_read(path, origins, now, verbatim=verbatim) for path in paths]

    return read


def _read(path: Path, origins: Sequence[Origin], now: datetime, *, verbatim: bool) -> Read:
    try:
        return read_post(path, origins, now=now, verbatim=verbatim)
    except Broken as end:
        return BrokenFile(path, end.reason, end.detail)


def _spans(documents: Sequence[Path]) -> Iterator[Sequence[Path]]:
    return (documents[at : at + _SPAN] for at in range(0, len(documents), _SPAN))


def _import(
    request: ImportRequest,
    documents: Sequence[Path],
    read: Iterable[Read],
    taker: _Taker,
    report: ImportReport,
) -> None:
    """Take what was read of the documents, in their order."""
    done = 0
    remaining = zip(documents, read, strict=True)
    while batch := list(islice(remaining, _BATCH)):
        posts = [(path, each) for path, each in batch if isinstance(each, ImportedPost)]
        report.broken += [each for _, each in batch if isinstance(each, BrokenFile)]
        outcomes = taker.take([post for _, post in posts])
        for (path, _), outcome in zip(posts, outcomes, strict=True):
            _count(path, outcome, report)
        done += len(batch)
        if request.progress is not None:
            request.progress(done, report.files)
    taker.end(report)


def _count(path: Path, outcome: Outcome, report: ImportReport) -> None:
    if outcome is Outcome.FAILED:
        detail = "other bytes are kept under this file name"
        report.broken.append(BrokenFile(path, Reason.NAME_TAKEN, detail))
    elif outcome is Outcome.NEW:
        report.new += 1
    elif outcome is Outcome.SKIPPED:
        report.removed += 1
    else:
        report.known += 1


def origins_of(config: Config) -> list[Origin]:
    """Return the sources as their posts show them, by the names of the configuration."""
    from newscrawl.spiders.registry import spiders

    return [_origin(spider, config) for spider in spiders().values()]


def _origin(spider: "type[SourceSpider]", config: Config) -> Origin:
    names = config.sources.get(spider.name, Source())
    site = names.title or spider.title
    feeds: dict[str, str] = {}
    for section in spider.sections.values():
        feeds.setdefault(feed_of(section, names, site), section.id)
    return Origin(
        name=spider.name,
        group=names.group or spider.group,
        site=site,
        owns=spider.owns,
        rules=spider.identities,
        drop_parameters=spider.drop_parameters,
        noise=spider.noise,
        feeds=feeds,
        flash_label=spider.channel.label,
        flash_section=_flash_section(spider),
    )


def _flash_section(spider: "type[SourceSpider]") -> str | None:
    """Return the section that flash news of unknown section is put into.

    The one that the channel is named after, else the last in precedence.
    """
    flashes = [section for section in spider.sections.values() if section.flash]
    named = (section for section in flashes if spider.channel.label.endswith(section.name))
    chosen = next(named, flashes[-1] if flashes else None)
    return chosen.id if chosen else None
