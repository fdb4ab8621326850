"""Posts from the archive, without a crawl (``newscrawl export``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.config import Config
from newscrawl.export import ExportCounts, Exporter
from newscrawl.pipelines.placement import placement


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export.

    archive: its SQLite file. folders: dialect -> the folder of its site. where: which
    articles. first_days: dialect -> the first day that is built, for those with a window.
    force: overwrite posts that were edited by hand. restore: write again those that were
    removed. verbatim: imported posts whose bytes were kept as they were. dry_run: write
    nothing.
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


def run_export(request: ExportRequest) -> dict[str, ExportCounts]:
    """Write the matching articles in each dialect and return what became of them.

    Raises ``ArchiveError`` or ``ExportError`` where files cannot be read or written.
    """
    place = placement(request.config)
    counts = {}
    with Archive.open(request.archive, read_only=request.dry_run) as archive:
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
                )
    return counts
