"""What a second look at a stored article makes of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.revising import changes, judge
from newscrawl.extraction.article import content_hash
from newscrawl.items import Article
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, found, identity, later, query

A = identity("a").url_hash
LONG = "央行下调存款准备金率，市场流动性保持合理充裕。" * 4
WALL = "您的访问过于频繁，请输入验证码后继续。"


def page(text: str = LONG, **fields: Any) -> Article:
    """Return an article as a page of its source tells it."""
    body = f"<p>{text}</p>"
    said = article("a", text, author="张三", editor="李四", summary="降准。", **fields)
    return replace(
        said,
        content_hash=content_hash(said.title or "", body),
        date_source=fields.get("date_source", "visible"),
        extractor=fields.get("extractor", f"{SOURCE}/page"),
        extractor_version=fields.get("extractor_version", 1),
    )


STORED = page()


def look(archive: Archive, read: Article) -> Outcome:
    """Look at the article again in a run of its own."""
    run = begin(archive)
    archive.discover(run, SOURCE, "china", [found("a")], NOON, refetch=True)
    outcome = archive.store(run, "china", A, read)
    assert archive.counts(run) == {"china": {outcome: 1}}
    return outcome


def current(archive: Archive) -> Article:
    stored = archive.article(A)
    assert stored is not None
    return stored.article


class TestCorrections:
    """What makes a revision."""

    @pytest.mark.parametrize(
        ("fields", "names"),
        [
            ({"title": "更正"}, ("title",)),
            ({"published_at": later(30)}, ("published_at",)),
            ({"media": "上海证券报"}, ("media",)),
            ({"author": "王五"}, ("author",)),
            ({"editor": "赵六"}, ("editor",)),
            ({"summary": "降准半个百分点。"}, ("summary",)),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_H91_one_corrected_field_is_a_revision(
        self, archive: Archive, fields: dict[str, Any], names: tuple[str, ...]
    ) -> None:
        look(archive, STORED)
        read = replace(page(fetched_at=later(9)), **fields)
        assert look(archive, read) is Outcome.UPDATED
        first, second = archive.revisions(A)
        assert changes(first.article, second.article) == names
        assert (second.number, second.stored_at) == (2, later(9))
        assert getattr(current(archive), names[0]) == fields[names[0]]

    def test_the_words_and_the_pictures_of_a_body_are_told_apart(self) -> None:
        read = page("更正后的正文。")
        assert changes(STORED, replace(read, images=[])) == ("body", "images")

    def test_H91_what_is_the_same_is_unchanged(self, archive: Archive) -> None:
        look(archive, STORED)
        before = archive.last_sequence()
        again = page(fetched_at=later(5), keywords=["新词"], updated_at=later(4))
        assert look(archive, again) is Outcome.UNCHANGED
        assert archive.last_sequence() == before
        assert current(archive).fetched_at == later(5)
        assert current(archive).updated_at is None

    def test_H91_the_time_of_a_correction_is_the_publishers_own(self, archive: Archive) -> None:
        look(archive, STORED)
        look(archive, page("更正。", fetched_at=later(9), updated_at=later(7)))
        assert current(archive).updated_at == later(7)

    @pytest.mark.parametrize("told", [None, later(7)], ids=["none", "an old one"])
    def test_H91_else_it_is_when_the_correction_was_met(
        self, archive: Archive, told: Any, path: Path
    ) -> None:
        look(archive, page(updated_at=told))
        look(archive, page("更正。", fetched_at=later(9), updated_at=told))
        assert current(archive).updated_at == later(9)
        assert query(path, "SELECT updated_at FROM articles") == [("2026-09-28T04:09:00.000000Z",)]
        assert [each.article.updated_at for each in archive.revisions(A)] == [told, told]


class TestHints:
    """A fetch without the listing's hints, or with another listing's, takes nothing away."""

    def test_a_field_that_the_listing_told_outlives_a_fetch_without_it(
        self, archive: Archive
    ) -> None:
        look(archive, page(hinted=["media"], keywords=["央行"], stock_codes=["sh600000", "1.2"]))
        bare = replace(page(stock_codes=["1.2"]), media=None, summary=None, author=None)
        assert look(archive, bare) is Outcome.UNCHANGED
        assert look(archive, replace(bare, title="更正")) is Outcome.UPDATED
        kept = current(archive)
        assert (kept.title, kept.media, kept.author, kept.summary) == (
            "更正", "示例报", "张三", "降准。",
        )  # fmt: skip
        assert (kept.keywords, kept.stock_codes) == (["央行"], ["sh600000", "1.2"])
        assert kept.hinted == ["media"]

    def test_two_listings_that_name_the_outlet_differently_make_no_revisions(self) -> None:
        stored = page(media="新浪财经", hinted=["media"])
        assert judge(stored, page(media="新浪", hinted=["media"])).outcome is Outcome.UNCHANGED
        assert judge(stored, page(media="证券时报")).outcome is Outcome.UPDATED

    @pytest.mark.parametrize("rule", ["url", "code", "listing"])
    def test_a_time_that_the_page_told_gives_way_to_no_lesser_one(self, rule: str) -> None:
        day = NOON.replace(hour=0)
        assert judge(STORED, page(published_at=day, date_source=rule)).outcome is Outcome.UNCHANGED
        verdict = judge(page(published_at=day, date_source=rule), STORED)
        assert (verdict.outcome, verdict.article.published_at) == (Outcome.UPDATED, NOON)

    def test_the_same_minute_told_less_precisely_is_the_same_time(self) -> None:
        precise = page(published_at=NOON.replace(second=37))
        assert judge(precise, STORED).outcome is Outcome.UNCHANGED
        assert judge(STORED, precise).outcome is Outcome.UPDATED


class TestOtherCopies:
    """A site has its articles more than once, and not each copy is as good."""

    def test_the_same_words_from_another_template_are_no_correction(self) -> None:
        other = replace(page(extractor=f"{SOURCE}/record"), body_html=f"<div>{LONG}</div>")
        verdict = judge(STORED, replace(other, content_hash=content_hash("标题 a", "<div>")))
        assert (verdict.outcome, verdict.reason) == (Outcome.UNCHANGED, "other_copy")

    def test_a_lists_digest_takes_no_texts_place(self) -> None:
        digest = page("央行下调存款准备金率。", flags=["flash"], extractor=f"{SOURCE}/flash")
        assert judge(STORED, digest).outcome is Outcome.UNCHANGED
        assert judge(digest, STORED).outcome is Outcome.UPDATED

    def test_newer_rules_read_the_same_words_into_the_same_revision(self, archive: Archive) -> None:
        look(archive, STORED)
        before = archive.last_sequence()
        newer = replace(page(extractor_version=2), body_html=f"<p><strong>{LONG}</strong></p>")
        assert look(archive, newer) is Outcome.UNCHANGED
        assert [each.number for each in archive.revisions(A)] == [1]
        assert current(archive).body_html == newer.body_html
        assert archive.last_sequence() > before


class TestNoReading:
    """What comes in an article's place never becomes a revision."""

    @pytest.mark.parametrize(
        ("read", "outcome", "reason"),
        [
            (page(WALL), Outcome.BLOCKED, "challenge"),
            (page(LONG[:30], flags=["cut"]), Outcome.FAILED, "truncated"),
        ],
        ids=["H71 a wall in the article's frame", "H05 half a record"],
    )
    def test_the_last_good_copy_stays(
        self, archive: Archive, path: Path, read: Article, outcome: Outcome, reason: str
    ) -> None:
        look(archive, STORED)
        before = archive.last_sequence()
        assert look(archive, replace(read, fetched_at=later(9))) is outcome
        assert current(archive) == STORED
        assert len(list(archive.revisions(A))) == 1
        assert archive.last_sequence() == before
        rows = query(path, "SELECT state, reason FROM outcomes")
        assert rows == [(outcome, reason)]

    @pytest.mark.parametrize(
        "read",
        [page(f"{LONG}{WALL}"), page("更正：本文已撤回。"), page(LONG, flags=["cut"])],
        ids=["H72 words of a wall in a whole text", "a text taken back", "markup left open"],
    )
    def test_one_signal_is_not_enough(self, read: Article) -> None:
        assert judge(STORED, read).outcome in {Outcome.UPDATED, Outcome.UNCHANGED}

    def test_H72_a_flash_about_walls_may_be_corrected(self) -> None:
        about = page(f"{WALL}该平台称，{LONG}")
        assert judge(about, page(f"{WALL}该平台称。")).outcome is Outcome.UPDATED

    def test_H71_a_wall_names_no_other_address_of_the_article(self, archive: Archive) -> None:
        look(archive, STORED)
        look(archive, page(WALL, aliases=["https://news.example.com/login"]))
        assert archive.article(identity("login").url_hash) is None


def test_an_imported_post_gives_way_to_its_page_without_a_time_of_update(
    archive: Archive,
) -> None:
    look(archive, page(extractor="import/jekyll", media="示例 报"))
    assert look(archive, page("页面的正文。", fetched_at=later(9))) is Outcome.UPDATED
    assert current(archive).updated_at is None
