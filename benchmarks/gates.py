"""Gates that a slow-down cannot pass: counts that repeat exactly, and ratios with head-room.

A count of calls or statements is the same on a busy machine and on an idle one, so its gate
stands close above today's figure; the one ratio is of CPU seconds of two works in turn. When a
gate closes: find what grew; raise the limit only for a reason that the change log tells.
Run: ``python -m benchmarks gates``; the tests run them, and show that each one can close.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from subprocess import check_output
from tempfile import TemporaryDirectory
from types import FrameType

from benchmarks import archive_seen, export_posts, extraction, import_posts
from benchmarks.extraction import Sample
from newscrawl.archive import Archive, ArticleFilter
from newscrawl.archive.exchange import Exchange, Purpose
from newscrawl.archive.raw import RawRecord
from newscrawl.config import Config
from newscrawl.extraction.page import Page
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.importing import ImportRequest, run_import
from newscrawl.replica.process import ReplicaProcess

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGES = 60
ROWS = 200
POSTS = 100


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure that must not exceed its limit; ``unit`` says what is counted of what."""

    name: str
    unit: str
    measure: Callable[[], float]
    limit: float


@cache
def samples() -> Sequence[Sample]:
    """Return article pages of the replica, always the same ones."""
    with ReplicaProcess(articles=400, seed=1) as replica:
        return extraction.of_replica(replica.url, PAGES)


def calls(work: Callable[[], object]) -> int:
    """Return how many functions, of Python or of C, are called while ``work`` runs."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    former = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(former)
    return counted


def statements(archive: Archive, work: Callable[[], object]) -> int:
    """Return how many SQL statements an archive runs while ``work`` runs, triggers left out."""
    asked: list[str] = []
    connection = archive._database.connection
    connection.set_trace_callback(asked.append)
    try:
        work()
    finally:
        connection.set_trace_callback(None)
    return sum(not text.startswith("--") for text in asked)


def read_all() -> None:
    """Read every sample from its bytes to the clean article."""
    extraction.seconds(samples(), whole=True)


def calls_a_page() -> float:
    """Return the calls of reading one page, without what the first one prepares."""
    read_all()
    return calls(read_all) / len(samples())


def page_over_tree() -> float:
    """Return CPU seconds of reading pages over those of building their trees."""
    html = [each for each in samples() if not Page(each[1], each[2], NOW).is_json]
    passes = [
        (extraction.seconds(html, whole=True), extraction.seconds(html, whole=False))
        for _ in range(7)
    ]
    whole, tree = (min(column) for column in zip(*passes, strict=True))
    return float(whole / tree)


def _discovered(folder: str) -> tuple[Archive, int]:
    archive = Archive.open(Path(folder) / "archive.db")
    return archive, archive.begin_run("example", {}, NOW)


def _discover(archive: Archive, run: int) -> None:
    for page in archive_seen.pages(ROWS):
        archive.discover(run, "example", "china", page, NOW)


def _store(archive: Archive, run: int) -> None:
    for item in (item for page in archive_seen.pages(ROWS) for item in page):
        article = archive_seen.article(item)
        archive.store(run, "china", article.url_hash or "", article)


def statements_a_new_row() -> float:
    """Return the statements of taking in one listing row that nobody knew."""
    with TemporaryDirectory() as folder:
        archive, run = _discovered(folder)
        with archive:
            return statements(archive, lambda: _discover(archive, run)) / ROWS


def statements_a_known_row() -> float:
    """Return the statements of passing one listing row whose article is stored."""
    with TemporaryDirectory() as folder:
        archive, run = _discovered(folder)
        with archive:
            _discover(archive, run)
            _store(archive, run)
            again = archive.begin_run("example", {}, NOW)
            return statements(archive, lambda: _discover(archive, again)) / ROWS


def _an_article(count: Callable[[Archive, Callable[[], None]], int]) -> float:
    """Return what ``count`` counts while new articles are stored, for one of them."""
    with TemporaryDirectory() as folder:
        archive, run = _discovered(folder)
        with archive:
            _discover(archive, run)
            made = [
                archive_seen.article(item) for page in archive_seen.pages(ROWS) for item in page
            ]

            def store() -> None:
                for article in made:
                    archive.store(run, "china", article.url_hash or "", article)

            return count(archive, store) / ROWS


def statements_an_article() -> float:
    """Return the statements of storing one new article."""
    return _an_article(statements)


def calls_an_article() -> float:
    """Return the calls of storing one new article, without what the first one prepares."""
    _an_article(lambda _, store: calls(store))
    return _an_article(lambda _, store: calls(store))


def calls_a_raw_page() -> float:
    """Return the calls of keeping one page in the raw record."""
    with TemporaryDirectory() as folder:
        archive, run = _discovered(folder)
        with archive:
            raw = RawRecord(archive, "example", run, max_bytes=1 << 30)
            purpose = Purpose("example", "china", "a" * 64)
            made = [
                Exchange(url, NOW, (("Accept", "*/*"),), 200, (("Server", "x"),), body, purpose)
                for _, url, body in samples()
            ]

            def keep() -> None:
                for exchange in made:
                    raw.keep(exchange)

            counted = calls(keep)
            raw.close(NOW)
            return counted / len(made)


def _export(folder: str) -> Callable[[], None]:
    """Return what exports an archive of some posts; what it counts is read anew each time."""
    place = Path(folder)
    with Archive.open(place / "archive.db") as archive:
        run = archive.begin_run("sina_finance", {}, NOW)
        for stored in export_posts.articles(POSTS):
            archive.store(run, "china", stored.article.url_hash or "", stored.article)

    def export() -> None:
        run_export(
            ExportRequest(
                Config(), place / "archive.db", {"jekyll": place / "jekyll"}, ArticleFilter()
            )
        )

    return export


def calls_a_post() -> float:
    """Return the calls of exporting one post for the first time, without what is read once."""
    with TemporaryDirectory() as first, TemporaryDirectory() as folder:
        _export(first)()
        return calls(_export(folder)) / POSTS


def calls_an_unchanged_post() -> float:
    """Return the calls of finding that one post is as it should be."""
    with TemporaryDirectory() as folder:
        export = _export(folder)
        export()
        return calls(export) / POSTS


def calls_an_imported_post() -> float:
    """Return the calls of reading and storing one post, without what is read once."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        import_posts.write(folder, POSTS)
        paths = (folder / "jekyll",)
        run_import(ImportRequest(Config(), folder / "first.db", paths))
        return calls(lambda: run_import(ImportRequest(Config(), folder / "new.db", paths))) / POSTS


