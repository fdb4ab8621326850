"""Re-extraction from the raw record: how it grows with the cores, and what bounds it.

The replica is crawled once, with its raw record. Then the record is read again in turn by
one and by two jobs, ``whole`` as a user runs it and ``steady`` without the start of the
processes; at the end one process says where its time goes. The ratio of processor times
says what the second job costs, also on a machine that others use beside us.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Any
from unittest.mock import patch

from benchmarks.measure import Run, interleaved, middle, new_folder, run
from newscrawl.config import Config
from newscrawl.operations import rereading
from newscrawl.operations.reextract import ReextractRequest, run_reextract
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

ARTICLES = 6_000
REPEATS = 3
JOBS = (1, 2)


def crawl(output: Path) -> None:
    """Crawl the replica once, with its raw record and without posts."""
    config = output.parent / "newscrawl.toml"
    config.write_text(f"[output]\ndirectory = {json.dumps(str(output))}\ndialects = []\n")
    with ReplicaProcess(articles=ARTICLES, seed="reextract") as replica:
        command = ["-m", "newscrawl", "crawl", "--config", str(config), "--via", replica.url]
        run([sys.executable, *command])


def whole(output: Path, jobs: int) -> Run:
    """Run the command as a user does."""
    command = ["-m", "newscrawl", "reextract", "--dry-run", "--output", str(output)]
    return run([sys.executable, *command, "--jobs", str(jobs)])


def steady(output: Path, jobs: int) -> Run:
    """Read everything; seconds as if the pace of all but the first pages had been the first's.

    They come when the processes have begun.
    """
    marks: list[tuple[int, float]] = []
    again(output, jobs, lambda done, _: marks.append((done, monotonic())))
    warm = marks[len(marks) // 10 :]
    (first, begun), (last, ended) = warm[0], warm[-1]
    return Run((ended - begun) * last / (last - first), 0.0, 0.0)


def again(output: Path, jobs: int, progress: Callable[[int, int], None] | None = None) -> int:
    """Read everything again, without writing; return how many articles were read."""
    config = Config().with_directory(output)
    request = ReextractRequest(config, tuple(spiders()), jobs=jobs, dry_run=True, progress=progress)
    return run_reextract(request).read


def shares(output: Path) -> dict[str, float]:
    """Return which share of one process's time each part takes, by clocks around them."""
    spent: Counter[str] = Counter()

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            begun = monotonic()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] += monotonic() - begun  # type: ignore[assignment]

        return call

    again(output, 1)  # imports and caches are no part of it
    parts = {"read": "decompression", "page_of_exchange": "decompression", "adopt": "parsing"}
    with ExitStack() as patched:
        for function, name in parts.items():
            wrapped = timed(name, getattr(rereading, function))
            patched.enter_context(patch.object(rereading, function, wrapped))
        for spider in spiders().values():
            for function in ("parse_article", "parse_listing"):
                wrapped = timed("parsing", getattr(spider, function))
                patched.enter_context(patch.object(spider, function, wrapped))
        begun = monotonic()
        again(output, 1)
        total = monotonic() - begun
    return {name: round(seconds / total, 3) for name, seconds in spent.items()} | {
        "both": round(sum(spent.values()) / total, 3)
    }


def main() -> dict[str, object]:
    """Measure; return articles a second and what two jobs reach of twice one's."""
    output = new_folder()
    crawl(output)
    articles = again(output, 1)
    figures: dict[str, object] = {
        "articles": articles,
        "raw_mb": round(sum(path.stat().st_size for path in (output / "warc").iterdir()) / 1e6, 1),
    }
    for name, measure in (("steady", steady), ("whole", whole)):
        contestants = {
            str(jobs): lambda jobs=jobs, measure=measure: measure(output, jobs) for jobs in JOBS
        }
        runs = interleaved(REPEATS, contestants)
        seconds = {jobs: middle([each.wall for each in runs[jobs]]) for jobs in runs}
        figures[name] = {
            "articles_per_second": {jobs: round(articles / wall) for jobs, wall in seconds.items()},
            "of_ideal_on_two": round(seconds["1"] / seconds["2"] / 2, 3),
        }
        if name == "whole":
            cpu = {jobs: middle([each.cpu for each in runs[jobs]]) for jobs in runs}
            figures["cpu_of_one_in_cpu_of_two"] = round(cpu["1"] / cpu["2"], 3)
    figures["share_of_time"] = shares(output)
    return figures


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
