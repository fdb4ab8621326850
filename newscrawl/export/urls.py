"""Addresses as they stand in a post."""

from urllib.parse import quote

_ALLOWED = "%:/?#[]@!$&'()*+,;=~"
"""Reserved and unreserved characters of RFC 3986, and what is encoded already."""


def encoded(url: str) -> str:
    """Return an address in ASCII; ``{ } | \\ ^ ` < > "``, space and Chinese are encoded (B9)."""
    return quote(url, safe=_ALLOWED)
