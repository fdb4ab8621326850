"""The archives that are measured are what a crawl would have made."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks import generated
from benchmarks.generated import SECTION, SOURCE, Shape, Visit
from newscrawl.archive import Archive
from newscrawl.identity.identities import hash_url, identify
from newscrawl.identity.urls import comparison_url
from newscrawl.spiders.registry import spiders


def crawl(path: Path, shape: Shape) -> None:
    """Make the archive by the archive's own methods, as the spiders call them."""
    with Archive.open(path) as archive:
        for visit in generated.visits(shape):
            run = archive.begin_run(SOURCE, {}, visit.began)
            file = archive.warc_files.add(visit.file, SOURCE, run, visit.began)
            for page in visit.pages:
                read(archive, run, shape, visit, page)
            placed = generated.captures(shape, visit)
            size = placed[-1].offset + placed[-1].length
            archive.captures.add(file, placed, size, closed_at=visit.ended)
            archive.end_run(run, finished_at=visit.ended, exit_code=0)


def read(archive: Archive, run: int, shape: Shape, visit: Visit, page: range) -> None:
    entries = [generated.found(shape, n) for n in page]
    by_hash = {each.identity.url_hash: n for each, n in zip(entries, page, strict=True)}
    for work in archive.discover(run, SOURCE, SECTION, entries, visit.began).fetch:
        article = generated.article(shape, by_hash[work.url_hash], visit.began)
        archive.store(run, SECTION, work.url_hash, article)


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table with its rows in their order, and the schema."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = {name: list(connection.execute(f"SELECT * FROM {name}")) for (name,) in tables}
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
        return {**rows, "schema": schema.fetchall()}


@pytest.mark.parametrize("stored_every", [1, 7])
def test_a_generated_archive_is_like_one_that_was_crawled(
    tmp_path: Path, stored_every: int
) -> None:
    shape = Shape(430, stored_every)
    generated.make(tmp_path / "generated.db", shape)
    crawl(tmp_path / "crawled.db", shape)
    made, wanted = content(tmp_path / "generated.db"), content(tmp_path / "crawled.db")
    for table, rows in wanted.items():
        assert made[table] == rows, table
    with Archive.open(tmp_path / "generated.db", read_only=True) as archive:
        assert list(archive.checks.tables(quick=False, hash_of=_hash_of, progress=_quiet)) == []


def test_addresses_are_those_of_the_source() -> None:
    spider = spiders()[SOURCE]
    item = generated.found(Shape(10), 7)
    assert identify(item.entry.url, spider.identities) == item.identity
    assert identify(item.aliases[0].url, spider.identities) == item.aliases[0]
    assert hash_url(comparison_url(item.entry.url)) == hash_url(item.entry.url)


def _hash_of(source: str, identity: str) -> str:
    n = int(identity[-8:])
    return generated.found(Shape(n + 1), n).identity.url_hash


def _quiet(what: str, done: int, total: int) -> None:
    """Say nothing."""
