"""One crawl of more and more articles: pages a CPU second, seconds and peak memory of each.

Each size is crawled once, in a process of its own, into an empty archive with raw record and
posts of two dialects. What a run keeps for every article shows as memory that grows, and what
looks at all of them for each one as a pace that falls.
Run: ``python -m benchmarks growth-articles=1000,10000,100000``; the last one takes some
ten minutes and 3 GB of disk.
"""

import json
import sys
from typing import Any

from benchmarks.measure import new_folder, run
from newscrawl.archive import Archive
from newscrawl.replica.process import ReplicaProcess

SIZES = (1_000, 10_000)
LISTED = 100_000
"""Pages of one listing in one run: all that the replica has."""


def main(*sizes: int) -> dict[str, object]:
    """Return a row for each size, and by how much memory and pace differ between them."""
    rows = [_crawled(articles) for articles in sizes or SIZES]
    peaks = {f"{row['articles']:,}": row["peak_mb"] for row in rows}
    paces = [row["pages_per_cpu_second"] for row in rows]
    return {
        "rows": rows,
        "peak_mb": peaks,
        "memory_growth_mb": round(max(peaks.values()) - rows[0]["peak_mb"], 1),
        "pace_kept": round(paces[-1] / max(paces), 3),
    }


def _crawled(articles: int) -> dict[str, Any]:
    """Crawl a world of so many articles, some of which are none that can be stored."""
    folder = new_folder()
    config = folder / "newscrawl.toml"
    config.write_text(f"[crawl]\nmax_pages = {LISTED}\n", encoding="utf-8")
    output = folder / "output"
    with ReplicaProcess(articles=articles, seed=1) as replica:
        crawl = ["-m", "newscrawl", "crawl", "--config", str(config), "--output", str(output)]
        measured = run([sys.executable, *crawl, "--via", replica.url])
        pages = sum(host["requests"] for host in replica.stats()["hosts"].values())
    with Archive.open(output / "archive.db", read_only=True) as archive:
        stored = sum(archive.overview.articles().values())
    return {
        "articles": articles,
        "stored": stored,
        "pages": pages,
        "seconds": round(measured.wall, 1),
        "cpu_seconds": round(measured.cpu, 1),
        "pages_per_cpu_second": round(pages / measured.cpu, 1),
        "peak_mb": round(measured.peak_mb, 1),
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), indent=2))
