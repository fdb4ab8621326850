"""The whole pipeline against a bare Scrapy spider that fetches the same pages.

Fetch, raw record, extract, clean, dedupe, archive and posts of two dialects, on the replica's
pages, and the same without the raw record; the ratio of pages a CPU second says what newscrawl
costs beside Scrapy itself.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from benchmarks.measure import Run, interleaved, middle, run
from newscrawl.archive import Archive
from newscrawl.listings import Entry
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

ARTICLES = 1_000
REPEATS = 3


def requests_of(url: str) -> int:
    """Return how many requests the replica has answered so far."""
    with urlopen(f"{url}/__replica__/stats") as answer:
        hosts = json.load(answer)["hosts"]
    return sum(int(host["requests"]) for host in hosts.values())


def main(articles: int = ARTICLES, repeats: int = REPEATS) -> dict[str, object]:
    """Measure and return the figures."""
    folder = Path(tempfile.mkdtemp(prefix="newscrawl-bench-"))
    try:
        with ReplicaProcess(articles=articles, seed=1) as replica:
            return _measure(replica.url, folder, repeats)
    finally:
        shutil.rmtree(folder)


def _measure(via: str, folder: Path, repeats: int) -> dict[str, object]:
    output, urls = folder / "output", folder / "urls.txt"
    pages: dict[str, list[int]] = {"newscrawl": [], "without_raw": [], "bare": []}
    crawling = ["-m", "newscrawl", "crawl", "--via", via, "--output", str(output)]

    def crawl() -> Run:
        shutil.rmtree(output, ignore_errors=True)
        return counted("newscrawl", crawling)

    def without_raw() -> Run:
        shutil.rmtree(output, ignore_errors=True)
        return counted("without_raw", [*crawling, "--no-raw"])

    def bare() -> Run:
        return counted("bare", ["-m", "benchmarks.bare", via, str(urls)])

    def counted(name: str, arguments: list[str]) -> Run:
        before = requests_of(via)
        measured = run([sys.executable, *arguments])
        pages[name].append(requests_of(via) - before)
        return measured

    crawl()
    urls.write_text("\n".join(article_urls(output)), encoding="utf-8")
    pages["newscrawl"].clear()
    runs = interleaved(repeats, {"newscrawl": crawl, "without_raw": without_raw, "bare": bare})
    per_cpu = {
        name: middle(
            [number / each.cpu for number, each in zip(pages[name], runs[name], strict=True)]
        )
        for name in runs
    }
    per_second = {
        name: middle(
            [number / each.wall for number, each in zip(pages[name], runs[name], strict=True)]
        )
        for name in runs
    }
    return {
        "pages": {name: middle([float(n) for n in numbers]) for name, numbers in pages.items()},
        "pages_per_cpu_second": per_cpu,
        "pages_per_second": per_second,
        "ratio_cpu": round(per_cpu["newscrawl"] / per_cpu["bare"], 3),
        "ratio_cpu_without_raw": round(per_cpu["without_raw"] / per_cpu["bare"], 3),
        "ratio_wall": round(per_second["newscrawl"] / per_second["bare"], 3),
    }


def article_urls(output: Path) -> list[str]:
    """Return the addresses that a crawl fetched for the articles it stored."""
    with Archive.open(output / "archive.db", read_only=True) as archive:
        stored = [each.article for each in archive.articles()]
    fetches = [
        spiders()[article.source or ""].article_requests(Entry(article.url or ""))
        for article in stored
    ]
    return [each[0].url for each in fetches if each]


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
