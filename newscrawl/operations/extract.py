"""What we read from saved pages, without a crawl (``newscrawl extract``)."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.article import flag_suspect_text, read_generic
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import Rule, every
from newscrawl.identity.identities import identify
from newscrawl.identity.urls import UnsafeURL, canonical_url, check_url
from newscrawl.items import Article
from newscrawl.loaders import ArticleLoader
from newscrawl.outcomes import Ended, Failed, Quarantined

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAX_SIZE = 16 * 1024 * 1024
"""Bytes of a page that are read at most; a larger file is no article (H56)."""

_OWN_ADDRESS = (
    Rule('link[rel="canonical"]', "href"),
    Rule('meta[property="og:url"]', "content"),
)


class _Named(msgspec.Struct, frozen=True):
    file: str


class UnreadableError(Exception):
    """No article could be read; the message says why."""


class Line(msgspec.Struct, frozen=True):
    """One line of a manifest: a file, relative to the manifest, and its address if known."""

    file: str
    url: str | None = None


def extract_file(path: Path, url: str | None = None) -> Article:
    """Read the article in a saved page.

    ``url``: where the page was; without it the page itself must tell, else it belongs to
    no source and only the generic rules apply. Raises ``UnreadableError``.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    return extract_bytes(body, url)


def extract_bytes(body: bytes, url: str | None = None) -> Article:
    """Read the article in the bytes of a page, as ``extract_file`` does."""
    if not body.strip():
        raise UnreadableError("empty: there is nothing in it")
    if len(body) > MAX_SIZE:
        raise UnreadableError(f"too large: more than {MAX_SIZE} bytes")
    try:
        page = Page(check_url(url) if url else "", body, datetime.now(SHANGHAI))
        return _read(page)
    except (Ended, UnsafeURL) as error:
        raise UnreadableError(str(error)) from error


def _read(page: Page) -> Article:
    """Read a page by the rules of the source that it belongs to, else by the general ones.

    Raises an ``outcomes.Ended`` or ``UnsafeURL``.
    """
    # Only here: `newscrawl --help` and the manifest's own errors need no spider.
    from newscrawl.spiders.registry import source_for, spiders

    address = page.url or own_address(page)
    source = source_for(address) if address else None
    if source is None and not page.url:
        source = next((each for each in spiders().values() if each.claims(page)), None)
    if source is not None:
        try:
            return source.parse_article(page if page.url else replace(page, url=address))
        except Failed:  # of this site, and nothing that its rules know: a blog, a new kind
            if page.is_json:
                raise
    return _read_generic(page, address)


def own_address(page: Page) -> str:
    """Return the address that a page says it has, ``""`` where it says none that is safe.

    A canonical link that leads to a home page is no article's (H88).
    """
    if page.is_json:
        return ""
    for found in every(page.tree, _OWN_ADDRESS):
        address = f"https:{found}" if found.startswith("//") else found
        with suppress(UnsafeURL):
            if urlsplit(check_url(address)).path.strip("/"):
                return address
    return ""


def _read_generic(page: Page, address: str) -> Article:
    """Read a page of no known source; what it does not say stays empty, but for its text."""
    loader = ArticleLoader()
    if page.is_json or not read_generic(page, loader, noise=Noise(), zone=SHANGHAI):
        raise Quarantined("no_body")
    article: Article = loader.load_item()
    flag_suspect_text(article)
    if not article.title:
        raise Quarantined("no_title")
    if address:
        identity = identify(address)
        article.url = canonical_url(address)
        article.identity, article.url_hash = identity.key, identity.url_hash
    article.fetched_at = page.fetched_at
    return article


def extract_manifest(manifest: Path) -> Iterator[dict[str, Any]]:
    """Yield for each line of a manifest its article, or its error, as plain data, in order.

    A bad line or page gives ``{"file": ..., "error": ...}`` and stops nothing. Raises
    ``OSError`` where the manifest itself cannot be read.
    """
    with manifest.open("rb") as lines:
        for number, line in enumerate(lines):
            text = (line.removeprefix(BOM_UTF8) if number == 0 else line).strip()
            if text:
                yield _extract_line(text, manifest.parent)


def _extract_line(text: bytes, folder: Path) -> dict[str, Any]:
    try:
        line = msgspec.json.decode(text, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return {"file": _file_of(text), "error": f"not a line of a manifest: {error}"}
    try:
        return as_data(extract_file(folder / line.file, line.url))
    except UnreadableError as error:
        return {"file": line.file, "error": str(error)}
    except Exception as error:  # noqa: BLE001  (the boundary: a bad page never stops the rest)
        return {"file": line.file, "error": f"a fault of ours: {type(error).__name__}: {error}"}


def _file_of(text: bytes) -> str | None:
    """Return the file that a bad line names all the same, so that its reader can tell."""
    try:
        return msgspec.json.decode(text, type=_Named).file
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def as_data(article: Article) -> dict[str, Any]:
    """Return what ``newscrawl extract --json`` shows of an article, in its fixed order."""
    return {
        "url": article.url,
        "identity": article.identity,
        "url_hash": article.url_hash,
        "source": article.source,
        "title": article.title,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "media": article.media,
        "author": article.author,
        "editor": article.editor,
        "section": article.section,
        "tags": article.keywords,
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
        "body_html": article.body_html,
        "body_text": article.body_text,
        "extractor": article.extractor,
        "flags": article.flags,
    }
