"""Writing below one folder: whole files or none, and never through a symbolic link.

Every file is reached from a directory held open (``dir_fd`` and ``O_NOFOLLOW``), so that a
link planted between a check and its use leads nowhere (H120). New content is written under
an unpredictable name that must not exist (H121), reaches the disk, and is then renamed.
"""

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from newscrawl.archive.disk import sync, write_whole
from newscrawl.export.posts import ExportError

TEMPORARY = ".newscrawl-tmp-"
Place = PurePosixPath | str
"""A path from the root; text is what a path object for each file would be made of."""
_FOLDER_MODE = 0o755
_FILE_MODE = 0o644
"""Upper bounds whatever the umask: nothing is writable for others (H126)."""
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS})
"""Why a second name for a file cannot be had, though the file itself could be written."""
_SYNC_ALL_FROM = 8
"""Files from which on one sync of the machine is cheaper than one of each file."""


class NotAFile(Exception):  # noqa: N818  (says what stands there)
    """Something other than a regular file stands at this path: it is not ours."""


class Staged(msgspec.Struct, frozen=True, gc=False):
    """New content under a temporary name. folder: descriptor; name: the one it will have.

    stamp: what ``Tree.stamp`` will say of it, until somebody changes it.
    """

    folder: int
    temporary: str
    name: str
    stamp: str


