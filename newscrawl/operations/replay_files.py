"""The files of the raw record: in which order they are played, and every exchange of each.

A file is read in spans, by whoever has the time. Where one begins is a guess until the span
before it has ended just there; what was guessed wrong, or is broken, is read again here. So
what comes out is what reading from the first byte to the last one gives.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from newscrawl.archive.codec import to_time
from newscrawl.archive.cutting import superseded
from newscrawl.archive.exchange import Exchange, FileRun
from newscrawl.archive.image_files import TEMPORARY
from newscrawl.archive.warc_reader import BrokenRecordError, read_kept, read_run
from newscrawl.operations.replay_reading import Result, Seen, Span, Stretch, see

SUFFIX = ".warc.gz"
INGEST = "ingest"
_GZIP = b"\x1f\x8b\x08"
_SPAN = 1 << 19
"""Bytes of a file that are read in one go: some fifty pages, a twentieth of a second."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of the raw record. run: that it is of, None where the file does not tell."""

    path: Path
    size: int
    run: FileRun | None

    @property
    def is_ingested(self) -> bool:
        """Whether its pages are those of other tools."""
        return self.run is not None and self.run.asked.get("command") == INGEST

    def spans(self) -> list[Span]:
        """Return its parts, for which it does not matter who reads them: of an ingest none."""
        if self.is_ingested:
            return []
        return [
            Span(self.path, start, min(start + _SPAN, self.size))
            for start in range(0, self.size, _SPAN)
        ]


def raw_files(folder: Path) -> list[RawFile]:
    """Return the files of the raw record in the order in which they were begun.

    Left out is what a removal has replaced, and what was never finished by one.
    """
    names = [
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name.endswith(SUFFIX) and not path.name.startswith(TEMPORARY) and path.is_file()
    ]
    gone = set(superseded(names))
    found = [_begun(folder / name) for name in names if name not in gone]
    return [file for _, file in sorted(found, key=lambda each: each[0])]


def _begun(path: Path) -> tuple[tuple[str, int, str], RawFile]:
    """Return a file and when it was begun; part and name decide among equals.

    A crawl's is as old as its first page, whatever the clock of this machine was; the pages of
    an ingest may be years older than the file.
    """
    run, at = None, ""
    try:
        with path.open("rb") as stream:
            run = read_run(stream)
            first = next(read_kept(stream), None)
            at = to_time(first.exchange.fetched_at) if first else ""
    except (BrokenRecordError, OSError):
        pass  # told when its turn comes
    file = RawFile(path, path.stat().st_size, run)
    if run is not None and file.is_ingested:
        at = to_time(run.started_at)
    return (at, run.part if run else 0, path.name), file


class Pages:
    """The exchanges of one file. damaged: places where no record can be read, so far."""

    def __init__(
        self, file: RawFile, stream: IO[bytes], read: Callable[[Exchange], Result]
    ) -> None:
        self._file = file
        self._stream = stream
        self._read = read
        self._at = 0
        self.damaged = 0

    def all(self, stretches: Iterator[Stretch]) -> Iterator[Seen]:
        """Yield every whole exchange. stretches: what the spans of all files hold, in order."""
        for span in self._file.spans():
            stretch = next(stretches)
            if stretch.begins == self._at:
                yield from stretch.seen
                self._at = stretch.end
            yield from self._here(span.stop)
        yield from self._here(self._file.size)

    def _here(self, stop: int) -> Iterator[Seen]:
        """Yield the whole exchanges from here on that begin before ``stop``, past broken ones."""
        while self._at < stop:
            try:
                for kept in read_kept(self._stream, self._at):
                    if kept.offset >= stop:
                        self._at = kept.offset
                        return
                    self._at = kept.end
                    yield see(kept, self._read)
                self._at = self._file.size
            except BrokenRecordError as error:
                start = _next_whole(self._stream, error.offset + 1, self._file.size)
                if start is not None or error.offset == 0:
                    self.damaged += 1
                self._at = self._file.size if start is None else start


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
