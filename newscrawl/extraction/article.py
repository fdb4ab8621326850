"""From one page and one table of rules to an article: the same way for every source."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.addresses import joined
from newscrawl.cleaning.body import CleanBody, clean_body
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.selecting import select_first
from newscrawl.extraction.byline import read_credits
from newscrawl.extraction.charset import is_suspect
from newscrawl.extraction.dates import parse_time
from newscrawl.extraction.furniture import cut_furniture
from newscrawl.extraction.generic import extract_generic
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import Rule, candidates, every, first
from newscrawl.extraction.wholeness import CUT, is_cut
from newscrawl.identity.identities import Identity
from newscrawl.identity.urls import canonical_url
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.loaders import ArticleLoader
from newscrawl.outcomes import Ended, Failed, Quarantined, Skipped

Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """How one generation of a site's article pages is built.

    name: part of ``Article.extractor``. marker: selector that matches on such a page and on
    no other kind. beside: another one that must match somewhere, too; simple selectors that
    templates share are looked for once, a ``:has()`` for each of them. body: selectors in
    order of preference; the first that matches gives the body, all its matches are its parts.
    ends: patterns of the comments that close the publisher's own text inside the body.
    stock_codes: looked for in the body only. The other fields: where on the page each value
    stands, in order of preference.
    """

    name: str
    marker: str
    body: tuple[str, ...]
    title: Rules
    published: Rules
    updated: Rules = ()
    media: Rules = ()
    author: Rules = ()
    editor: Rules = ()
    summary: Rules = ()
    original_title: Rules = ()
    keywords: Rules = ()
    stock_codes: Rules = ()
    lead_image: Rules = ()
    ends: tuple[str, ...] = ()
    beside: str = ""


GENERIC = "generic"
"""Extractor and flag of a page whose body no rule of its source found."""

_NOT_TO_BE_KEPT = (Rule('meta[name="robots" i]', "content", r"(?i)\b(?:noindex|noarchive|none)\b"),)
LISTING = "listing"
"""``date_source`` of a time that only the listing told."""
_HINTS = ("title", "media", "summary", "keywords")
"""Fields of an entry that fill what a page leaves open, beside times and stock codes."""
_LABELLED = frozenset({"author", "original_title"})
"""Fields whose values may bear two labels, of which each reading takes off one."""
_ONE_VALUE = ("title", "media", "author", "editor", "summary", "original_title")


def matching(page: Page, templates: Iterable[Template]) -> Template | None:
    """Return the first template whose marker is on the page."""
    find = page.places.first
    for item in templates:
        if find(item.marker) is not None and (not item.beside or find(item.beside) is not None):
            return item
    return None


def read_article(
    page: Page, template: Template, *, noise: Noise, loader: ArticleLoader, zone: ZoneInfo
) -> bool:
    """Fill ``loader`` with what the page says; return whether it has a body.

    Fields are read before the body is cleaned, which changes the tree. zone: of times
    that name none. The extractor is set to the template's name, without its source. A page
    that breaks off before its article has ended is flagged ``cut``.
    """
    tree, places = page.tree, page.places
    loader.add_value("extractor", template.name)
    for field in _ONE_VALUE:
        if found := first(tree, getattr(template, field), places):
            loader.add_value(field, found[0])
    if found := first(tree, template.lead_image, places):
        loader.add_value("lead_image", joined(page.url, found[0]))
    # Keywords come from one place: a second list repeats the first in other words.
    for rule in template.keywords:
        if words := every(tree, (rule,), places):
            loader.add_value("keywords", words)
            break
    _read_times(page, template, loader, zone)
    nodes = _body_nodes(page, template.body)
    if is_cut(page, nodes):
        loader.add_value("flags", CUT)
    if not nodes:
        return False
    for node in nodes:
        if codes := every(node, template.stock_codes):
            loader.add_value("stock_codes", codes)
    places.forget()  # the tree changes from here on
    behind = cut_furniture(nodes, template.ends)
    body = clean_body(nodes, base_url=page.url, noise=noise)
    for field, value in read_credits((*body.left_out, *behind)):
        loader.add_value(field, value)
    add_body(loader, body)
    return loader.has("body_text")


def read_generic(page: Page, loader: ArticleLoader, *, noise: Noise, zone: ZoneInfo) -> bool:
    """Fill ``loader`` from a page that no rules fit; return whether it has a body.

    What the loader holds already stays in front. The article is flagged ``generic``.
    """
    try:
        found = extract_generic(page, noise=noise, zone=zone)
    except Ended:
        return False
    loader.replace_value("extractor", GENERIC)
    loader.add_value("flags", [GENERIC, CUT] if is_cut(page) else GENERIC)
    loader.add_value("title", found.title)
    loader.add_value("media", found.media)
    if found.published_at is not None:
        loader.add_value("published_at", found.published_at)
        loader.add_value("date_source", found.date_source)
    add_body(loader, found.body)
    return True


def _read_times(page: Page, template: Template, loader: ArticleLoader, zone: ZoneInfo) -> None:
    """Take the first time that is one, by the template's preference."""
    now = page.fetched_at
    for value, rule in candidates(page.tree, template.published, page.places):
        if add_time(loader, value, rule.name or rule.css, zone=zone, now=now):
            break
    for value, _ in candidates(page.tree, template.updated, page.places):
        if updated := parse_time(value, zone=zone, now=now):
            loader.add_value("updated_at", updated)
            break


