"""docs/archive.md says what is in the file, and its queries run."""

import re
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.outcomes import Outcome

from .builders import SOURCE, article, begin, crawl, found, identity, later, query

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"
TEXT = PAGE.read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)


def test_every_table_is_described(archive: Archive, path: Path) -> None:
    for (table,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        assert len(re.findall(rf"^\| `{table}` \|", TEXT, re.MULTILINE)) == 1


def test_every_state_is_described() -> None:
    for state in Outcome:
        assert len(re.findall(rf"^\| `{state}` \|", TEXT, re.MULTILINE)) == 1


@pytest.mark.parametrize("sql", QUERIES, ids=range(len(QUERIES)))
def test_every_example_query_finds_something(archive: Archive, path: Path, sql: str) -> None:
    name = "doc-inaaaaaa1234567"
    crawl(archive, begin(archive), "china", name, "b")
    run = begin(archive)
    archive.discover(run, SOURCE, "china", [found("c")], later(2))
    archive.end(run, SOURCE, "china", identity("c").url_hash, Outcome.FAILED, "timeout", later(3))
    corrected = article(name, "改。", media="上海证券报")
    assert archive.store(run, "china", identity(name).url_hash, corrected) is Outcome.UPDATED
    assert query(path, sql)


def test_there_are_five_queries() -> None:
    assert len(QUERIES) == 5
