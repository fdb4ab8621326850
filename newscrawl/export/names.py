"""The name of a post: its date and its identifier, never its title (C3, C4, H109)."""

import re
from collections.abc import Iterator
from datetime import datetime

from newscrawl.identity.identities import hash_url
from newscrawl.items import Article

_STANDS_ALONE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{8,12}|NW\d+")
"""Codes that begin with their day, and ``NW`` ones: file names before us (J9). A hex id of
another source that happens to be all digits is not taken for one."""
_IDENTITY = re.compile(r"([a-z][a-z0-9_-]*):([A-Za-z0-9][A-Za-z0-9_-]*)")
_LONGEST = 40
"""Characters of an id, so that a name with a longer hash stays within 100 bytes."""


def post_ids(article: Article) -> Iterator[str]:
    """Yield the identifiers an article can have, the usual one first, longer ones after it.

    ``em:202201220000000001`` is ``202201220000000001``, ``sina:abc`` is ``sina-abc``, and an
    identity that is an address is ``<source>-<12 hex digits of its hash>``. That is the
    ``url_hash``, but for an imported post that told no address until a crawl did: it is
    named as if the crawl had come first. The longer ones are for an identifier that another
    article has already (H92).
    """
    url_hash = article.url_hash or ""
    identity = _IDENTITY.fullmatch(article.identity or "")
    if identity and _STANDS_ALONE.fullmatch(identity[2]):
        usual = identity[2]
    elif identity and len(identity[0]) <= _LONGEST:
        usual = f"{identity[1]}-{identity[2]}"
    else:
        source = re.sub(r"[^a-z0-9_]", "", (article.source or "").lower())[:24].lstrip("_")
        usual = f"{source or 'post'}-{hash_url(article.identity or '')[:12]}"
    yield usual
    for digits in (12, 24, 40):
        yield f"{usual}-{url_hash[:digits]}"


def file_name(when: datetime, post_id: str, suffix: str) -> str:
    """Return ``YYYY-MM-DD-ID.suffix``; ``when`` is in +0800."""
    return f"{when.date()}-{post_id}{suffix}"
