"""The files that a path means, and their bytes: bounded, and never through a link."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from newscrawl.importing.broken import Broken, Reason

SUFFIXES = frozenset({".md", ".html"})
"""Of files in a folder; a file that is named itself may end in anything."""
MAX_SIZE = 16 * 1024 * 1024
"""Bytes of a document that are read at most, as of a page (H56)."""

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """Return the files named and those in the folders named, each once, in a fixed order.

    A folder is searched to its bottom; hidden files and folders are left out. Links are in
    the list and not followed: ``read_bytes`` refuses them.
    """
    return list(dict.fromkeys(found for path in paths for found in _documents(path)))


def _documents(path: Path) -> Iterator[Path]:
    if not _is_folder(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files = [name for name in names if Path(name).suffix.lower() in SUFFIXES]
        for name in sorted(links + files):
            if not name.startswith("."):
                yield Path(folder, name)


def _is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, not a link to one; false where nobody can tell."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; raise ``Broken``."""
    try:
        descriptor = os.open(path, _OPEN)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Broken(Reason.LINK, "name the file itself") from error
        raise Broken(Reason.UNREADABLE, error.strerror or "") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Broken(Reason.NOT_A_FILE)
        if status.st_size > MAX_SIZE:
            raise Broken(Reason.TOO_LARGE, f"{status.st_size} bytes")
        return _content(descriptor, status.st_size)
    except OSError as error:
        raise Broken(Reason.UNREADABLE, error.strerror or "") from error
    finally:
        os.close(descriptor)


def _content(descriptor: int, size: int) -> bytes:
    """Return what an open file of about ``size`` bytes holds; raise ``OSError`` and ``Broken``.

    Without a file object, whose making asks the system thrice for what is known.
    """
    # No more than it has: reading makes room for all that it is asked for.
    content = os.read(descriptor, size + 1)
    if len(content) == size:
        return content
    while more := os.read(descriptor, MAX_SIZE + 1 - len(content)):  # it grows, or came in parts
        content += more
    if len(content) > MAX_SIZE:
        raise Broken(Reason.TOO_LARGE)
    return content
