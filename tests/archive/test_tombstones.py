"""What was taken down stays away, under whatever name it comes."""

from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArchiveError, ImportedPost, WrittenArticle
from newscrawl.archive.tombstones import FILE, Tombstone, append, read_file
from newscrawl.items import Image
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, crawl, found, identity, later, query


def take_down(archive: Archive, name: str) -> None:
    """Set the tombstone of an article and remove what is stored of it."""
    target = archive.removals.find([identity(name).url_hash])
    assert target is not None
    archive.removals.bury(target, "asked for", later(60))
    archive.removals.forget(target, archive.images_folder)


def test_a_listing_that_shows_it_again_fetches_nothing(archive: Archive) -> None:
    crawl(archive, begin(archive), "china", "a", "b")
    take_down(archive, "a")
    run = begin(archive)
    for section in ("china", "world"):  # one that has listed it, and one that has not
        page = archive.discover(run, SOURCE, section, [found("a")], later(61), refetch=True)
        assert page.fetch == ()
    assert archive.counts(run) == {
        "china": {Outcome.SKIPPED: 1},
        "world": {Outcome.SKIPPED: 1},
    }


def test_an_alias_that_a_listing_gives_is_no_way_back(archive: Archive) -> None:
    crawl(archive, begin(archive), "china", "a")
    take_down(archive, "a")
    run = begin(archive)
    page = archive.discover(run, SOURCE, "china", [found("other", "a")], later(61))
    assert page.fetch == ()
    again = archive.discover(begin(archive), SOURCE, "world", [found("other")], later(62))
    assert again.fetch == ()


def test_a_page_that_turns_out_to_be_it_is_refused(archive: Archive, path: Path) -> None:
    crawl(archive, begin(archive), "china", "a")
    take_down(archive, "a")
    run = begin(archive)
    page = archive.discover(run, SOURCE, "china", [found("mirror")], later(61))
    (work,) = page.fetch
    mirrored = article("mirror", aliases=[identity("a").url], url_hash=work.url_hash)
    assert archive.store(run, "china", work.url_hash, mirrored) is Outcome.SKIPPED
    assert archive.counts(run) == {"china": {Outcome.SKIPPED: 1}}
    assert query(path, "SELECT * FROM articles") == []


def test_a_post_of_it_is_not_imported(archive: Archive) -> None:
    crawl(archive, begin(archive), "china", "a")
    take_down(archive, "a")
    made = WrittenArticle.of(replace(article("a"), extractor="import/jekyll"))
    post = ImportedPost(made, None, None, None, "jekyll", "a.md")
    assert archive.imports.outcome_of(post) is Outcome.SKIPPED
    assert archive.imports.take(begin(archive), [post]) == [Outcome.SKIPPED]


def test_what_was_found_and_not_fetched_is_not_pending_any_more(archive: Archive) -> None:
    run = begin(archive)
    archive.discover(run, SOURCE, "china", [found("a", title="标题")], NOON)
    take_down(archive, "a")
    assert archive.counts(run) == {"china": {Outcome.SKIPPED: 1}}
    assert list(archive.resume(begin(archive), SOURCE, None, attempts=5)) == []


def test_no_word_of_it_is_in_any_row(archive: Archive, path: Path) -> None:
    images = [Image("https://img.example.com/own.jpg")]
    run = begin(archive)
    (work,) = archive.discover(run, SOURCE, "china", [found("a", title="标题 a")], NOON).fetch
    archive.store(run, "china", work.url_hash, article("a", images=images), claim_images=True)
    take_down(archive, "a")
    for (table,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        rows = str(query(path, f"SELECT * FROM {table}"))
        assert "标题" not in rows, table
        assert "own.jpg" not in rows, table


def test_another_article_of_the_same_home_page_is_not_meant(archive: Archive) -> None:
    """A page that gives the site's home page as its address shares it with others (H88)."""
    run = begin(archive)
    (work,) = archive.discover(run, SOURCE, "china", [found("a")], NOON).fetch
    archive.store(run, "china", work.url_hash, article("a", url="https://news.example.com/"))
    take_down(archive, "a")
    (work,) = archive.discover(run, SOURCE, "china", [found("b")], NOON).fetch
    other = article("b", url="https://news.example.com/")
    assert archive.store(run, "china", work.url_hash, other) is Outcome.NEW


def stone(article: str, reason: str = "x") -> Tombstone:
    return Tombstone.of(article * 64, (), SOURCE, "https://example.com/a", reason, NOON)


def test_the_file_keeps_the_first_reason_and_all_names(tmp_path: Path) -> None:
    append(tmp_path, stone("a", "first"))
    append(tmp_path, replace(stone("a", "second"), hashes=("b" * 64,)))
    (kept,) = read_file(tmp_path).values()
    assert (kept.reason, set(kept.hashes)) == ("first", {"a" * 64, "b" * 64})


def test_H117_half_a_line_is_none_and_does_not_swallow_the_next(tmp_path: Path) -> None:
    append(tmp_path, stone("a"))
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole + whole[:30])
    append(tmp_path, stone("c"))
    assert set(read_file(tmp_path)) == {"a" * 64, "c" * 64}


def test_a_line_that_is_something_else_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("mine\n")
    with pytest.raises(ArchiveError, match="line 1 is no tombstone"):
        read_file(tmp_path)
