"""A post as it is sent to whoever stores it."""

import pickle
from dataclasses import replace
from typing import Any

import pytest

from newscrawl.archive import ImportedPost, WrittenArticle
from newscrawl.archive.codec import digest
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article, Image

from .builders import article, identity

POST = "post:0123456789abcdef01234567"


def post(made: Article) -> ImportedPost:
    return ImportedPost(
        WrittenArticle.of(made), "china", None, ("甲报", "jiabao"), "jekyll", "a.md", b"bytes"
    )


def test_another_process_gets_the_same_post_and_its_article() -> None:
    made = replace(
        article("a"), aliases=["https://example.com/b"], images=[Image("https://example.com/c.jpg")]
    )
    sent = pickle.loads(pickle.dumps(post(made)))
    assert sent == post(made)
    assert sent.article == made


def test_it_is_known_under_its_identity_and_every_address_once() -> None:
    other, own = "https://www.example.com/b/", identity("a").url
    made = replace(article("a"), url=own, aliases=[other, own])
    told = WrittenArticle.of(made)
    assert told.hashes == tuple(digest(hash_url(each)) for each in (own, other, own))
    assert told.names == (
        (digest(hash_url(own)), own),
        (digest(hash_url("https://example.com/b")), other),
    )


def test_what_stands_for_an_address_is_no_name_but_the_post_s_own() -> None:
    made = replace(article("a"), identity=POST, url=POST, url_hash=hash_url(POST))
    assert WrittenArticle.of(made).names == ((digest(hash_url(POST)), POST),)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", None), ("published_at", None), ("body_html", ""), ("fetched_at", None)],
)
def test_an_article_that_is_not_complete_makes_no_post(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"article without {field}"):
        post(replace(article("a"), **{field: value}))
