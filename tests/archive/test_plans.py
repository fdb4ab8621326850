"""What is asked often goes through an index, however large the archive (H94)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks import generated
from benchmarks.generated import END, SECTION, SOURCE, Shape, article, found
from newscrawl.archive import Archive, ArticleFilter
from newscrawl.archive.database import Database
from newscrawl.archive.raw_recovery import recover
from newscrawl.archive.rereading import Rereading
from newscrawl.config import Config
from newscrawl.export import Exporter, Placement
from newscrawl.identity.fingerprints import RADIUS, WIDEST
from newscrawl.operations.explain import explain
from newscrawl.operations.history import history
from newscrawl.operations.runs import last_runs
from newscrawl.operations.status import status
from newscrawl.outcomes import Outcome

SHAPE = Shape(430)
SMALL = {
    "totals", "article_totals", "listing_reads", "counters", "walks", "warc_files", "asked",
}  # fmt: skip
"""Tables that may be read whole: a row a section, a source, a run or a key that was given."""

CONSTANT = re.compile(r"SCAN (\d+ )?CONSTANT ROW|SCAN \d+-ROW VALUES CLAUSE")
"""Values of the statement itself, as versions of SQLite name them."""

ANY_ROW = re.compile(r"SELECT EXISTS \(SELECT 1 FROM \w+\)")
"""Ends at the first row that there is."""


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Archive]:
    """An archive that stands for a large one: SQLite plans without looking at the rows."""
    generated.make(tmp_path / "archive.db", SHAPE)
    with Archive.open(tmp_path / "archive.db") as archive:
        yield archive


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Sequence[Any]]]:
    """Every statement from now on, with its values."""
    statements: list[tuple[str, Sequence[Any]]] = []
    execute, rows = Database.execute, Database.rows

    def executing(self: Database, sql: str, values: Sequence[Any] = ()) -> Any:
        statements.append((sql, values))
        return execute(self, sql, values)

    def reading(self: Database, sql: str, values: Sequence[Any] = ()) -> Any:
        statements.append((sql, values))
        return rows(self, sql, values)

    monkeypatch.setattr(Database, "execute", executing)
    monkeypatch.setattr(Database, "rows", reading)
    return statements


def scans(archive: Archive, statements: list[tuple[str, Sequence[Any]]]) -> dict[str, list[str]]:
    """Return statement -> what it reads from one end to the other, beyond what is small."""
    found: dict[str, list[str]] = {}
    for sql, values in list(statements):
        words = sql.split()
        if words[0] not in {"SELECT", "INSERT", "UPDATE", "DELETE"} or ANY_ROW.fullmatch(sql):
            continue
        plan = archive._database.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        lines = [line for *_, line in plan]
        ended = "LIMIT" in words and not any("TEMP B-TREE" in line for line in lines)
        read = [line for line in lines if line.startswith("SCAN ") and not _is_small(line, sql)]
        if read and not (ended and "ORDER BY run DESC" in sql):
            found[sql] = read
    return found


def _is_small(line: str, sql: str) -> bool:
    """Whether a scan is of a small table, also under the name that a statement gives it."""
    name = line.split()[1]
    named = re.search(rf"(\w+) AS {name}\b", sql)
    table = named[1] if named else name
    return table in SMALL or bool(CONSTANT.match(line))


def _discover_known(archive: Archive) -> None:
    run = archive.begin_run(SOURCE, {}, END)
    archive.discover(run, SOURCE, SECTION, [found(SHAPE, n) for n in range(50)], END)
    archive.end_run(run, finished_at=END, exit_code=0)


def _crawl_new(archive: Archive) -> None:
    run = archive.begin_run(SOURCE, {}, END)
    new = [found(SHAPE, n) for n in range(430, 440)]
    assert len(archive.discover(run, SOURCE, SECTION, new, END).fetch) == 10
    for n, item in enumerate(new[:5], 430):
        stored = article(SHAPE, n, END)
        archive.store(run, SECTION, item.identity.url_hash, stored, claim_images=True)
    archive.end(run, SOURCE, SECTION, new[6].identity.url_hash, Outcome.GONE, "404", END)


def _correct(archive: Archive) -> None:
    run = archive.begin_run(SOURCE, {}, END)
    listed = found(SHAPE, 3)
    listed = replace(listed, entry=replace(listed.entry, modified_at=END + timedelta(days=900)))
    (work,) = archive.discover(run, SOURCE, SECTION, [listed], END).fetch
    read = replace(article(SHAPE, 3, END), title="另一个标题", content_hash="0" * 64)
    assert archive.store(run, SECTION, work.url_hash, read) is Outcome.UPDATED


def _resume(archive: Archive) -> None:
    run = archive.begin_run(SOURCE, {}, END)
    assert not list(archive.resume(run, SOURCE, None, attempts=5))


def _keep_raw(archive: Archive) -> None:
    for status_code in (None, 200):
        assert archive.captures.latest(generated.address(7), status=status_code)
    file = archive.warc_files.add("newscrawl-x-1.warc.gz", SOURCE, 1, END)
    visit = next(generated.visits(SHAPE))
    placed = generated.captures(SHAPE, visit)[:3]
    repeated = placed[2]._replace(offset=10**6, repeats=(placed[1].url, visit.began))
    archive.captures.add(file, [*placed, repeated], 9_000, closed_at=END)
    archive.warc_files.oldest()
    archive.warc_files.give_up(file)
    archive.warc_files.forget(file)


def _export_since(archive: Archive) -> None:
    assert list(archive.articles(ArticleFilter(since=END - timedelta(hours=1))))
    section = ArticleFilter(source=SOURCE, section=SECTION, since=END - timedelta(hours=1))
    assert list(archive.articles(section))


def _export_changed(archive: Archive) -> None:
    place = Placement("金融", "示例财经", "示例财经－国內")
    with Exporter(
        archive, "jekyll", archive.folder / "jekyll", place=lambda _: place, config=Config()
    ) as exporter:
        exporter.write(
            archive.articles(
                ArticleFilter(since=END - timedelta(hours=2), until=END - timedelta(hours=1))
            )
        )
        exporter._manifest.settle(exporter._rendering, archive.last_sequence() - 2)
        assert len(list(exporter.changed(ArticleFilter()))) == 2


def _explain(archive: Archive) -> None:
    assert explain(archive, generated.address(7), Config()).reading
    assert explain(archive, generated.address(99_999), Config()).url_hash is None
    assert explain(archive, found(SHAPE, 7).identity.url_hash[:8], Config()).url_hash


def _similar(archive: Archive) -> None:
    for span in archive.fingerprints.spans():
        archive.fingerprints.keep(archive.fingerprints.make(span))
    assert archive.fingerprints.due() == 0
    for radius in (0, RADIUS, WIDEST):
        assert archive.fingerprints.near_to(found(SHAPE, 7).identity.url_hash, radius)
    assert list(archive.fingerprints.all(END - timedelta(hours=1), END)[0])


def _reread(archive: Archive) -> None:
    (page,) = archive.captures.of_article(found(SHAPE, 7).identity.url_hash)
    assert Rereading(archive._database).of_page(page)
    listing = archive.captures.capture(1)
    assert listing is not None
    assert next(archive.captures.listings(SOURCE, since=listing.fetched_at))


def _remove(archive: Archive) -> None:
    target = archive.removals.find([found(SHAPE, 7).identity.url_hash])
    assert target is not None
    archive.removals.bury(target, "court order", END)
    assert archive.removals.captures(target)
    archive.removals.forget(target, archive.images_folder)
    assert explain(archive, generated.address(7), Config()).removal


OFTEN: dict[str, Callable[[Archive], object]] = {
    "a run that finds nothing new": _discover_known,
    "a run that finds new articles": _crawl_new,
    "a correction": _correct,
    "the start of a run": _resume,
    "what a killed run left": lambda archive: recover(archive, SOURCE, END),
    "pages into the raw record": _keep_raw,
    "whether a section was ever read": lambda archive: [
        archive.has_entries(SOURCE, section) for section in (SECTION, "never")
    ],
    "export --since": _export_since,
    "the export of a run": _export_changed,
    "status": lambda archive: status(archive, Config()),
    "runs": lambda archive: last_runs(archive, None, 20) + last_runs(archive, SOURCE, 20),
    "explain": _explain,
    "history": lambda archive: history(archive, found(SHAPE, 7).identity.url_hash),
    "what is near to an article": _similar,
    "a page read again": _reread,
    "remove": _remove,
}


@pytest.mark.parametrize("name", OFTEN)
def test_H94_nothing_large_is_read_from_end_to_end(
    name: str, large: Archive, asked: list[tuple[str, Sequence[Any]]]
) -> None:
    OFTEN[name](large)
    assert asked
    assert scans(large, asked) == {}


def test_a_scan_is_seen(large: Archive, asked: list[tuple[str, Sequence[Any]]]) -> None:
    large._database.value("SELECT count(*) FROM outcomes AS o WHERE reason = ?", ("x",))
    assert [*scans(large, asked).values()] == [["SCAN o"]]


def test_H94_a_new_article_is_compared_with_imported_posts_alone(
    large: Archive, asked: list[tuple[str, Sequence[Any]]]
) -> None:
    """Not with every article of its minute: a list may give thousands the same day as time."""
    _crawl_new(large)
    plan = large._database.connection.execute
    compared = [
        str(plan(f"EXPLAIN QUERY PLAN {sql}", values).fetchall())
        for sql, values in asked
        if sql.startswith("SELECT url_hash, title FROM articles")
    ]
    assert compared
    assert all("articles_posts" in lines for lines in compared)