def modules_of_a_start() -> float:
    """Return how many modules ``newscrawl --help`` and cron's first step have loaded."""
    code = "import newscrawl.cli.root, newscrawl.cli.crawl, sys; print(len(sys.modules))"
    return float(check_output([sys.executable, "-c", code]))


GATES = (
    Gate("reading a page", "calls a page", calls_a_page, 1_000),
    Gate("reading over its tree", "CPU seconds, ratio", page_over_tree, 4.0),
    Gate("a new listing row", "SQL statements a row", statements_a_new_row, 2.2),
    Gate("a known listing row", "SQL statements a row", statements_a_known_row, 0.1),
    Gate("storing an article", "SQL statements an article", statements_an_article, 14.5),
    Gate("storing in Python", "calls an article", calls_an_article, 112),
    Gate("keeping a raw page", "calls a page", calls_a_raw_page, 90),
    Gate("a new post", "calls a post", calls_a_post, 256),
    Gate("an unchanged post", "calls a post", calls_an_unchanged_post, 37),
    Gate("an imported post", "calls a post", calls_an_imported_post, 560),
    Gate("starting", "modules", modules_of_a_start, 205),
)


def main() -> dict[str, object]:
    """Measure every gate and return figure, limit and whether it holds."""
    rows = {}
    for gate in GATES:
        figure = gate.measure()
        rows[gate.name] = {
            "figure": round(figure, 2),
            "limit": gate.limit,
            "unit": gate.unit,
            "holds": figure <= gate.limit,
        }
    return dict(rows)
