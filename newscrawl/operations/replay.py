"""The raw record played again: listings are discovered and articles stored, as the crawl did.

Today's rules read the pages, so what they read better now is better in the new archive. They
read in as many processes as are wanted; what comes of it is taken in here, in the order of
the files, so that it is the same with any number of them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any

from newscrawl.archive import Archive
from newscrawl.archive.captures import Placed
from newscrawl.archive.exchange import Exchange, FileRun
from newscrawl.archive.raw import BATCH, NotKeptError, read
from newscrawl.archive.restoring import Restoring
from newscrawl.config import Config
from newscrawl.operations.replay_files import INGEST, Pages, RawFile
from newscrawl.operations.replay_ingest import PlayedIngest
from newscrawl.operations.replay_reading import Result, Rules, Seen, Span, Stretch
from newscrawl.operations.replay_run import Played, PlayedCrawl, Replayed
from newscrawl.operations.workers import Workers


class Replay:
    """Plays files into a new archive."""

    def __init__(self, archive: Archive, restoring: Restoring, config: Config) -> None:
        self._archive = archive
        self._restoring = restoring
        self._config = config
        self._rules = Rules(config.crawl.max_size)
        self._runs: dict[str, Played] = {}
        self._placed: list[Placed] = []
        self.done = Replayed()

    def play(
        self,
        files: Sequence[RawFile],
        workers: Workers[Span, Stretch],
        progress: Callable[[int, int], None],
    ) -> None:
        """Index files and take in what their pages say, which ``workers`` read.

        progress: called with the bytes read, and those of all files. Raises
        ``ArchiveError``, ``OSError`` where a file cannot be read, and ``ChildProcessError``
        where a worker was killed.
        """
        total, before = sum(file.size for file in files), 0
        stretches = workers.in_order(span for file in files for span in file.spans())
        with closing(stretches):
            for file in files:
                for end in self._play(file, stretches):
                    progress(before + end, total)
                before += file.size
        for run in self._runs.values():
            run.end()

    def _play(self, file: RawFile, stretches: Iterator[Stretch]) -> Iterator[int]:
        """Take in one file; yield how far it is read."""
        name, run, end = file.path.name, None, 0
        with file.path.open("rb") as stream:
            pages = Pages(file, stream, _as_it_is if file.is_ingested else self._rules.read)
            for seen in pages.all(stretches):
                if run is None:
                    run, number = self._begin(file, seen)
                end, last = seen.end, seen.placed.fetched_at
                self._placed.append(seen.placed)
                if whole := self._with_body(seen, run, number):
                    run.take(whole)
                if len(self._placed) >= BATCH:
                    self._flush(number, end)
                yield end
        damaged = pages.damaged or (run is None and file.size > 0)
        if damaged:
            self.done.damaged[name] = int(damaged)
        if run is not None:
            # A tail that is not whole is cut off by the next crawl, as after any kill.
            self._flush(number, end, last if end == file.size else None)
            self.done.files += 1
            run.seen(last, whole=end == file.size)

    def _begin(self, file: RawFile, first: Seen) -> tuple[Played, int]:
        """Return the run that a file is of, and the number of the file."""
        source, at = first.placed.source, first.placed.fetched_at
        run = self._run_of(source, at, file.run)
        return run, self._archive.warc_files.add(file.path.name, source, run.number, at)

    def _run_of(self, source: str, at: datetime, told: FileRun | None) -> Played:
        """Return a run of a source; where nobody knows which, each file was one.

        at: when the file's first page was fetched.
        """
        if told is not None:
            known, at = self._restoring.run_begun(source, told.started_at), told.started_at
        else:
            known = self._restoring.run_at(source, at)
        before = self._runs.get(source)
        if before is not None and known is not None and before.number == known[0]:
            return before
        if before is not None:
            before.end()
        asked = dict(told.asked if told else {}, rebuilt=True)
        number, words = known or (self._restoring.run(source, at, json.dumps(asked)), "")
        run = self._runs[source] = self._played(
            source, number, at, _asked(words) or asked, is_new=known is None
        )
        return run

    def _played(
        self, source: str, number: int, at: datetime, asked: dict[str, Any], *, is_new: bool
    ) -> Played:
        archive, config, done = self._archive, self._config, self.done
        if asked.get("command") == INGEST:
            return PlayedIngest(archive, config, source, number, at, done, is_new=is_new)
        return PlayedCrawl(archive, config, source, number, at, asked, done, is_new=is_new)

    def _with_body(self, seen: Seen, run: Played, file: int) -> Seen | None:
        """Return an exchange as its run takes it, None where its bytes are no longer kept."""
        if not seen.is_repeat:
            return seen
        self._flush(file, seen.end)
        capture = self._archive.captures.capture(self._archive.captures.last())
        try:
            exchange = read(self._archive, capture) if capture else None
        except (NotKeptError, OSError, ValueError):
            self.done.unread["raw_not_kept"] += 1
            return None
        return replace(seen, result=run.read(exchange)) if exchange else None

    def _flush(self, file: int, end: int, closed_at: datetime | None = None) -> None:
        self._archive.captures.add(file, self._placed, end, closed_at=closed_at)
        self.done.captures += len(self._placed)
        self._placed = []


def _as_it_is(exchange: Exchange) -> Result:
    return exchange


def _asked(text: str) -> dict[str, Any]:
    """Return the options of a recorded run; of one that cannot be read, none."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
