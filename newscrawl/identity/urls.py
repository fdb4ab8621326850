"""URLs in one form: what is safe to ask for, and which spellings mean the same page."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

TRACKING_PARAMETERS = frozenset({"from", "spm", "share_token", "share_from", "ivk_sa"})
"""Query names that never select content on the sites we know (H85); ``utm_*`` besides."""

_FORBIDDEN = re.compile(r"[\x00-\x20\\\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
PORTS = frozenset({None, 80, 443})
"""Ports that publishers serve pages on; nothing else is ever connected to (H33)."""
_INDEX = re.compile(r"/(?:index|default)\.s?html?$")


class UnsafeURL(ValueError):  # noqa: N818  (says what it is)
    """An address that two parsers could read differently, or that is not http(s)."""


def check_url(url: str) -> str:
    """Return ``url`` if there is one way to read it, else raise ``UnsafeURL`` (H29, H31).

    Refused: other schemes than http and https, no host, user names in the address,
    backslashes, control characters and white space, other ports than 80 and 443.
    """
    if _FORBIDDEN.search(url):
        raise UnsafeURL(f"forbidden character in {url!r}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeURL(f"{error} in {url!r}") from error
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise UnsafeURL(f"not an http(s) address: {url!r}")
    if not parts.hostname or "@" in parts.netloc:
        raise UnsafeURL(f"no plain host in {url!r}")
    if port not in PORTS:
        raise UnsafeURL(f"port {port} is not for web pages: {url!r}")
    return url


def canonical_url(url: str, drop_parameters: Iterable[str] = ()) -> str:
    """Return the one spelling of an address: still the publisher's, still fetchable.

    https, lower-case punycode host without default port, percent-encoding in upper case,
    sorted query without tracking parameters, no fragment. The case of the path stays
    (H86). ``drop_parameters``: further query names that the source says mean nothing.
    Raises ``UnsafeURL``.
    """
    parts = urlsplit(canonicalize_url(check_url(url.strip())))
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as error:
        raise UnsafeURL(f"no valid host in {url!r}") from error
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    dropped = TRACKING_PARAMETERS.union(drop_parameters)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in dropped and not name.startswith("utm_")
    ]
    return urlunsplit(("https", host, parts.path or "/", urlencode(query), ""))


def comparison_url(url: str) -> str:
    """Return the form under which two canonical addresses are the same page (H84).

    Besides ``canonical_url``: without ``www.`` or ``m.``, ``index.html`` and trailing
    slash. Good for comparing and hashing, not for fetching. Raises ``UnsafeURL``.
    """
    parts = urlsplit(canonical_url(url))
    host = re.sub(r"^(?:www|m)\.(?=[^.]+\.)", "", parts.netloc)
    path = _INDEX.sub("/", parts.path).rstrip("/") or "/"
    return urlunsplit((parts.scheme, host, path, parts.query, ""))
