"""What a process that only reads makes of articles, and what it leaves to who writes."""

import msgspec
import pytest

from newscrawl.archive import Archive
from newscrawl.export.drafts import Draft, Drafter, Rendered, drafted
from newscrawl.export.posts import CHINA, Reason
from tests.export.builders import CONFIG, NIGHT, PLACE, render
from tests.export.folders import put


def drafts(archive: Archive, dialect: str, *hashes: str | None) -> list[Draft]:
    """Return the drafts of some articles as they come from another process."""
    drafter = Drafter(archive, dialect, CONFIG, lambda _: PLACE)
    return list(drafted(lambda lots: map(drafter.drafts, lots), [[each or "" for each in hashes]]))


@pytest.mark.parametrize("dialect", ["jekyll", "hexo", "hugo", "jsonl"])
def test_a_draft_holds_the_post_and_says_which_article_it_is_of(
    archive: Archive, dialect: str
) -> None:
    stored = put(archive)
    archive.claim_slug("示例证券报", "shilizhengquanbao")
    (draft,) = drafts(archive, dialect, stored.article.url_hash)
    assert isinstance(draft.rendered, Rendered)
    assert draft.rendered.when == NIGHT
    assert draft.rendered.when.tzinfo is CHINA, "the name of a post has the day of China"
    assert draft.stored.sequence == stored.sequence
    assert draft.stored.article.identity == stored.article.identity
    assert draft.stored.article.body_html is None, "it is sent once, in the post"
    if dialect != "jsonl":  # whose line says what only the archive knows
        post = render(dialect, slug_of=lambda *_: "shilizhengquanbao")
        assert draft.rendered.content == post.text.encode()
        assert draft.rendered.pages == tuple(
            (str(page.path), page.text.encode()) for page in post.pages
        )


def test_a_slug_that_nobody_has_is_left_to_who_may_claim_it(archive: Archive) -> None:
    stored = put(archive)
    (left,) = drafts(archive, "jekyll", stored.article.url_hash)
    assert left == Draft(stored)
    assert archive.slug_of("示例证券报") is None
    archive.claim_slug("示例证券报", "other")
    (draft,) = drafts(archive, "jekyll", stored.article.url_hash)
    assert isinstance(draft.rendered, Rendered)
    assert b"categories: other\n" in draft.rendered.content


def test_a_drafter_finds_what_was_claimed_since_it_looked(archive: Archive) -> None:
    stored = put(archive)
    drafter = Drafter(archive, "jekyll", CONFIG, lambda _: PLACE)
    for claimed in (False, True):
        (draft,) = msgspec.msgpack.decode(drafter.drafts([stored.article.url_hash or ""]))
        assert (draft[1] is not None) == claimed
        archive.claim_slug("示例证券报", "slug")


def test_why_an_article_is_withheld_is_told_in_its_place(archive: Archive) -> None:
    hashes = [
        put(archive, identity=f"sina:x{n}", flags=["paid"] * n).article.url_hash for n in (0, 1)
    ]
    first, second = drafts(archive, "hexo", *hashes)
    assert isinstance(first.rendered, Rendered)
    assert second.rendered is Reason.PAID
