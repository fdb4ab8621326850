"""What the tests of faults share: a site, processes that start at once, an undisturbed crawl."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.replica.process import ReplicaProcess
from tests.faults.crawls import Crawls, Scenario
from tests.faults.zygote import Zygote

MEMORY = Path("/dev/shm")
"""A killed process loses nothing that it gave to the kernel, whatever disk is below."""


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder in memory, where there is one."""
    fast = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="newscrawl-faults-", dir=fast) as folder:
        yield Path(folder)


@pytest.fixture
def output(scratch: Path) -> Iterator[Path]:
    """The output folder of one test."""
    folder = Path(tempfile.mkdtemp(dir=scratch)) / "output"
    yield folder
    shutil.rmtree(folder.parent)


@pytest.fixture(scope="session")
def zygote(scratch: Path) -> Iterator[Zygote]:
    with Zygote(scratch / "zygote") as process:
        yield process


@pytest.fixture(scope="session")
def first(scratch: Path) -> Iterator[Crawls]:
    """Crawls into an empty folder."""
    with (
        ReplicaProcess(articles=Scenario.ARTICLES, seed=Scenario.SEED) as replica,
        Crawls(replica.url, scratch / "first", before=None) as crawls,
    ):
        yield crawls


@pytest.fixture(scope="session")
def second(scratch: Path) -> Iterator[Crawls]:
    """Crawls after articles were published and corrected since the one before."""
    with ReplicaProcess(articles=Scenario.ARTICLES, seed=Scenario.SEED) as replica:
        before = scratch / "before"
        with Crawls(replica.url, scratch / "once", before=None) as crawls:
            shutil.copytree(crawls.undisturbed, before)
        replica.advance(articles=4, corrections=12)
        with Crawls(replica.url, scratch / "second", before=before) as crawls:
            yield crawls
