"""Cutting records out of the files of the raw record, so that nothing of them is left.

A file is written anew under the next name (``….cut1.warc.gz``), reaches the disk, and then
takes the place of the old one in the index, in one transaction. So a kill leaves either index
with its file, and a file too many, which ``sweep`` tells by its name.
"""

import os
import re
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path

from newscrawl.archive.database import Database
from newscrawl.archive.disk import sync
from newscrawl.archive.image_files import TEMPORARY
from newscrawl.archive.raw_limits import remove_given_up
from newscrawl.archive.warc_files import WarcFiles

_NAME = re.compile(r"(?P<stem>.+?)(?:\.cut(?P<cut>\d+))?\.warc\.gz")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20

Span = tuple[int, int]
"""Where some bytes of a file begin and end."""


def stem_and_cut(name: str) -> tuple[str, int]:
    """Return what a file of the raw record was called at first, and how often it was cut."""
    parts = _NAME.fullmatch(name)
    return (parts["stem"], int(parts["cut"] or 0)) if parts else (name, 0)


def superseded(names: Iterable[str]) -> list[str]:
    """Return the files in whose place another one of these has come."""
    newest: dict[str, int] = {}
    found = [(name, *stem_and_cut(name)) for name in names]
    for _, stem, cut in found:
        newest[stem] = max(cut, newest.get(stem, 0))
    return [name for name, stem, cut in found if cut < newest[stem]]


def cut_captures(database: Database, folder: Path, doomed: Collection[int]) -> int:
    """Take captures out of the index and out of their files; return how many files changed.

    The newest file is first: a record that refers to the bytes of another one goes before
    that one. Raises ``OSError`` and ``ArchiveError``; a second call goes on from there.
    """
    by_file: dict[int, set[int]] = {}
    for capture in doomed:
        file = database.value("SELECT file FROM captures WHERE capture = ?", (capture,))
        if file is not None:
            by_file.setdefault(file, set()).add(capture)
    for file in sorted(by_file, reverse=True):
        _cut(database, folder, file, by_file[file])
    return len(by_file)


def sweep(database: Database, folder: Path) -> list[str]:
    """Remove what a cut that was killed left, and return the names.

    That is a file half written, and one of whose two generations the index has the other.
    """
    indexed = dict(map(stem_and_cut, _indexed(database)))
    gone = []
    for name in sorted(_listed(folder)):
        stem, cut = stem_and_cut(name)
        if name.startswith(TEMPORARY) or indexed.get(stem, cut) != cut:
            (folder / name).unlink()
            gone.append(name)
    if folder.is_dir():
        sync(folder)
    remove_given_up(WarcFiles(database), folder)
    return gone


def _cut(database: Database, folder: Path, file: int, doomed: set[int]) -> None:
    name = database.value("SELECT name FROM warc_files WHERE file = ?", (file,))
    rows = list(
        database.rows(
            "SELECT capture, offset, length FROM captures WHERE file = ? ORDER BY offset", (file,)
        )
    )
    if len(rows) == len(doomed):
        files = WarcFiles(database)
        files.give_up(file)
        remove_given_up(files, folder)
        return
    if not (folder / name).exists():
        with database.transaction():
            _forget(database, doomed)
        return
    gone = [(offset, offset + length) for capture, offset, length in rows if capture in doomed]
    stem, cuts = stem_and_cut(name)
    renamed = f"{stem}.cut{cuts + 1}.warc.gz"
    _write_without(folder / name, folder / renamed, gone)
    with database.transaction():
        _forget(database, doomed)
        for capture, offset, _ in rows:  # in their order: no two ever have one offset
            if capture not in doomed:
                database.execute(
                    "UPDATE captures SET offset = ? WHERE capture = ?",
                    (offset - _before(gone, offset), capture),
                )
        database.execute(
            "UPDATE warc_files SET name = ?, bytes = bytes - ? WHERE file = ?",
            (renamed, sum(end - begin for begin, end in gone), file),
        )
    database.sync()  # else a power loss might leave an index of the file that goes now
    (folder / name).unlink()
    sync(folder)


def _forget(database: Database, doomed: set[int]) -> None:
    for capture in sorted(doomed, reverse=True):
        database.execute("DELETE FROM captures WHERE capture = ?", (capture,))


def _before(gone: list[Span], offset: int) -> int:
    """Return how many bytes go before an offset."""
    return sum(end - begin for begin, end in gone if end <= offset)


def _write_without(source: Path, target: Path, gone: list[Span]) -> None:
    """Write a file again without some spans of it; on the disk under its name, or not at all."""
    draft = source.with_name(TEMPORARY + secrets.token_hex(16))
    try:
        descriptor = os.open(draft, _CREATE, 0o644)
        with source.open("rb") as reader, os.fdopen(descriptor, "wb") as writer:
            at = 0
            for begin, end in [*gone, (source.stat().st_size,) * 2]:
                reader.seek(at)
                left = begin - at
                while left and (chunk := reader.read(min(_CHUNK, left))):
                    writer.write(chunk)
                    left -= len(chunk)
                at = end
            writer.flush()
            os.fsync(descriptor)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    sync(target.parent)


def _indexed(database: Database) -> list[str]:
    return [name for (name,) in database.rows("SELECT name FROM warc_files")]


def _listed(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []
