"""Every command of ours that writes, beside another process that writes all the time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.replica.process import ReplicaProcess
from tests.faults.comparing import differences
from tests.faults.comparing import kept as kept_in
from tests.operations.conftest import ARTICLES, SEED

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> str:
    """Run a command beside the other process and return what it says."""
    command = [sys.executable, "-m", "tests.operations.beside", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.slow
def test_a_crawl_beside_another_process_that_writes(once_crawled: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        to = ("--via", replica.url, "--output", output)
        run("crawl", *to)
        replica.advance(articles=6, corrections=6)
        run("crawl", *to)
        assert not differences(kept_in(once_crawled), kept_in(output))
        run("recrawl", "eastmoney", *to, "--limit", 3)
        run("pictures", *to)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "reextract --jobs 1 --output {output}",
        "export --dialect hugo --archive {output}/archive.db --out {output}/hugo",
        "import {output}/jekyll/_posts --archive {output}/../imported/archive.db",
        "verify --output {output}",
    ],
)
def test_other_commands_beside_another_process_that_writes(kept: Path, command: str) -> None:
    shutil.rmtree(kept / "hexo")  # so that all its posts are written, and all slugs asked for
    run(*command.format(output=kept).split())
