"""A whole crawl, as a user runs it, against what the replica says must be found."""

import json
import re
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
from newscrawl.export.names import post_ids
from newscrawl.identity.identities import hash_url
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

ARTICLES = 2_000
SHOWN = {"second": 19, "minute": 16, "day": 10}
"""How much of an ISO time the publisher tells: ``2026-09-30``, ``…T05:17``, ``…:37``."""

pytestmark = pytest.mark.slow


class Crawled:
    """One finished crawl of every section: its report, its expectations, its folder."""

    def __init__(
        self, output: Path, report: dict[str, Any], expected: list[dict[str, Any]]
    ) -> None:
        self.output, self.report, self.expected = output, report, expected

    def states(self) -> dict[str, set[str]]:
        """Return every state that an article has in the sections that list it, by its hash."""
        states: dict[str, set[str]] = {}
        with closing(sqlite3.connect(self.output / "archive.db")) as database:
            for url_hash, state in database.execute("SELECT hex(url_hash), state FROM outcomes"):
                states.setdefault(url_hash.lower(), set()).add(state)
        return states


def run(via: str, output: Path) -> dict[str, Any]:
    """Crawl every section of every source and return the JSON report."""
    sections = [part for name in all_sections() for part in ("--section", name)]
    command = [sys.executable, "-m", "newscrawl", "crawl", "--via", via, "--output", str(output)]
    done = subprocess.run(
        [*command, *sections, "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def all_sections() -> list[str]:
    return sorted({section for spider in spiders().values() for section in spider.sections})


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    output = tmp_path_factory.mktemp("whole")
    with ReplicaProcess(articles=ARTICLES, seed="whole") as replica:
        yield Crawled(output, run(replica.url, output), list(replica.expected()))


def test_the_counts_of_every_section_balance_and_nothing_failed(crawled: Crawled) -> None:
    for section in crawled.report["sections"]:
        assert section["entries"] == sum(section["counts"].values()), section
        assert section["counts"]["pending"] == section["counts"]["failed"] == 0, section
    assert crawled.report["failures"] == []


def test_H89_no_article_is_lost_and_none_is_taken_twice(crawled: Crawled) -> None:
    ended = Counter({outcome: n for outcome, n in crawled.report["counts"].items() if n})
    kinds = {"stored": "new", "gone": "gone", "skipped": "skipped"}
    expected = Counter(kinds[each["outcome"]] for each in crawled.expected)
    del ended["duplicate"]
    stored = expected["new"]
    assert ended["new"] == stored
    with Archive.open(crawled.output / "archive.db", read_only=True) as archive:
        hashes = [each.article.url_hash for each in archive.articles()]
    assert len(hashes) == len(set(hashes)) == stored


def test_every_article_has_its_title_time_media_and_text(crawled: Crawled) -> None:
    with Archive.open(crawled.output / "archive.db", read_only=True) as archive:
        for expected in crawled.expected:
            if expected["outcome"] != "stored":
                continue
            spider = spiders()[expected["source"]]
            stored = archive.article(spider.identify(expected["url"]).url_hash)
            assert stored is not None, expected
            article = stored.article
            assert article.published_at is not None
            assert expected["title"] in {None, article.title}
            assert expected["media"] in {None, article.media}
            assert without_space(article.body_text) == without_space(expected["body_text"])
            shown = SHOWN[expected["precision"]]
            assert article.published_at.isoformat()[:shown] == expected["published_at"][:shown]


def test_what_is_no_article_ends_with_its_outcome(crawled: Crawled) -> None:
    states = crawled.states()
    for expected in crawled.expected:
        if expected["outcome"] in {"skipped", "gone"}:
            spider = spiders()[expected["source"]]
            url_hash = hash_url(spider.identify(expected["url"]).url)
            assert expected["outcome"] in states[url_hash], expected


@pytest.mark.parametrize("folder", ["jekyll/_posts", "hexo/source/_posts"])
def test_every_article_is_one_post_of_each_dialect(crawled: Crawled, folder: str) -> None:
    posts = {path.stem[11:] for path in (crawled.output / folder).iterdir()}
    with Archive.open(crawled.output / "archive.db", read_only=True) as archive:
        names = {next(iter(post_ids(each.article))) for each in archive.articles()}
    assert posts == names


def test_a_second_crawl_brings_nothing_new(crawled: Crawled) -> None:
    with ReplicaProcess(articles=ARTICLES, seed="whole") as replica:
        again = run(replica.url, crawled.output)
    assert again["counts"]["new"] == again["counts"]["updated"] == 0
    assert all(posts["written"] == 0 for posts in again["posts"].values())


def without_space(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")
