"""One article page, from bytes to clean article, against only building its tree.

Run: ``python -m benchmarks extraction[=MANIFEST.jsonl]``: lines ``{"file", "url"}`` of captured
pages, which are measured beside those of the replica.
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import mean
from time import process_time
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.markup import PLAIN_TREE
from newscrawl.extraction.page import Page
from newscrawl.outcomes import Ended
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import source_for, spiders

ROUNDS = 20
NOW = datetime(2026, 11, 22, tzinfo=UTC)

Sample = tuple[type[SourceSpider], str, bytes]


def of_manifest(manifest: Path) -> list[Sample]:
    """Return the pages of known sources that a manifest names."""
    lines = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    found = [(source_for(line["url"] or ""), line) for line in lines]
    return [
        (spider, line["url"], (manifest.parent / line["file"]).read_bytes())
        for spider, line in found
        if spider is not None
    ]


def of_replica(via: str, most: int = 50) -> list[Sample]:
    """Return the first article pages that the replica's listings show, of every source."""
    samples = []
    for spider in spiders().values():
        section = next(section for section in spider.sections.values() if section.default)
        fetch = spider.listing_request(section, None)
        listing = spider.parse_listing(Page(fetch.url, get(via, fetch.url), NOW), section, None)
        for entry in listing.entries[:most]:
            requests = spider.article_requests(entry)
            if requests and not entry.skip:
                url = requests[0].url
                body = get(via, url)
                if body:
                    samples.append((spider, url, body))
    return samples


def get(via: str, url: str) -> bytes:
    """Return a publisher's page from the replica, empty where it has moved or is gone."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = HTTPConnection(urlsplit(via).netloc)
    connection.request("GET", path, headers={"Host": parts.netloc})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return body if answer.status == 200 else b""


def seconds(samples: Sequence[Sample], *, whole: bool) -> float:
    """Return CPU seconds for one pass over the samples: everything, or the tree alone."""
    begun = process_time()
    for spider, url, body in samples:
        page = Page(url, body, NOW)
        if not whole:
            LexborHTMLParser(page.text, options=PLAIN_TREE)
            continue
        try:
            spider.parse_article(page)
        except Ended:
            continue
    return process_time() - begun


def main(manifest: str = "") -> dict[str, object]:
    """Return the figures of the replica's pages, and below ``captured`` those of a manifest."""
    with ReplicaProcess(articles=5_000, seed=1) as replica:
        figures = _measured(of_replica(replica.url))
    if manifest:
        figures["captured"] = _measured(of_manifest(Path(manifest)))
    return figures


def _measured(samples: Sequence[Sample]) -> dict[str, object]:
    """Measure both in turn and return milliseconds an article and their ratio."""
    html = [sample for sample in samples if not Page(sample[1], sample[2], NOW).is_json]
    passes = [(seconds(html, whole=True), seconds(html, whole=False)) for _ in range(ROUNDS)]
    best = [min(column) / len(html) * 1000 for column in zip(*passes, strict=True)]
    return {
        "pages": len(html),
        "kilobytes": round(mean(len(body) for _, _, body in html) / 1024, 1),
        "extract_and_clean_ms": round(best[0], 3),
        "tree_alone_ms": round(best[1], 3),
        "ratio": round(best[0] / best[1], 3),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:2]), indent=2))
