"""URLs in one form: what is safe to ask for, and which spellings mean the same page."""

import ipaddress
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

TRACKING_PARAMETERS = frozenset({"from", "spm", "share_token", "share_from", "ivk_sa"})
"""Query names that never select content on the sites we know (H85); ``utm_*`` besides."""

_FORBIDDEN = re.compile(r"[\x00-\x20\\\x7f\ud800-\udfff]")
_SCHEMES = frozenset({"http", "https"})
PORTS = frozenset({None, 80, 443})
"""Ports that publishers serve pages on; nothing else is ever connected to (H33)."""
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_CANONICAL = re.compile(
    r"https?://((?!xn--)[a-z0-9-]{1,63}(?:\.(?!xn--)[a-z0-9-]{1,63})+(?:/(?!\.)[A-Za-z0-9_.-]*)+)"
)
"""An address of which nothing but the scheme is ever changed, as nearly all articles have."""
_IDEOGRAPHIC_DOT = re.compile("[\u3002\uff0e\uff61]")
_BYTES = "latin-1"
"""Maps every byte to itself: a query in GBK stays the bytes that its server knows."""
_FRONT = re.compile(r"^(?:www|m)\.(?=[^.]+\.)")
_INDEX = re.compile(r"/(?:index|default)\.s?html?$")


class UnsafeURL(ValueError):  # noqa: N818  (says what it is)
    """An address that two parsers could read differently, or that is not http(s)."""


def check_url(url: str, endpoints: Collection[str] = ()) -> str:
    """Return ``url`` if there is one way to read it, else raise ``UnsafeURL`` (H29, H31).

    Refused: other schemes than http and https, no host or one that readers spell
    differently, user names in the address or what an old reader takes for one, backslashes,
    control characters and white space, other ports than 80 and 443 unless ``host:port`` is
    among ``endpoints``.
    """
    if _CANONICAL.fullmatch(url):
        return url
    if _FORBIDDEN.search(url):
        raise UnsafeURL(f"forbidden character in {url!r}")
    try:
        parts = urlsplit(url)
        port = parts.port
        ascii_host(parts.hostname or "")
    except ValueError as error:
        raise UnsafeURL(f"{error} in {url!r}") from error
    if parts.scheme.lower() not in _SCHEMES:
        raise UnsafeURL(f"not an http(s) address: {url!r}")
    if "@" in parts.netloc or "[v" in parts.netloc.lower() or ("@" in url and not parts.path):
        raise UnsafeURL(f"no plain host in {url!r}")
    if port not in PORTS and parts.netloc not in endpoints:
        raise UnsafeURL(f"port {port} is not for web pages: {url!r}")
    return url


def ascii_host(host: str) -> str:
    """Return a host as it stands in a URL: lower case, punycode, IPv6 in brackets.

    Raises ``ValueError`` for a name that IDNA 2003 and 2008 read differently (``ß``, joiners)
    or that holds anything but letters, digits, hyphens, underscores and single dots.
    """
    if ":" in host:
        address = ipaddress.IPv6Address(host)
        if address.scope_id:
            raise ValueError("zone in a host")
        return f"[{address.compressed}]"
    name = unicodedata.normalize("NFKC", _IDEOGRAPHIC_DOT.sub(".", host)).lower().rstrip(".")
    ascii_name = name.encode("idna").decode("ascii")
    if not _HOST.fullmatch(ascii_name) or (
        not name.isascii() and ascii_name.encode().decode("idna") != name
    ):
        raise ValueError("no valid host")
    return ascii_name


@lru_cache(maxsize=4096)  # a listing row, its identity and its page ask for the same few
def canonical_url(url: str, drop_parameters: frozenset[str] = frozenset()) -> str:
    """Return the one spelling of an address: still the publisher's, still fetchable.

    https, lower-case punycode host without port, percent-encoding in upper case,
    sorted query without tracking parameters, no fragment. The case of the path stays
    (H86). ``drop_parameters``: further query names that the source says mean nothing.
    Raises ``UnsafeURL``.
    """
    if found := _CANONICAL.fullmatch(url):
        return f"https://{found[1]}"
    parts = urlsplit(canonicalize_url(check_url(url.strip())))
    host = ascii_host(parts.hostname or "")
    dropped = TRACKING_PARAMETERS.union(drop_parameters)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, encoding=_BYTES)
        if name not in dropped and not name.startswith("utm_")
    ]
    return urlunsplit(("https", host, parts.path or "/", urlencode(query, encoding=_BYTES), ""))


def host_of(url: str) -> str:
    """Return the host of an address in lower case, ``""`` where it names none.

    Raises ``ValueError`` for brackets that hold no address. Nothing is checked; see ``check_url``.
    """
    if found := _CANONICAL.fullmatch(url):
        return found[1].partition("/")[0]
    return urlsplit(url).hostname or ""


def comparison_url(url: str) -> str:
    """Return the form under which two canonical addresses are the same page (H84).

    Besides ``canonical_url``: without ``www.`` or ``m.``, ``index.html`` and trailing
    slash. Good for comparing and hashing, not for fetching. Raises ``UnsafeURL``.
    """
    # A canonical address is https, a host, a path, and a query or none: no more to split.
    address, mark, query = canonical_url(url).partition("?")
    host, _, path = address.removeprefix("https://").partition("/")
    path = _INDEX.sub("/", f"/{path}").rstrip("/")
    compared = f"https://{_FRONT.sub('', host)}{path or '/'}{mark}{query}"
    if ";" in path and (again := canonical_url(compared)) != compared:
        return comparison_url(again)  # without its last slash a path has other parameters
    return compared
