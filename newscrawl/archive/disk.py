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


def write_whole(descriptor: int, content: bytes) -> None:
    """Write all of ``content``, in as many calls as the system takes; raise ``OSError``."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
