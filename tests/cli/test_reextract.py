"""``newscrawl reextract``: what a person, a program and cron see of it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.replica.process import ReplicaProcess
from tests.cli.conftest import Command, Run, tree


@pytest.fixture
def crawled(command: Command, replica: ReplicaProcess, tmp_path: Path) -> Path:
    done = command("crawl", "sina_finance", "--section", "china", "--via", replica.url)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "output/archive.db")) as database, database:
        database.execute(
            "UPDATE revisions SET article = json_set(article, '$.editor', '远山')"
            " WHERE url_hash = (SELECT min(url_hash) FROM revisions)"
        )
    return tmp_path / "output"


def test_a_dry_run_shows_old_and_new_and_a_run_writes_it(
    run: Run, command: Command, crawled: Path
) -> None:
    before = tree(crawled)
    dry = run("reextract", "--dry-run")
    assert dry.exit_code == ExitCode.OK
    assert "  editor: 远山 -> " in dry.stdout
    assert "1 would be changed" in dry.stdout
    assert tree(crawled) == before
    done = command("reextract")
    assert done.returncode == ExitCode.OK
    assert done.stderr == ""
    assert ": 1 changed," in done.stdout
    assert "fields: 1 editor" in done.stdout
    assert "posts in" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert ": 0 changed," in command("reextract").stdout


def test_json_is_a_line_an_article_and_last_the_report(run: Run, crawled: Path) -> None:
    done = run("reextract", "--dry-run", "--json")
    change, report = map(json.loads, done.stdout.splitlines())
    assert change["changes"][0]["field"] == "editor"
    assert change["changes"][0]["old"] == "远山"
    assert report["changed"] == 1
    assert report["read"] == report["changed"] + report["unchanged"]


def test_it_is_a_run_that_runs_shows(run: Run, command: Command, crawled: Path) -> None:
    command("reextract", "sina_finance")
    assert "reextract" in run("runs").stdout


def test_without_an_archive_or_a_raw_page_it_says_so(run: Run, archive: Path) -> None:
    done = run("reextract", "--dry-run")
    assert done.exit_code == ExitCode.NOTHING_MATCHED
    assert "no article with a raw page matches" in done.stderr
    archive.unlink()
    done = run("reextract")
    assert done.exit_code == ExitCode.NOTHING_MATCHED
    assert "there is no archive here" in done.stderr


def test_H132_days_in_the_wrong_order_are_refused(run: Run, archive: Path) -> None:
    done = run("reextract", "--since", "2026-02-01", "--until", "2026-01-01")
    assert done.exit_code == ExitCode.USAGE
