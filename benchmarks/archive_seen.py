"""The archive against a bare SQLite table that does the same: seen-check, insert, store.

Usage: ``python -m benchmarks.archive_seen [ARTICLES]``. Both sides have the same settings,
commit at the same places and see the same articles; a ratio of 3 says that the archive
takes three times as long as the least that SQLite can do.
"""

import hashlib
import json
import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec

from newscrawl.archive import Archive, Found
from newscrawl.identity.identities import Identity
from newscrawl.items import Article
from newscrawl.listings import Entry

PAGE = 50
NOW = datetime(2026, 9, 28, 4, tzinfo=UTC)
BODY = "<p>　　示例正文，每段若干字，写给测量用。</p>\n" * 120


class Bare:
    """One table of hashes, one of articles."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("CREATE TABLE seen (h BLOB PRIMARY KEY) WITHOUT ROWID")
        self.connection.execute("CREATE TABLE articles (h BLOB PRIMARY KEY, article TEXT)")

    def discover(self, page: Sequence[Found]) -> None:
        """Insert the hashes of a page that are not known, in one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        for found in page:
            key = (bytes.fromhex(found.identity.url_hash),)
            if not self.connection.execute("SELECT 1 FROM seen WHERE h = ?", key).fetchone():
                self.connection.execute("INSERT INTO seen VALUES (?)", key)
        self.connection.execute("COMMIT")

    def store(self, article: Article) -> None:
        """Store one article, in its own transaction."""
        self.connection.execute(
            "INSERT INTO articles VALUES (?, ?)",
            (bytes.fromhex(str(article.url_hash)), msgspec.json.encode(article).decode()),
        )


def found(n: int) -> Found:
    """Return the n-th row of the listing."""
    url = f"https://finance.example.com/china/2026-09-28/doc-i{n:014}.shtml"
    return Found(Entry(url, title=f"标题 {n}", published_at=NOW), Identity(f"example:{n}", url))


def article(item: Found) -> Article:
    """Return the article of a listing row, with a body of usual size."""
    return Article(
        source="example",
        identity=item.identity.key,
        url=item.identity.url,
        url_hash=item.identity.url_hash,
        title=item.entry.title,
        published_at=NOW,
        body_html=BODY,
        body_text=BODY,
        content_hash=hashlib.sha256(BODY.encode()).hexdigest(),
        fetched_at=NOW,
    )


def pages(count: int) -> Iterator[list[Found]]:
    """Yield the listing, page by page."""
    for start in range(0, count, PAGE):
        yield [found(n) for n in range(start, min(start + PAGE, count))]


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def measure(folder: Path, count: int) -> dict[str, tuple[float, float]]:
    """Return (ours, bare) in seconds for each step."""
    bare = Bare(folder / "bare.db")
    listing = list(pages(count))
    articles = [article(item) for page in listing for item in page]
    with Archive.open(folder / "archive.db") as archive:
        run = archive.begin_run("example", {}, NOW)

        def discover(run: int) -> float:
            return seconds(
                lambda: [archive.discover(run, "example", "china", page, NOW) for page in listing]
            )

        def discover_bare() -> float:
            return seconds(lambda: deque(map(bare.discover, listing), maxlen=0))

        def store() -> None:
            for item in articles:
                archive.store(run, "china", str(item.url_hash), item)

        def store_bare() -> None:
            for item in articles:
                bare.store(item)

        figures = {"insert": (discover(run), discover_bare())}
        figures["store"] = seconds(store), seconds(store_bare)
        again = archive.begin_run("example", {}, NOW)
        figures["look up"] = discover(again), discover_bare()
    return figures


def main(count: int = 20_000) -> dict[str, object]:
    """Return, for each step, microseconds an article and the ratio to the bare table."""
    with TemporaryDirectory() as folder:
        figures = measure(Path(folder), count)
        size = (Path(folder) / "archive.db").stat().st_size
    return {
        "articles": count,
        "kib_an_article": round(size / count / 1024, 1),
        **{
            step: {"us": round(ours / count * 1e6, 1), "ratio": round(ours / bare, 2)}
            for step, (ours, bare) in figures.items()
        },
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:2])), indent=2))
