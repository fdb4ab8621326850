"""How the archive and its sources stand (``newscrawl status``)."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.overview import ListingRead
from newscrawl.archive.raw import FOLDER
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.export.dialects import dialects
from newscrawl.operations.due import interval, next_start
from newscrawl.operations.runs import RunReport, report_on
from newscrawl.outcomes import Outcome

MOST_FILES = 20_000
"""Files of a folder that are measured unasked: more than that take longer than one waits."""


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """One section: its addresses by state, and the last look at its listing.

    failing: why the listing cannot be read now, empty where it can.
    """

    section: str
    name: str
    states: dict[Outcome, int]
    read_at: datetime | None
    failing: str


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source. Times are UTC.

    title: as its readers know it. sections: those that were ever listed, in its own order.
    last: its last run of any kind. last_success: the last one that ended with 0, among the
    recent ones. due_at: when it is to be crawled next, None where ``every`` is not set or it
    has never been crawled.
    """

    source: str
    title: str
    articles: int
    states: dict[Outcome, int]
    sections: tuple[SectionStatus, ...]
    last: RunReport | None
    last_success: datetime | None
    every: timedelta | None
    due_at: datetime | None

    @property
    def failing(self) -> tuple[SectionStatus, ...]:
        """The sections whose listing cannot be read."""
        return tuple(each for each in self.sections if each.failing)


@dataclass(frozen=True, slots=True)
class Size:
    """What a part of the output folder takes; whole: False where there is more than that."""

    name: str
    path: Path
    files: int
    bytes: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """The archive, its sources, and what they take on the disk."""

    archive: Path
    sources: tuple[SourceStatus, ...]
    sizes: tuple[Size, ...]


def status(
    archive: Archive, config: Config, names: Sequence[str] = (), *, measure: bool = False
) -> Status:
    """Return how things stand; names: only these sources.

    measure: every file of large folders, too. Raises ``ArchiveError``.
    """
    overview = archive.overview
    articles, states, listings = overview.articles(), overview.states(), overview.listings()
    return Status(
        archive.folder / "archive.db",
        tuple(
            _source(archive, config, name, articles.get(name, 0), states.get(name, {}), listings)
            for name in names or overview.sources()
        ),
        tuple(_sizes(archive, measure=measure)),
    )


def _source(
    archive: Archive,
    config: Config,
    name: str,
    articles: int,
    states: dict[str, dict[Outcome, int]],
    listings: dict[str, dict[str, ListingRead]],
) -> SourceStatus:
    runs = archive.overview.runs(name, with_counts=False)
    totals: Counter[Outcome] = Counter()
    for counts in states.values():
        totals.update(counts)
    succeeded = (run.finished_at for run in runs if run.exit_code == ExitCode.OK)
    last = next(iter(archive.overview.runs(name, 1)), None)
    return SourceStatus(
        name,
        _title(name),
        articles,
        _ordered(totals),
        _sections(name, states, listings.get(name, {})),
        report_on(archive.folder, last) if last else None,
        next(succeeded, None),
        interval(name, config),
        next_start(name, config, runs),
    )


def _sections(
    source: str, states: dict[str, dict[Outcome, int]], listings: dict[str, ListingRead]
) -> tuple[SectionStatus, ...]:
    from newscrawl.spiders.registry import spiders

    spider = spiders().get(source)
    order = {section: place for place, section in enumerate(spider.sections if spider else ())}
    never = ListingRead(None, None, "")
    found = []
    ids = sorted({*states, *listings}, key=lambda each: (order.get(each, len(order)), each))
    for section in ids:
        known = spider.find_section(section) if spider else None
        listing = listings.get(section, never)
        found.append(
            SectionStatus(
                section,
                known.name if known else section,
                _ordered(states.get(section, {})),
                listing.read_at,
                listing.failure,
            )
        )
    return tuple(found)


def _title(source: str) -> str:
    from newscrawl.spiders.registry import spiders

    spider = spiders().get(source)
    return spider.title if spider else ""


def _ordered(counts: dict[Outcome, int]) -> dict[Outcome, int]:
    return {outcome: counts[outcome] for outcome in Outcome if counts.get(outcome)}


def _sizes(archive: Archive, *, measure: bool) -> Iterator[Size]:
    """Yield what the parts take: the raw record by its index, other folders file by file."""
    path = archive.folder / "archive.db"
    parts = [each for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")) if each.exists()]
    yield Size("archive", path, len(parts), sum(each.stat().st_size for each in parts))
    raw = archive.overview.raw_files()
    yield Size("raw pages", archive.folder / FOLDER, raw.files, raw.bytes)
    most = None if measure else MOST_FILES
    yield _measured("pictures", archive.images_folder, most)
    for dialect in dialects():
        if (archive.folder / dialect).is_dir():
            yield _measured(f"{dialect} posts", archive.folder / dialect, most)


def _measured(name: str, folder: Path, most: int | None) -> Size:
    """Return what a folder takes, links not followed; most: files to look at."""
    files = size = 0
    left = [folder]
    while left:
        try:
            with os.scandir(left.pop()) as found:
                for each in found:
                    if each.is_dir(follow_symlinks=False):
                        left.append(Path(each.path))
                    elif each.is_file(follow_symlinks=False):
                        files += 1
                        size += each.stat(follow_symlinks=False).st_size
                    if most is not None and files >= most:
                        return Size(name, folder, files, size, whole=False)
        except FileNotFoundError:  # none yet, or gone since
            continue
    return Size(name, folder, files, size)
