"""One document to one article, ready for the archive."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl import loaders
from newscrawl.archive import ImportedPost, WrittenArticle
from newscrawl.archive.revising import EXTRACTOR
from newscrawl.cleaning.body import CleanBody, clean_body, clean_plain_text, fragment_nodes
from newscrawl.extraction.article import content_hash, flag_suspect_text
from newscrawl.extraction.byline import read_credits
from newscrawl.identity.identities import Identity
from newscrawl.identity.posts import is_unknown
from newscrawl.identity.urls import UnsafeURL, canonical_url, check_url
from newscrawl.importing import hexo, jekyll
from newscrawl.importing.broken import Broken, Reason
from newscrawl.importing.document import split, text_of
from newscrawl.importing.files import read_bytes
from newscrawl.importing.identity import by_address, by_code, by_name, by_title
from newscrawl.importing.origins import OTHER, Origin
from newscrawl.importing.parts import Parts
from newscrawl.importing.plain import plain_body
from newscrawl.items import Article
from newscrawl.outcomes import Failed

VERSION = 1
_CREDITS = {
    "media": loaders.name,
    "author": loaders.person,
    "editor": loaders.person,
    "original_title": loaders.unlabelled,
}
_FORMS = (hexo, jekyll)
_NEWS = "新闻"
"""Ends the tag that a medium has in Jekyll (J4)."""
_HAS_PATH = re.compile(r"(?i)https?://[^/?#]*/")


def read_post(
    path: Path, origins: Sequence[Origin], *, now: datetime, verbatim: bool = False
) -> ImportedPost:
    """Read one document; raise ``Broken``.

    origins: the sources that posts may be of. now: aware. verbatim: keep its bytes too.
    The article counts as seen when it was published, so that any later change that its
    publisher's listing tells brings the page; a time in the future counts as ``now`` (C7).
    """
    _check_name(path.name)
    content = read_bytes(path)
    metadata, body = split(content)
    form = next((form for form in _FORMS if form.is_mine(metadata)), None)
    if form is None:
        layout = text_of(metadata, "layout")
        raise Broken(Reason.NO_POST, f"layout: {layout}" if layout else "of no known form")
    parts = form.read(metadata, body)
    origin, identity = _identify(path, parts, origins)
    article = _article(parts, origin, identity)
    article.fetched_at = min(now, parts.published_at)
    return ImportedPost(
        written=WrittenArticle.of(article),
        section=_section(parts, origin),
        placed=_placed(parts, origin, article),
        slug=(_slug_owner(parts, origin), parts.slug) if parts.slug and parts.label else None,
        dialect=parts.dialect,
        name=path.name,
        content=content if verbatim else None,
        guessed=parts.place is None,
    )


def _check_name(name: str) -> None:
    """Raise ``Broken`` for a name that no archive can hold."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Broken(Reason.BAD_NAME, "it is not UTF-8") from error


def _identify(path: Path, parts: Parts, origins: Sequence[Origin]) -> tuple[Origin, Identity]:
    """Return the source of a post and its article, by the surest thing that it says."""
    found = (
        by_code(parts.link, origins)
        or by_name(path.stem, origins)
        or (by_address(parts.link, origins) if parts.link else None)
    )
    if found is not None:
        return found
    site = parts.place[1] if parts.place else ""
    named = (each for each in origins if _names(each, parts, site))
    origin = next(named, OTHER)
    return origin, by_title(origin, site, parts.title, parts.published_at)


def _names(origin: Origin, parts: Parts, site: str) -> bool:
    """Whether the categories or the tag of a post are a source's."""
    return site == origin.site or _is_flash(parts, origin)


