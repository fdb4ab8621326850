"""Captures that other tools made, into the archive and its raw record (``newscrawl ingest``)."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from newscrawl.archive.foreign import DamagedError, NotWARCError, read_responses
from newscrawl.archive.lock import ended_by_sigterm, hold
from newscrawl.archive.originals import Originals
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.ingesting import Ingesting
from newscrawl.operations.recording import Runs
from newscrawl.operations.taking import Taking
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.posts import Written, follow


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to take in.

    sources: names of those whose pages are taken. wait: seconds to wait for other runs, None
    for not at all. progress: called with the bytes read so far and those of all files.
    """

    config: Config
    files: tuple[Path, ...]
    sources: tuple[str, ...]
    dry_run: bool = False
    wait: float | None = None
    progress: Callable[[int, int], None] | None = None

    @property
    def archive(self) -> Path:
        """The archive, made where there is none."""
        return self.config.directory / "archive.db"


@dataclass(slots=True)
class IngestReport:
    """What became of all responses: ``responses`` is the sum of ``counts``.

    counts: an outcome of the archive, or ``not_ours``, ``other_status``, ``not_an_article``,
    ``listing`` or ``older`` (than what is stored). reasons: of those that ended without an
    article. rows: outcome -> articles that a listing held whole. damaged: file -> from where
    on it could not be read.
    """

    responses: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    damaged: dict[Path, str] = field(default_factory=dict)
    posts: dict[str, Written] = field(default_factory=dict)
    posts_waiting: str = ""
    bug: str = ""
    seconds: float = 0.0

    @property
    def exit_code(self) -> ExitCode:
        """The worst thing decides."""
        ours = sum(number for name, number in self.counts.items() if name != "not_ours")
        checks = (
            (bool(self.bug), ExitCode.BUG),
            (bool(self.damaged) or self.counts[Outcome.FAILED] > 0, ExitCode.PARTIAL),
            (not ours, ExitCode.NOTHING_MATCHED),
        )
        return next((code for applies, code in checks if applies), ExitCode.OK)


def run_ingest(request: IngestRequest) -> IngestReport:
    """Take the articles of WARC files into the archive; write their posts.

    Raises ``NotWARCError`` for a file that is none, before anything of it is taken,
    ``LockedError`` where a source is being crawled, ``ArchiveError``, ``ExportError`` and
    ``OSError`` where files cannot be read or written, and ``KeyboardInterrupt`` on SIGINT or
    SIGTERM. Whatever ends it, what was stored is whole, and the next run takes the rest.
    """
    begun = monotonic()
    report = IngestReport()
    for path in request.files:
        _check(path)
    with ExitStack() as stack:
        stack.enter_context(ended_by_sigterm())
        originals = stack.enter_context(closing(Originals()))
        if not request.dry_run:
            stack.enter_context(hold(request.config.directory, request.sources, request.wait))
        taking = stack.enter_context(Taking(request.archive, request.config, request.dry_run))
        asked = {"command": "ingest", "files": list(map(str, request.files))}
        runs = stack.enter_context(Runs(taking.archive, asked, lambda: report.exit_code))
        taking.runs = runs
        ingesting = Ingesting(request.sources, taking, request.config.crawl.max_size)
        read = _Progress(request)
        for path in request.files:
            _take_file(path, ingesting, originals, report, read)
            taking.flush()
        if not request.dry_run:
            taking.close()
            report.posts, report.posts_waiting = follow(taking.archive, request.config)
    report.seconds = monotonic() - begun
    return report


def _check(path: Path) -> None:
    """Raise ``NotWARCError`` where a file does not begin with a WARC record."""
    try:
        with path.open("rb") as file:
            next(read_responses(file, max_size=0), None)
    except NotWARCError as error:
        raise NotWARCError(f"{path}: not a WARC file: {error}") from error
    except DamagedError:
        return  # told when its turn comes


class _Progress:
    """How far all files have been read, in bytes of the files."""

    def __init__(self, request: IngestRequest) -> None:
        self._tell = request.progress
        self._all = sum(path.stat().st_size for path in request.files)
        self._before = 0

    def at(self, position: int) -> None:
        if self._tell is not None:
            self._tell(self._before + position, self._all)

    def after(self, path: Path) -> None:
        self._before += path.stat().st_size
        self.at(0)


def _take_file(
    path: Path,
    ingesting: Ingesting,
    originals: Originals,
    report: IngestReport,
    read: _Progress,
) -> None:
    """Take one file, as far as it is whole."""
    max_size = ingesting.max_size
    try:
        with path.open("rb") as file:
            for recorded in read_responses(file, max_size=max_size):
                if recorded.problem == "revisit":
                    recorded = originals.resolve(recorded, max_size=max_size) or recorded
                elif not recorded.problem and ingesting.owns(recorded):
                    originals.add(path, recorded)
                end = ingesting.take(recorded)
                report.responses += 1
                report.counts[end.name] += 1
                if end.reason:
                    report.reasons[f"{end.name} ({end.reason})"] += 1
                report.rows += end.rows
                read.at(file.tell())
    except DamagedError as error:
        report.damaged[path] = str(error)
    report.bug = report.bug or ingesting.bug
    read.after(path)
