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

from newscrawl.archive.disk import sync
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
    """The pictures below one folder, which is made with the first of them.

    source: whose run writes, and holds the lock of that; none where nothing is written.
    """

    def __init__(self, folder: Path, source: str = "") -> None:
        self.folder = folder
        self._temporary = f"{TEMPORARY}{source}-"

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
        temporary = self._temporary + secrets.token_hex(16)
        with self._opened(path.parent) as (outer, inner):
            try:
                descriptor = os.open(temporary, _CREATE, _FILE_MODE, dir_fd=outer)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(descriptor)
                os.replace(temporary, path.name, src_dir_fd=outer, dst_dir_fd=inner)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary, dir_fd=outer)
                raise
            os.fsync(inner)

    def sweep(self) -> None:
        """Remove what a killed run of the source left half written.

        Only the source's own, since another one may be at work; all stand in the one folder
        that has few names, however many pictures there are.
        """
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name.startswith(self._temporary):
                path.unlink(missing_ok=True)

    @contextmanager
    def _opened(self, below: PurePosixPath) -> Iterator[tuple[int, int]]:
        """Open our folder and one below it, made where they are missing."""
        if not self.folder.exists():
            self.folder.mkdir(_FOLDER_MODE, exist_ok=True)
            sync(self.folder.parent)
        with contextlib.ExitStack() as opened:
            outer = os.open(self.folder, _OPEN_FOLDER)
            opened.callback(os.close, outer)
            with contextlib.suppress(FileExistsError):
                os.mkdir(below, _FOLDER_MODE, dir_fd=outer)
                os.fsync(outer)
            inner = os.open(below, _OPEN_FOLDER, dir_fd=outer)
            opened.callback(os.close, inner)
            yield outer, inner
