"""Which article an address stands for."""

import hashlib
import re

import pytest

from newscrawl.identity.identities import Identity, IdentityRule, hash_url, identify
from newscrawl.identity.urls import UnsafeURL

RULES = (
    IdentityRule(
        re.compile(r"/(?:doc|detail)-i(?P<core>[a-z]{7}\d{7})"),
        "example:{core}",
        "https://finance.example.com/doc-i{core}.shtml",
    ),
    IdentityRule(
        re.compile(r"/(?P<kind>view)/\d+/(?P<hex>[0-9a-f]+)"),
        "example-{kind}:{hex}",
        "https://blog.example.com/{kind}/{hex}",
    ),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://finance.example.com/china/2026-09-28/doc-inaaaaaa1234567.shtml",
        "http://stock.example.com/s/2026-09-28/doc-inaaaaaa1234567.shtml#comment",
        "https://m.example.com/detail-inaaaaaa1234567.d.html?from=wap&vt=4",
    ],
)
def test_H84_one_article_under_other_hosts_and_paths_is_one_identity(url: str) -> None:
    assert identify(url, RULES) == Identity(
        "example:naaaaaa1234567", "https://finance.example.com/doc-inaaaaaa1234567.shtml"
    )


def test_the_first_rule_that_matches_decides() -> None:
    both = "https://example.com/view/1/ab/doc-inaaaaaa1234567.shtml"
    assert identify(both, RULES).key == "example:naaaaaa1234567"
    assert identify(both, RULES[::-1]).key == "example-view:ab"


def test_an_address_no_rule_knows_stands_for_itself() -> None:
    url = "http://www.example.com/other/index.html?utm_source=x&vt=4"
    identity = identify(url, RULES, frozenset({"vt"}))
    assert identity == Identity("https://example.com/other", "https://example.com/other")


def test_H88_a_redirect_target_has_the_same_identity_before_and_after() -> None:
    identity = identify("https://example.com/a?id=1", RULES)
    assert identify(identity.url, RULES) == identity


def test_the_hash_is_sha256_of_the_identity_url() -> None:
    url = "https://finance.example.com/doc-inaaaaaa1234567.shtml"
    assert Identity("example:naaaaaa1234567", url).url_hash == hash_url(url)
    assert hash_url(url) == hashlib.sha256(url.encode()).hexdigest()


def test_H29_an_unsafe_address_has_no_identity() -> None:
    with pytest.raises(UnsafeURL):
        identify("javascript:/doc-inaaaaaa1234567", RULES)


def test_what_was_found_once_is_not_given_to_those_with_other_rules() -> None:
    url = "https://finance.example.com/china/2026-09-28/doc-inaaaaaa1234567.shtml"
    others = (IdentityRule(RULES[0].pattern, "other:{core}", RULES[0].url),)
    for _ in range(2):
        assert identify(url, RULES).key == "example:naaaaaa1234567"
        assert identify(url, others).key == "other:naaaaaa1234567"
        assert identify(url, list(RULES)) == identify(url, RULES)
        assert identify(url).key == "https://finance.example.com" + url.partition(".com")[2]
