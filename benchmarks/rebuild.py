"""How long a lost archive takes to be made anew, against reading and parsing the same pages.

The yardstick reads each record of the raw record and parses its page with the same libraries,
in one process: what anybody has to do before they know anything. ``rules_s`` reads them by the
sources' rules besides, in one process too. A rebuild is timed with one process and with one a
core; of it the wall time counts, and the processor time of all its processes stands beside, which
other work on the machine does not change. The posts stand beside, and are read for their
addresses, as after any loss.

A larger site has more articles for each page of a listing, and listings are cheap to read: that
is why a page costs more there. What an article costs is the same at any size.
Run: ``python -m benchmarks.rebuild [ARTICLES…]``.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Timed, middle, new_folder, timed
from newscrawl.archive.pages import page_of_exchange
from newscrawl.archive.warc_reader import read_exchanges
from newscrawl.config import Config, Output
from newscrawl.extraction.page import Page
from newscrawl.listings import Entry
from newscrawl.operations.importing import origins_of
from newscrawl.operations.rebuild import RebuildReport, RebuildRequest, run_rebuild
from newscrawl.operations.workers import cores
from newscrawl.outcomes import Ended, ListingError
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

SIZES = (700, 2_800)
"""Articles of the sites that are crawled: what is true at both is no matter of size."""


def read_and_parse(folder: Path) -> int:
    """Read every page that came with status 200, parse it, and return how many there are."""
    pages = 0
    for path in sorted(folder.glob("warc/*.warc.gz")):
        with path.open("rb") as file:
            for exchange in read_exchanges(file):
                if exchange.status == 200 and exchange.body:
                    _parse(page_of_exchange(exchange))
                    pages += 1
    return pages


def _parse(page: Page) -> None:
    if page.is_json:
        page.json()
    elif page.tree.body is None:
        raise ValueError(page.url)


def read_by_rules(folder: Path) -> int:
    """Do the same by the rules of the sources, and return how many articles they gave."""
    articles = 0
    for path in sorted(folder.glob("warc/*.warc.gz")):
        with path.open("rb") as file:
            for exchange in read_exchanges(file):
                if exchange.status != 200 or not exchange.body:
                    continue
                purpose, page = exchange.purpose, page_of_exchange(exchange)
                spider = spiders()[purpose.source]
                try:
                    if purpose.article is not None:
                        entry = purpose.entry or Entry(exchange.url)
                        articles += spider.parse_article(page, entry) is not None
                    elif section := spider.find_section(purpose.section):
                        spider.parse_listing(page, section, purpose.cursor)
                except (Ended, ListingError):
                    continue
    return articles


def rebuild(folder: Path, jobs: int) -> RebuildReport:
    """Make the archive anew, where there is none."""
    for old in folder.glob("archive.db*"):
        old.unlink()
    config = Config(output=Output(directory=str(folder)))
    report = run_rebuild(RebuildRequest(config, folder / "archive.db", jobs=jobs))
    assert report.from_raw == report.articles > 0, report
    return report


def measured(articles: int, rounds: int) -> dict[str, Any]:
    """Return the figures of one site."""
    folder = new_folder()
    _crawl(folder, articles)
    origins_of(Config())  # loads the sources, which a process does once
    works: dict[str, Callable[[], object]] = {
        "parse": lambda: read_and_parse(folder),
        "rules": lambda: read_by_rules(folder),
        "one": lambda: rebuild(folder, 1),
        "all": lambda: rebuild(folder, cores()),
    }
    times: dict[str, list[Timed]] = {each: [] for each in works}
    for _ in range(rounds):
        for each, work in works.items():
            times[each].append(timed(work))
    pages, found = read_and_parse(folder), rebuild(folder, 1).articles
    wall = {name: middle([each.wall for each in runs]) for name, runs in times.items()}
    cpu = {name: middle([each.cpu for each in runs]) for name, runs in times.items()}
    return {
        "pages": pages,
        "articles": found,
        "wall_s": wall,
        "cpu_s": cpu,
        "cpu_ms_an_article_one_process": round(cpu["one"] / found * 1000, 2),
        "ratio": round(wall["all"] / wall["parse"], 2),
        "ratio_one_process": round(wall["one"] / wall["parse"], 2),
        "ratio_cpu": round(cpu["all"] / cpu["parse"], 2),
        "ratio_cpu_one_process": round(cpu["one"] / cpu["parse"], 2),
    }


def main(*articles: int, rounds: int = 3) -> dict[str, object]:
    """Return medians in seconds, and their ratios to the yardstick, the worst one first."""
    sites = [measured(each, rounds) for each in articles or SIZES]
    return {
        "processes": cores(),
        "ratio": max(site["ratio"] for site in sites),
        "ratio_one_process": max(site["ratio_one_process"] for site in sites),
        "sites": sites,
    }


def _crawl(output: Path, articles: int) -> None:
    with ReplicaProcess(articles=articles) as replica:
        subprocess.run(
            [sys.executable, "-m", "newscrawl", "crawl", "--full", "--via", replica.url,
             "--output", str(output)],
            check=True,
            stdout=sys.stderr,
        )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), indent=2))
