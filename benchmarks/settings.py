"""Which Scrapy settings pay: the bare spider with one of them changed at a time.

Each variant is ``benchmarks.bare`` with newscrawl's settings but for one, which is put back to
Scrapy's default or tried. Variants take turns; the figure is the pages a CPU second over
those of newscrawl's settings: 0.7 says that newscrawl's choice saves three tenths.
Run: ``python -m benchmarks settings[=ARTICLES[,REPEATS]]``.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.bare import DEFAULTS, TUNED
from benchmarks.measure import Run, interleaved, middle, new_folder, run
from benchmarks.pipeline import requests_of, urls_of
from newscrawl.replica.process import ReplicaProcess

ARTICLES = 2_000
REPEATS = 3
OURS = "as newscrawl sets them"
FOLDER = "FOLDER"
"""Stands for an empty folder of the variant's own."""
AIOHTTP = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"
CACHE = "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware"
MIDDLEWARES = (
    "DOWNLOADER_MIDDLEWARES_BASE",
    "COOKIES_ENABLED",
    "METAREFRESH_ENABLED",
    "HTTPPROXY_ENABLED",
)
REACTOR = ("DOWNLOAD_HANDLERS", "TWISTED_REACTOR_ENABLED")
LOGGED = ("LOG_LEVEL", "LOG_FILE")


def _back(*names: str) -> dict[str, Any]:
    """Return what puts settings back to Scrapy's defaults."""
    return {name: DEFAULTS[name] for name in names}


VARIANTS: Mapping[str, Mapping[str, Any]] = {
    OURS: {},
    "`CONCURRENT_ITEMS` 4": {"CONCURRENT_ITEMS": TUNED["CONCURRENT_ITEMS"]},
    "that, and no `WARN_ON_GENERATOR_RETURN_VALUE`": TUNED,
    "Scrapy's own handler, on a reactor": _back(*REACTOR),
    "a reactor under the aiohttp handler": _back("TWISTED_REACTOR_ENABLED"),
    "the aiohttp handler without the address guard": {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), AIOHTTP)
    },
    "all downloader middlewares": _back(*MIDDLEWARES),
    "all spider middlewares": _back("SPIDER_MIDDLEWARES_BASE"),
    "all extensions": _back("EXTENSIONS_BASE"),
    "`LOG_LEVEL` DEBUG, written to nowhere": _back(*LOGGED),
    "`RETRY_EXCEPTIONS` with Twisted's": _back("RETRY_EXCEPTIONS"),
    "no statistics": {"STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector"},
    "32 requests at once": {"CONCURRENT_REQUESTS": 32},
    "a queue on disk (`JOBDIR`)": {"JOBDIR": FOLDER},
    "an HTTP cache on disk": {
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": FOLDER,
        "DOWNLOADER_MIDDLEWARES": {CACHE: 900},
    },
    "all of Scrapy's defaults": DEFAULTS,
}
"""Variant -> what it changes, None for what Scrapy has where nothing is set."""


def main(articles: int = ARTICLES, repeats: int = REPEATS) -> dict[str, object]:
    """Return pages a CPU second of each variant, and its ratio to newscrawl's settings."""
    with ReplicaProcess(articles=articles, seed=1) as replica:
        return _measure(replica.url, new_folder(), repeats)


def _measure(via: str, folder: Path, repeats: int) -> dict[str, object]:
    output, urls = folder / "output", folder / "urls.txt"
    crawl = ["crawl", "--via", via, "--output", str(output), "--dialect", "jsonl"]
    run([sys.executable, "-m", "newscrawl", *crawl])
    asked = list(dict.fromkeys(urls_of(output)))  # a cache answers the second time itself
    urls.write_text("\n".join(asked), encoding="utf-8")
    pages: dict[str, list[int]] = {name: [] for name in VARIANTS}

    def fetch(name: str) -> Run:
        own = new_folder()
        changes = {n: str(own) if value == FOLDER else value for n, value in VARIANTS[name].items()}
        before = requests_of(via)
        bare = [sys.executable, "-m", "benchmarks.bare", via, str(urls), json.dumps(changes)]
        measured = run(bare)
        pages[name].append(requests_of(via) - before)
        if pages[name][-1] < len(asked):  # more where redirects are followed
            raise RuntimeError(f"not every page was asked for: {name}")
        return measured

    contestants: dict[str, Callable[[], Run]] = {name: partial(fetch, name) for name in VARIANTS}
    runs = interleaved(repeats, contestants)
    paces = {
        name: middle([n / each.cpu for n, each in zip(pages[name], found, strict=True)])
        for name, found in runs.items()
    }
    return {
        "pages": len(asked),
        "pages_per_cpu_second": paces,
        "ratio": {name: round(pace / paces[OURS], 2) for name, pace in paces.items()},
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), indent=2))
