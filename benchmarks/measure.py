"""Whole processes, timed from outside, in turn; what is quoted is the ratio of medians."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import monotonic


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall and CPU seconds, peak resident memory in MB."""

    wall: float
    cpu: float
    peak_mb: float


def run(command: Sequence[str], *, ends: int = 0) -> Run:
    """Run a command to its end; raise ``CalledProcessError`` where it ends with another code.

    Its output goes to standard error, so that standard output stays the figures'.
    """
    begun = monotonic()
    process = subprocess.Popen(command, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != ends:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def interleaved(repeats: int, contestants: Mapping[str, Callable[[], Run]]) -> dict[str, list[Run]]:
    """Run every contestant ``repeats`` times, A B A B, so that a drift hits all alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, contestant in contestants.items():
            runs[name].append(contestant())
    return runs


def middle(values: Sequence[float]) -> float:
    """Return the median, to three digits after the point."""
    return round(median(values), 3)
