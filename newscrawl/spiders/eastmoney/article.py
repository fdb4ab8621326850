"""One article from detail JSON, Choice text, flash row or page (dossier §1, §2d, §4)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.body import clean_fragment, clean_plain_text
from newscrawl.cleaning.selecting import select_first
from newscrawl.extraction.article import (
    add_body,
    add_time,
    finish_article,
    matching,
    read_article,
    read_generic,
)
from newscrawl.extraction.byline import read_credits
from newscrawl.extraction.challenge import is_challenge
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import every
from newscrawl.identity.identities import Identity
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.loaders import ArticleLoader
from newscrawl.outcomes import Blocked, Failed, Gone, Skipped
from newscrawl.spiders.eastmoney import records
from newscrawl.spiders.eastmoney.addresses import ARTICLE, identity_of, out_of_scope
from newscrawl.spiders.eastmoney.records import ZONE, Record
from newscrawl.spiders.eastmoney.templates import FRAGMENT, NOISE, OWN_ADDRESS, PAGES

SOURCE = "eastmoney"
VERSION = 2

# Field of Article -> what records call it. Times, title, summary and body need more.
_FACTS: Mapping[str, tuple[str, ...]] = {
    "media": records.MEDIA,
    "author": records.AUTHOR,
    "editor": records.EDITOR,
    "original_title": records.ORIGINAL_TITLE,
    "keywords": records.KEYWORDS,
}
_DETAIL, _NEWSTEXT = (replace(FRAGMENT, name=name) for name in ("detail", "newstext"))
_CODE_IN_SCRIPT = re.compile(
    # \bnews_?id or \bart_?code; a pattern that begins with a letter is found four times as fast
    r"[nNaA](?<!\w\w)(?i:(?<=n)ews_?id|(?<=a)rt_?code)\W{1,6}(\d{16,20})\b"
)
_PLAYERS = "video, audio, iframe, embed, object"
_PAID = re.compile(r"付费|(?:会员|VIP)专享", re.IGNORECASE)
_CREDIT = re.compile(r"[（(](?:文章来源|责任编辑)\s?[：:].{1,60}?[)）]")


def parse_article(page: Page, entry: Entry | None = None) -> Article:
    """Read one article from whatever ``article_requests`` led to, or from a flash row.

    Raises ``Gone`` for an answer that says the article is missing, ``Skipped`` for one
    that is not to be archived or no article, ``Blocked`` for a challenge, ``Failed`` for
    what is no article of this site, ``Quarantined`` where title, time or body is missing.
    """
    if reason := out_of_scope(page.url):
        raise Skipped(reason, page.url)
    loader = ArticleLoader()
    read = _read_record if page.is_json else _read_page
    identity = read(page, entry, loader)
    loader.add_value("url", identity.url)
    if entry is not None:
        loader.add_value("aliases", [url for url in entry.aliases if url != identity.url])
        _add_flash(entry.record, loader)
    if not loader.has("published_at") and not (entry and entry.published_at):
        day = records.day_of(identity.key.partition(":")[2], page.fetched_at)
        loader.add_value("published_at", day)
        loader.add_value("date_source", "code")
    article = finish_article(
        loader, page=page, identity=identity, source=SOURCE, version=VERSION, entry=entry
    )
    article.stock_codes = _one_spelling(article.stock_codes)
    return article


# ---- pages -----------------------------------------------------------------------------


def _read_page(page: Page, entry: Entry | None, loader: ArticleLoader) -> Identity:
    """Fill the loader from an article page; return which article it is."""
    listed = [entry.url] if entry else []
    identity = identity_of([page.url, *listed]) or _own_identity(page)
    template = matching(page, PAGES)
    if template is not None:
        if _is_player(page.places.first(template.body[0])):
            raise Skipped("video", page.url)
        if not read_article(page, template, noise=NOISE, loader=loader, zone=ZONE):
            read_generic(page, loader, noise=NOISE, zone=ZONE)
    elif is_challenge(page):
        raise Blocked("challenge", page.url)
    elif not _is_page_address(page.url) or not read_generic(page, loader, noise=NOISE, zone=ZONE):
        raise Failed("type", f"no article page: {page.url}")
    if identity is None:
        raise Failed("no_address", "neither the caller nor the page says which article it is")
    return identity


def claims(page: Page) -> bool:
    """Whether a page or record whose address is not known is one of this site."""
    if page.is_json:
        return _is_own_record(page.json())
    return matching(page, PAGES) is not None and _own_identity(page) is not None


def _is_own_record(answer: object) -> bool:
    """Whether this is detail JSON or a text of Choice, by the names only these have."""
    if not isinstance(answer, Mapping):
        return False
    record = records.folded(answer)
    data = record.get("data")
    if isinstance(data, Mapping):
        record = records.folded(data)
    return bool(record.keys() & {"art_code", "newsid", "infocode"} and records.addresses_of(record))


def _own_identity(page: Page) -> Identity | None:
    """Return which article a page says it is; looked at only where no address tells (H88)."""
    if identity := identity_of(every(page.tree, OWN_ADDRESS)):
        return identity
    code = _CODE_IN_SCRIPT.search(page.text)
    return identity_of([ARTICLE.format(code=code[1])]) if code else None


def _is_page_address(url: str) -> bool:
    """Whether an address is that of an article's page, not of its record."""
    return identity_of([url]) is not None and url.partition("?")[0].endswith("html")


