"""Commands of several processes: begun, counted, and gone."""

import subprocess
import sys
from pathlib import Path
from time import sleep
from types import ModuleType
from typing import Any

import pytest

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
