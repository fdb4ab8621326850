"""What a cron run costs that finds nothing new, beside the least that Scrapy itself costs.

The contestant is a Scrapy project of one spider that asks the same replica for the same
listing pages and reads none of them: its time is starting Scrapy, fetching, and ending.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import Run, interleaved, middle, new_folder, run
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

ARTICLES = 2_000
REPEATS = 9
SETTINGS = """
BOT_NAME = "bare"
SPIDER_MODULES = ["bare"]
ROBOTSTXT_OBEY = False
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 16
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "WARNING"
"""
SPIDER = """
import json
from pathlib import Path

import scrapy


class Bare(scrapy.Spider):
    name = "bare"

    async def start(self):
        for url, headers in json.loads(Path("requests.json").read_text(encoding="utf-8")):
            yield scrapy.Request(url, headers=headers, dont_filter=True)

    def parse(self, response):
        pass
"""


def main() -> dict[str, object]:
    """Return the medians in seconds and their ratio, for one section and for all of them."""
    folder = new_folder()
    with ReplicaProcess(articles=ARTICLES) as replica:
        return {
            "articles": ARTICLES,
            "repeats": REPEATS,
            "one section": _measured(folder / "one", replica, ["sina_finance"], ["china"]),
            "all sections": _measured(folder / "all", replica, list(spiders()), []),
        }


def _measured(
    folder: Path, replica: ReplicaProcess, sources: list[str], sections: list[str]
) -> dict[str, object]:
    """Crawl once, so that nothing is new, and time what comes after."""
    folder.mkdir()
    chosen = [part for section in sections for part in ("--section", section)]
    crawl = [sys.executable, "-m", "newscrawl", "crawl", *sources, *chosen, "--via", replica.url]
    asked = _project(folder, replica.url, sources, sections)
    bare = [sys.executable, "-m", "scrapy", "crawl", "bare"]
    for command in (crawl, crawl, bare):
        _run_in(folder, command)
    before = _listings(replica)
    runs = interleaved(
        REPEATS,
        {
            "newscrawl": partial(_run_in, folder, crawl),
            "scrapy": partial(_run_in, folder, bare),
        },
    )
    seconds = {name: middle([each.wall for each in found]) for name, found in runs.items()}
    cpu = {name: middle([each.cpu for each in found]) for name, found in runs.items()}
    return {
        "listing requests": asked,
        "listing requests of newscrawl": (_listings(replica) - before) // REPEATS - asked,
        "seconds": seconds,
        "cpu seconds": cpu,
        "ratio": round(seconds["newscrawl"] / seconds["scrapy"], 2),
        "cpu ratio": round(cpu["newscrawl"] / cpu["scrapy"], 2),
    }


def _project(folder: Path, via: str, sources: list[str], sections: list[str]) -> int:
    """Write the bare project, which asks for each section's first page; return how many."""
    requests = []
    for name in sources:
        spider = spiders()[name]
        for section in spider.sections.values():
            if section.id in sections or (not sections and section.default):
                fetch = spider.listing_request(section, None)
                parts = urlsplit(fetch.url)
                path = f"{parts.path}?{parts.query}" if parts.query else parts.path
                headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
                requests.append((f"{via}{path}", headers))
    (folder / "bare").mkdir()
    (folder / "bare" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "bare" / "spider.py").write_text(SPIDER, encoding="utf-8")
    (folder / "settings.py").write_text(SETTINGS, encoding="utf-8")
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = settings\n", encoding="utf-8")
    (folder / "requests.json").write_text(json.dumps(requests), encoding="utf-8")
    return len(requests)


def _run_in(folder: Path, command: list[str]) -> Run:
    """Run a command in a folder."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        return run(command)
    finally:
        os.chdir(here)


def _listings(replica: ReplicaProcess) -> int:
    hosts = replica.stats()["hosts"].values()
    return sum(host["kinds"].get("listing", 0) for host in hosts)


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
