"""Every way a command can end is one line and an exit code (design §7)."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner

from newscrawl.archive import ArchiveError
from newscrawl.cli.root import YOUNG, guarded, newscrawl
from newscrawl.cli.terminal import Terminal
from newscrawl.config import ConfigError
from newscrawl.exit_codes import ExitCode
from newscrawl.export import ExportError, ExportLocked
from newscrawl.names import UnknownNameError


def raising(error: BaseException) -> Callable[[], Any]:
    def run() -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("unknown key `dealy`"), ExitCode.USAGE, "unknown key `dealy`"),
        (UnknownNameError("no source 'x'"), ExitCode.USAGE, "no source 'x'"),
        (click.UsageError("no such option"), ExitCode.USAGE, "no such option"),
        (ArchiveError("archive.db is broken"), ExitCode.STORAGE, "archive.db is broken"),
        (ExportError("cannot write"), ExitCode.STORAGE, "cannot write"),
        (ExportLocked("in use"), ExitCode.LOCKED, "in use"),
        (PermissionError(13, "Permission denied", "out"), ExitCode.STORAGE, "out: Permission"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "interrupted"),
        (ZeroDivisionError("division"), ExitCode.BUG, "ZeroDivisionError: division"),
    ],
)
def test_an_exception_is_one_line_and_a_code(
    error: BaseException, code: ExitCode, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(raising(error), Terminal(), debug=False) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.out + captured.err


def test_debug_shows_where_a_fault_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(ZeroDivisionError("x")), Terminal(), debug=True) == ExitCode.BUG
    assert "Traceback" in capsys.readouterr().err


def test_H130_a_message_cannot_fake_a_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(raising(ArchiveError("bad\n[ERROR] fake \x1b[2J")), Terminal(), debug=False)
    assert capsys.readouterr().err == "newscrawl: bad\\x0a[ERROR] fake \\x1b[2J\n"


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (["crwal"], "crawl"),
        (["crawl", "--secton", "china"], "--section"),
        (["crawl", "sina_finanse"], "sina_finance"),
        (["crawl", "sina_finance", "--section", "chima"], "china"),
        (["crawl", "--dialect", "jekyl"], "jekyll"),
        (["export", "--dialect", "hexoo"], "hexo"),
        (["export", "--source", "eastmony"], "eastmoney"),
        (["export", "--section", "chima"], "china"),
        (["sources", "eastmony"], "eastmoney"),
    ],
)
def test_H131_a_wrong_name_is_answered_with_the_nearest(
    arguments: list[str], nearest: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(newscrawl, arguments)
    assert result.exit_code == ExitCode.USAGE
    assert nearest in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--since", "2026-02-01", "--until", "2026-01-01"],
        ["--since", "2026-13-45"],
        ["--since", "20260101"],
        ["--until", "yesterday"],
        ["--limit", "0"],
        ["--limit", "-3"],
    ],
)
@pytest.mark.parametrize("command", ["crawl", "export"])
def test_H132_impossible_days_and_limits_are_refused(
    command: str, arguments: list[str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(newscrawl, [command, *arguments])
    assert result.exit_code == ExitCode.USAGE
    assert list(tmp_path.iterdir()) == []


def test_H131_a_misspelt_key_names_the_nearest(tmp_path: Any) -> None:
    file = tmp_path / "newscrawl.toml"
    file.write_text("[crawl]\ndealy = 2\n", "utf-8")
    result = CliRunner().invoke(newscrawl, ["crawl", "--config", str(file)])
    assert result.exit_code == ExitCode.USAGE
    assert "did you mean `delay`" in result.stderr


def test_H131_a_source_of_the_configuration_must_exist(tmp_path: Any) -> None:
    file = tmp_path / "newscrawl.toml"
    file.write_text("[sources.sina_finanze]\nenabled = false\n", "utf-8")
    result = CliRunner().invoke(newscrawl, ["crawl", "--dry-run", "--config", str(file)])
    assert result.exit_code == ExitCode.USAGE
    assert "did you mean sina_finance?" in result.stderr


def test_help_starts_fast_without_the_heavy_rooms() -> None:
    heavy = "('scrapy', 'rich', 'lxml', 'sqlite3')"
    code = f"import sys, newscrawl.cli; print([m for m in {heavy} if m in sys.modules])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert output.stdout == b"[]\n"


@pytest.mark.parametrize("name", sorted(newscrawl.commands))
def test_every_help_text_has_an_example(name: str) -> None:
    result = CliRunner().invoke(newscrawl, [name, "--help"])
    assert result.exit_code == 0
    assert f"newscrawl {name}" in result.stdout.split("\n", 1)[1]


def test_python_looks_for_cycles_less_often_than_it_does_by_itself() -> None:
    code = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_threshold()[0]));"
        "from newscrawl.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == str(YOUNG)
