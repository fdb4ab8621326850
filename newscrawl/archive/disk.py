"""What is on the disk, and stays there when the power goes."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlast a power loss; raise ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def name_new(draft: Path, path: Path) -> None:
    """Give a draft its name, unless another process was faster: then its file is taken.

    Never over a file that is there: the other process may have stored something by now.
    """
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except FileNotFoundError:
        if not path.exists():  # else the other process has tidied our draft away too
            raise
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            draft.rename(path)


def write_whole(descriptor: int, content: bytes) -> None:
    """Write all of ``content``, in as many calls as the system takes; raise ``OSError``."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
