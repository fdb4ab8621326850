"""The runs of a command that fetches nothing: one a source, with its end."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from newscrawl.archive import Archive
from newscrawl.exit_codes import ExitCode


class Runs:
    """Context manager that begins the run of a source when it is asked for, and ends them all.

    asked: what the runs are recorded with, ``command`` among it. exit_code: called at the
    end. A run that an exception ended says which; one that a kill ended has no end.
    """

    def __init__(
        self, archive: Archive, asked: Mapping[str, Any], exit_code: Callable[[], ExitCode]
    ) -> None:
        self._archive = archive
        self._asked = asked
        self._exit_code = exit_code
        self._runs: dict[str, int] = {}

    def of(self, source: str) -> int:
        """Return the number of a source's run."""
        if source not in self._runs:
            now = datetime.now(UTC)
            self._runs[source] = self._archive.begin_run(source, self._asked, now)
        return self._runs[source]

    def __enter__(self) -> "Runs":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        code, words = self._exit_code(), ""
        if error is not None:
            code = ExitCode.STORAGE if isinstance(error, Exception) else ExitCode.INTERRUPTED
            words = f"{type(error).__name__}: {error}"
        for run in self._runs.values():
            self._archive.end_run(run, finished_at=datetime.now(UTC), exit_code=code, error=words)
