"""Articles come back filtered, in order, and one at a time."""

import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArticleFilter, reading

from .builders import NOON, SOURCE, article, begin, found, identity, later


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Six articles, a minute apart, stored last first."""
    run = begin(archive)
    names = "abcdef"
    for section, shown in (("china", names), ("stock", names[:2])):
        archive.discover(run, SOURCE, section, [found(name) for name in shown], NOON)
    for minute, name in reversed(list(enumerate(names))):
        media = "甲报" if minute % 2 else None
        page = article(name, published_at=later(minute), media=media)
        archive.store(run, "china", identity(name).url_hash, page)
    run = archive.begin_run("other", {}, NOON)
    archive.store(run, "china", identity("z").url_hash, article("z", source="other"))
    return archive


def names(archive: Archive, where: ArticleFilter) -> str:
    return "".join(str(read.article.title)[-1] for read in archive.articles(where))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (ArticleFilter(source=SOURCE), "abcdef"),
        (ArticleFilter(source="other"), "z"),
        (ArticleFilter(source="nobody"), ""),
        (ArticleFilter(source=SOURCE, section="stock"), "ab"),
        (ArticleFilter(section="stock"), "ab"),
        (ArticleFilter(media="甲报"), "bdf"),
        (ArticleFilter(since=later(2), until=later(4)), "cd"),
        (ArticleFilter(source=SOURCE, media="甲报", since=later(2)), "df"),
        (ArticleFilter(source=SOURCE, limit=2), "ab"),
        (ArticleFilter(limit=0), ""),
        (ArticleFilter(after_sequence=4), "abz"),
        (ArticleFilter(source=SOURCE, after_sequence=4, limit=1), "a"),
    ],
)
def test_filters_are_joined_and_results_in_order_of_publication(
    filled: Archive, where: ArticleFilter, expected: str
) -> None:
    assert "".join(sorted(names(filled, where))) == "".join(sorted(expected))
    if "z" not in expected:
        assert names(filled, where) == expected


def test_without_a_filter_everything_comes(filled: Archive) -> None:
    read = list(filled.articles())
    order = [(item.article.published_at, item.article.url_hash) for item in read]
    assert len(read) == 7
    assert order == sorted(order, key=str)


def test_a_filter_with_a_naive_time_is_refused(filled: Archive) -> None:
    with pytest.raises(ValueError, match="zone"):
        list(filled.articles(ArticleFilter(since=NOON.replace(tzinfo=None))))


def test_an_unknown_hash_has_no_article(filled: Archive) -> None:
    assert filled.article(identity("unknown").url_hash) is None
    with pytest.raises(ValueError, match="SHA-256"):
        filled.article("00")


def test_the_sequence_finds_what_changed_since(filled: Archive) -> None:
    last = max(read.sequence for read in filled.articles())
    assert names(filled, ArticleFilter(after_sequence=last)) == ""
    run = begin(filled)
    filled.discover(run, SOURCE, "stock", [found("c")], NOON)
    assert names(filled, ArticleFilter(after_sequence=last)) == "c"


def test_hashes_come_as_their_articles_do_and_lead_to_them(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ASKED", 3)
    where = ArticleFilter(source=SOURCE)
    lots = list(filled.hashes(where))
    assert [len(lot) for lot in lots] == [3, 3]
    assert [each for lot in lots for each in filled.articles_of(lot)] == list(
        filled.articles(where)
    )
    known = set(lots[0] + lots[1][:1])
    assert list(filled.hashes(where, unless=lambda _: known)) == [lots[1][1:]], "no empty lot"
    gone = identity("unknown").url_hash
    assert [each.article.url_hash for each in filled.articles_of([gone, lots[0][1]])] == [
        lots[0][1]
    ]


def test_articles_are_counted_by_the_same_filters_whatever_the_limit(filled: Archive) -> None:
    assert filled.count() == 7
    assert filled.count(ArticleFilter(media="甲报", limit=1)) == 3


def test_the_archive_can_be_written_while_it_is_read(filled: Archive) -> None:
    seen = []
    for read in filled.articles():
        seen.append(read.article.title)
        run = begin(filled)
        filled.discover(run, SOURCE, "later", [found(str(read.article.title)[-1])], NOON)
    assert len(seen) == 7


def test_another_process_may_write_while_we_read_and_write(archive: Archive, path: Path) -> None:
    run = begin(archive)
    for n in range(1_500):
        archive.store(run, "china", identity(f"a{n}").url_hash, article(f"a{n}"))
    seen = 0
    with Archive.open(path) as other:
        for read in archive.articles(ArticleFilter(after_sequence=0)):
            if not seen % 500:
                other.claim_slug(f"theirs {seen}", f"theirs_{seen}")
                archive.claim_slug(f"ours {seen}", f"ours_{seen}")
            seen += read.sequence > 0
    assert seen == 1_500


def test_an_entry_marked_to_skip_adds_no_section(filled: Archive) -> None:
    run = begin(filled)
    filled.discover(run, SOURCE, "video", [found("q", skip="video")], NOON)
    filled.store(run, "china", identity("q").url_hash, article("q"))
    read = filled.article(identity("q").url_hash)
    assert read is not None
    assert read.sections == ("china",)


@pytest.mark.parametrize("after_sequence", [None, 0])
def test_H128_reading_takes_no_more_memory_for_more_articles(
    archive: Archive, after_sequence: int | None
) -> None:
    run = begin(archive)
    for n in range(400):
        name = f"a{n}"
        archive.store(run, "china", identity(name).url_hash, article(name, "长" * 10_000))
    tracemalloc.start()
    try:
        stream = archive.articles(ArticleFilter(after_sequence=after_sequence))
        assert sum(1 for _ in islice(stream, 50)) == 50
        tracemalloc.reset_peak()
        assert sum(1 for _ in stream) == 350
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("where", "index"),
    [
        (ArticleFilter(), "articles_published"),
        (ArticleFilter(since=NOON), "articles_published"),
        (ArticleFilter(source=SOURCE, since=NOON), "articles_source"),
        (ArticleFilter(media="甲报"), "articles_media"),
        (ArticleFilter(source=SOURCE, after_sequence=3), "articles_sequence"),
    ],
)
def test_H94_every_filter_has_its_index(filled: Archive, where: ArticleFilter, index: str) -> None:
    """Read from the statement that really ran."""
    connection = filled._database.connection
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    list(filled.articles(where))
    connection.set_trace_callback(None)
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}"))
    assert index in plan
    assert ("TEMP B-TREE" in plan) == (index == "articles_sequence")