def _article(parts: Parts, origin: Origin, identity: Identity) -> Article:
    """Return what a post says of its article; raise ``Broken`` where the text is missing."""
    url = _url(parts.link, origin, identity)
    body, said = _body(parts, origin, url)
    if not body.text:
        raise Broken(Reason.NO_BODY)
    article = Article(
        source=origin.name,
        section=_section(parts, origin),
        identity=identity.key,
        url=url,
        url_hash=identity.url_hash,
        title=parts.title,
        original_title=said.get("original_title"),
        published_at=parts.published_at,
        date_source="post",
        media=said.get("media") or _media_of_label(parts, origin),
        author=said.get("author"),
        editor=said.get("editor"),
        summary=parts.digest or None,
        images=list(dict.fromkeys(body.images)),
        lead_image=body.images[0].url if body.images else parts.picture or None,
        body_html=body.html,
        body_text=body.text,
        content_hash=content_hash(parts.title, body.html),
        extractor=f"{EXTRACTOR}{parts.dialect}",
        extractor_version=VERSION,
        flags=["flash", "imported"] if _is_flash(parts, origin) else ["imported"],
    )
    flag_suspect_text(article)
    return article


def _body(parts: Parts, origin: Origin, url: str) -> tuple[CleanBody, dict[str, str]]:
    """Return the clean text of a post, and what its credit lines say.

    A digest that stands alone is the text. A text without any element is one paragraph a
    line: we read no markdown.
    """
    if not parts.fragment:
        return clean_plain_text(parts.digest), {}
    if "<" not in parts.fragment:
        return clean_plain_text(parts.fragment), {}
    body, lines = plain_body(parts.fragment, origin.noise) or _cleaned(parts, origin, url)
    said: dict[str, str] = {}
    for field, value in read_credits((*lines, *body.left_out)):
        if read := _CREDITS[field](value):
            said.setdefault(field, read)
    if parts.digest and not body.text:
        body = clean_plain_text(parts.digest)
    return body, said


def _cleaned(parts: Parts, origin: Origin, url: str) -> tuple[CleanBody, list[str]]:
    """Return the clean text of a post and the text of its paragraphs as it stood before.

    Credits that the source's rules know by their class go without being read.
    """
    try:
        nodes = fragment_nodes(parts.fragment)
    except Failed as error:
        raise Broken(Reason.HOSTILE, error.detail) from error
    paragraphs = [part.text() for node in nodes for part in node.css("p")]
    base = "" if is_unknown(url) else url
    return clean_body(nodes, base_url=base, noise=origin.noise), paragraphs


def _url(link: str, origin: Origin, identity: Identity) -> str:
    """Return the article's address: the link as it stands where its page is the source's.

    Links to mirrors become the address that stands for the article, ``post:…`` where there
    is none at all.
    """
    try:
        if link and (origin.owns(link) or origin is OTHER) and _HAS_PATH.match(check_url(link)):
            return link
        return canonical_url(identity.url)
    except UnsafeURL:
        return identity.url


def _is_flash(parts: Parts, origin: Origin) -> bool:
    return bool(origin.flash_label) and parts.label == origin.flash_label


def _section(parts: Parts, origin: Origin) -> str | None:
    """Return the section that a post shows: by the name of its feed, or as flash news."""
    if parts.place is not None:
        return origin.feeds.get(parts.place[2])
    return origin.flash_section if _is_flash(parts, origin) else None


def _media_of_label(parts: Parts, origin: Origin) -> str | None:
    """Return the outlet in a tag; a source's own name stands for none (J4)."""
    name = parts.label.removesuffix(_NEWS)
    if not name or _is_flash(parts, origin) or name == origin.site:
        return None
    return name


def _slug_owner(parts: Parts, origin: Origin) -> str:
    """Return the name that a Jekyll slug belongs to: the channel of flashes, else the outlet."""
    return parts.label if _is_flash(parts, origin) else parts.label.removesuffix(_NEWS)


def _placed(parts: Parts, origin: Origin, article: Article) -> tuple[str, str, str] | None:
    """Return group, site and feed to keep; None where the source's own names give them."""
    if parts.place is not None:
        own = (origin.group, origin.site)
        usual = parts.place[:2] == own and parts.place[2] in origin.feeds
        return None if usual else parts.place
    if origin is not OTHER:
        return None
    site = article.media or urlsplit(article.url or "").hostname or OTHER.group
    return OTHER.group, site, site
