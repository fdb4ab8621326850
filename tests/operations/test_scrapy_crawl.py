"""``scrapy crawl``, which stops a spider in ways of its own: it ends, and nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscrawl import settings
from newscrawl.archive import Archive
from newscrawl.exit_codes import ExitCode
from newscrawl.replica.process import ReplicaProcess

EXTENSIONS = settings.EXTENSIONS | {"scrapy.extensions.closespider.CloseSpider": 0}


def begin(replica: ReplicaProcess, folder: Path, **changes: object) -> "subprocess.Popen[str]":
    """Begin to crawl one source, pictures too, with settings changed."""
    config = folder / "newscrawl.toml"
    config.write_text(f'[output]\ndirectory = "{folder}/output"\nimages = "local"\n')
    command = [sys.executable, "-m", "scrapy", "crawl", "sina_finance"]
    for name, value in ({"NEWSCRAWL_VIA": replica.url} | changes).items():
        command += ["-s", f"{name}={value}"]
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "newscrawl.settings",
        "NEWSCRAWL_CONFIG": str(config),
    }
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def finish(
    crawl: "subprocess.Popen[str]", folder: Path, codes: tuple[int, ...] = (0,)
) -> tuple[int, int | None]:
    """Wait for its quiet end; return how many articles there are, and how the run ended."""
    _, errors = crawl.communicate(timeout=60)
    assert errors == ""
    assert crawl.returncode in codes
    with Archive.open(folder / "output" / "archive.db", read_only=True) as archive:
        (run,) = archive.overview.runs("sina_finance", 1)
        return len(list(archive.articles())), run.exit_code


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["CLOSESPIDER_ITEMCOUNT", "CLOSESPIDER_PAGECOUNT"])
@pytest.mark.parametrize("number", [1, 20])
def test_a_spider_that_an_extension_closes_leaves_the_rest_to_the_next_run(
    tmp_path: Path, limit: str, number: int
) -> None:
    with ReplicaProcess(articles=160, seed=5) as replica:  # more than are in flight at once
        changes = {"EXTENSIONS": json.dumps(EXTENSIONS), limit: number}
        early, code = finish(begin(replica, tmp_path, **changes), tmp_path)
        assert code == ExitCode.PARTIAL
        stored, code = finish(begin(replica, tmp_path), tmp_path)
    assert code == ExitCode.OK
    assert early < stored


@pytest.mark.slow
def test_H125_a_signal_to_scrapy_ends_the_crawl_whenever_it_comes(tmp_path: Path) -> None:
    early, stored = [], set()
    with ReplicaProcess(articles=60, seed=5) as replica:
        for step in range(6):
            folder = tmp_path / str(step)
            folder.mkdir()
            crawl = begin(replica, folder)
            while not (folder / "output" / "warc").exists():
                time.sleep(0.01)
            time.sleep(step / 20)
            crawl.send_signal(signal.SIGINT)
            # After its end Scrapy gives the signal back to the system, which ends the process.
            early.append(finish(crawl, folder, (0, -signal.SIGINT))[0])
            articles, code = finish(begin(replica, folder), folder)
            assert code == ExitCode.OK
            stored.add(articles)
    assert len(stored) == 1
    assert min(early) < stored.pop()
