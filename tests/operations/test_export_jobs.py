"""Posts that another process renders: the same files and records, and nothing left of it."""

import contextlib
import signal
import sqlite3
import subprocess
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive, ArchiveError, ArticleFilter, reading
from newscrawl.config import Config
from newscrawl.export import ExportCounts, ExportError
from newscrawl.export.manifest import FILE_NAME
from newscrawl.operations import export
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.workers import Workers
from tests.export.builders import NIGHT
from tests.export.folders import put, tree
from tests.operations.processes import end, end_without_another, start, workers_of

DIALECTS = ("jekyll", "hexo", "hugo", "jsonl")
MANY = 1_500
"""Articles of which a command lets another process render."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share the work however little it is, in lots of which there are several."""
    monkeypatch.setattr(export, "_WORTH", 0)
    monkeypatch.setattr(reading, "_ASKED", 7)


def fill(path: Path) -> Path:
    """Make an archive of what is rendered in every way that there is."""
    with Archive.open(path) as archive:
        for n in range(60):
            put(
                archive,
                identity=f"sina:x{n}",
                url=f"https://finance.example.com/doc-x{n}.shtml",
                title=f"第{n}篇：“引号”与{{% raw %}}",
                # From one day of China to the next, which is no new day in UTC.
                published_at=NIGHT + timedelta(minutes=30 * n),
                media=("甲报", "乙报", "甲 报", None)[n % 4],
                body_html=f"<p>　　正文{n}。</p>\n<pre>甲\n  {n}</pre>",
                editor="某人" if n % 5 else None,
                fetched_at=NIGHT - timedelta(hours=n) if n % 7 == 3 else NIGHT.replace(year=2023),
                flags=["paid"] if n % 11 == 5 else [],
            )
        put(archive, identity="sina:empty", url="https://finance.example.com/e", body_html=" ")
        put(archive, identity="em:202201220000000001", url="https://other.example.com/1")
    return path


def run(archive: Path, out: Path, jobs: int, **how: Any) -> dict[str, ExportCounts]:
    how = {"config": Config(), "where": ArticleFilter(), **how}
    folders = {each: out / each for each in DIALECTS}
    return run_export(ExportRequest(archive=archive, folders=folders, jobs=jobs, **how))


def files(out: Path) -> dict[str, str]:
    """Return the digest of every file of the sites but their manifests."""
    found = tree(out).items()
    return {name: digest for name, (digest, _) in found if not name.endswith(FILE_NAME)}


def manifest(out: Path, dialect: str) -> list[tuple[Any, ...]]:
    """Return what a site's manifest says of each file, without its stamp."""
    with contextlib.closing(sqlite3.connect(out / dialect / FILE_NAME)) as db:
        columns = "owner, path, post_id, sequence, rendering, sha256, claimed, page"
        return db.execute(f"SELECT {columns} FROM files ORDER BY owner").fetchall()


def slugs(archive: Path) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(archive)) as db:
        return db.execute("SELECT * FROM slugs ORDER BY name").fetchall()


@pytest.mark.usefixtures("small")
def test_any_number_of_processes_writes_the_same_files_and_records(tmp_path: Path) -> None:
    ends = []
    for jobs in (1, 2, 3):
        archive, out = fill(tmp_path / f"{jobs}.db"), tmp_path / f"out{jobs}"
        first, again = run(archive, out, jobs), run(archive, out, jobs)
        assert [each.unchanged for each in again.values()] == [
            each.written for each in first.values()
        ]
        records = [slugs(archive), *(manifest(out, each) for each in DIALECTS)]
        ends.append((first, again, files(out), records))
    assert ends[0] == ends[1] == ends[2]
    counts = ends[0][0]["jekyll"]
    assert counts.posts == 62 == counts.written + sum(counts.withheld.values())
    assert set(counts.withheld) == {"paid", "no_body"}
    assert counts.dated_back


@pytest.mark.usefixtures("small")
def test_a_process_that_is_no_copy_renders_the_same(tmp_path: Path) -> None:
    """As on macOS, and wherever this process has other threads."""
    archive, ended = fill(tmp_path / "archive.db"), threading.Event()
    run(archive, tmp_path / "alone", 1)
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        run(archive, tmp_path / "out", 2)
    finally:
        ended.set()
        other.join()
    assert files(tmp_path / "out") == files(tmp_path / "alone")


