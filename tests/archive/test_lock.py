"""The lock: one holder, freed with its process, no link followed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.archive.lock import Lock, LockedError


def test_H122_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = Lock(path).acquire()
    with pytest.raises(LockedError, match="another crawl"):
        Lock(path).acquire()
    first.release()
    with Lock(path):
        pass


def test_H122_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from newscrawl.archive.lock import Lock\n"
        "lock = Lock(Path(sys.argv[1])).acquire()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert ended.returncode == -9
    assert path.exists()
    with Lock(path):
        pass


def test_H120_a_lock_file_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("")
    path = tmp_path / "lock"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        Lock(path).acquire()


def test_H126_the_lock_file_is_not_writable_by_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Lock(tmp_path / "lock"):
            assert (tmp_path / "lock").stat().st_mode & 0o002 == 0
    finally:
        os.umask(before)
