"""Imported posts: taken once, never over what is known, and found again by a crawl."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive, ImportedPost, WrittenArticle, schema
from newscrawl.archive.completing import completed
from newscrawl.archive.imports import RUN
from newscrawl.extraction.article import content_hash
from newscrawl.identity.identities import hash_url
from newscrawl.outcomes import Outcome

from .builders import (
    NOON,
    SOURCE,
    article,
    begin,
    crawl,
    found,
    identity,
    later,
    old_archive,
    query,
)

POST = "post:0123456789abcdef01234567"


def post(name: str = "a", **fields: Any) -> ImportedPost:
    """Return an imported post of the article ``name``, which it knows; fields are the article's."""
    made = replace(article(name, "旧文。"), extractor="import/jekyll", flags=["imported"])
    return ImportedPost(
        written=WrittenArticle.of(replace(made, **fields)),
        section=None,
        placed=None,
        slug=None,
        dialect="jekyll",
        name=f"{name}.md",
    )


def unknown(name: str = "a", **fields: Any) -> ImportedPost:
    """Return one that tells no identity, with title and time of the article ``name``."""
    return post(name, identity=POST, url=POST, url_hash=hash_url(POST), **fields)


def take(archive: Archive, *posts: ImportedPost) -> list[Outcome]:
    return archive.imports.take(begin(archive), posts)


def text_of(archive: Archive, name: str) -> str | None:
    stored = archive.article(identity(name).url_hash)
    return stored.article.body_text if stored else None


def test_a_post_is_taken_once(archive: Archive) -> None:
    assert take(archive, post(), post("b"), post()) == [
        Outcome.NEW,
        Outcome.NEW,
        Outcome.UNCHANGED,
    ]
    assert take(archive, post()) == [Outcome.UNCHANGED]
    assert len(list(archive.articles())) == 2


def test_an_imported_text_never_replaces_a_crawled_one(archive: Archive) -> None:
    crawl(archive, begin(archive), "china", "a")
    assert take(archive, post(), unknown()) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert text_of(archive, "a") == "正文。"


def test_a_crawl_takes_an_imported_article_for_known(archive: Archive) -> None:
    take(archive, post()._replace(section="china"))
    run = begin(archive)
    page = archive.discover(run, SOURCE, "china", [found("a")], later(5))
    assert page.fetch == ()
    assert archive.counts(run) == {"china": {Outcome.UNCHANGED: 1}}


def test_a_listing_that_tells_a_later_change_brings_the_page(archive: Archive) -> None:
    take(archive, post())
    run = begin(archive)
    entry = found("a", modified_at=later(60))
    (work,) = archive.discover(run, SOURCE, "china", [entry], later(70)).fetch
    new = article("a", "新文。", fetched_at=later(70))
    assert archive.store(run, "china", work.url_hash, new) is Outcome.UPDATED
    assert text_of(archive, "a") == "新文。"


@pytest.mark.parametrize("title", ["标题 a", "标题_a"])
def test_a_crawl_finds_a_post_that_tells_no_identity(archive: Archive, title: str) -> None:
    take(archive, unknown(title=title)._replace(name="2026-09-28-some-name.md"))
    assert crawl(archive, begin(archive), "china", "a", "b") == [Outcome.UPDATED, Outcome.NEW]
    assert len(list(archive.articles())) == 2
    stored = archive.article(identity("a").url_hash)
    assert stored is not None
    assert stored == archive.article(hash_url(POST))
    assert (stored.article.identity, stored.article.url) == (identity("a").key, identity("a").url)
    assert (stored.revision, stored.article.body_text) == (2, "正文。")
    assert crawl(archive, begin(archive), "china", "a") == []


@pytest.mark.parametrize(
    "fields",
    [{"title": "另一篇"}, {"published_at": later(1)}, {"source": "other"}, {"source": "imported"}],
)
def test_H90_another_title_minute_or_source_is_another_article(
    archive: Archive, fields: dict[str, Any]
) -> None:
    take(archive, unknown(**fields))
    assert crawl(archive, begin(archive), "china", "a") == [Outcome.NEW]


def test_two_crawled_articles_of_one_title_and_minute_stay_two(archive: Archive) -> None:
    run = begin(archive)
    for name in ("a", "b"):
        page = archive.discover(run, SOURCE, "china", [found(name)], NOON)
        same = article(name, title="早报")
        assert archive.store(run, "china", page.fetch[0].url_hash, same) is Outcome.NEW


def test_a_post_with_an_identity_is_the_one_that_told_none(archive: Archive) -> None:
    assert take(archive, unknown(), post()) == [Outcome.NEW, Outcome.UNCHANGED]
    run = begin(archive)
    assert archive.discover(run, SOURCE, "china", [found("a")], NOON).fetch == ()


