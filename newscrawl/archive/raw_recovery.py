"""Makes the index and the files of the raw record one again after a kill or a power loss.

Everything is done in an order in which it may be killed too, and done again.
"""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from newscrawl.archive.archive import Archive
from newscrawl.archive.captures import Placed
from newscrawl.archive.cutting import stem_and_cut
from newscrawl.archive.disk import sync
from newscrawl.archive.raw import BATCH, FOLDER
from newscrawl.archive.raw_limits import remove_given_up
from newscrawl.archive.warc_files import WarcFile
from newscrawl.archive.warc_reader import BrokenRecordError, Kept, read_kept

logger = logging.getLogger(__name__)

_NAME = re.compile(r"newscrawl-(?P<source>[a-z0-9_]+)-(?P<stamp>\d{14})-\d{3,}\.warc\.gz")
_WRITE = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was made good.

    indexed: captures that stood in files and not in the index. lost: captures whose bytes
    are not there. cut: bytes of half records. unknown: files of an archive that is gone, left
    as they are for ``newscrawl rebuild``.
    """

    indexed: int = 0
    lost: int = 0
    cut: int = 0
    unknown: int = 0


def recover(archive: Archive, source: str, at: datetime) -> Recovered:
    """Index what stands in files that a run of the source left open, and finish these.

    The caller holds the lock of the source, so that nobody writes to them. A half record is
    cut off. at: aware, when they are finished. Raises ``OSError`` and ``ArchiveError``.
    """
    folder = archive.folder / FOLDER
    remove_given_up(archive.warc_files, folder)
    unknown = _take_in(archive, folder, source)
    totals = [_finish(archive, folder, file, at) for file in archive.warc_files.opened(source)]
    done = Recovered(
        sum(each.indexed for each in totals),
        sum(each.lost for each in totals),
        sum(each.cut for each in totals),
        unknown,
    )
    _tell(source, done)
    return done


def _tell(source: str, done: Recovered) -> None:
    if done.indexed or done.cut:
        logger.info(
            "%s: raw record: %d pages of a run that broke off are indexed, %d bytes of half a"
            " record are cut off", source, done.indexed, done.cut,
        )  # fmt: skip
    if done.lost:
        logger.warning(
            "%s: raw record: %d pages are lost, their file is gone or shorter than it was",
            source, done.lost,
        )  # fmt: skip
    if done.unknown:
        logger.warning(
            "%s: raw record: %d files in %s/ are not in the archive; `newscrawl rebuild` reads"
            " them", source, done.unknown, FOLDER,
        )  # fmt: skip


def _take_in(archive: Archive, folder: Path, source: str) -> int:
    """Note files of the source that the index has never heard of; return how many it leaves.

    A file is made before it is indexed, and a power loss can take the index back. What is
    older than all that is known is of another archive. What ``cutting`` left is its own.
    """
    names = archive.warc_files.names()
    unknown = [name for name in _listed(folder, source) if name not in names]
    if not unknown:  # as nearly always: a year of cron has left a hundred thousand others
        return 0
    stems = {stem_and_cut(name)[0] for name in names}
    newest = archive.warc_files.newest(source)
    left = 0
    for name in sorted(unknown):
        parts = _NAME.fullmatch(name)
        if parts is None:
            continue
        begun_at = datetime.strptime(parts["stamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if stem_and_cut(name)[0] in stems:
            continue
        if _is_empty(folder / name):
            (folder / name).unlink()
            sync(folder)
        elif newest is not None and begun_at >= newest.replace(microsecond=0):
            archive.warc_files.add(name, source, None, begun_at)
        else:
            left += 1
    return left


def _listed(folder: Path, source: str) -> list[str]:
    """Return the names in the folder that begin like those of a source's files."""
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return [name for name in names if name.startswith(f"newscrawl-{source}-")]


def _is_empty(path: Path) -> bool:
    """Whether a file has no whole exchange: its run was killed as it began."""
    try:
        with path.open("rb") as file:
            return next(read_kept(file), None) is None
    except BrokenRecordError:
        return True


def _finish(archive: Archive, folder: Path, file: WarcFile, at: datetime) -> Recovered:
    """Index the rest of a file, cut off what is not whole, and close it.

    A file that is gone, or has no exchange, leaves the index.
    """
    files = archive.warc_files
    try:
        descriptor = os.open(folder / file.name, _WRITE)
    except FileNotFoundError:
        lost = files.give_up(file.file)
        files.forget(file.file)
        return Recovered(lost=lost)
    with os.fdopen(descriptor, "r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        lost = files.cut_back(file.file, size) if size < file.bytes else 0
        start = files.indexed(file.file)
        os.fsync(stream.fileno())  # the index must not know of more than the disk
        indexed, end = 0, start
        for batch in _batches(stream, start):
            archive.captures.add(file.file, map(Placed.of, batch), batch[-1].end)
            indexed, end = indexed + len(batch), batch[-1].end
        if end:
            stream.truncate(end)
            os.fsync(stream.fileno())
            archive.captures.add(file.file, (), end, closed_at=at)
    if not end:
        files.give_up(file.file)
        remove_given_up(files, folder)
    return Recovered(indexed, lost, size - end)


def _batches(stream: IO[bytes], start: int) -> Iterator[list[Kept]]:
    """Yield the exchanges behind a byte, up to the first that is not whole."""
    batch: list[Kept] = []
    try:
        for kept in read_kept(stream, start):
            batch.append(kept)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except BrokenRecordError:
        pass  # the end of what is whole is what is looked for
    if batch:
        yield batch
