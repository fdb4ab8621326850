"""The raw record played again: listings are discovered and articles stored, as the crawl did.

Today's rules read the pages, so what they read better now is better in the new archive.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from newscrawl.archive import Archive
from newscrawl.archive.captures import Placed
from newscrawl.archive.cutting import superseded
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.image_files import TEMPORARY
from newscrawl.archive.raw import BATCH, NotKeptError, read
from newscrawl.archive.restoring import Restoring
from newscrawl.archive.warc_reader import BrokenRecordError, Kept, read_kept
from newscrawl.config import Config
from newscrawl.operations.replay_run import PlayedRun, Replayed

SUFFIX = ".warc.gz"
_GZIP = b"\x1f\x8b\x08"
_ASKED = json.dumps({"rebuilt": True})


def raw_files(folder: Path) -> list[Path]:
    """Return the files of the raw record in the order in which they were begun.

    Left out is what a removal has replaced, and what was never finished by one.
    """
    names = [
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name.endswith(SUFFIX) and not path.name.startswith(TEMPORARY) and path.is_file()
    ]
    gone = set(superseded(names))
    found = [(_begun(folder / name), folder / name) for name in names if name not in gone]
    return [path for _, path in sorted(found)]


def _begun(path: Path) -> tuple[str, str]:
    """Return when the first page of a file was fetched; the name decides among equals."""
    try:
        with path.open("rb") as file:
            first = next(read_kept(file), None)
    except (BrokenRecordError, OSError):
        first = None
    return (first.exchange.fetched_at.isoformat() if first else "", path.name)


class Replay:
    """Plays files into a new archive."""

    def __init__(self, archive: Archive, restoring: Restoring, config: Config) -> None:
        self._archive = archive
        self._restoring = restoring
        self._config = config
        self._runs: dict[str, PlayedRun] = {}
        self._placed: list[Placed] = []
        self.done = Replayed()

    def play(self, path: Path, progress: Callable[[int], None]) -> None:
        """Index one file and take in what its pages say; progress: called with bytes read.

        Raises ``ArchiveError``, and ``OSError`` where the file cannot be read.
        """
        first, file, end = None, 0, 0
        with path.open("rb") as stream:
            size = path.stat().st_size
            for kept in self._whole(path.name, stream, size):
                if first is None:
                    first = kept.exchange.fetched_at
                    run = self._run_of(kept.exchange)
                    file = self._archive.warc_files.add(
                        path.name, kept.exchange.purpose.source, run.number, first
                    )
                end = kept.offset + kept.length
                self._placed.append(Placed.of(kept))
                exchange = self._with_body(kept, file, end)
                if exchange is not None:
                    run.take(exchange)
                if len(self._placed) >= BATCH:
                    self._flush(file, end)
                progress(end)
                last = exchange.fetched_at if exchange else kept.exchange.fetched_at
            if first is None:
                self.done.damaged[path.name] = self.done.damaged.get(path.name, 0) + (size > 0)
                return
            # A tail that is not whole is cut off by the next crawl, as after any kill.
            self._flush(file, end, last if end == size else None)
            self.done.files += 1
            run.seen(last, whole=end == size)

    def end(self) -> None:
        """Note how the last run of every source ended."""
        for run in self._runs.values():
            run.end()

    def _run_of(self, exchange: Exchange) -> PlayedRun:
        """Return the run that a file is of; where nobody knows, each file was one."""
        source = exchange.purpose.source
        known = self._restoring.run_at(source, exchange.fetched_at)
        open_run = self._runs.get(source)
        if open_run is not None and known is not None and open_run.number == known[0]:
            return open_run
        if open_run is not None:
            open_run.end()
        number, asked = known or (
            self._restoring.run(source, exchange.fetched_at, _ASKED),
            _ASKED,
        )
        run = PlayedRun(
            self._archive, self._config, source, number, asked, self.done, known is None
        )
        self._runs[source] = run
        return run

    def _with_body(self, kept: Kept, file: int, end: int) -> Exchange | None:
        """Return an exchange with its body, None where that is no longer kept."""
        if not kept.is_revisit or kept.exchange.status == 304:
            return kept.exchange
        self._flush(file, end)
        capture = self._archive.captures.capture(self._archive.captures.last())
        try:
            return read(self._archive, capture) if capture else None
        except (NotKeptError, OSError, ValueError):
            self.done.unread["raw_not_kept"] += 1
            return None

    def _flush(self, file: int, end: int, closed_at: datetime | None = None) -> None:
        self._archive.captures.add(file, self._placed, end, closed_at=closed_at)
        self.done.captures += len(self._placed)
        self._placed = []

    def _whole(self, name: str, stream: IO[bytes], size: int) -> Iterator[Kept]:
        """Yield the whole exchanges of a file, past broken ones."""
        start: int | None = 0
        while start is not None:
            try:
                yield from read_kept(stream, start)
                return
            except BrokenRecordError as error:
                start = _next_whole(stream, error.offset + 1, size)
                if start is not None or error.offset == 0:
                    self.done.damaged[name] = self.done.damaged.get(name, 0) + 1


def _next_whole(stream: IO[bytes], start: int, size: int) -> int | None:
    """Return where the next exchange that can be read begins, None where there is none."""
    stream.seek(start)
    rest = stream.read(size - start)
    at = rest.find(_GZIP)
    while at >= 0:
        try:
            kept = next(read_kept(stream, start + at), None)
        except BrokenRecordError as error:
            kept = None
            if error.offset > start + at:  # records before the broken one belong to none
                at = error.offset - start - 1
        if kept is not None:
            return kept.offset
        at = rest.find(_GZIP, at + 1)
    return None
