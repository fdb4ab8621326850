"""Groups A to C of the fault catalogue, crawled for real: one hostile server, one run."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from newscrawl.operations.exit_codes import ExitCode
from tests.hostile.server import HostileServer

ROOT = Path(__file__).parents[2]


@dataclass
class Ended:
    """How a crawl of the hostile server ended."""

    outcomes: dict[str, str]
    failures: dict[str, str]
    exit_code: int
    seen: dict[str, int]
    log: str

    def of(self, path: str) -> str:
        """Return ``outcome(reason)`` of the article at ``https://www.fault.test/path``."""
        return self.outcomes[f"https://www.fault.test/{path}"]


def crawl(output: Path, urls: Sequence[str]) -> Ended:
    """Crawl ``urls`` of the hostile server in a process of its own."""
    with HostileServer() as server:
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.faulty", server.url, str(output), *urls],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seen = dict(server.seen)
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(output / "archive.db")) as database:
        query = "SELECT url, state, reason FROM outcomes"
        rows = {url: f"{state}({reason})" for url, state, reason in database.execute(query)}
    return Ended(rows, report["failures"], report["exit_code"], seen, done.stderr)


PAGES = {
    "ok": "new()",
    "truncated": "failed(truncated)",
    "broken-chunks": "failed(truncated)",
    "reset": "failed(truncated)",
    "silent": "failed(timeout)",
    "drip": "failed(timeout)",
    "endless": "failed(too_large)",
    "ten-gigabytes": "failed(too_large)",
    "gzip-bomb": "failed(too_large)",
    "brotli-bomb": "failed(too_large)",
    "deflate-bomb": "failed(too_large)",
    "bad-status": "failed(connection)",
    "huge-header": "failed(connection)",
    "odd-header": "new()",
    "empty": "failed(empty)",
    "no-content": "failed(http_204)",
    "partial": "failed(http_206)",
    "not-modified": "failed(http_304)",
    "missing": "gone(http_404)",
    "gone": "gone(http_410)",
    "forbidden": "blocked(forbidden)",
    "broken": "failed(http_500)",
    "loop": "failed(redirects)",
    "to-file": "failed(redirect_unsafe)",
    "to-plain-http": "failed(redirect_downgrade)",
    "to-other-site": "failed(redirect_offsite)",
    "to-login": "blocked(login)",
    "to-home": "gone(redirected_home)",
    "raises": "failed(bug)",
}
HOSTS = ("r500", "r404", "r403", "rhtml", "rclosed", "rus", "rodd", "rmoved", "rsilent")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """One run over the whole catalogue, articles that answer between those that do not."""
    urls = []
    for number, path in enumerate([*PAGES, "double-gzip", "false-gzip", "to-loopback"]):
        urls += [f"https://www.fault.test/{path}", f"https://www.fault.test/ok?n={number}"]
    urls += [f"https://{host}.fault.test/ok?host={host}" for host in HOSTS]
    urls += [
        "https://www.fault.test:6379/ok",
        "https://127.0.0.1/ok",
        "https://www.fault.test/to-article",
    ]
    return crawl(tmp_path_factory.mktemp("faults"), urls)


@pytest.mark.parametrize(("path", "outcome"), PAGES.items())
def test_H03_to_H25_every_fault_ends_in_its_own_outcome(
    ended: Ended, path: str, outcome: str
) -> None:
    assert ended.of(path) == outcome


def test_H12_H13_odd_content_encodings_are_failures_or_read_never_a_crash(ended: Ended) -> None:
    assert ended.of("double-gzip") in {"new()", "failed(type)"}
    assert ended.of("false-gzip").startswith(("failed", "new"))


def test_H26_a_redirect_to_loopback_is_not_followed(ended: Ended) -> None:
    assert ended.of("to-loopback") == "failed(redirect_offsite)"
    assert not any(key.endswith("/secret") for key in ended.seen)


def test_H33_an_odd_port_is_refused(ended: Ended) -> None:
    assert ended.outcomes["https://www.fault.test:6379/ok"] == "skipped(unsafe_url)"


@pytest.mark.parametrize("host", ["r404", "r403", "rhtml", "rodd"])
def test_H36_H38_H39_no_rules_mean_allowed(ended: Ended, host: str) -> None:
    assert ended.outcomes[f"https://{host}.fault.test/ok?host={host}"] == "new()"


@pytest.mark.parametrize("host", ["r500", "rsilent"])
def test_H24_H37_an_unreachable_robots_txt_closes_the_host_for_this_run(
    ended: Ended, host: str
) -> None:
    assert ended.outcomes[f"https://{host}.fault.test/ok?host={host}"] == "pending()"
    assert ended.failures[f"{host}.fault.test"] == "robots_unreachable"
    assert f"{host}.fault.test/ok" not in ended.seen


@pytest.mark.parametrize("host", ["rclosed", "rus", "rmoved"])
def test_H40_H42_a_disallow_is_obeyed_by_our_name_and_through_a_redirect(
    ended: Ended, host: str
) -> None:
    assert ended.outcomes[f"https://{host}.fault.test/ok?host={host}"] == "skipped(robots)"


def test_H127_a_bug_in_one_page_is_told_once_and_stops_nobody(ended: Ended) -> None:
    assert ended.log.count("Traceback") == 1
    assert sum(outcome == "new()" for outcome in ended.outcomes.values()) > 30


def test_the_run_ends_as_one_that_a_person_should_look_at(ended: Ended) -> None:
    assert ended.exit_code == ExitCode.LOOK
