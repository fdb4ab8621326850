"""A process is measured for itself, however large the one is that measures it."""

import subprocess
import sys

import pytest

from benchmarks.measure import run

LARGE_MB = 150


def test_the_peak_of_a_command_is_not_that_of_the_process_which_starts_it() -> None:
    held = bytes([1]) * (LARGE_MB << 20)
    assert run([sys.executable, "-S", "-c", ""]).peak_mb < LARGE_MB / 2
    assert len(held) == LARGE_MB << 20


def test_seconds_and_peak_are_those_of_the_command() -> None:
    burn = f"held = bytes([1]) * ({LARGE_MB} << 20)\nfor _ in range(2_000_000): pass"
    measured = run([sys.executable, "-S", "-c", burn])
    assert measured.peak_mb > LARGE_MB
    assert measured.cpu > 0
    assert measured.wall > 0


def test_another_exit_code_than_the_one_expected_is_an_error() -> None:
    leave = [sys.executable, "-S", "-c", "raise SystemExit(4)"]
    assert run(leave, ends=4).wall > 0
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run(leave)
    assert (caught.value.returncode, caught.value.cmd) == (4, leave)
