"""docs/archive.md says what is in the file, and its queries run."""

import re
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.captures import Placed
from newscrawl.outcomes import Outcome

from .builders import SOURCE, article, begin, crawl, found, identity, later, query

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"
TEXT = PAGE.read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)


def test_every_table_is_described(archive: Archive, path: Path) -> None:
    for (table,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        assert len(re.findall(rf"^\| `{table}` \|", TEXT, re.MULTILINE)) == 1


def test_every_view_is_described(archive: Archive, path: Path) -> None:
    for (view,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'view'"):
        assert f"The view `{view}` " in TEXT


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
    keep_page(archive, run, name)
    target = archive.removals.find([identity("b").url_hash])
    assert target is not None
    archive.removals.bury(target, "court order", later(4))
    assert query(path, sql)


def test_there_are_ten_queries() -> None:
    assert len(QUERIES) == 10


def test_the_view_shows_the_article_as_it_stands(archive: Archive, path: Path) -> None:
    run = begin(archive)
    crawl(archive, run, "china", "a")
    crawl(archive, run, "stock", "a")
    archive.store(run, "stock", identity("a").url_hash, article("a", "改。", fetched_at=later(9)))
    shown = "SELECT published, sections, title, text, revision, url_hash FROM readable_articles"
    assert query(path, shown) == [
        ("2026-09-28 12:00:00", "china,stock", "标题 a", "改。", 2, identity("a").url_hash)
    ]


def keep_page(archive: Archive, run: int, name: str) -> None:
    """Index the page that the article of a name was read from."""
    file = archive.warc_files.add("newscrawl-example-1.warc.gz", SOURCE, run, later(1))
    page = Placed(
        offset=305,
        length=3_266,
        source=SOURCE,
        section="china",
        article=identity(name).url_hash,
        url=identity(name).url,
        status=200,
        fetched_at=later(1),
        digest="0" * 64,
    )
    archive.captures.add(file, [page], 3_571, closed_at=later(2))
