"""Identity of an article from its URL, by rules that each source gives as data."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from newscrawl.identity.urls import canonical_url, comparison_url


@dataclass(frozen=True, slots=True, eq=False)
class IdentityRule:
    """Recognise one shape of article address; a rule is only the same as itself.

    pattern: searched in the whole canonical URL; its groups fill the two templates.
    key: the identity, ``sina:{core}``. url: the identity's canonical URL, the same
    whatever host, path or section the article was met under; it is what is hashed.
    """

    pattern: re.Pattern[str]
    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Which article: a namespaced key and the URL that stands for it."""

    key: str
    url: str

    @property
    def url_hash(self) -> str:
        """SHA-256 of the canonical URL, 64 hex digits (design §2)."""
        return hash_url(self.url)


@lru_cache(maxsize=4096)  # listing, look-up, page and store ask for the same few
def hash_url(url: str) -> str:
    """Return the SHA-256, hex, of an identity's canonical URL."""
    return hashlib.sha256(url.encode("utf-8")).hexdigest()


def identify(
    url: str, rules: Iterable[IdentityRule] = (), drop_parameters: frozenset[str] = frozenset()
) -> Identity:
    """Return the identity of ``url`` by the first rule that matches, else by its address.

    Raises ``UnsafeURL`` for an address that must not be asked for.
    """
    address = canonical_url(url, drop_parameters)
    if coded := coded_identity(address, rules):
        return coded
    compared = comparison_url(address)
    return Identity(compared, compared)


def coded_identity(address: str, rules: Iterable[IdentityRule]) -> Identity | None:
    """Return the identity that a canonical address names by a code, None where it has none."""
    return _coded(address, tuple(rules))


@lru_cache(maxsize=4096)  # as of their hashes
def _coded(address: str, rules: tuple[IdentityRule, ...]) -> Identity | None:
    for rule in rules:
        if match := rule.pattern.search(address):
            groups = match.groupdict()
            return Identity(rule.key.format_map(groups), rule.url.format_map(groups))
    return None