def test_two_forms_of_a_post_fill_each_other(archive: Archive) -> None:
    jekyll = post(editor=None, summary="摘要")
    hexo = unknown(
        extractor="import/hexo",
        media=None,
        editor="张三",
        body_html="<p>　　旧文。</p>",
        body_text="　　旧文。",
        content_hash="f" * 64,
    )
    take(archive, jekyll, hexo._replace(dialect="hexo"))
    stored = archive.article(identity("a").url_hash)
    assert stored is not None
    whole = stored.article
    assert (whole.media, whole.editor, whole.summary) == ("示例报", "张三", "摘要")
    assert whole.body_html == "<p>　　旧文。</p>"
    assert whole.content_hash == content_hash(whole.title or "", whole.body_html)
    assert stored.revision == 1
    take(archive, jekyll, hexo._replace(dialect="hexo"))
    again = archive.article(identity("a").url_hash)
    assert again == stored


@pytest.mark.parametrize("told_first", [True, False])
def test_the_form_that_tells_the_section_ends_a_guess(archive: Archive, told_first: bool) -> None:
    flash: dict[str, Any] = {"flags": ["flash", "imported"]}
    guess = post(**flash)._replace(section="fast", guessed=True)
    told = post(extractor="import/hexo", **flash)._replace(section="forex", dialect="hexo")
    run = archive.begin_run(RUN, {}, NOON)
    archive.imports.take(run, [told, guess] if told_first else [guess, told])
    assert sections_of(archive, "a") == ("forex",)


def test_what_a_listing_told_is_no_guess(archive: Archive) -> None:
    flash: dict[str, Any] = {"flags": ["flash", "imported"]}
    run = archive.begin_run(RUN, {}, NOON)
    archive.imports.take(run, [post(**flash)._replace(section="fast", guessed=True)])
    archive.discover(begin(archive), SOURCE, "china", [found("a")], later(5))
    take(archive, post(extractor="import/hexo", **flash)._replace(section="forex"))
    assert sections_of(archive, "a") == ("fast", "china")


def sections_of(archive: Archive, name: str) -> tuple[str, ...]:
    stored = archive.article(identity(name).url_hash)
    assert stored is not None
    return stored.sections


def test_all_sections_of_a_line_are_taken(archive: Archive) -> None:
    take(archive, post()._replace(section="china", further=("stock", "world")))
    assert sections_of(archive, "a") == ("china", "stock", "world")


def test_another_text_of_the_other_form_changes_nothing() -> None:
    one, other = post().article, post(extractor="import/hexo", body_text="别的文字。").article
    assert completed(one, other) == one


def test_place_and_slug_of_a_post_are_kept(archive: Archive) -> None:
    placed = ("新媒体", "甲站", "热榜")
    given = post(source="imported")
    take(archive, given._replace(placed=placed, slug=("甲报", "jiabao_2")))
    (stored,) = archive.articles()
    assert stored.placed == placed
    assert archive.claim_slug("甲报", "jiabao") == "jiabao_2"


@pytest.mark.parametrize("slug", ["a b", "a/b", "../x", ".x", "a:b", "x" * 101, ""])
def test_S4_a_slug_that_could_stand_in_no_address_is_not_kept(archive: Archive, slug: str) -> None:
    take(archive, post()._replace(slug=("甲报", slug)))
    assert archive.claim_slug("甲报", "jiabao") == "jiabao"


class TestBytes:
    """Documents whose bytes are kept."""

    def test_they_come_back(self, archive: Archive) -> None:
        take(archive, post()._replace(content=b"one"))
        (document,) = archive.imports.documents(identity("a").url_hash, "jekyll")
        assert (document.name, document.content) == ("a.md", b"one")
        assert archive.imports.documents(identity("a").url_hash, "hexo") == []

    def test_they_can_be_kept_later(self, archive: Archive) -> None:
        take(archive, post())
        assert take(archive, post()._replace(content=b"one")) == [Outcome.UNCHANGED]
        (document,) = archive.imports.documents(identity("a").url_hash, "jekyll")
        assert document.content == b"one"

    def test_other_bytes_under_the_same_name_are_refused_whole(self, archive: Archive) -> None:
        take(archive, post()._replace(content=b"one"))
        for other in (post(), post("b")._replace(name="a.md")):
            assert take(archive, other._replace(content=b"two")) == [Outcome.FAILED]
        assert archive.article(identity("b").url_hash) is None
        (document,) = archive.imports.documents(identity("a").url_hash, "jekyll")
        assert document.content == b"one"


def test_the_counts_of_an_import_balance(archive: Archive) -> None:
    run = begin(archive)
    archive.imports.take(run, [post()._replace(section="china"), post("b"), post("b")])
    archive.imports.count_broken(run, 2)
    assert archive.counts(run) == {
        "china": {Outcome.NEW: 1},
        "": {Outcome.NEW: 1, Outcome.UNCHANGED: 1, Outcome.QUARANTINED: 2},
    }


def test_H116_a_batch_is_taken_whole_or_not_at_all(archive: Archive) -> None:
    with pytest.raises(ValueError, match="without title"):
        take(archive, post(), post("b", title=None))
    assert list(archive.articles()) == []


def test_an_archive_of_the_first_version_takes_posts(path: Path) -> None:
    with Archive.open(old_archive(path, 1)) as archive:
        assert take(archive, post(), post("z")._replace(content=b"x")) == [
            Outcome.UNCHANGED,
            Outcome.NEW,
        ]
        assert text_of(archive, "a") == "正文，已改。"
    assert query(path, "PRAGMA application_id") == [(schema.APPLICATION_ID,)]
    assert query(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]
