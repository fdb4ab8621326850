"""``newscrawl status`` and ``newscrawl runs``."""

import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from newscrawl.archive import Archive
from newscrawl.archive.lock import Lock
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.status import MOST_FILES
from tests.cli.conftest import FIRST, Run, tree

SOURCE = "sina_finance"


def begin(archive: Path, code: int | None, error: str = "", source: str = SOURCE) -> int:
    """Add a run that ended with a code, or that did not end."""
    with Archive.open(archive) as store:
        number = store.begin_run(source, {}, FIRST + timedelta(hours=1))
        if code is not None:
            at = FIRST + timedelta(hours=1, seconds=90)
            store.end_run(number, finished_at=at, exit_code=code, error=error)
    return number


class TestStatus:
    """How things stand."""

    def test_a_source_in_words(self, run: Run, archive: Path) -> None:
        begin(archive, ExitCode.PARTIAL)
        result = run("status")
        assert result.exit_code == ExitCode.OK
        lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
        assert lines[:4] == [
            "sina_finance 新浪财经", "articles 3", "addresses 3 new", "left to do nothing",
        ]  # fmt: skip
        assert lines[4].startswith("last run 2026-01-10 10:30:00, ")
        assert lines[4].endswith("ago: partly failed (run 2)")
        assert lines[5].startswith("last success 2026-01-10 09:30:00, ")
        assert any(line.startswith("archive") for line in lines)
        assert "china" not in result.stdout

    def test_all_of_it_as_json(self, run: Run, archive: Path) -> None:
        with Archive.open(archive) as store:
            store.walks.note_failure(SOURCE, "china", FIRST, "http_500")
            store.walks.note_read(1, SOURCE, "finance", FIRST)
        status = msgspec.json.decode(run("status", "--json").stdout)
        (source,) = status["sources"]
        assert (source["articles"], status["articles"]) == (3, 3)
        assert source["states"] == {"new": 3}
        assert source["last_run"]["run"] == 1
        assert source["last_success"] == "2026-01-10T01:30:00Z"
        assert (source["every_seconds"], source["due_at"]) == (None, None)
        sections = {each["section"]: each for each in source["sections"]}
        assert sections["china"]["failing"] == "http_500"
        assert sections["china"]["states"] == {"new": 3}
        assert sections["finance"] == {
            "section": "finance", "name": "财经", "states": {}, "failing": None,
            "last_read": "2026-01-10T01:30:00Z",
        }  # fmt: skip
        sizes = {each["name"]: each for each in status["sizes"]}
        assert sizes["archive"]["bytes"] > 4_096
        assert sizes["raw pages"]["files"] == 0

    def test_the_sections_of_a_source_that_is_named(self, run: Run, archive: Path) -> None:
        with Archive.open(archive) as store:
            store.walks.note_failure(SOURCE, "china", FIRST, "drift: it is empty")
        for options in (("status", SOURCE), ("status", "--sections")):
            lines = run(*options).stdout.splitlines()
            assert "  failing       china: drift: it is empty" in lines
            assert "  china  国内滚动  read never: 3 new; failing: drift: it is empty" in lines

    def test_when_it_is_due(self, run: Run, archive: Path, tmp_path: Path) -> None:
        (tmp_path / "newscrawl.toml").write_text('[crawl]\nevery = "2h"', encoding="utf-8")
        assert archive.exists()
        assert "next due      2026-01-10 11:30:00" in run("status").stdout
        (source,) = msgspec.json.decode(run("status", "--json").stdout)["sources"]
        assert (source["every_seconds"], source["due_at"]) == (7200.0, "2026-01-10T03:30:00Z")

    def test_a_large_folder_is_measured_on_demand(self, run: Run, archive: Path) -> None:
        folder = archive.parent / "jekyll" / "_posts"
        folder.mkdir(parents=True)
        for number in range(3):
            (folder / f"{number}.md").write_text("x" * 1_000)
        assert "jekyll posts  2.9 KiB in 3 files" in run("status").stdout
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("newscrawl.operations.status.MOST_FILES", 2)
            assert MOST_FILES > 2
            assert "jekyll posts  more than 2.0 KiB in more than 2 files" in run("status").stdout
            assert "together      at least " in run("status").stdout
            assert "in 3 files" in run("status", "--measure").stdout

    def test_nothing_is_written(self, run: Run, archive: Path) -> None:
        before = tree(archive.parent)
        for command in (("status",), ("runs",), ("explain", "x"), ("history", "x")):
            run(*command)
        assert tree(archive.parent) == before


