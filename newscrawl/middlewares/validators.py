"""Asking for a listing only if it changed: ETag and Last-Modified (RFC 9110, sections 8.8, 13.1).

Both are the publisher's words and go back to it as they came; what is not of the form that
the RFC gives is not kept, so nothing odd, long or many-lined is ever sent or stored.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from newscrawl.archive.walks import Validators

NOT_MODIFIED = 304
TRUSTED = timedelta(days=1)
"""How long a version is asked about; once a day a listing is read whole, so that a server
which says "not modified" for good is found out."""
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,256}"')
_LONGEST_DATE = 64


def validators_of(response: Response, url: str, at: datetime) -> Validators | None:
    """Return what a response says of its version, None where it says nothing usable.

    url: as it was asked for. at: aware.
    """
    etag = _only(response, "ETag")
    if etag is not None and not _ETAG.fullmatch(etag):
        etag = None
    last_modified = _only(response, "Last-Modified")
    if last_modified is not None and not _is_date(last_modified):
        last_modified = None
    if etag is None and last_modified is None:
        return None
    return Validators(url, etag, last_modified, at)


def conditions(validators: Validators | None, url: str, now: datetime) -> Mapping[str, str]:
    """Return the headers that ask for ``url`` only if it is another version.

    None for a version of another page (queries may differ: some only defeat caches), or
    one that is too old, or from the future, to be trusted.
    """
    if validators is None or _page(validators.url) != _page(url):
        return {}
    if abs(now - validators.seen_at) >= TRUSTED:
        return {}
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value}


def _only(response: Response, name: str) -> str | None:
    """Return the value of a header, None where there is none or more than one."""
    values = response.headers.getlist(name)
    return values[0].decode("latin-1").strip() if len(values) == 1 else None


def _is_date(text: str) -> bool:
    if len(text) > _LONGEST_DATE or not text.isascii() or not text.isprintable():
        return False
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return False
    return True


def _page(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc, parts.path
