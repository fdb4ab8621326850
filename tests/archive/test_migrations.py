"""Archives of every earlier version are brought up to date whole, or stay as they were.

``schemas/N.sql`` is what newscrawl of version N of the schema wrote, dumped as SQL, with rows
in every table.
"""

import hashlib
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive, ArchiveError, schema
from newscrawl.outcomes import Outcome

from .builders import SCHEMAS, SOURCE, begin, crawl, found, identity, later, old_archive, query

VERSIONS = range(1, len(schema.MIGRATIONS))
TODAY = len(schema.MIGRATIONS)
RELEASED = (
    "8192c9e5e2a2795a094d52c12fbca4886f7aca93ed9cbb10978445b29f75b8d7",
    "09079bbe1f74e74a06254735a7a4e238e53aeafda075732e128ff8a9d4c34115",
    "0065890f61c5bb358a3cab47ef46c591ece834c3cb2886c32b3fd20bf78cbe29",
)
"""SHA-256 of the statements that brought an archive to version 1, 2 and 3."""


def shape(sql: str) -> str:
    """Return a statement without what only lays it out."""
    lines = (line.split("--")[0] for line in sql.splitlines())
    return " ".join(" ".join(lines).split())


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return table -> rows, each by the names of its columns."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(map(dict, connection.execute(f"SELECT * FROM {name}")), key=repr)
            for (name,) in names
        }


def schema_of(path: Path) -> list[tuple[str, str, str]]:
    """Return kind, name and definition of everything in the schema."""
    sql = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    return [(kind, name, shape(text)) for kind, name, text in query(path, sql)]


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> int:
    """Every version before today's, in turn."""
    return int(request.param)


@pytest.fixture
def old(path: Path, version: int) -> Path:
    return old_archive(path, version)


def test_there_is_an_archive_of_every_earlier_version() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{n}.sql" for n in VERSIONS}


def test_old_archives_have_rows_in_every_table(old: Path) -> None:
    assert [name for name, rows in read(old).items() if not rows] == []


def test_nothing_is_lost(old: Path) -> None:
    before = read(old)
    Archive.open(old).close()
    after = read(old)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert sorted(kept, key=repr) == rows


def test_the_file_is_whole_and_like_a_new_one(old: Path, tmp_path: Path) -> None:
    Archive.open(old).close()
    Archive.open(tmp_path / "new.db").close()
    assert query(old, "PRAGMA user_version") == [(TODAY,)]
    assert query(old, "PRAGMA integrity_check") == [("ok",)]
    assert query(old, "PRAGMA foreign_key_check") == []
    assert schema_of(old) == schema_of(tmp_path / "new.db")


def check_totals(path: Path) -> None:
    """What the triggers have counted is what there is."""
    assert query(
        path, "SELECT source, section, state, n FROM totals WHERE n > 0 ORDER BY 1, 2, 3"
    ) == query(path, "SELECT source, section, state, count(*) FROM outcomes GROUP BY 1, 2, 3")
    assert query(path, "SELECT source, n FROM article_totals ORDER BY 1") == query(
        path, "SELECT source, count(*) FROM articles GROUP BY 1"
    )


def test_references_name_their_column(old: Path) -> None:
    """Datasette shows no table with a reference that leaves it out."""
    Archive.open(old).close()
    sql = 'SELECT m.name, f."to" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f'
    references = query(old, sql)
    assert ("outcomes", "run") in references
    assert [table for table, column in references if not column] == []


def test_totals_are_counted_from_what_is_there(old: Path) -> None:
    Archive.open(old).close()
    check_totals(old)


def test_the_last_successful_run_of_a_section_is_when_it_was_read(old: Path) -> None:
    with Archive.open(old) as archive:
        listings = archive.overview.listings()
    assert {source: {*sections} for source, sections in listings.items()} == {SOURCE: {"china"}}
    assert listings[SOURCE]["china"].read_at == later(11)


def test_a_crawl_goes_on_where_the_old_one_stopped(old: Path) -> None:
    with Archive.open(old) as archive:
        run = begin(archive)
        left = [work.url_hash for work in archive.resume(run, SOURCE, None, attempts=5)]
        assert left == [identity(name).url_hash for name in ("c", "d", "e")]
        known = archive.discover(run, SOURCE, "china", [found("a"), found("b")], later(60))
        assert not known.fetch
        assert not known.fresh
        assert crawl(archive, run, "china", "new") == [Outcome.NEW]
        stored = archive.article(identity("a").url_hash)
        assert stored is not None
        assert stored.article.body_text == "正文，已改。"
        assert [each.number for each in archive.revisions(identity("a").url_hash)] == [1, 2]
    check_totals(old)


def test_an_old_archive_opens_to_read_only_when_it_is_up_to_date(old: Path, version: int) -> None:
    before = old.read_bytes()
    with pytest.raises(ArchiveError, match=rf"schema {version} is old: run a crawl first"):
        Archive.open(old, read_only=True)
    assert old.read_bytes() == before


def test_a_second_opening_changes_nothing(old: Path) -> None:
    Archive.open(old).close()
    before = read(old)
    Archive.open(old).close()
    assert read(old) == before


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_H116_a_kill_leaves_the_old_version_or_the_new_one(path: Path, version: int) -> None:
    template = old_archive(path.with_name("template.db"), version)
    before = read(template)
    ended = False
    statement = 0
    versions = set()
    while not ended:
        statement += 1
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()
        shutil.copy(template, path)
        ended = not killed_at(statement, lambda: Archive.open(path).close())
        reached = query(path, "PRAGMA user_version")[0][0]
        versions.add(reached)
        assert reached in (version, TODAY)
        assert query(path, "PRAGMA integrity_check") == [("ok",)]
        if reached == version:
            assert read(path) == before
        Archive.open(path).close()
        assert query(path, "PRAGMA user_version") == [(TODAY,)]
    assert versions == {version, TODAY}
    assert statement > sum(map(len, schema.MIGRATIONS[version:]))


def killed_at(statement: int, work: Callable[[], None]) -> bool:
    """Run ``work`` in a child that is killed before its n-th statement; return whether it was."""
    child = os.fork()
    if not child:
        count = 0
        connect = sqlite3.connect

        def trace(_: str) -> None:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        def traced(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_trace_callback(trace)
            return connection

        sqlite3.connect = traced  # type: ignore[assignment]
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("version", range(1, len(RELEASED) + 1))
def test_a_released_migration_never_changes(version: int) -> None:
    """Archives out there have it; what it lacks belongs into the next one."""
    statements = "\n".join(map(shape, schema.MIGRATIONS[version - 1]))
    assert hashlib.sha256(statements.encode()).hexdigest() == RELEASED[version - 1]
