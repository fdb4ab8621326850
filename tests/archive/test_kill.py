"""SIGKILL between any two statements, and at any moment: the next run ends the same."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.archive import Archive, StoredArticle, Work
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, found, identity, later, query

PAGES = (
    ("china", ("a", "gone", "moved")),
    ("china", ("b", "a", "failing")),
    ("stock", ("a", "target", "c", "moved")),
)
"""``moved`` redirects to ``target``; ``a`` is shown three times in two sections."""
NAMES = {identity(name).url_hash: name for _, names in PAGES for name in names}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def crawl_all(archive: Archive) -> None:
    """One whole run, as the spiders drive it: first what was left, then the listings."""
    run = archive.begin_run(SOURCE, {}, NOON)
    fetch_all(archive, run, list(archive.resume(run, SOURCE, None, attempts=100)))
    for section in ("china", "stock"):
        archive.walks.open(SOURCE, section)
        for shown in (names for listed, names in PAGES if listed == section):
            page = archive.discover(run, SOURCE, section, [found(name) for name in shown], NOON)
            fetch_all(archive, run, page.fetch)
        archive.walks.close(SOURCE, section)
    archive.claim_slug("示例报", "shilibao")
    archive.end_run(run, finished_at=later(1), exit_code=0)


def fetch_all(archive: Archive, run: int, work: tuple[Work, ...] | list[Work]) -> None:
    ends = {"gone": Outcome.GONE, "failing": Outcome.FAILED}
    for item in work:
        name = NAMES[item.url_hash]
        if name in ends:
            archive.end(run, SOURCE, item.section, item.url_hash, ends[name], name, later(1))
        else:
            page = article("target" if name == "moved" else name)
            archive.store(run, item.section, item.url_hash, page)


def content(path: Path) -> list[StoredArticle]:
    """Return everything that a post could show, without the number of the change."""
    with Archive.open(path) as archive:
        return [replace(read, sequence=0) for read in archive.articles()]


def check_balance(path: Path) -> None:
    """Everything that one transaction holds is there together."""
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA foreign_key_check") == []
    assert query(
        path, "SELECT run, section, n FROM run_counts WHERE outcome = 'pending' AND n > 0"
    ) == query(
        path,
        "SELECT run, section, count(*) FROM outcomes WHERE state = 'pending' GROUP BY run, section"
        " ORDER BY run, section",
    )
    assert query(
        path,
        "SELECT count(*) FROM outcomes WHERE (entry IS NULL) = (state IN"
        " ('pending', 'failed', 'blocked'))",
    ) == [(0,)]
    stored = query(path, "SELECT url_hash, revision FROM articles ORDER BY url_hash")
    assert stored == query(
        path, "SELECT url_hash, max(number) FROM revisions GROUP BY url_hash ORDER BY url_hash"
    )
    assert stored == query(
        path,
        "SELECT DISTINCT a.url_hash, revision FROM articles AS a JOIN outcomes USING (url_hash)"
        " WHERE state IN ('new', 'duplicate') ORDER BY url_hash",
    )


def killed(work: Callable[[], None], *, after: float | None = None) -> bool:
    """Run ``work`` in a child process; return whether it was killed before its end."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.fixture
def undisturbed(tmp_path: Path) -> list[StoredArticle]:
    path = tmp_path / "undisturbed.db"
    with Archive.open(path) as archive:
        crawl_all(archive)
    check_balance(path)
    return content(path)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.db"
    Archive.open(path).close()
    return path


@pytest.mark.slow
def test_H116_a_kill_between_any_two_statements(
    empty: Path, path: Path, undisturbed: list[StoredArticle]
) -> None:
    def crawl_until(statement: int) -> None:
        done = 0

        def count(_: str) -> None:
            nonlocal done
            done += 1
            if done == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        with Archive.open(path) as archive:
            archive._database.connection.set_trace_callback(count)
            crawl_all(archive)

    statement = 0
    more = True
    while more:
        statement += 1
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()
        shutil.copy(empty, path)
        more = killed(lambda: crawl_until(statement))  # noqa: B023  (runs at once)
        with Archive.open(path) as archive:
            check_balance(path)
            crawl_all(archive)
        check_balance(path)
        assert content(path) == undisturbed, f"killed at statement {statement}"
    assert statement > 100


def test_H116_kills_at_random_moments(path: Path, undisturbed: list[StoredArticle]) -> None:
    def crawl() -> None:
        with Archive.open(path) as archive:
            crawl_all(archive)

    chance = random.Random(116)
    kills = 0
    for _ in range(12):
        kills += killed(crawl, after=chance.uniform(0, 0.02))
        if path.exists():
            with Archive.open(path):
                check_balance(path)
    crawl()
    check_balance(path)
    assert content(path) == undisturbed
    assert kills
