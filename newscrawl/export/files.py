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
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from newscrawl.export.posts import ExportError

TEMPORARY = ".newscrawl-tmp-"
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
        self._folders: dict[PurePosixPath, int] = {}

    def close(self) -> None:
        """Let go of the folders."""
        for folder in self._folders.values():
            os.close(folder)
        self._folders.clear()

    def make(self, folder: PurePosixPath) -> None:
        """Make sure that a folder below the root exists; raise ``ExportError`` if it cannot."""
        self._open(folder, create=True)

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return the bytes of a file, None where there is none; raise ``NotAFile``."""
        folder = self._open(path.parent, create=False)
        if folder is None:
            return None
        try:
            file = os.open(path.name, _OPEN_FILE, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket
                raise NotAFile(path) from error
            raise
        with os.fdopen(file, "rb") as reader:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise NotAFile(path)
            return reader.read()

    def stage(self, path: PurePosixPath, content: bytes) -> PurePosixPath:
        """Write ``content`` beside ``path`` and return the temporary path; it is not synced."""
        folder = self._open(path.parent, create=True)
        temporary = TEMPORARY + secrets.token_hex(16)
        try:
            with os.fdopen(os.open(temporary, _CREATE, _FILE_MODE, dir_fd=folder), "wb") as file:
                file.write(content)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
        return path.with_name(temporary)

    def sync(self, paths: Iterable[PurePosixPath]) -> None:
        """Return when the contents of ``paths`` are on the disk.

        On Linux one ``sync`` waits for all of a batch, at a tenth of the cost of a
        hundred ``fsync``; elsewhere it only schedules the writing.
        """
        paths = list(paths)
        if sys.platform == "linux" and len(paths) >= _SYNC_ALL_FROM:
            os.sync()
            return
        for path in paths:
            file = os.open(path.name, _OPEN_FILE, dir_fd=self._folders[path.parent])
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def replace(self, temporary: PurePosixPath, path: PurePosixPath) -> None:
        """Give a staged file its name, over whatever file has it."""
        folder = self._folders[path.parent]
        os.replace(temporary.name, path.name, src_dir_fd=folder, dst_dir_fd=folder)

    def link(self, source: Path, path: PurePosixPath) -> None:
        """Give a file from elsewhere a name here too, unless something has that name.

        Where the file system cannot (another device, no such links), it is copied.
        """
        folder = self._open(path.parent, create=True)
        try:
            os.link(source, path.name, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            return
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            temporary = self.stage(path, source.read_bytes())
            self.sync([temporary])
            self.replace(temporary, path)

    def move(self, path: PurePosixPath, target: PurePosixPath) -> None:
        """Move a file to another folder of this tree, where nothing has its name."""
        source = self._open(path.parent, create=False)
        folder = self._open(target.parent, create=True)
        os.rename(path.name, target.name, src_dir_fd=source, dst_dir_fd=folder)

    def sync_folders(self) -> None:
        """Return when all renames are on the disk."""
        for folder in self._folders.values():
            os.fsync(folder)

    def discard(self, path: PurePosixPath) -> None:
        """Remove a staged file, if it is there."""
        with contextlib.suppress(OSError):
            os.unlink(path.name, dir_fd=self._folders[path.parent])

    def sweep(self, folder: PurePosixPath) -> None:
        """Remove what a killed export staged here and never named."""
        descriptor = self._open(folder, create=False)
        if descriptor is None:
            return
        for name in os.listdir(descriptor):  # noqa: PTH208  (of a descriptor, not a path)
            if name.startswith(TEMPORARY):
                self.discard(folder / name)

    def _open(self, folder: PurePosixPath, *, create: bool) -> int | None:
        """Return the descriptor of a folder, step by step from the root, or None."""
        if folder in self._folders:
            return self._folders[folder]
        if folder == PurePosixPath():
            if create:
                for part in reversed([self.root, *self.root.parents]):
                    part.mkdir(_FOLDER_MODE, exist_ok=True)
            descriptor = self._enter(str(self.root), None, self.root)
        else:
            parent = self._open(folder.parent, create=create)
            if parent is None:
                return None
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(folder.name, _FOLDER_MODE, dir_fd=parent)
            descriptor = self._enter(folder.name, parent, self.root / folder)
        if descriptor is not None:
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
