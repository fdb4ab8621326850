"""Commands of several processes: begun, counted, and gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep
from types import ModuleType
from typing import Any

import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.operations.workers import Workers


def start(*arguments: str, processes: int) -> "subprocess.Popen[str]":
    """Begin a command of newscrawl and return when so many processes, its own too, are there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newscrawl", *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while len(group(process.pid)) < processes:
        assert process.poll() is None, "it ended before the others began"
        sleep(0.001)
    return process


def end(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    """End a command by a signal: it says so if it can, and nothing of it is left."""
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode in {ExitCode.INTERRUPTED, -number}
    if number is not signal.SIGKILL:
        assert told.strip() == "newscrawl: interrupted; everything stored so far is whole"
    assert gone(process.pid)


def end_without_another(process: "subprocess.Popen[str]") -> None:
    """Kill a process that reads for a command: it says so, and nothing of it is left."""
    other = next(each for each in group(process.pid) if each != process.pid)
    os.kill(other, signal.SIGKILL)
    _, told = process.communicate(timeout=60)
    assert process.returncode == ExitCode.STORAGE
    assert told.count("\n") == 1
    assert "a reading process was killed" in told
    assert gone(process.pid)


def group(leader: int) -> list[int]:
    """Return the processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def gone(leader: int) -> bool:
    """Whether no process of a session is left, soon."""
    for _ in range(200):
        if not group(leader):
            return True
        sleep(0.05)
    return False


def workers_of(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of workers that an operation begins."""
    begun: list[int] = []

    def workers(make: Any, arguments: Any, jobs: int, **how: Any) -> Any:
        begun.append(jobs)
        return Workers(make, arguments, jobs, **how)

    monkeypatch.setattr(module, "Workers", workers)
    return begun
