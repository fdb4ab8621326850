"""Which article a post is: by its link, else its file name, else its title and time."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from newscrawl.identity.identities import Identity, IdentityRule, coded_identity, identify
from newscrawl.identity.posts import POST
from newscrawl.identity.urls import UnsafeURL, canonical_url
from newscrawl.importing.origins import OTHER, Origin

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(?P<id>[A-Za-z0-9][A-Za-z0-9_-]*)")
_FIELD = re.compile(r"\{(\w+)\}")
_DIGITS = 24


def by_code(url: str, origins: Sequence[Origin]) -> tuple[Origin, Identity] | None:
    """Return the source and article that the code in an address names, on whatever host.

    So the share page of a mirror is known by its ``infoCode``.
    """
    for origin in origins:
        dropped = origin.drop_parameters if "?" in url else frozenset()  # one address for all
        try:
            address = canonical_url(url, dropped)
        except UnsafeURL:
            return None
        if identity := coded_identity(address, origin.rules):
            return origin, identity
    return None


def by_address(url: str, origins: Sequence[Origin]) -> tuple[Origin, Identity] | None:
    """Return the article of an address without a code, whether a source owns it or not."""
    origin = next((each for each in origins if each.owns(url)), OTHER)
    try:
        return origin, identify(url, origin.rules, origin.drop_parameters)
    except UnsafeURL:
        return None


def by_name(stem: str, origins: Sequence[Origin]) -> tuple[Origin, Identity] | None:
    """Return the article that a file name names: ``2022-01-22-NW2022…``, ``…-sina-<core>``.

    A code stands for an article only if the address made of it is read back as that code.
    """
    dated = _DATED.fullmatch(stem)
    if dated is None:
        return None
    for origin in origins:
        for rule in origin.rules:
            key = _key(dated["id"], rule)
            named = key and key_pattern(rule.key).fullmatch(key)
            if not named:
                continue
            identity = coded_identity(rule.url.format_map(named.groupdict()), origin.rules)
            if identity is not None and identity.key == key:
                return origin, identity
    return None


def by_title(origin: Origin, site: str, title: str, published_at: datetime) -> Identity:
    """Return an identity of the post itself, the same each time it is read.

    A crawl of the article is told from it by ``newscrawl.archive.imports``.
    """
    said = "\n".join((origin.name, site, title, str(int(published_at.timestamp()))))
    key = f"{POST}{hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]}"
    return Identity(key, key)


def _key(post_id: str, rule: IdentityRule) -> str | None:
    """Return the key of a rule's namespace that is exported under this id, None for none."""
    namespace, _, _ = rule.key.partition(":")
    if post_id.startswith(f"{namespace}-"):
        return f"{namespace}:{post_id[len(namespace) + 1 :]}"
    return None if "-" in post_id else f"{namespace}:{post_id}"


@lru_cache(maxsize=256)
def key_pattern(template: str) -> re.Pattern[str]:
    """Return what reads the keys that a template such as ``sina:zhibo-{id}`` makes."""
    literal = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(_FIELD.sub(r"(?P<\1>.+)", literal))
