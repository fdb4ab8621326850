"""The whole pipeline against bare Scrapy spiders that fetch the same pages.

Fetch, raw record, extract, clean, dedupe, archive and posts of two dialects, on the replica's
pages; the same with posts of one, without the raw record, and shared out over two processes.
The ratio of pages a CPU second says what newscrawl costs beside Scrapy itself; of two processes
the pages a second count, of which the replica's own work on the same machine takes a part.
The same again, by one process, with the source alone whose pages are large (``large_pages``).

Four yardsticks (``benchmarks.bare``). ``bare`` reads nothing, with newscrawl's settings; so does
``tuned``, with the two that pay for callbacks, which newscrawl has none of, and
``scrapy_defaults``, with Scrapy as it is installed. ``usual`` is tuned, too, selects with parsel,
inserts into SQLite and writes a file.
Run: ``python -m benchmarks pipeline[=ARTICLES[,REPEATS]]``; with few articles the start of
Scrapy, which all of them share, is most of a bare run.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.request import urlopen

from benchmarks.bare import DEFAULTS, TUNED
from benchmarks.measure import Run, interleaved, middle, new_folder, run
from newscrawl.archive.warc_reader import read_exchanges
from newscrawl.replica.process import ReplicaProcess

ARTICLES = 3_000
REPEATS = 3
LARGE = "sina_finance"
"""Its articles are pages of 70 KB; those of the other one are JSON."""
MORE = 2
"""So many times as many articles for it alone, so that the start is no larger part."""
REMEMBERED = 10_000
"""Answers that the replica makes once: it works beside those that are measured."""
WHOLE, SHARED = "newscrawl", "two_processes"
BARE, USUAL = "bare", "usual"
CHANGES: Mapping[str, Mapping[str, Any]] = {
    BARE: {},
    "tuned": TUNED,
    "scrapy_defaults": DEFAULTS,
    USUAL: TUNED,
}
"""Yardstick -> what it changes of newscrawl's settings."""
CRAWLS: Mapping[str, tuple[str, ...]] = {
    WHOLE: (),
    "one_dialect": ("--dialect", "jekyll"),
    "without_raw": ("--no-raw",),
    SHARED: ("--jobs", "2"),
}
"""Name -> options of a crawl."""


def requests_of(url: str) -> int:
    """Return how many requests the replica has answered so far."""
    with urlopen(f"{url}/__replica__/stats") as answer:
        hosts = json.load(answer)["hosts"]
    return sum(int(host["requests"]) for host in hosts.values())


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process has taken so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(articles: int = ARTICLES, repeats: int = REPEATS) -> dict[str, object]:
    """Measure and return the figures."""
    large = {name: options for name, options in CRAWLS.items() if name != SHARED}
    return {
        **_measured(articles, repeats, CRAWLS),
        "large_pages": _measured(MORE * articles, repeats, large, LARGE),
    }


def _measured(
    articles: int, repeats: int, crawls: Mapping[str, tuple[str, ...]], *sources: str
) -> dict[str, object]:
    with ReplicaProcess(articles=articles, seed=1, remember=REMEMBERED) as replica:
        asked = {name: (*sources, *options) for name, options in crawls.items()}
        return _measure(replica.url, replica.pid, repeats, asked)


def _measure(
    via: str, replica: int, repeats: int, crawls: Mapping[str, tuple[str, ...]]
) -> dict[str, object]:
    urls = new_folder() / "urls.txt"
    pages: dict[str, list[int]] = {name: [] for name in (*crawls, *CHANGES)}
    served: dict[str, list[float]] = {name: [] for name in pages}

    def crawl(name: str, output: Path | None = None) -> Run:
        whole = ["-m", "newscrawl", "crawl", "--via", via, "--output", str(output or new_folder())]
        return counted(name, [*whole, *crawls[name]])

    def bare(name: str) -> Run:
        folder = [str(new_folder())] if name == USUAL else []
        changes = json.dumps(CHANGES[name])
        return counted(name, ["-m", "benchmarks.bare", via, str(urls), changes, *folder])

    def counted(name: str, arguments: list[str]) -> Run:
        before, cpu = requests_of(via), cpu_of(replica)
        measured = run([sys.executable, *arguments])
        pages[name].append(requests_of(via) - before)
        served[name].append((cpu_of(replica) - cpu) / measured.wall)
        return measured

    first = new_folder()
    crawl(WHOLE, first)
    sizes = sizes_of(first)
    urls.write_text("\n".join(url for url, _ in sizes), encoding="utf-8")
    pages[WHOLE].clear()
    contestants: dict[str, Callable[[], Run]] = {name: partial(crawl, name) for name in crawls}
    contestants |= {name: partial(bare, name) for name in CHANGES}
    runs = interleaved(repeats, contestants)

    def paces(seconds: Callable[[Run], float]) -> dict[str, float]:
        return {
            name: middle([n / seconds(each) for n, each in zip(pages[name], found, strict=True)])
            for name, found in runs.items()
        }

    per_cpu, per_second = paces(lambda each: each.cpu), paces(lambda each: each.wall)
    return {
        "kilobytes": round(mean(size for _, size in sizes) / 1024, 1),
        "pages": {name: middle(numbers) for name, numbers in pages.items()},
        "pages_per_cpu_second": per_cpu,
        "pages_per_second": per_second,
        "replica_share_of_a_core": {name: middle(served[name][-repeats:]) for name in served},
        "ratio_cpu": {to: _ratios(per_cpu, to) for to in CHANGES},
        "ratio_wall": {to: _ratios(per_second, to) for to in CHANGES},
    }


def _ratios(paces: Mapping[str, float], to: str) -> dict[str, float]:
    return {name: round(pace / paces[to], 3) for name, pace in paces.items() if name != to}


def sizes_of(output: Path) -> list[tuple[str, int]]:
    """Return the addresses that a crawl asked for, as its raw record has them, and their bytes."""
    found = []
    for path in sorted(output.glob("warc/*.warc.gz")):
        with path.open("rb") as file:
            found += [(exchange.url, len(exchange.body)) for exchange in read_exchanges(file)]
    return found


def urls_of(output: Path) -> list[str]:
    """Return the addresses alone."""
    return [url for url, _ in sizes_of(output)]


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
