"""When a source is to be crawled next: as often as ``every`` of the configuration says."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.overview import Run
from newscrawl.config import Config, Source

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def interval(source: str, config: Config) -> timedelta | None:
    """Return how often a source is to be crawled, None where the configuration does not say."""
    every = config.sources.get(source, Source()).every or config.crawl.every
    return timedelta(**{_UNITS[every[-1]]: int(every[:-1])}) if every else None


def next_start(source: str, config: Config, runs: Iterable[Run]) -> datetime | None:
    """Return when a source is due, UTC; None where it is due whenever it is asked for.

    runs: those of the source, the newest first. A crawl of some sections only, or of a span
    of days, is not the one that is waited for.
    """
    every = interval(source, config)
    last = next((run for run in runs if run.is_regular), None)
    return last.started_at + every if every and last else None


def not_due(
    archive: Path,
    sources: Iterable[str],
    config: Config,
    now: datetime,
    *,
    read_only: bool = True,
) -> dict[str, datetime]:
    """Return those of the sources that are not due yet, and when they are.

    archive: its file, which need not exist; read_only: one of an older version is not brought
    up to date. Raises ``ArchiveError``.
    """
    waiting = {name for name in sources if interval(name, config)}
    if not waiting or not archive.exists():
        return {}
    with Archive.open(archive, read_only=read_only) as store:
        starts = {
            name: next_start(name, config, store.overview.runs(name, with_counts=False))
            for name in sorted(waiting)
        }
    return {name: start for name, start in starts.items() if start and start > now}
