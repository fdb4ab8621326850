"""SIGINT and SIGTERM for any command: once in order, twice at once, and never over who ignores."""

import os
import signal
import subprocess
import sys
import time

import pytest

from newscrawl.cli.signals import ended_by_signals
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.interrupts import SIGNALS

_CHILD = """
import os, signal, sys, time
from newscrawl.cli.signals import ended_by_signals
from newscrawl.cli.terminal import Terminal
from newscrawl.cli.root import guarded

def work():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    finally:
        print("tidied", flush=True)
        for each in sys.argv[1:]:
            os.kill(os.getpid(), int(each))
            time.sleep(60)

with ended_by_signals():
    code = guarded(work, Terminal(), debug=False)
sys.exit(code)
"""


def child(*further: int) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _CHILD, *map(str, further)],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip


def test_H125_the_first_signal_lets_a_command_tidy_up() -> None:
    ended = child()
    assert ended.returncode == ExitCode.INTERRUPTED
    assert ended.stdout == "tidied\n"
    assert ended.stderr == "newscrawl: interrupted; everything stored so far is whole\n"


@pytest.mark.parametrize("number", SIGNALS)
def test_H125_the_second_signal_leaves_a_command_at_once(number: signal.Signals) -> None:
    ended = child(number)
    assert ended.returncode == ExitCode.INTERRUPTED
    assert "left at once" in ended.stderr


@pytest.mark.parametrize("number", SIGNALS)
def test_H125_a_signal_that_is_ignored_stays_so_and_handlers_are_given_back(
    number: signal.Signals,
) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with ended_by_signals():
            os.kill(os.getpid(), number)
            time.sleep(0.01)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)
    with ended_by_signals():
        assert signal.getsignal(number) is not before
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before
