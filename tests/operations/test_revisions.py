"""Corrections and bad days of a site, from the listing to the post."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.history import history
from newscrawl.replica.process import ReplicaProcess
from tests.cli.conftest import tree
from tests.operations import spoiling
from tests.operations.spoiling import SpoilingSite

SECTIONS = {
    "sina_finance": ("--section", "china", "--section", "finance"),
    "eastmoney": ("--section", "ccjdd", "--section", "cgnjj"),
}


def newscrawl(*arguments: str) -> tuple[int, Any]:
    """Run a command and return its code and its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def texts(output: Path) -> dict[str, tuple[int, str | None]]:
    """Return revision and text of every stored article by its hash."""
    with Archive.open(output / "archive.db", read_only=True) as archive:
        return {
            each.article.url_hash or "": (each.revision, each.article.body_html)
            for each in archive.articles()
        }


def post_of(output: Path, url_hash: str) -> Path:
    """Return where ``explain`` says that the Hexo post stands."""
    _, answer = newscrawl("explain", url_hash, "--output", str(output))
    (path,) = [post["path"] for post in answer["posts"] if post["dialect"] == "hexo"]
    return Path(path)


@pytest.mark.slow
@pytest.mark.parametrize("source", sorted(SECTIONS))
def test_H91_a_correction_is_a_revision_and_its_post_is_rewritten_in_place(
    source: str, tmp_path: Path
) -> None:
    with ReplicaProcess(articles=120, seed="corrected", only=source, correct=5) as replica:
        ask = (source, *SECTIONS[source], "--via", replica.url, "--output", str(tmp_path))
        assert newscrawl("crawl", *ask)[0] == ExitCode.OK
        posts = tree(tmp_path / "hexo" / "source" / "_posts")
        before = texts(tmp_path)
        assert replica.advance(corrections=3)["corrected"]
        _, report = newscrawl("recrawl", *ask)
    after = texts(tmp_path)
    corrected = [key for key in before if before[key] != after[key]]
    assert corrected
    assert report["counts"]["updated"] == len(corrected)
    assert after.keys() == before.keys()
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        for key in corrected:
            assert after[key][0] == 2
            first, second = history(archive, key)
            assert {"title", "body"} <= set(second.changed)
            assert any(line.startswith("+") for line in second.diff)
            assert first.content_hash != second.content_hash
            (old, _) = archive.revisions(key)
            assert old.article.body_html == before[key][1]
            stored = archive.article(key)
            assert stored is not None
            assert stored.article.updated_at is not None
    rewritten = tree(tmp_path / "hexo" / "source" / "_posts")
    assert rewritten.keys() == posts.keys()
    changed = {name for name in posts if posts[name] != rewritten[name]}
    assert changed == {post_of(tmp_path, key).name for key in corrected}


class BadDay:
    """A site that was crawled on a good day."""

    def __init__(self, source: str, site: SpoilingSite, output: Path) -> None:
        self.source, self.site, self.output = source, site, output

    def recrawl(self, limit: int) -> Any:
        ask = ("--via", self.site.url, "--output", str(self.output), "--limit", str(limit))
        return newscrawl("recrawl", self.source, *SECTIONS[self.source], *ask)[1]

    def reasons(self) -> Counter[str]:
        """Return how the entries that are to be tried again ended."""
        with closing(sqlite3.connect(self.output / "archive.db")) as database:
            sql = "SELECT state || ' ' || reason FROM outcomes WHERE state IN ('failed', 'blocked')"
            return Counter(word for (word,) in database.execute(sql))


@pytest.fixture(scope="module", params=sorted(SECTIONS))
def bad_day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BadDay]:
    output = tmp_path_factory.mktemp("bad-day")
    with (
        ReplicaProcess(articles=60, seed="bad day", only=request.param) as replica,
        SpoilingSite(replica.url) as site,
    ):
        where = ("--via", site.url, "--output", str(output))
        ask = (request.param, *SECTIONS[request.param], *where)
        assert newscrawl("crawl", *ask)[0] == ExitCode.OK
        yield BadDay(request.param, site, output)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "reasons"),
    [
        (spoiling.wall, {"blocked challenge"}),
        (spoiling.empty, {"failed empty"}),
        (spoiling.short, {"failed truncated"}),
        (spoiling.unfinished, {"failed truncated"}),
        (spoiling.cut, {"failed truncated", "failed type"}),
        (spoiling.closed, {"failed truncated", "failed type"}),
    ],
    ids=["H71 wall", "H15 empty", "H05 short", "H06 unfinished", "H50 cut", "H05 closed"],
)
def test_the_last_good_copy_stays(
    bad_day: BadDay, spoil: spoiling.Spoil, reasons: set[str]
) -> None:
    before = texts(bad_day.output)
    posts = tree(bad_day.output / "hexo")
    bad_day.site.spoil, bad_day.site.spoilt = spoil, 0
    report = bad_day.recrawl(2)
    assert bad_day.site.spoilt
    assert texts(bad_day.output) == before
    assert {name: n for name, n in tree(bad_day.output / "hexo").items() if name in posts} == posts
    ended = Counter({name: n for name, n in report["counts"].items() if n})
    assert ended["updated"] == ended["new"] == 0
    assert bad_day.reasons()
    assert set(bad_day.reasons()) <= reasons
