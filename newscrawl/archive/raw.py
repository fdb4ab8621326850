"""The raw record: every page as it came, in WARC files under ``<output>/warc/``.

A record is on the disk before the index knows of it. What a killed run left is for
``raw_recovery``, and what is past the configured limits for ``raw_limits``.
"""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from newscrawl.archive import warc
from newscrawl.archive.archive import Archive
from newscrawl.archive.captures import NOT_KEPT, Placed
from newscrawl.archive.disk import sync, write_whole
from newscrawl.archive.exchange import Capture, Exchange, FileRun
from newscrawl.archive.raw_limits import NO_LIMITS, Expired, Limits, expire
from newscrawl.archive.warc_reader import read_at

FOLDER = "warc"
BATCH = 64
"""Exchanges that share one fsync and one transaction of the index."""
_UNTOLD = "files"
"""Option of a run whose value is places on this machine: files may be given to others."""
_AHEAD = timedelta(days=1)
"""How far the clock may be ahead of the newest page, and still tell how old the others are."""
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class NotKeptError(ValueError):
    """The bytes of a capture are no longer kept; the message says of which."""


class RawRecord:
    """Writes what one run of one source fetches. Raises ``OSError`` and ``ArchiveError``.

    After an error the file ends with a whole record, and ``keep`` may be called again.
    expired: what the limits have taken away so far.
    """

    def __init__(
        self,
        archive: Archive,
        source: str,
        run: int,
        *,
        max_bytes: int,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self._archive = archive
        self._folder = archive.folder / FOLDER
        self._source = source
        self._run = run
        self._max_bytes = max_bytes
        self._limits = limits
        self._file: int | None = None
        self._descriptor: int | None = None
        self._size = 0
        self._parts = 0
        self._waiting: list[Placed] = []
        self._latest: datetime | None = None
        self.expired = Expired()

    def keep(self, exchange: Exchange) -> None:
        """Write an exchange; it is safe from a power loss after the next ``flush``."""
        digest = sha256(exchange.body).hexdigest()
        same = self._repeated(exchange, digest)
        packed = warc.members(exchange, digest, same)
        if self._descriptor is None:
            self._open(exchange.fetched_at)
        self._write(packed)
        purpose, at = exchange.purpose, exchange.fetched_at
        self._latest = at if self._latest is None else max(at, self._latest)
        self._waiting.append(
            Placed(
                offset=self._size - len(packed),
                length=len(packed),
                source=purpose.source,
                section=purpose.section,
                article=purpose.article,
                url=exchange.url,
                status=exchange.status,
                fetched_at=at,
                digest=digest,
                payload=_payload(exchange, same),
            )
        )
        if self._size >= self._max_bytes:
            # By the clock: the capture of another tool may be years old.
            self.close(datetime.now(UTC))
        elif len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Bring what was written to the disk, then into the index."""
        if self._descriptor is None or self._file is None or not self._waiting:
            return
        os.fdatasync(self._descriptor)
        self._archive.captures.add(self._file, self._waiting, self._size)
        self._waiting = []

    def close(self, at: datetime) -> None:
        """Finish the file, if there is one, and look at the limits; at: aware.

        The next exchange begins another file.
        """
        if self._descriptor is None or self._file is None:
            return
        descriptor, file, placed, size = self._descriptor, self._file, self._waiting, self._size
        self._waiting, self._descriptor, self._file, self._size = [], None, None, 0
        try:
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
        self._archive.captures.add(file, placed, size, closed_at=at)
        if self._latest is not None:  # a clock that is ahead lets nothing grow old
            at = min(at, self._latest + _AHEAD)
        self.expired += expire(self._archive.warc_files, self._folder, self._limits, at)

    def _repeated(self, exchange: Exchange, digest: str) -> Capture | None:
        """Return the capture that a record can refer to, None where the bytes are written.

        An old one would soon take the bytes with it, where there is a limit of age.
        """
        if exchange.status == 304:
            return self._archive.captures.latest(exchange.url, status=200)
        same = self._archive.captures.latest(exchange.url)
        if same is None or not exchange.body or same.digest != digest:
            return None
        if same.status != exchange.status or self._limits.is_old(
            same.fetched_at, exchange.fetched_at
        ):
            return None
        return same

    def _open(self, at: datetime) -> None:
        """Begin a file: on the disk under its name first, and then in the index."""
        if not self._folder.is_dir():
            self._folder.mkdir(mode=0o755, exist_ok=True)
            sync(self._folder.parent)
        folder = os.open(self._folder, _FOLDER)
        try:
            name, descriptor = self._create(folder, at)
            try:
                self._size = 0
                self._descriptor = descriptor
                self._parts += 1
                self._write(warc.begin(name, at, self._told()))
                os.fsync(descriptor)
                os.fsync(folder)
                self._file = self._archive.warc_files.add(name, self._source, self._run, at)
            except BaseException:
                if self._descriptor is not None:
                    self._descriptor = None
                    os.close(descriptor)
                os.unlink(name, dir_fd=folder)
                raise
        finally:
            os.close(folder)

    def _told(self) -> FileRun:
        """Return what the file tells of its run, so that a rebuild knows what was asked for."""
        run = self._archive.overview.run(self._run)
        asked = {name: value for name, value in run.asked.items() if name != _UNTOLD}
        return FileRun(self._source, run.started_at, asked, self._parts)

    def _create(self, folder: int, at: datetime) -> tuple[str, int]:
        """Make a file under a name that nobody has, and return both.

        The time stands in the name, and not only the run, since an archive that was begun
        anew counts its runs from 1 again.
        """
        stamp = at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        serial = 0
        while True:
            serial += 1
            name = f"newscrawl-{self._source}-{stamp}-{serial:03d}.warc.gz"
            if self._archive.warc_files.has(name):
                continue
            with suppress(FileExistsError):
                return name, os.open(name, _CREATE, 0o644, dir_fd=folder)

    def _write(self, packed: bytes) -> None:
        """Append whole records, or nothing of them (H118)."""
        if self._descriptor is None:
            raise RuntimeError("no file is open")
        try:
            write_whole(self._descriptor, packed)
        except BaseException:
            try:
                os.ftruncate(self._descriptor, self._size)
            except OSError:  # the next run indexes what is whole and cuts off the rest
                os.close(self._descriptor)
                self._waiting, self._descriptor, self._file = [], None, None
            raise
        self._size += len(packed)


def _payload(exchange: Exchange, same: Capture | None) -> int | None:
    if same is not None:
        return same.capture
    return NOT_KEPT if exchange.status == 304 else None


def read(archive: Archive, capture: Capture) -> Exchange:
    """Return an exchange as it was kept, a revisit with the bytes that it repeats.

    A 304 has the empty body that it came with. Raises ``OSError`` where the file is not there,
    ``NotKeptError`` where the repeated bytes are gone, and ``ValueError`` where the record is
    not what the index says.
    """
    with (archive.folder / FOLDER / capture.file).open("rb") as file:
        kept = read_at(file, capture.offset, capture.length)
    if kept.exchange.url != capture.url or kept.exchange.fetched_at != capture.fetched_at:
        raise ValueError(f"{capture.file}: another record at byte {capture.offset}")
    if not kept.is_revisit or capture.status == 304:
        return kept.exchange
    original = archive.captures.capture(capture.payload or NOT_KEPT)
    if original is None:
        raise NotKeptError(
            f"{capture.url}: its bytes of {capture.fetched_at:%Y-%m-%d %H:%M} UTC were those of"
            " an earlier capture, which is no longer kept"
        )
    return replace(kept.exchange, body=read(archive, original).body)
