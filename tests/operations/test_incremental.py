"""Runs that follow a first crawl: nothing new, a recrawl, a walk back, one at a time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive.lock import Lock
from newscrawl.exit_codes import ExitCode
from newscrawl.replica.process import ReplicaProcess


class Site:
    """A replica of its own and the folder of what is crawled from it."""

    def __init__(self, replica: ReplicaProcess, folder: Path) -> None:
        self.replica, self.folder = replica, folder

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "newscrawl", *arguments, "--via", self.replica.url]
        return subprocess.Popen(
            [*command, "--json"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, code: ExitCode = ExitCode.OK) -> dict[str, Any]:
        """Run a command to its end and return its report."""
        process = self.start(*arguments)
        out, errors = process.communicate(timeout=120)
        assert process.returncode == code, errors
        report: dict[str, Any] = json.loads(out)
        return report

    def asked(self) -> Counter[str]:
        """Return how many requests of each kind the replica has had."""
        hosts = self.replica.stats()["hosts"].values()
        return sum((Counter(host["kinds"]) for host in hosts), Counter())

    def posts(self) -> dict[str, tuple[int, str]]:
        """Return time of change and text of every post."""
        return {
            str(path.relative_to(self.folder)): (path.stat().st_mtime_ns, path.read_text("utf-8"))
            for path in self.folder.rglob("*.md")
        }


@pytest.fixture(params=["plain", "versioned"])
def listings(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def crawled(tmp_path: Path, listings: str) -> Iterator[Site]:
    """One section of either source, crawled once."""
    with ReplicaProcess(articles=600, listings=listings) as replica:
        site = Site(replica, tmp_path)
        report = site.run("crawl", "--section", "china", "--section", "yaowen")
        assert report["counts"]["new"] > 10
        yield site


def test_a_run_that_finds_nothing_new_asks_for_listings_and_touches_no_post(
    crawled: Site, listings: str
) -> None:
    asked, posts = crawled.asked(), crawled.posts()
    report = crawled.run("crawl", "--section", "china", "--section", "yaowen")
    assert report["counts"]["new"] == report["counts"]["updated"] == 0
    kind = "listing" if listings == "plain" else "listing, not modified"
    assert crawled.asked() - asked == {kind: 2, "robots": 2}
    assert [each["not_modified"] for each in report["sections"]] == [listings == "versioned"] * 2
    assert crawled.posts() == posts
    assert posts


@pytest.mark.parametrize("listings", ["plain"], indirect=True)
def test_a_recrawl_finds_corrections_that_no_listing_tells_and_rewrites_their_posts(
    crawled: Site,
) -> None:
    crawled.replica.advance(corrections=200)
    report = crawled.run("crawl", "eastmoney", "--section", "yaowen")
    assert report["counts"]["updated"] == 0
    posts = crawled.posts()

    report = crawled.run("recrawl", "eastmoney", "--section", "yaowen")

    updated = report["counts"]["updated"]
    assert updated > 0
    assert report["entries"] == sum(report["counts"].values())
    changed = {path for path, state in crawled.posts().items() if posts.get(path) != state}
    assert len(changed) == 2 * updated  # in either dialect
    assert report["posts"]["jekyll"]["written"] == updated
    again = crawled.run("recrawl", "eastmoney", "--section", "yaowen")
    assert again["counts"]["updated"] == again["counts"]["new"] == 0


@pytest.mark.parametrize("listings", ["plain"], indirect=True)
def test_scrapy_can_recrawl_too_and_is_locked_out_too(crawled: Site) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "sina_finance", "-a", "section=china"]
    command += ["-a", "recrawl=1", "-s", f"NEWSCRAWL_VIA={crawled.replica.url}"]
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    asked = crawled.asked()["article"]
    done = subprocess.run(command, cwd=crawled.folder, env=environment, check=False)
    assert done.returncode == 0
    assert crawled.asked()["article"] > asked
    asked = crawled.asked()["article"]
    with Lock.of(crawled.folder / "output", "sina_finance"):
        done = subprocess.run(
            command, cwd=crawled.folder, env=environment, capture_output=True, check=False
        )
    assert b"another run holds" in done.stderr
    assert crawled.asked()["article"] == asked


@pytest.mark.parametrize("listings", ["plain"], indirect=True)
def test_a_dry_recrawl_says_how_much_there_is_and_asks_for_nothing(crawled: Site) -> None:
    asked = crawled.asked()
    report = crawled.run("recrawl", "sina_finance", "--section", "china", "--dry-run")
    assert report["stored"] > 5
    assert [each["section"] for each in report["listings"]] == ["china"]
    assert crawled.asked() == asked


@pytest.mark.parametrize("listings", ["plain"], indirect=True)
def test_a_walk_back_says_how_far_it_came_and_why_it_ended(crawled: Site) -> None:
    back = ("crawl", "sina_finance", "--section", "china", "--since", "2024-01-01")
    section = crawled.run(*back)["sections"][0]
    assert section["backfill"]["ended"] == "end of listing"
    assert section["backfill"]["since"] == "2024-01-01"
    assert section["backfill"]["oldest"].startswith("2026-09-30T")
    assert section["backfill"]["oldest"].endswith("+08:00")
    asked = crawled.asked()
    crawled.run(*back)
    assert (crawled.asked() - asked)["listing"] == 1  # what is new on top is met all the same


@pytest.mark.parametrize("listings", ["plain"], indirect=True)
def test_H122_a_second_run_leaves_at_once_or_waits(crawled: Site) -> None:
    crawl = ("crawl", "sina_finance", "--section", "china")
    lock = Lock.of(crawled.folder / "output", "sina_finance").acquire()
    report = crawled.run(*crawl, code=ExitCode.LOCKED)
    assert f"(process {os.getpid()}, since " in report["failures"][0]
    assert crawled.run(*crawl, "--wait", "0.5", code=ExitCode.LOCKED)["entries"] == 0
    waiting = crawled.start(*crawl, "--wait")
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(2)
    lock.release()
    out, errors = waiting.communicate(timeout=60)
    assert waiting.returncode == ExitCode.OK, errors
    assert json.loads(out)["entries"] > 0


@pytest.mark.parametrize("listings", ["plain"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_H125_who_waits_can_be_interrupted(crawled: Site, number: signal.Signals) -> None:
    with Lock.of(crawled.folder / "output", "sina_finance"):
        waiting = crawled.start("recrawl", "sina_finance", "--wait")
        time.sleep(2)
        waiting.send_signal(number)
        _, errors = waiting.communicate(timeout=30)
    assert waiting.returncode == ExitCode.INTERRUPTED
    assert "interrupted" in errors
