"""How long a lost archive takes to be made anew, against reading and parsing the same pages.

The yardstick reads each record of the raw record and parses its page with the same libraries:
what anybody has to do before they know anything. ``rules_s`` reads them by the sources' rules
besides. So the ratio is what identity, cleaning, storing and indexing cost. The posts stand
beside, and are read for their addresses, as after any loss.
Run: ``python -m benchmarks.rebuild [ARTICLES [ROUNDS]]``.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from newscrawl.archive.pages import page_of_exchange
from newscrawl.archive.warc_reader import read_exchanges
from newscrawl.config import Config, Output
from newscrawl.extraction.page import Page
from newscrawl.listings import Entry
from newscrawl.operations.importing import origins_of
from newscrawl.operations.rebuild import RebuildRequest, run_rebuild
from newscrawl.outcomes import Ended, ListingError
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of ``work``."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


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


def main(articles: int = 2_000, rounds: int = 3) -> dict[str, object]:
    """Return medians in seconds and their ratios to the yardstick."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _crawl(folder, articles)
        config = Config(output=Output(directory=name))
        origins_of(config)  # loads the sources, which a process does once
        request = RebuildRequest(config, folder / "archive.db")
        times: dict[str, list[float]] = {"parse": [], "rules": [], "rebuild": []}
        for _ in range(rounds):
            for old in folder.glob("archive.db*"):
                old.unlink()
            times["parse"].append(seconds(lambda: read_and_parse(folder)))
            times["rules"].append(seconds(lambda: read_by_rules(folder)))
            begin = time.perf_counter()
            report = run_rebuild(request)
            times["rebuild"].append(time.perf_counter() - begin)
            assert report.from_raw == report.articles > 0, report
        pages, read = read_and_parse(folder), report.from_raw
    parse, rules, rebuilt = (statistics.median(each) for each in times.values())
    return {
        "pages": pages,
        "articles": read,
        "read_and_parse_s": round(parse, 2),
        "rules_s": round(rules, 2),
        "rebuild_s": round(rebuilt, 2),
        "ratio": round(rebuilt / parse, 2),
        "ratio_to_rules": round(rebuilt / rules, 2),
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
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
