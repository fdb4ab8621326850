"""A crawl of the hostile server in a process of its own, and how it ended."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.hostile.server import HostileServer

ROOT = Path(__file__).parents[2]


@dataclass
class Ended:
    """How a crawl of the hostile server ended.

    outcomes: URL -> ``outcome(reason)``. failures: section or host -> reason. seen,
    told, times: as the server has them.
    """

    outcomes: dict[str, str]
    failures: dict[str, str]
    exit_code: int
    seen: dict[str, int]
    told: dict[str, int]
    times: dict[str, list[float]]
    log: str

    def of(self, path: str) -> str:
        """Return how the article at ``https://www.fault.test/path`` ended."""
        return self.outcomes[f"https://www.fault.test/{path}"]

    def gaps(self, host: str) -> list[float]:
        """Return the seconds between the requests that a host got."""
        return [later - earlier for earlier, later in pairwise(self.times[host])]


def crawl(
    output: Path, urls: Sequence[str], settings: Mapping[str, Any] | None = None, via: str = ""
) -> Ended:
    """Crawl ``urls`` of the hostile server (else ``via``) under Scrapy settings laid on top."""
    with HostileServer() as server:
        job = {
            "via": via or server.url,
            "output": str(output),
            "urls": urls,
            "settings": dict(settings or {}),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.faulty", json.dumps(job)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(output / "archive.db")) as database:
        query = "SELECT url, state, reason FROM outcomes"
        rows = {url: f"{state}({reason})" for url, state, reason in database.execute(query)}
    return Ended(
        outcomes=rows,
        failures=report["failures"],
        exit_code=report["exit_code"],
        seen=dict(server.seen),
        told=dict(server.told),
        times=dict(server.times),
        log=done.stderr,
    )
