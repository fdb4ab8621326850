"""The lock: one holder, freed with its process, no link followed."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from newscrawl.archive.lock import FOR_EVER, Lock, LockedError, hold


def test_H122_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = Lock(path).acquire()
    with pytest.raises(LockedError, match="another run holds"):
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


def test_who_is_refused_is_told_the_holder_and_since_when(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock"):
        with pytest.raises(LockedError) as refused:
            Lock(tmp_path / "lock").acquire()
        assert f"(process {os.getpid()}, since 20" in str(refused.value)


@pytest.mark.parametrize("words", ["", "process 1; rm -rf /\n", "process 1 since \x1b[31m\n"])
def test_H130_words_in_a_lock_file_that_are_not_ours_are_not_repeated(
    tmp_path: Path, words: str
) -> None:
    with Lock(tmp_path / "lock"):
        (tmp_path / "lock").write_text(words)
        with pytest.raises(LockedError) as refused:
            Lock(tmp_path / "lock").acquire()
    assert str(refused.value) == f"another run holds {tmp_path / 'lock'}"


def test_several_locks_are_held_together_or_not_at_all(tmp_path: Path) -> None:
    with hold(tmp_path / "output", ["b", "a"]):
        for name in "ab":
            with pytest.raises(LockedError):
                Lock.of(tmp_path / "output", name).acquire()
    with (
        Lock.of(tmp_path / "output", "b"),
        pytest.raises(LockedError),
        hold(tmp_path / "output", ["a", "b"]),
    ):
        pass
    with hold(tmp_path / "output", ["a", "b"]):
        pass


def test_who_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    held = Lock.of(tmp_path, "a").acquire()
    free = threading.Timer(0.5, held.release)
    free.start()
    with hold(tmp_path, ["a"], wait=FOR_EVER) as locks:
        assert list(locks) == ["a"]
        with pytest.raises(LockedError):
            Lock.of(tmp_path, "a").acquire()
    free.join()


def test_who_waits_for_some_time_gives_up_after_it(tmp_path: Path) -> None:
    with Lock.of(tmp_path, "a"), pytest.raises(LockedError), hold(tmp_path, ["a"], wait=0.3):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_H125_who_waits_is_ended_by_a_signal_and_holds_nothing(
    tmp_path: Path, number: signal.Signals
) -> None:
    def interrupt() -> None:
        while not (tmp_path / ".a.lock").exists():
            time.sleep(0.05)
        os.kill(os.getpid(), number)

    with Lock.of(tmp_path, "b"):
        sender = threading.Thread(target=interrupt)
        sender.start()
        with pytest.raises(KeyboardInterrupt), hold(tmp_path, ["a", "b"], wait=FOR_EVER):
            pass
        sender.join()
        Lock.of(tmp_path, "a").acquire().release()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