@pytest.mark.usefixtures("small")
def test_a_correction_is_written_and_an_edited_post_kept_whoever_renders(tmp_path: Path) -> None:
    archive, out = fill(tmp_path / "archive.db"), tmp_path / "out"
    run(archive, out, 2)
    edited, removed = sorted((out / "hexo" / "source" / "_posts").iterdir())[:2]
    edited.write_text("mine", "utf-8")
    removed.unlink()
    with Archive.open(archive) as opened:
        put(opened, identity="sina:x40", url="https://finance.example.com/new", title="更正")
    counts = run(archive, out, 2)
    assert {each: counts[each].written for each in DIALECTS} == dict.fromkeys(DIALECTS, 1)
    assert (len(counts["hexo"].kept), len(counts["hexo"].removed)) == (1, 1)
    assert edited.read_text("utf-8") == "mine"
    assert run(archive, out, 2, force=True, restore=True)["hexo"].written == 2


@pytest.mark.usefixtures("small")
def test_H133_a_dry_run_by_two_processes_counts_the_same_and_writes_nothing(tmp_path: Path) -> None:
    archive, out = fill(tmp_path / "archive.db"), tmp_path / "out"
    alone = run(archive, out, 1, dry_run=True)
    assert run(archive, out, 2, dry_run=True) == alone
    assert not out.exists()
    assert not slugs(archive)


def test_what_is_up_to_date_is_given_to_nobody(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[str]] = []

    class Told(Workers[Any, Any]):
        def in_order(self, tasks: Any) -> Any:
            def told() -> Any:
                for task in tasks:
                    given.append(task[1])
                    yield task

            return super().in_order(told())

    archive = tmp_path / "archive.db"
    with Archive.open(archive) as opened:
        for n in range(20):
            put(opened, identity=f"sina:x{n}")
    monkeypatch.setattr(export, "Workers", Told)
    for expected in ([7, 7, 6] * len(DIALECTS), []):
        given.clear()
        run(archive, tmp_path / "out", 2)
        assert [len(lot) for lot in given] == expected


@pytest.mark.parametrize(
    ("articles", "jobs", "how", "expected"),
    [
        (export._WORTH, 2, {}, 1),
        (export._WORTH, 3, {}, 2),
        (export._WORTH - 1, 2, {}, 0),
        (export._WORTH, 1, {}, 0),
        (export._WORTH, 2, {"verbatim": True}, 0),
        (export._WORTH, 2, {"config": Config().with_images("local")}, 0),
    ],
)
def test_another_process_renders_where_there_is_much_that_it_can(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    articles: int,
    jobs: int,
    how: dict[str, Any],
    expected: int,
) -> None:
    begun = workers_of(export, monkeypatch)
    monkeypatch.setattr(Archive, "count", lambda _self, _where: articles)
    assert run(fill(tmp_path / "archive.db"), tmp_path / "out", jobs, **how)["hexo"].posts == 62
    assert begun == [expected]


@pytest.mark.usefixtures("small")
def test_an_archive_that_cannot_be_read_is_told_as_by_one_process(tmp_path: Path) -> None:
    archive, told = fill(tmp_path / "archive.db"), []
    with contextlib.closing(sqlite3.connect(archive)) as db:
        db.execute("DROP TABLE placements")
    for jobs in (1, 2):
        with pytest.raises((ArchiveError, ExportError)) as raised:
            run(archive, tmp_path / f"out{jobs}", jobs)
        told.append((type(raised.value), str(raised.value)))
        assert not files(tmp_path / f"out{jobs}")
    assert told[0] == told[1]


def begin(archive: Path, out: Path) -> "subprocess.Popen[str]":
    folders = ("--archive", str(archive), "--dialect", "jekyll", "--out", str(out))
    return start("export", *folders, "--jobs", "2", processes=2)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "archive.db"
    with Archive.open(path) as archive:
        for n in range(MANY):
            put(archive, identity=f"sina:x{n}", title=f"第{n}篇")
    return path


def is_as_undisturbed(tmp_path: Path, archive: Path, out: Path) -> bool:
    """Whether another export ends what one that was disturbed has begun."""
    for folder in (out, tmp_path / "undisturbed"):
        where = ArticleFilter()
        run_export(ExportRequest(Config(), archive, {"jekyll": folder}, where))
    return files(out) == files(tmp_path / "undisturbed") and len(files(out)) == MANY + 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_H125_ended_by_a_signal_it_leaves_no_process_and_the_next_run_does_the_rest(
    tmp_path: Path, large: Path, number: signal.Signals
) -> None:
    end(begin(large, tmp_path / "out"), number)
    assert is_as_undisturbed(tmp_path, large, tmp_path / "out")


@pytest.mark.slow
def test_H116_where_the_other_one_is_killed_the_export_ends_and_the_next_run_does_the_rest(
    tmp_path: Path, large: Path
) -> None:
    end_without_another(begin(large, tmp_path / "out"))
    assert is_as_undisturbed(tmp_path, large, tmp_path / "out")
