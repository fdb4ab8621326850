"""A crawl over several processes is one crawl: the same archive, posts, report and end."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive.lock import Lock, hold
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.operations import jobs
from newscrawl.operations.crawl import CrawlRequest
from newscrawl.operations.interrupts import SIGNALS
from newscrawl.operations.jobs import crawl_all, shared_out
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.faults.comparing import differences, faults, kept

SOURCES = tuple(spiders())
WITHIN = 30.0
"""Seconds in which everything that is waited for has happened."""


class Site:
    """A replica, and what one process makes of it."""

    def __init__(self, via: str, folder: Path) -> None:
        self.via = via
        self.alone = folder / "alone"
        self.report = json.loads(self.crawl(self.alone, "--json").communicate(timeout=60)[0])
        self.end = kept(self.alone)

    def crawl(self, output: Path, *options: str, **how: Any) -> "subprocess.Popen[str]":
        """Start a crawl."""
        command = [sys.executable, "-m", "newscrawl", "crawl", "--via", self.via]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | how
        return subprocess.Popen([*command, "--output", str(output), *options], **pipes)

    def check(self, output: Path) -> None:
        """See that all is as one process has it, that is once another crawl has done the rest."""
        assert not faults(output)
        assert not differences(self.end, kept(output))

    def finish(self, output: Path) -> None:
        """Crawl once more, undisturbed."""
        process = self.crawl(output, "--jobs", "2")
        _, errors = process.communicate(timeout=60)
        assert process.returncode == ExitCode.OK, errors
        self.check(output)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ReplicaProcess(articles=150, seed="jobs") as replica:
        yield Site(replica.url, tmp_path_factory.mktemp("jobs"))


def until(happened: Callable[[], Any]) -> Any:
    """Wait for something and return it."""
    end = time.monotonic() + WITHIN
    while not (found := happened()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found


def processes(output: Path) -> dict[str, int] | None:
    """Return which process crawls which source, None until all of them have fetched a page."""
    holders = {name: Lock.of(output, name).holder() for name in SOURCES}
    fetched = all(any((output / "warc").glob(f"newscrawl-{name}-*")) for name in SOURCES)
    return {name: holder[0] for name, holder in holders.items() if holder} if fetched else None


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"  # nobody has asked for its end yet


@pytest.mark.parametrize(
    ("number", "shares"),
    [
        (1, [("a", "b", "c", "d", "e")]),
        (2, [("a", "c", "e"), ("b", "d")]),
        (5, [("a",), ("b",), ("c",), ("d",), ("e",)]),
        (9, [("a",), ("b",), ("c",), ("d",), ("e",)]),
    ],
)
def test_sources_are_shared_out_evenly(number: int, shares: list[tuple[str, ...]]) -> None:
    assert shared_out(("a", "b", "c", "d", "e"), number) == shares


@pytest.mark.parametrize(("sources", "number"), [(SOURCES[:1], 4), (SOURCES, 1)])
def test_one_share_is_crawled_here(
    sources: tuple[str, ...], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[CrawlRequest] = []
    monkeypatch.setattr(jobs, "run_crawl", asked.append)
    monkeypatch.setattr(jobs, "context", lambda **_: pytest.fail("a process is started"))
    request = CrawlRequest(config=Config(), sources=sources, jobs=number)
    crawl_all(request)
    assert asked == [request]


@pytest.mark.slow
def test_two_processes_make_what_one_makes(site: Site, tmp_path: Path) -> None:
    process = site.crawl(tmp_path / "two", "--jobs", "2", "--json")
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (ExitCode.OK, "")
    site.check(tmp_path / "two")
    found = processes(tmp_path / "two")
    assert found
    assert len(set(found.values())) == len(SOURCES)
    report = json.loads(said)
    for each in report["sections"]:
        assert each["entries"] == sum(each["counts"].values())
    assert report["entries"] == sum(report["counts"].values())
    for changing in (report, site.report):
        del changing["seconds"]
        changing["posts"] = {name: post["written"] for name, post in changing["posts"].items()}
    assert report == site.report


@pytest.mark.slow
def test_a_second_crawl_brings_nothing_new_and_says_so_in_one_line(
    site: Site, tmp_path: Path
) -> None:
    output = tmp_path / "two"
    (tmp_path / "newscrawl.toml").write_text("[crawl]\njobs = 2\n")
    config = ("--config", str(tmp_path / "newscrawl.toml"))
    for words in ("new or updated articles", "nothing new"):
        said, errors = site.crawl(output, *config).communicate(timeout=60)
        assert (len(said.splitlines()), errors) == (1, "")
        assert words in said
    found = processes(output)
    assert found
    assert len(set(found.values())) == len(SOURCES)


@pytest.mark.slow
def test_the_progress_of_all_processes_stands_in_one_line(site: Site, tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    wide = os.environ | {"COLUMNS": "200"}
    process = site.crawl(tmp_path / "two", "--jobs", "2", stderr=terminal, env=wide)
    os.close(terminal)
    said = b""
    with open(screen, "rb", buffering=0) as file:  # noqa: PTH123  (a descriptor)
        while True:
            try:
                said += file.read(65536)
            except OSError:  # the other end is closed
                break
    process.communicate(timeout=60)
    assert process.returncode == ExitCode.OK
    lines = said.decode().split("\r")
    assert any(all(f"{name}: " in line for name in SOURCES) for line in lines), lines[-20:]


@pytest.mark.slow
@pytest.mark.parametrize("to_group", [False, True], ids=["process", "group"])
@pytest.mark.parametrize("number", SIGNALS)
def test_H125_a_signal_ends_all_in_order(
    site: Site, tmp_path: Path, number: signal.Signals, to_group: bool
) -> None:
    output = tmp_path / "two"
    process = site.crawl(output, "--jobs", "2", "--json", start_new_session=True)
    until(lambda: processes(output))
    send = os.killpg if to_group else os.kill
    send(process.pid, number)
    said, errors = process.communicate(timeout=WITHIN)
    assert (process.returncode, errors) == (ExitCode.INTERRUPTED, "")
    report = json.loads(said)
    assert report["entries"] == sum(report["counts"].values())
    assert not faults(output)
    site.finish(output)


@pytest.mark.slow
def test_H125_a_signal_before_anything_is_asked(site: Site, tmp_path: Path) -> None:
    for step in range(6):
        output = tmp_path / str(step)
        process = site.crawl(output, "--jobs", "2", start_new_session=True)
        time.sleep(0.2 * (step + 1))
        os.killpg(process.pid, SIGNALS[step % 2])
        _, errors = process.communicate(timeout=WITHIN)
        # While it imports, it is the interpreter that ends.
        assert process.returncode in {ExitCode.OK, ExitCode.INTERRUPTED, *(-n for n in SIGNALS)}
        assert "Traceback" not in errors or process.returncode < 0, errors


@pytest.mark.slow
def test_H125_a_second_signal_leaves_at_once_with_all(site: Site, tmp_path: Path) -> None:
    output = tmp_path / "two"
    process = site.crawl(output, "--jobs", "2")
    crawling = until(lambda: processes(output))
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=WITHIN)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "left at once" in errors or not errors  # both may have come as one
    assert all(map(is_gone, crawling.values()))
    site.finish(output)


@pytest.mark.slow
def test_H125_a_signal_while_a_lock_is_waited_for(site: Site, tmp_path: Path) -> None:
    output = tmp_path / "two"
    with hold(output, SOURCES):
        process = site.crawl(output, "--jobs", "2", "--wait")
        time.sleep(2.0)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        said, errors = process.communicate(timeout=WITHIN)
    assert process.returncode == ExitCode.INTERRUPTED
    # On a busy machine it may not have come to the lock yet.
    assert "interrupted" in said or "interrupted; everything stored so far is whole" in errors
    assert not (output / "archive.db").exists()


@pytest.mark.slow
def test_a_lock_that_is_held_leaves_out_its_source_alone(site: Site, tmp_path: Path) -> None:
    output = tmp_path / "two"
    for name in SOURCES:
        with hold(output, [name]):
            process = site.crawl(output, "--jobs", "2", "--json")
            report = json.loads(process.communicate(timeout=60)[0])
        assert process.returncode == ExitCode.LOCKED
        (failure,) = report["failures"]
        assert failure.startswith(f"{name}: another run holds")
    site.check(output)


@pytest.mark.slow
def test_a_killed_process_fails_its_sources_and_the_next_run_goes_on(
    site: Site, tmp_path: Path
) -> None:
    output = tmp_path / "two"
    process = site.crawl(output, "--jobs", "2", "--json")
    crawling = until(lambda: processes(output))
    (source,) = (name for name, each in crawling.items() if each != process.pid)
    os.kill(crawling[source], signal.SIGKILL)
    said, errors = process.communicate(timeout=60)
    report = json.loads(said)
    assert (process.returncode, errors) == (ExitCode.PARTIAL, "")
    assert report["failures"] == [
        f"{source}: its process was killed by signal 9; the next run goes on from here"
    ]
    assert report["counts"]["pending"] == sum(
        each["counts"]["pending"] for each in report["sections"] if each["source"] == source
    )
    assert report["entries"] == sum(report["counts"].values())
    site.finish(output)


@pytest.mark.slow
def test_H116_where_the_first_process_is_killed_the_others_end_too(
    site: Site, tmp_path: Path
) -> None:
    output = tmp_path / "two"
    process = site.crawl(output, "--jobs", "2")
    crawling = until(lambda: processes(output))
    process.kill()
    process.communicate(timeout=WITHIN)
    until(lambda: all(map(is_gone, crawling.values())))
    site.finish(output)


@pytest.mark.slow
def test_two_commands_at_once_on_one_folder(site: Site, tmp_path: Path) -> None:
    for step in range(3):
        output = tmp_path / str(step)
        started = [site.crawl(output, name) for name in SOURCES]
        for process in started:
            _, errors = process.communicate(timeout=60)
            assert (process.returncode, errors) == (ExitCode.OK, "")
        site.check(output)