def _body_nodes(page: Page, selectors: Iterable[str]) -> list[LexborNode]:
    """Return the parts of the body by the first selector that finds any, none inside another.

    Parts that hold nothing (a script fills them, or the site kept an empty frame) count only
    where no selector finds better ones.
    """
    nodes: list[LexborNode] = []
    for css in selectors:
        if page.places.first(css) is None:
            continue
        found = page.places.all(css)
        if any(map(_holds_something, found)):
            nodes = found
            break
        nodes = nodes or found
    if len(nodes) < 2:
        return nodes
    known = {node.mem_id for node in nodes}
    return [node for node in nodes if not any(up.mem_id in known for up in _ancestors(node))]


def _holds_something(node: LexborNode) -> bool:
    return bool(node.text().strip()) or select_first("img", node) is not None


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def add_body(loader: ArticleLoader, body: CleanBody) -> None:
    """Give the loader a cleaned body; one without text and pictures is none."""
    if body.text or body.images:
        loader.add_value("body_html", body.html)
        loader.add_value("body_text", body.text)
        loader.add_value("images", body.images)


def add_time(
    loader: ArticleLoader, value: str | int | None, name: str, *, zone: ZoneInfo, now: datetime
) -> bool:
    """Give the loader one more opinion on the time of publication; the first one counts.

    name: what it is called in ``Article.date_source``. A value that is no possible time
    is flagged ``bad_date`` (H78, H79). Returns whether it was taken.
    """
    time = parse_time(value, zone=zone, now=now)
    if time is None:
        if value:
            loader.add_value("flags", "bad_date")
        return False
    if not loader.has("published_at"):
        loader.add_value("published_at", time)
        loader.add_value("date_source", name)
    return True


def finish_article(
    loader: ArticleLoader,
    *,
    page: Page,
    identity: Identity,
    source: str,
    version: int,
    entry: Entry | None,
) -> Article:
    """Return the article that ``loader`` holds, complete and checked.

    The hints of ``entry`` fill what the page left open; ``hinted`` names these fields.
    Raises ``Quarantined`` with ``no_title``, ``no_time`` or ``no_body`` where an article
    would lack one (C5), and in a crawl ``Skipped("not_archivable")`` where the page says so
    to robots and ``Failed("truncated")`` where it breaks off. Who has saved a page (no
    entry) may read it all the same.
    """
    if entry is None:
        _drop_echoes(loader)
    else:
        if not page.is_json:
            _check_page(page, loader)
        said = {field: tuple(loader.get_collected_values(field)) for field in _HINTS}
        _add_hints(loader, entry)
        _drop_echoes(loader)
        for field, values in said.items():
            if (found := loader.get_collected_values(field)) and found[0] not in values:
                loader.add_value("hinted", field)
    article: Article = loader.load_item()
    article.source, article.extractor_version = source, version
    article.identity, article.url_hash = identity.key, identity.url_hash
    if article.url is None and page.url:
        article.url = canonical_url(page.url)
    article.fetched_at = page.fetched_at
    if article.extractor != GENERIC:
        article.extractor = f"{source}/{article.extractor}"
    if not article.title:
        raise Quarantined("no_title", page.url)
    if article.published_at is None:
        raise Quarantined("no_time", page.url)
    if not article.body_text:
        raise Quarantined("no_body", page.url)
    _settle_update(article)
    flag_suspect_text(article)
    if article.images:
        article.lead_image = article.images[0].url
    article.content_hash = content_hash(article.title, article.body_html or "")
    return article


def _check_page(page: Page, loader: ArticleLoader) -> None:
    """Raise the end of a fetched page that may not be kept, or that is only half a page."""
    if first(page.tree, _NOT_TO_BE_KEPT, page.places):
        raise Skipped("not_archivable", page.url)
    has_body = loader.has("body_text")
    if CUT in loader.get_collected_values("flags") or (not has_body and is_cut(page)):
        raise Failed("truncated", page.url)


def flag_suspect_text(article: Article) -> None:
    """Flag an article whose own words, not just its page, came garbled (H51)."""
    if is_suspect(f"{article.title}\n{article.body_text}"):
        article.flags = sorted({*article.flags, "suspect_text"})


def content_hash(title: str, body_html: str) -> str:
    """Return the SHA-256, hex, that tells one revision from the next."""
    return hashlib.sha256(f"{title}\n{body_html}".encode()).hexdigest()


def _add_hints(loader: ArticleLoader, entry: Entry) -> None:
    """Add what the listing said, behind what the page said."""
    loader.add_value("title", entry.title)
    loader.add_value("media", entry.media)
    loader.add_value("summary", entry.summary)
    if not loader.has("keywords"):
        loader.add_value("keywords", list(entry.keywords))
    loader.add_value("stock_codes", list(entry.stock_codes))
    loader.add_value("updated_at", entry.modified_at)
    if entry.published_at is not None:
        loader.add_value("published_at", entry.published_at)
        loader.add_value("date_source", LISTING)


def _drop_echoes(loader: ArticleLoader) -> None:
    """Drop values that only repeat another field: the outlet as author, the title as summary."""
    for field, original in (
        ("author", "media"),
        ("summary", "title"),
        ("keywords", "title"),
        ("original_title", "title"),
    ):
        if values := loader.get_collected_values(field):
            said = loader.get_output_value(original)
            if said in values or field in _LABELLED:
                loader.replace_value(field, [value for value in values if value != said])


def _settle_update(article: Article) -> None:
    """Keep an update only where it is one; an earlier one is flagged (H81)."""
    published, updated = article.published_at, article.updated_at
    if published is None or updated is None or updated > published:
        return
    article.updated_at = None
    if updated < published:
        article.flags = sorted({*article.flags, "bad_update"})