def check_root(root: Path) -> None:
    """Raise ``ExportError`` unless posts can be written to ``root``; writes nothing (H119).

    Refused: a symbolic link as the folder itself or, where the path is relative, as any
    part of it; something that is no folder; a folder, or a place for one, without access.
    """
    parts = [root] if root.is_absolute() else [root, *root.parents[:-1]]
    for part in parts:
        if part.is_symlink():
            raise ExportError(f"{part}: is a symbolic link; name the real folder instead")
    nearest = root
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise ExportError(f"{nearest}: is not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise ExportError(f"{nearest}: cannot be written to")


class Tree:
    """The files of one folder, read and replaced by their path from it."""

    def __init__(self, root: Path) -> None:
        """``root`` need not exist; it is made with the first file that is staged."""
        self.root = root
        self._folders: dict[str, int] = {}
        """By the path from the root, as text, which is looked up for every file."""
        self._missing: set[str] = set()
        self._temporary = _names()

    def close(self) -> None:
        """Let go of the folders."""
        for folder in self._folders.values():
            os.close(folder)
        self._folders.clear()

    def forget(self) -> None:
        """Look again for the folders that were not there."""
        self._missing.clear()

    def make(self, folder: PurePosixPath) -> None:
        """Make sure that a folder below the root exists; raise ``ExportError`` if it cannot."""
        self._open(_text(folder), create=True)

    def has(self, path: Place) -> bool:
        """Whether anything stands at a path; False also where only an attempt would tell.

        A fifth of the cost of an attempt to read what is not there.
        """
        folder, name = self._place(path)
        return folder is not None and os.access(name, os.F_OK, dir_fd=folder, follow_symlinks=False)

    def read(self, path: Place) -> bytes | None:
        """Return the bytes of a file, None where there is none; raise ``NotAFile``."""
        folder, name = self._place(path)
        if folder is None:
            return None
        try:
            file = os.open(name, _OPEN_FILE, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket
                raise NotAFile(path) from error
            raise
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise NotAFile(path)
            return _read(file, status.st_size)
        finally:
            os.close(file)

    def stamp(self, path: Place) -> str | None:
        """Return what tells a file from any other content it could have, None for no file.

        Its inode, size and time of change, as the system has them: the file is not read. A
        file that is written in place or put in the place of another has a new one.
        """
        folder, name = self._place(path)
        if folder is None:
            return None
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return _stamp(status) if stat.S_ISREG(status.st_mode) else None

    def stage(self, path: Place, content: bytes) -> Staged:
        """Write ``content`` beside ``path`` under a temporary name; it is not synced."""
        folder, name = self._made_place(path)
        temporary = next(self._temporary)
        try:
            file = os.open(temporary, _CREATE, _FILE_MODE, dir_fd=folder)
            try:
                write_whole(file, content)
                stamp = _stamp(os.fstat(file))
            finally:
                os.close(file)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
        return Staged(folder, temporary, name, stamp)

    def sync(self, staged: Iterable[Staged]) -> None:
        """Return when the contents of staged files are on the disk.

        On Linux one ``sync`` waits for all of a batch, at a tenth of the cost of a
        hundred ``fsync``; elsewhere it only schedules the writing.
        """
        staged = list(staged)
        if sys.platform == "linux" and len(staged) >= _SYNC_ALL_FROM:
            os.sync()
            return
        for each in staged:
            file = os.open(each.temporary, _OPEN_FILE, dir_fd=each.folder)
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def replace(self, staged: Staged) -> None:
        """Give a staged file its name, over whatever file has it."""
        folder = staged.folder
        os.replace(staged.temporary, staged.name, src_dir_fd=folder, dst_dir_fd=folder)

    def link(self, source: Path, path: Place) -> None:
        """Give a file from elsewhere a name here too, unless something has that name.

        Where the file system cannot (another device, no such links), it is copied.
        """
        folder, name = self._made_place(path)
        try:
            os.link(source, name, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            return
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            staged = self.stage(path, source.read_bytes())
            self.sync([staged])
            self.replace(staged)

    def move(self, path: Place, target: Place) -> None:
        """Move a file to another folder of this tree, where nothing has its name."""
        source, old = self._place(path)
        folder, new = self._made_place(target)
        os.rename(old, new, src_dir_fd=source, dst_dir_fd=folder)

    def sync_folders(self) -> None:
        """Return when all renames are on the disk."""
        for folder in self._folders.values():
            os.fsync(folder)

    def discard(self, staged: Staged) -> None:
        """Remove a staged file, if it is there."""
        with contextlib.suppress(OSError):
            os.unlink(staged.temporary, dir_fd=staged.folder)

    def remove(self, path: Place) -> bool:
        """Remove a file, whoever wrote it; return whether there was one."""
        folder, name = self._place(path)
        if folder is None:
            return False
        try:
            os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return False
        return True

    def sweep(self, folder: PurePosixPath) -> None:
        """Remove what a killed export staged here and never named."""
        descriptor = self._open(_text(folder), create=False)
        if descriptor is None:
            return
        for name in os.listdir(descriptor):  # noqa: PTH208  (of a descriptor, not a path)
            if name.startswith(TEMPORARY):
                with contextlib.suppress(OSError):
                    os.unlink(name, dir_fd=descriptor)

    def _place(self, path: Place) -> tuple[int | None, str]:
        """Return the descriptor of a file's folder, None where there is none, and its name."""
        folder, _, name = str(path).rpartition("/")
        return self._open(folder, create=False), name

    def _made_place(self, path: Place) -> tuple[int, str]:
        """Return the descriptor of a file's folder, which is made, and its name."""
        folder, _, name = str(path).rpartition("/")
        descriptor = self._open(folder, create=True)
        if descriptor is None:
            raise ExportError(f"{self.root / folder}: was removed while it was written to")
        return descriptor, name

    def _open(self, folder: str, *, create: bool) -> int | None:
        """Return the descriptor of a folder, step by step from the root, or None."""
        if folder in self._folders:
            return self._folders[folder]
        if folder in self._missing and not create:
            return None
        if not folder:
            if create:
                for part in reversed([self.root, *self.root.parents]):
                    if not part.is_dir():
                        part.mkdir(_FOLDER_MODE, exist_ok=True)
                        sync(part.parent)
            descriptor = self._enter(str(self.root), None, self.root)
        else:
            above, _, name = folder.rpartition("/")
            parent = self._open(above, create=create)
            if parent is None:
                return None
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, _FOLDER_MODE, dir_fd=parent)
            descriptor = self._enter(name, parent, self.root / folder)
        if descriptor is None:
            self._missing.add(folder)
        else:
            self._folders[folder] = descriptor
        return descriptor

    @staticmethod
    def _enter(name: str, parent: int | None, shown: Path) -> int | None:
        try:
            return os.open(name, _OPEN_FOLDER, dir_fd=parent)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise ExportError(
                    f"{shown}: is a symbolic link or no folder; nothing is written through it"
                ) from error
            raise ExportError(f"{shown}: {error.strerror}") from error


def _names() -> Iterator[str]:
    """Yield names that nobody can foretell, from random bytes drawn for many at once."""
    while True:
        drawn = secrets.token_hex(16 * 64)
        for at in range(0, len(drawn), 32):
            yield TEMPORARY + drawn[at : at + 32]


def _text(folder: PurePosixPath) -> str:
    """Return a folder's path from the root as text, empty for the root itself."""
    return "" if folder == PurePosixPath() else str(folder)


def _read(file: int, size: int) -> bytes:
    """Return a whole file; size: what it probably has. One call for most, with no buffer."""
    parts = []
    while part := os.read(file, size + 1):
        parts.append(part)
        if len(part) <= size:
            size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"
