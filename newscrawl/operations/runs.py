"""What the last runs did (``newscrawl runs``)."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.lock import Lock
from newscrawl.archive.overview import Run
from newscrawl.exit_codes import ExitCode

UNDER_WAY = "under way"
KILLED = "killed"
UNFINISHED = "under way or killed"

ENDS = {
    ExitCode.OK: "ok",
    ExitCode.BUG: "a fault of newscrawl",
    ExitCode.USAGE: "wrong use",
    ExitCode.PARTIAL: "partly failed",
    ExitCode.NOTHING_MATCHED: "nothing matched",
    ExitCode.LOCKED: "another run was on",
    ExitCode.STORAGE: "storage failed",
    ExitCode.LOOK: "blocked or drifted: look",
    ExitCode.INTERRUPTED: "interrupted",
}
"""What an exit code says of a run."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run, how it ended in words, and how long it took (None where it has not ended)."""

    run: Run
    end: str
    duration: timedelta | None


def last_runs(archive: Archive, source: str | None, limit: int) -> list[RunReport]:
    """Return the last runs of a source, or of all, the newest first."""
    return [report_on(archive.folder, run) for run in archive.overview.runs(source, limit)]


def report_on(folder: Path, run: Run) -> RunReport:
    """Return a run with what its end, or the lack of one, means; folder: of the archive."""
    if run.finished_at is None:
        return RunReport(run, _unfinished(folder, run), None)
    return RunReport(run, _end(run.exit_code), run.finished_at - run.started_at)


def _end(code: int | None) -> str:
    try:
        return ENDS[ExitCode(code or 0)]
    except ValueError:  # of a newer newscrawl
        return f"exit code {code}"


def _unfinished(folder: Path, run: Run) -> str:
    """Return whether a run goes on: the process that holds its lock is there and is older."""
    holder = Lock.of(folder, run.source).holder()
    if holder is None:
        return UNFINISHED
    process, since = holder
    # The lock notes whole seconds.
    if since > run.started_at or not _is_alive(process):
        return KILLED
    return UNDER_WAY


def _is_alive(process: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(process, 0)
        except PermissionError:
            return True
        return True
    return False
