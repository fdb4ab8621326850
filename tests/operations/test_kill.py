"""Killed at any moment and started again, a crawl ends where an undisturbed one ends."""

import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.replica.process import ReplicaProcess

ARTICLES = 120
KILLS = 12
SEED = 7

pytestmark = pytest.mark.slow


def start(via: str, output: Path) -> "subprocess.Popen[bytes]":
    """Start one whole crawl of both sources into ``output``."""
    command = [sys.executable, "-m", "newscrawl", "crawl", "--via", via, "--output", str(output)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def finish(via: str, output: Path) -> None:
    """Crawl to the end."""
    assert start(via, output).wait() == 0


def archived(output: Path) -> list[tuple[object, ...]]:
    """Return everything the archive says of articles, without what time and runs add."""
    queries = (
        "SELECT hex(url_hash), identity, title, published_at, media, content_hash FROM articles",
        "SELECT hex(url_hash), number, content_hash FROM revisions",
        "SELECT source, section, hex(url_hash), CASE state WHEN 'unchanged' THEN 'new'"
        " ELSE state END FROM outcomes",
    )
    with closing(sqlite3.connect(output / "archive.db")) as database:
        return [row for query in queries for row in sorted(database.execute(query))]


def posts(output: Path) -> dict[str, bytes]:
    """Return every post and page under ``output`` with its bytes."""
    files = [*output.rglob("*.md"), *output.rglob("*.html")]
    return {str(path.relative_to(output)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("undisturbed")
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        finish(replica.url, output)
    return output


def test_H116_H117_a_killed_crawl_ends_as_if_it_had_not_been(
    undisturbed: Path, tmp_path: Path
) -> None:
    moments = random.Random(SEED)
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        for _ in range(KILLS):
            process = start(replica.url, tmp_path)
            try:
                process.wait(moments.uniform(0.4, 2.5))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
        finish(replica.url, tmp_path)
    assert archived(tmp_path) == archived(undisturbed)
    assert posts(tmp_path) == posts(undisturbed)
    assert not list(tmp_path.rglob("*.tmp"))


def test_H125_an_interrupted_crawl_says_so_and_the_next_one_finishes(
    undisturbed: Path, tmp_path: Path
) -> None:
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        process = start(replica.url, tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 130
        finish(replica.url, tmp_path)
    assert posts(tmp_path) == posts(undisturbed)
