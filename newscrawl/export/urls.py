"""Addresses as they stand in a post."""

import re
from urllib.parse import quote

_ALLOWED = "%:/?#[]@!$&'()*+,;=~"
"""Reserved and unreserved characters of RFC 3986, and what is encoded already."""
_ENCODED = re.compile(rf"[A-Za-z0-9_.\-{re.escape(_ALLOWED)}]*")
"""Nearly every address: told in a tenth of the time that ``quote`` takes to find it so."""


def encoded(url: str) -> str:
    """Return an address in ASCII; ``{ } | \\ ^ ` < > "``, space and Chinese are encoded (B9)."""
    return url if _ENCODED.fullmatch(url) else quote(url, safe=_ALLOWED)
