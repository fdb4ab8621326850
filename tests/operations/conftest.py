"""A crawled folder, for the commands that look over, repair and cut what is kept."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.replica.process import ReplicaProcess

ARTICLES = 60
SEED = "kept"


def crawl(via: str, output: Path) -> None:
    """Crawl both sources to the end, as a user does."""
    command = [sys.executable, "-m", "newscrawl", "crawl", "--via", via, "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def once_crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of two crawls, between which articles were published and corrected."""
    output = tmp_path_factory.mktemp("kept") / "output"
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        crawl(replica.url, output)
        replica.advance(articles=6, corrections=6)
        crawl(replica.url, output)
    return output


@pytest.fixture
def kept(once_crawled: Path, tmp_path: Path) -> Path:
    """A copy of that output to damage."""
    return Path(shutil.copytree(once_crawled, tmp_path / "output"))
