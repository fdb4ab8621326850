"""The files of pictures: named by what they hold, whole or absent, written once.

``<folder>/ab/<sha256>.<type>``. Folders are reached from a descriptor held open, so that a
link planted in their place leads nowhere (H120); nothing is writable for others (H126).
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from newscrawl.items import Picture

TEMPORARY = ".newscrawl-tmp-"
_FOLDER_MODE = 0o755
_FILE_MODE = 0o644
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def path_of(picture: Picture) -> PurePosixPath:
    """Return where a picture stands, from the folder of all pictures."""
    name = f"{picture.content_hash}.{picture.type}"
    return PurePosixPath(picture.content_hash[:2], name)


class ImageFiles:
    """The pictures below one folder, which is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, picture: Picture) -> bool:
        """Whether the file is there, as large as it was."""
        try:
            found = (self.folder / path_of(picture)).lstat()
        except OSError:
            return False
        return found.st_size == picture.size

    def put(self, picture: Picture, content: bytes) -> None:
        """Write a picture, unless it is there; when this returns it is on the disk.

        Raises ``OSError`` where it cannot be written; no part of it is left then (H118).
        """
        if self.has(picture):
            return
        path = path_of(picture)
        temporary = TEMPORARY + secrets.token_hex(16)
        with self._opened(path.parent) as folder:
            try:
                descriptor = os.open(temporary, _CREATE, _FILE_MODE, dir_fd=folder)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(descriptor)
                os.replace(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary, dir_fd=folder)
                raise
            os.fsync(folder)

    @contextmanager
    def _opened(self, below: PurePosixPath) -> Iterator[int]:
        """Open a folder below ours, made where it is missing."""
        if not self.folder.exists():
            self.folder.mkdir(_FOLDER_MODE)
        outer = os.open(self.folder, _OPEN_FOLDER)
        try:
            with contextlib.suppress(FileExistsError):
                os.mkdir(below, _FOLDER_MODE, dir_fd=outer)
            inner = os.open(below, _OPEN_FOLDER, dir_fd=outer)
        finally:
            os.close(outer)
        try:
            yield inner
        finally:
            os.close(inner)
