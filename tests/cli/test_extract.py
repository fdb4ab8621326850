"""``newscrawl extract`` as a user meets it."""

import json
from pathlib import Path

import msgspec

from newscrawl.exit_codes import ExitCode
from tests.cli.conftest import Command, Run

SINA = Path(__file__).parent.parent / "sources" / "sina_finance"
PAGE = SINA / "finance2017.html"
URL = "https://finance.sina.com.cn/roll/2026-09-28/doc-inaaaaaa7654321.shtml"


def test_one_page_is_shown_to_a_person(run: Run) -> None:
    result = run("extract", str(PAGE), "--url", URL)
    assert result.exit_code == ExitCode.OK, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("title      ")
    assert any(line == "identity   sina:naaaaaa7654321" for line in lines)


def test_one_page_as_json_is_one_line(run: Run) -> None:
    result = run("extract", str(PAGE), "--json")
    assert result.stdout.count("\n") == 1
    assert msgspec.json.decode(result.stdout)["source"] == "sina_finance"


def test_a_page_may_come_from_standard_input(command: Command, tmp_path: Path) -> None:
    import subprocess
    import sys

    output = subprocess.run(
        [sys.executable, "-m", "newscrawl", "extract", "-", "--json", "--url", URL],
        input=PAGE.read_bytes(),
        capture_output=True,
        check=True,
    ).stdout
    assert msgspec.json.decode(output)["identity"] == "sina:naaaaaa7654321"


def test_a_page_that_cannot_be_read_has_its_own_code(run: Run) -> None:
    result = run("extract", "no-such.html", "--json")
    assert result.exit_code == ExitCode.PARTIAL
    data = msgspec.json.decode(result.stdout)
    assert data["file"] == "no-such.html"
    assert "No such file" in data["error"]
    assert "no-such.html" in result.stderr


def test_an_address_is_answered_with_what_to_do(run: Run) -> None:
    result = run("extract", URL)
    assert result.exit_code == ExitCode.USAGE
    assert f"newscrawl extract page.html --url '{URL}'" in result.stderr


def test_one_thing_at_a_time(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text("", "utf-8")
    assert run("extract").exit_code == ExitCode.USAGE
    assert run("extract", "a.html", "--manifest", "m.jsonl").exit_code == ExitCode.USAGE
    assert run("extract", "--manifest", "m.jsonl", "--url", URL).exit_code == ExitCode.USAGE
    assert run("extract", "--manifest", "missing.jsonl").exit_code == ExitCode.USAGE


def test_a_manifest_is_one_object_a_line(run: Run, tmp_path: Path) -> None:
    lines = [{"file": str(PAGE), "url": URL}, {"file": "gone.html"}, {"file": str(PAGE)}]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    result = run("extract", "--manifest", "m.jsonl", "--json")
    assert result.exit_code == ExitCode.PARTIAL
    first, bad, last = map(msgspec.json.decode, result.stdout.splitlines())
    assert first["identity"] == "sina:naaaaaa7654321"
    assert bad["file"] == "gone.html"
    assert last["title"] == first["title"]
