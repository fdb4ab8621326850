"""The report of a crawl whose process was killed, as far as the archive can tell."""

from collections.abc import Iterator
from datetime import datetime

from newscrawl.archive import Archive, ArchiveError
from newscrawl.archive.overview import Run
from newscrawl.exit_codes import ExitCode
from newscrawl.extensions.run_record import DATABASE
from newscrawl.operations.crawl import CrawlRequest
from newscrawl.operations.report import CrawlReport, SectionReport, failed, name_of, worst
from newscrawl.spiders.registry import spiders


def lost(request: CrawlRequest, started_at: datetime, code: int) -> CrawlReport:
    """Return what the sources of a process came to that ended without a report.

    started_at: aware, before any of their runs. code: its exit code, or minus the signal that
    killed it. What was found and not fetched is counted as pending.
    """
    how = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
    codes, failures, sections = [], [], list[SectionReport]()
    try:
        for source, archive, run in _runs(request, started_at):
            if archive is not None and run is not None:
                sections += _sections(archive, run)
            if run is not None and run.exit_code is not None:  # this source was done by then
                codes.append(ExitCode(run.exit_code))
                failures += [f"{source}: {run.error}"] if run.error else []
            else:
                codes.append(ExitCode.PARTIAL)
                failures.append(f"{source}: its process was {how}; the next run goes on from here")
    except ArchiveError as error:
        return failed(request.sources, error, 0.0)
    return CrawlReport(tuple(sections), tuple(failures), {}, 0.0, worst(codes))


def _runs(
    request: CrawlRequest, started_at: datetime
) -> Iterator[tuple[str, Archive | None, Run | None]]:
    """Yield each source with its run, None for one that had not begun."""
    path = (request.output or request.config.directory) / DATABASE
    if not path.exists():
        yield from ((source, None, None) for source in request.sources)
        return
    with Archive.open(path, read_only=True) as archive:
        for source in request.sources:
            newest = archive.overview.runs(source, 1, with_counts=False)
            begun = (run for run in newest if run.started_at >= started_at)
            yield source, archive, next(begun, None)


def _sections(archive: Archive, run: Run) -> Iterator[SectionReport]:
    spider = spiders()[run.source]
    for section, counts in archive.counts(run.run).items():
        yield SectionReport(run.source, section, name_of(spider, section), counts)
