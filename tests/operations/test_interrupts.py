"""SIGINT and SIGTERM: heard at any moment, answered once, and the process always ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.operations.interrupts import SIGNALS, Interrupts, Stop
from newscrawl.replica.process import ReplicaProcess


@pytest.mark.parametrize("number", SIGNALS)
def test_H125_the_first_signal_asks_to_stop_and_handlers_are_given_back(
    number: signal.Signals,
) -> None:
    before = signal.getsignal(number)
    asked = []
    stop = Stop()
    stop.tell(lambda: asked.append(number))
    with Interrupts(stop):
        assert not stop.asked
        os.kill(os.getpid(), number)
        time.sleep(0.01)
        assert stop.asked
    assert asked == [number]
    stop.tell(lambda: asked.append(signal.SIGHUP))  # who comes too late hears of it all the same
    assert asked == [number, signal.SIGHUP]
    assert signal.getsignal(number) is before


def test_H125_the_second_signal_leaves_at_once() -> None:
    script = (
        "import os, signal, time\n"
        "from newscrawl.operations.interrupts import Interrupts, Stop\n"
        "with Interrupts(Stop()):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    time.sleep(60)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert ended.returncode == ExitCode.INTERRUPTED
    assert "whole" in ended.stderr


@pytest.mark.slow
def test_H125_a_crawl_ends_whenever_the_signal_comes(tmp_path: Path) -> None:
    with ReplicaProcess(articles=80, seed=3) as replica:
        for step in range(8):
            output = tmp_path / str(step)
            command = [sys.executable, "-m", "newscrawl", "crawl", "--via", replica.url]
            process = subprocess.Popen(
                [*command, "--output", str(output)], stdout=subprocess.DEVNULL
            )
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.3)
            wait_for(output / "archive.db", step * 0.06)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) in {ExitCode.INTERRUPTED, ExitCode.OK}


def wait_for(path: Path, further: float) -> None:
    """Wait until a file is there, and then a little more: a moment within the crawl."""
    while not path.exists():
        time.sleep(0.01)
    time.sleep(further)
