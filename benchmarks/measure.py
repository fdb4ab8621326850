"""Whole processes, timed from outside, in turn; what is quoted is the ratio of medians."""

import atexit
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

LAUNCHER = str(Path(__file__).with_name("launch.py"))


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall and CPU seconds, peak resident memory in MB."""

    wall: float
    cpu: float
    peak_mb: float


def run(command: Sequence[str], *, ends: int = 0) -> Run:
    """Run a command to its end; raise ``CalledProcessError`` where it ends with another code.

    From its second run on it has the compiled modules that any installation has. Its output
    goes to standard error, so that standard output stays the figures'.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as figures:
        try:
            launcher = [sys.executable, "-E", "-S", LAUNCHER, str(writing), *command]
            environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(_compiled())}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            subprocess.run(
                launcher, stdout=sys.stderr, pass_fds=[writing], check=True, env=environment
            )
        finally:
            os.close(writing)
        code, wall, cpu, peak_mb = json.load(figures)
    if code != ends:
        raise subprocess.CalledProcessError(code, command)
    return Run(wall, cpu, peak_mb)


@cache
def _compiled() -> Path:
    """Return the folder of the compiled modules."""
    return new_folder()


def new_folder() -> Path:
    """Return a new folder below ``build``: on a disk, and not in memory as ``/tmp`` may be.

    It is there until this process ends, and no run removes what another one wrote: for some
    minutes ext4 gives no inode again that was deleted, and for every file that is made it looks
    at each of these. That was a seventh of a crawl.
    """
    parent = Path("build").absolute()
    parent.mkdir(exist_ok=True)
    folder = tempfile.mkdtemp(dir=parent)
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


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


class Timed(NamedTuple):
    """How long some work took: wall seconds, and CPU seconds of this process and its children."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Timed:
    """Return the times of ``work``."""
    begin, used = perf_counter(), _cpu()
    work()
    return Timed(perf_counter() - begin, _cpu() - used)


def _cpu() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, whose))


def cost(work: Callable[[], object]) -> Timed:
    """Return the times of ``work``, on disks that have nothing left to write."""
    os.sync()
    return timed(work)
