"""Posts from the archive, without a crawl (``newscrawl export``)."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.config import Config
from newscrawl.export import ExportCounts, Exporter
from newscrawl.export.drafts import Drafter, Drafting
from newscrawl.operations.workers import Workers
from newscrawl.pipelines.placement import placement

_WORTH = 1_000
"""Articles from which on others render: to begin a process costs as much as a hundred posts."""
PROCESSES = 2
"""One that renders and one that writes have about as much to do; more would wait for the latter."""
_AHEAD = 8
"""Lots that are rendered while a batch of posts is named: with 3 an export takes a tenth
longer, with 16 no less. They hold 6 MB, with ``jsonl`` 12."""
Task = tuple[str, list[str]]
"""A dialect, and the hashes of some articles."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export.

    archive: its SQLite file. folders: dialect -> the folder of its site. where: which
    articles. first_days: dialect -> the first day that is built, for those with a window.
    force: overwrite posts that were edited by hand. restore: write again those that were
    removed. verbatim: imported posts whose bytes were kept as they were. dry_run: write
    nothing. jobs: processes that share the work, where there is enough; all but this one
    read and render.
    """

    config: Config
    archive: Path
    folders: Mapping[str, Path]
    where: ArticleFilter
    first_days: Mapping[str, date] = field(default_factory=dict)
    force: bool = False
    restore: bool = False
    verbatim: bool = False
    dry_run: bool = False
    jobs: int = 1


def run_export(request: ExportRequest) -> dict[str, ExportCounts]:
    """Write the matching articles in each dialect and return what became of them.

    One process writes, whoever renders. Raises ``ArchiveError`` or ``ExportError`` where files
    cannot be read or written, also where a process that rendered was killed.
    """
    place = placement(request.config)
    counts = {}
    with ExitStack() as stack:
        helpers = _helpers(request)
        how = (request.archive, request.config)
        workers = stack.enter_context(
            Workers(drafter, how, helpers, is_early=True, is_aside=True, ahead=_AHEAD)
        )
        archive = stack.enter_context(Archive.open(request.archive, read_only=request.dry_run))
        stack.callback(workers.close)
        for dialect, folder in request.folders.items():
            with Exporter(
                archive,
                dialect,
                folder,
                place=place,
                config=request.config,
                first_day=request.first_days.get(dialect),
                verbatim=request.verbatim,
            ) as exporter:
                counts[dialect] = exporter.write_all(
                    request.where,
                    dry_run=request.dry_run,
                    force=request.force,
                    restore=request.restore,
                    drafting=_drafting(workers, dialect) if helpers else None,
                )
    return counts


def drafter(archive: Path, config: Config) -> Callable[[Task], bytes]:
    """Return the function that renders some articles; it runs in any process."""
    opened, place = Archive.open(archive, read_only=True), placement(config)

    @cache
    def drafter_of(dialect: str) -> Drafter:
        return Drafter(opened, dialect, config, place)

    return lambda task: drafter_of(task[0]).drafts(task[1])


def _drafting(workers: Workers[Task, bytes], dialect: str) -> Drafting:
    def drafting(lots: Iterable[list[str]]) -> Iterable[bytes]:
        return workers.in_order((dialect, hashes) for hashes in lots)

    return drafting


def _helpers(request: ExportRequest) -> int:
    """Return how many processes render for this one."""
    shows_files = request.verbatim or request.config.output.images == "local"
    if request.jobs == 1 or shows_files:
        return 0
    with Archive.open(request.archive, read_only=request.dry_run) as archive:
        return request.jobs - 1 if archive.count(request.where) >= _WORTH else 0
