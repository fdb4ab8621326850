"""Whether the raw record and the pictures on the disk are what the archive says of them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from newscrawl.archive.checking import Progress
from newscrawl.archive.codec import to_time
from newscrawl.archive.cutting import stem_and_cut
from newscrawl.archive.database import Database
from newscrawl.archive.findings import REBUILD, Area, Finding, Severity
from newscrawl.archive.image_files import TEMPORARY, path_of
from newscrawl.archive.warc_reader import BrokenRecordError, Kept, read_kept
from newscrawl.items import Picture

SUFFIX = ".warc.gz"
_FETCH_AGAIN = "newscrawl recrawl fetches it again; else restore the file from a backup"
_PICTURES = "newscrawl pictures"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _File:
    """A row of ``warc_files``. bytes: how far it is indexed. is_open: it was never closed."""

    number: int
    name: str
    source: str
    bytes: int
    is_open: bool


class FileChecks:
    """Compares files with the tables of one archive and changes nothing.

    Every method raises ``ArchiveError`` for the archive and ``OSError`` for a folder that
    cannot be listed; a file that cannot be read is a finding.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def raw(self, folder: Path, *, quick: bool, progress: Progress) -> Iterator[Finding]:
        """Yield what is wrong with the raw record; ``quick`` looks at lengths alone."""
        files = list(map(self._file, self._database.rows(_FILES)))
        yield from self._strays(folder, {each.name for each in files})
        total = sum(each.bytes for each in files)
        done = 0
        for file in files:
            yield from self._of_file(folder, file, quick=quick)
            done += file.bytes
            progress("raw record", done, total)

    def _file(self, row: tuple[int, str, str, int, str | None]) -> _File:
        number, name, source, bytes_, closed_at = row
        return _File(number, name, source, bytes_, closed_at is None)

    def _strays(self, folder: Path, indexed: set[str]) -> Iterator[Finding]:
        """Yield the files that the index does not know."""
        cuts = dict(map(stem_and_cut, indexed))
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        for name in names:
            if name in indexed:
                continue
            stem, cut = stem_and_cut(name)
            if name.startswith(TEMPORARY) or cuts.get(stem, cut) != cut:
                what, remedy = "was left by a removal that was cut off", "newscrawl remove again"
                yield _error(name, what, f"{remedy}, with any of the addresses removed before")
            elif name.endswith(SUFFIX):
                yield _error(name, "is in no index of this archive", REBUILD)

    def _of_file(self, folder: Path, file: _File, *, quick: bool) -> Iterator[Finding]:
        if file.bytes < 0:  # on its way out by the limits of [raw]
            return
        try:
            size = (folder / file.name).stat().st_size
        except OSError as error:
            yield _error(file.name, f"cannot be read: {error.strerror}", _FETCH_AGAIN)
            return
        if size < file.bytes:
            what = f"has {size} bytes, and {file.bytes} are indexed"
            yield _error(file.name, what, _FETCH_AGAIN)
        elif size > file.bytes and file.is_open:
            what = f"has {size - file.bytes} bytes behind what is indexed"
            remedy = f"nothing: the run that writes it goes on, or the next of {file.source} does"
            yield Finding(Severity.NOTE, Area.RAW, file.name, what, remedy)
        elif size > file.bytes:
            what = f"has {size - file.bytes} bytes behind its end"
            yield _error(file.name, what, REBUILD)
        yield from self._placed(file)
        if not quick:
            yield from self._read(folder, file)

    def _placed(self, file: _File) -> Iterator[Finding]:
        """Yield gaps and overlaps between the records of a file."""
        end: int | None = None
        for offset, length in self._database.rows(
            "SELECT offset, length FROM captures WHERE file = ? ORDER BY offset", (file.number,)
        ):
            if end is not None and offset != end:
                word = "overlaps the one before" if offset < end else "leaves a gap before it"
                yield _error(f"{file.name} at {offset}", f"the record {word}", REBUILD)
            end = offset + length
        if end is not None and end != file.bytes:
            yield _error(file.name, f"is indexed to {file.bytes}, its records to {end}", REBUILD)

    def _read(self, folder: Path, file: _File) -> Iterator[Finding]:
        """Read a file from its beginning and compare each record with the index.

        Behind a broken record reading goes on with the next one that the index knows.
        """
        rows = list(self._database.rows(_CAPTURES, (file.number,)))
        wanted = {row[1]: row for row in rows}
        starts = [0, *sorted(wanted)]
        with (folder / file.name).open("rb") as stream:
            at: int | None = 0
            while at is not None and at < file.bytes:
                begin, at = at, None
                try:
                    for kept in read_kept(stream, begin):
                        if kept.offset >= file.bytes:
                            break
                        row = wanted.pop(kept.offset, None)
                        yield from self._compare(file, kept, row)
                except BrokenRecordError as error:
                    if error.offset < file.bytes:
                        wanted.pop(error.offset, None)
                        where = f"{file.name} at {error.offset}"
                        yield _error(where, f"is damaged: {error}", _FETCH_AGAIN)
                        at = next((each for each in starts if each > error.offset), None)
                except OSError as error:
                    yield _error(file.name, f"cannot be read: {error.strerror}", _FETCH_AGAIN)
                    return
        for offset in sorted(wanted):
            yield _error(f"{file.name} at {offset}", "no record begins there", REBUILD)

    def _compare(
        self, file: _File, kept: Kept, row: tuple[object, ...] | None
    ) -> Iterator[Finding]:
        where = f"{file.name} at {kept.offset}"
        if row is None:
            yield _error(where, "the record is not in the index", REBUILD)
            return
        _, _, length, url, status, fetched_at, digest, payload = row
        exchange = kept.exchange
        said = (kept.length, exchange.url, exchange.status, to_time(exchange.fetched_at))
        if said != (length, url, status, fetched_at):
            yield _error(where, "is another record than the index says", REBUILD)
            return
        actual = kept.digest if kept.is_revisit else sha256(exchange.body).hexdigest()
        if actual is not None and (actual != bytes(digest).hex() or kept.digest != actual):  # type: ignore[call-overload]
            yield _error(where, f"the bytes of {url} are not those of its digest", _FETCH_AGAIN)
        if kept.is_revisit and payload:
            original = self._database.value("SELECT 1 FROM captures WHERE capture = ?", (payload,))
            if original is None:
                yield _error(where, "refers to a record that there is not", REBUILD)

    def pictures(self, folder: Path, *, quick: bool, progress: Progress) -> Iterator[Finding]:
        """Yield what is wrong with the files of pictures; ``quick`` reads none."""
        rows = list(self._database.rows(_STORED))
        known: set[str] = set()
        for done, (content, *rest) in enumerate(rows, 1):
            picture = Picture(content.hex(), *rest)
            path = folder / path_of(picture)
            known.add(str(path))
            progress("pictures", done, len(rows))
            if what := _fault(path, picture, quick=quick):
                where = str(path.relative_to(folder.parent))
                yield Finding(Severity.ERROR, Area.PICTURES, where, what, _PICTURES)
        for directory, _, names in os.walk(folder):
            for name in sorted(names):
                path = Path(directory, name)
                if str(path) not in known:
                    where = str(path.relative_to(folder.parent))
                    remedy = "nothing; or delete it, no post of the archive shows it"
                    what = "is the file of no picture that the archive has"
                    yield Finding(Severity.NOTE, Area.PICTURES, where, what, remedy)


def _fault(path: Path, picture: Picture, *, quick: bool) -> str:
    """Return what is wrong with the file of a picture, "" for a sound one."""
    try:
        size = path.lstat().st_size
        if size != picture.size:
            return f"has {size} bytes, not {picture.size}"
        if quick:
            return ""
        with path.open("rb") as file:
            digest = sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if digest.hexdigest() == picture.content_hash else "is not what its name says"


def _error(where: str, what: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, Area.RAW, where, what, remedy)


_FILES = "SELECT file, name, source, bytes, closed_at FROM warc_files ORDER BY file"
_CAPTURES = (
    "SELECT capture, offset, length, url, status, fetched_at, digest, payload FROM captures"
    " WHERE file = ? ORDER BY offset"
)
_STORED = (
    "SELECT DISTINCT content_hash, type, width, height, bytes FROM images WHERE state = 'stored'"
    " ORDER BY content_hash"
)
