"""Peak memory of one crawl at 1,000 and at 20,000 articles: flat, or it grows with a run."""

import json
import shutil
import sys
import tempfile

from benchmarks.measure import run
from newscrawl.replica.process import ReplicaProcess

SIZES = (1_000, 20_000)


def main(sizes: tuple[int, ...] = SIZES) -> dict[str, object]:
    """Crawl each size into an empty archive and return the peaks in MB and their ratio."""
    peaks = {}
    for articles in sizes:
        folder = tempfile.mkdtemp(prefix="newscrawl-bench-")
        try:
            with ReplicaProcess(articles=articles, seed=1) as replica:
                command = ["-m", "newscrawl", "crawl", "--via", replica.url, "--output", folder]
                peaks[articles] = round(run([sys.executable, *command]).peak_mb, 1)
        finally:
            shutil.rmtree(folder)
    return {"peak_mb": peaks, "ratio": round(peaks[sizes[-1]] / peaks[sizes[0]], 3)}


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