class TestRuns:
    """What the runs did."""

    def test_each_end_in_words(self, run: Run, archive: Path) -> None:
        begin(archive, ExitCode.LOOK, "drift")
        result = run("runs")
        assert result.exit_code == ExitCode.OK
        assert result.stdout.splitlines() == [
            "2  2026-01-10 10:30:00  sina_finance  crawl  90 s  blocked or drifted: look:"
            " nothing met; drift",
            "1  2026-01-10 09:30:00  sina_finance  crawl  0.0 s  ok: 3 new",
        ]

    def test_a_killed_run_is_told_from_one_that_goes_on(self, run: Run, archive: Path) -> None:
        begin(archive, None)
        lock = Lock.of(archive.parent, SOURCE)
        assert "  -  under way or killed: " in run("runs").stdout.splitlines()[0]
        lock.path.write_text("process 999999999 since 2026-01-10T00:00:00+00:00\n")
        assert "  -  killed: " in run("runs").stdout.splitlines()[0]
        lock.path.write_text(f"process {os.getpid()} since 2026-01-10T00:00:00+00:00\n")
        assert "  -  under way: " in run("runs").stdout.splitlines()[0]
        lock.path.write_text(f"process {os.getpid()} since 2026-02-10T00:00:00+00:00\n")
        assert "  -  killed: " in run("runs").stdout.splitlines()[0]

    def test_of_one_source_and_a_few(self, run: Run, archive: Path) -> None:
        begin(archive, 0, source="import")
        begin(archive, 0)
        imports = msgspec.json.decode(run("runs", "--source", "import", "--json").stdout)
        assert [(each["run"], each["kind"]) for each in imports] == [(2, "import")]
        (last,) = msgspec.json.decode(run("runs", "--limit", "1", "--json").stdout)
        assert (last["run"], last["seconds"], last["end"], last["entries"]) == (3, 90.0, "ok", 0)


@pytest.mark.parametrize("command", [("status",), ("runs",), ("explain", "x"), ("history", "x")])
def test_without_an_archive(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code == ExitCode.NOTHING_MATCHED
    assert "output/archive.db: there is no archive here; crawl first" in result.stderr


@pytest.mark.parametrize("command", [("status", "sina"), ("runs", "--source", "sina")])
def test_H131_an_unknown_source(run: Run, archive: Path, command: tuple[str, ...]) -> None:
    assert archive.exists()
    result = run(*command)
    assert result.exit_code == ExitCode.USAGE
    assert "did you mean sina_finance?" in result.stderr


def test_due_leaves_out_what_was_crawled_lately(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "newscrawl.toml").write_text('[crawl]\nevery = "99999d"', encoding="utf-8")
    assert archive.exists()
    result = run("crawl", SOURCE, "--due")
    assert result.exit_code == ExitCode.OK
    assert "nothing is due; sina_finance is the next, 2299-" in result.stdout
    due = msgspec.json.decode(run("crawl", SOURCE, "--due", "--json").stdout)
    assert list(due["due_at"]) == [SOURCE]
    planned = msgspec.json.decode(run("crawl", "--due", "--dry-run", "--json").stdout)
    assert {each["source"] for each in planned} == {"eastmoney"}
    assert run("crawl", "--due", "--section", "china").exit_code == ExitCode.USAGE
