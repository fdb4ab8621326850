"""``newscrawl verify``, ``rebuild`` and ``remove``."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from newscrawl.archive.lock import Lock
from newscrawl.exit_codes import ExitCode
from tests.cli.conftest import Run, tree

URL = "https://finance.sina.com.cn/roll/2026-01-11/doc-inaaaaaa0000001.shtml"


def change(archive: Path, sql: str) -> None:
    with closing(sqlite3.connect(archive)) as database:
        database.execute(sql)
        database.commit()


def test_a_sound_archive_has_nothing_to_say(run: Run, archive: Path) -> None:
    run("export", "--dialect", "jekyll")
    result = run("verify")
    assert (result.exit_code, result.stderr) == (ExitCode.OK, "")
    assert result.stdout == "newscrawl: output/archive.db: nothing is wrong\n"
    assert msgspec.json.decode(run("verify", "--quick", "--json").stdout) == {
        "exit_code": 0,
        "findings": [],
    }


def test_each_finding_says_where_and_what_to_do(run: Run, archive: Path) -> None:
    change(archive, "UPDATE revisions SET article = '{' WHERE rowid = 1")
    result = run("verify")
    assert result.exit_code == ExitCode.LOOK
    first, second, last = result.stdout.splitlines()
    assert first.startswith("error: https://finance.sina.com.cn/")
    assert "cannot be read" in first
    assert second == "  newscrawl rebuild --force"
    assert last == "newscrawl: output/archive.db: 1 error"
    (finding,) = msgspec.json.decode(run("verify", "--json").stdout)["findings"]
    assert (finding["severity"], finding["area"]) == ("error", "articles")


def test_what_is_lost_or_broken_names_the_rebuild(run: Run, archive: Path) -> None:
    archive.write_bytes(b"no database")
    for command in (("verify",), ("export",), ("remove", URL, "--reason", "x")):
        result = run(*command)
        assert result.exit_code == ExitCode.STORAGE, result.output
        assert "newscrawl rebuild" in result.stderr
    archive.unlink()
    result = run("verify")
    assert result.exit_code == ExitCode.NOTHING_MATCHED
    assert "newscrawl rebuild" in result.stderr


def test_an_archive_is_made_anew_from_posts(run: Run, archive: Path, tmp_path: Path) -> None:
    run("export")
    archive.write_bytes(b"")
    before = tree(tmp_path)
    planned = run("rebuild", "--dry-run")
    assert "would be made: 3 articles, 0 from 0 raw pages" in planned.stdout
    after = tree(tmp_path)
    assert {name: after[name] for name in after if not name.endswith(".lock")} == before
    result = run("rebuild", "--json")
    assert result.exit_code == ExitCode.OK, result.output
    data = msgspec.json.decode(result.stdout)
    assert data["articles"] == {"raw": 0, "old": 0, "posts": 3}
    assert data["old_kept_as"] == "output/archive.db.broken-1"
    again = run("rebuild")
    assert again.exit_code == ExitCode.USAGE
    assert "it is sound" in again.stderr
    assert "0 posts written, 3 unchanged" in run("export", "--dialect", "hexo").stdout


def test_H134_nothing_to_rebuild_from_has_its_own_code(run: Run, tmp_path: Path) -> None:
    assert run("rebuild").exit_code == ExitCode.NOTHING_MATCHED
    (tmp_path / "output").mkdir()
    assert run("rebuild").exit_code == ExitCode.NOTHING_MATCHED
    assert not (tmp_path / "output" / "archive.db").exists()


def test_an_article_is_taken_down(run: Run, archive: Path, tmp_path: Path) -> None:
    run("export")
    planned = run("remove", URL, "--reason", "asked for", "--dry-run")
    assert "would be removed: 2 files of posts" in planned.stdout
    assert len(list(tmp_path.rglob("*naaaaaa0000001.md"))) == 2
    result = run("remove", URL, "--reason", "asked for", "--json")
    assert result.exit_code == ExitCode.OK, result.output
    (removed,) = msgspec.json.decode(result.stdout)
    assert removed["title"] == "远山银行第1号公告"
    assert len(removed["posts"]) == 2
    assert list(tmp_path.rglob("*naaaaaa0000001.md")) == []
    assert "removed again" in run("remove", "sina:naaaaaa0000001", "--reason", "y").stdout
    assert run("verify").exit_code == ExitCode.OK


def test_H131_an_unknown_article_is_answered_before_anything_is_removed(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    unknown = URL.replace("0000001", "7777777")
    result = run("remove", URL, unknown, "--reason", "x")
    assert result.exit_code == ExitCode.NOTHING_MATCHED
    assert "the archive knows no such article; nothing was removed" in result.stderr
    assert not (tmp_path / "output" / "removed.jsonl").exists()
    kept_away = run("remove", unknown, "--reason", "x", "--even-unknown")
    assert kept_away.stdout == f"{unknown}: kept away\n"


@pytest.mark.parametrize("command", [("remove", URL, "--reason", "x"), ("rebuild", "--force")])
def test_H122_another_run_has_its_own_code(
    run: Run, archive: Path, command: tuple[str, ...]
) -> None:
    with Lock.of(archive.parent, "eastmoney"):
        result = run(*command)
    assert result.exit_code == ExitCode.LOCKED
    assert "another run holds" in result.stderr


def test_a_reason_is_wanted(run: Run, archive: Path) -> None:
    assert run("remove", URL).exit_code == ExitCode.USAGE
    assert run("remove", URL, "--reason", " ").exit_code == ExitCode.USAGE
