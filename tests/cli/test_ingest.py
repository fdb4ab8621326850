"""``newscrawl ingest``: what a person and a program see of it."""

import json
from pathlib import Path

from newscrawl.exit_codes import ExitCode
from newscrawl.replica.process import ReplicaProcess
from tests.cli.conftest import Command, Run


def test_files_of_a_crawl_go_into_another_archive(
    run: Run, command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    crawled = command("crawl", "sina_finance", "--section", "china", "--via", replica.url)
    assert crawled.returncode == 0, crawled.stderr
    files = [str(path) for path in (tmp_path / "output/warc").iterdir()]
    dry = run("ingest", *files, "--output", "other", "--dry-run")
    assert dry.exit_code == ExitCode.OK
    assert not Path("other").exists()
    done = run("ingest", *files, "--output", "other", "--json")
    report = json.loads(done.stdout)
    assert report["responses"] == sum(report["counts"].values())
    assert f"{report['counts']['new']} new" in dry.stdout
    assert report["posts"]["hexo"]["written"] == report["counts"]["new"]
    assert "ingest" in run("runs", "--output", "other").stdout


def test_what_is_no_warc_file_is_bad_usage_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>text</p>")
    done = run("ingest", "page.html")
    assert done.exit_code == ExitCode.USAGE
    assert done.stderr.startswith("newscrawl: page.html: not a WARC file: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_bad_usage(run: Run) -> None:
    assert run("ingest", "nothing.warc.gz").exit_code == ExitCode.USAGE