# ---- records ---------------------------------------------------------------------------


def _read_record(page: Page, entry: Entry | None, loader: ArticleLoader) -> Identity:
    """Fill the loader from a JSON record; return which article it is."""
    record = _record_of(page)
    if str(record.get("art_enablecrawl", "1")) != "1":
        raise Skipped("not_archivable", page.url)
    own = records.addresses_of(record)
    identity = identity_of([*own, page.url, *([entry.url] if entry else [])])
    if identity is None:
        raise Failed("no_address", f"no code in the record and its address: {page.url}")
    for field, names in _FACTS.items():
        loader.add_value(field, records.text(record, names))
    loader.add_value("title", records.title_of(record))
    digest = records.text(record, records.SUMMARY)
    loader.add_value("summary", records.without_title(digest))
    loader.add_value("stock_codes", records.stock_codes_of(record))
    loader.add_value("aliases", [url for url in own if url != identity.url])
    if image := records.text(record, records.IMAGE):
        loader.add_value("lead_image", urljoin(identity.url, image))
    for name, value in records.times_of(record):
        if add_time(loader, value, name, zone=ZONE, now=page.fetched_at):
            break
    loader.add_value("updated_at", records.order_time_of(record, page.fetched_at))
    if _PAID.search(records.text(record, ("art_tip_info",))):
        loader.add_value("flags", "paid")
    _add_record_body(record, page, identity, loader)
    if not loader.has("title") and not (entry and entry.title):
        texts = [digest, *loader.get_collected_values("body_text")]
        loader.add_value("title", next(filter(None, map(records.title_from, texts)), None))
    return identity


def _record_of(page: Page) -> Record:
    """Return the record of an answer: the detail in its envelope, or the whole."""
    answer = page.json()
    if not isinstance(answer, Mapping):
        raise Failed("type", f"expected an object: {page.url}")
    record = records.folded(answer)
    if "data" in record or "success" in record:
        data = record.get("data")
        if str(record.get("success", 1)) not in ("1", "True") or not data:
            raise Gone("missing", records.text(record, ("message",)))
        record = records.folded(data) if isinstance(data, Mapping) else {}
    if not records.raw(record, (*records.TITLE, *records.HTML, *records.TEXT, *records.DIGEST)):
        raise Failed("type", f"no article in this record: {page.url}")
    return record


def _add_record_body(record: Record, page: Page, identity: Identity, loader: ArticleLoader) -> None:
    """Add the body of a record: its HTML before its plain text before its digest."""
    if content := records.raw(record, records.HTML):
        fragment = replace(
            page, url=identity.url, body=content.encode(), content_type="text/html; charset=utf-8"
        )
        if _is_player(fragment.tree.body):
            raise Skipped("video", page.url)
        template = _DETAIL if "art_content" in record else _NEWSTEXT
        read_article(fragment, template, noise=NOISE, loader=loader, zone=ZONE)
    text = records.text(record, records.TEXT)
    if text and not loader.has("body_html"):
        loader.add_value("extractor", "newstext")
        _add_plain_body(text, identity, loader)
    _add_flash(record, loader)


def _is_player(body: LexborNode | None) -> bool:
    """Whether a body is a player and a credit, without a text of its own."""
    if body is None or select_first(_PLAYERS, body) is None:
        return False
    return not _CREDIT.sub("", body.text()).strip()


def _add_plain_body(text: str, identity: Identity, loader: ArticleLoader) -> None:
    """Add a body of plain text; promotion and credits stand in it as they do in HTML."""
    body = clean_fragment(clean_plain_text(text).html, base_url=identity.url, noise=NOISE)
    for field, value in read_credits(body.left_out):
        loader.add_value(field, value)
    add_body(loader, body)


# ---- odds and ends -------------------------------------------------------------------


def _add_flash(record: Record | None, loader: ArticleLoader) -> None:
    """Let the digest of a flash row stand for a body that nothing else gave."""
    if record is None or loader.has("body_html"):
        return
    digest = records.text(record, records.DIGEST)
    if digest:
        loader.add_value("extractor", "flash")
        loader.add_value("flags", "flash")
        add_body(loader, clean_plain_text(records.without_title(digest) or digest))


def _one_spelling(codes: list[str]) -> list[str]:
    """Return stock codes as ``1.600030``, without bare numbers that are in one of these."""
    dotted = [code.replace(",", ".") for code in codes]
    full = {code.rpartition(".")[2] for code in dotted if "." in code}
    return [code for code in dict.fromkeys(dotted) if "." in code or code not in full]
