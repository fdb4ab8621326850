"""One article of Sina from its page or from its row of the 7x24 feed (dossier §3)."""

import re

from newscrawl.extraction.article import (
    add_time,
    finish_article,
    matching,
    read_article,
    read_generic,
)
from newscrawl.extraction.challenge import is_challenge
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import first
from newscrawl.identity.identities import Identity, identify
from newscrawl.identity.urls import canonical_url
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.loaders import ArticleLoader
from newscrawl.outcomes import Blocked, Failed, Gone, Skipped
from newscrawl.spiders.sina_finance import addresses
from newscrawl.spiders.sina_finance.flashes import read_flash
from newscrawl.spiders.sina_finance.noise import NOISE
from newscrawl.spiders.sina_finance.sections import NAME, ZONE
from newscrawl.spiders.sina_finance.templates import PUBLISH_ID, TEMPLATES

RULES_VERSION = 2

_HEAD = 2_000  # characters in which the publishing system leaves its comment
_PUBLISHED = re.compile(r"<!--[^>]{0,60}?published at (\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})")
_PUBLISH_ID_COMMENT = re.compile(r"<!--\s?\[(\d{1,5},\d{1,5},\d{1,12})\] published at")
_FLASHES = "sina.com.cn/7x24/"
_REMOVED = re.compile(r"页面(?:没有找到|不存在|已删除)|(?:文章|内容|新闻)(?:不存在|已(?:被)?删除)")

# What a page is that no template and no address tells.
_OTHER_KINDS = (
    ("gallery", re.compile(r"\bslide_data\s*=\s*\{")),
    ("trial", re.compile(r'id="task_page"')),
)
_PLAYER = ".artical-player-wrap, .video-2017, #J_Article_Player, #myMovie"


def parse_article(page: Page, entry: Entry | None = None) -> Article:
    """Read one article; raise an ``outcomes.Ended`` where the page is none.

    ``Skipped``: gallery, video, live, topic, trial. ``Gone``: the publisher says so.
    ``Blocked``: a challenge or login page. ``Failed``: no page of ours.
    ``Quarantined``: an article page without title, time or body.
    """
    loader = ArticleLoader()
    if page.is_json:
        url = read_flash(page, loader, noise=NOISE, zone=ZONE)
        return _finish(page, entry, loader, url)
    _read_page(page, loader)
    if comment := _PUBLISHED.search(page.text[:_HEAD]):
        add_time(loader, comment[1], "comment", zone=ZONE, now=page.fetched_at)
    if _FLASHES in page.url:
        loader.add_value("flags", "flash")
    if entry is None or entry.published_at is None:
        add_time(loader, addresses.url_time(page.url), "url", zone=ZONE, now=page.fetched_at)
    return _finish(page, entry, loader, page.url)


def claims(page: Page) -> bool:
    """Whether a page whose address nobody knows is an article of this site."""
    return not page.is_json and bool(_publish_id(page)) and matching(page, TEMPLATES) is not None


def _read_page(page: Page, loader: ArticleLoader) -> None:
    """Fill the loader from an HTML page, or raise what else the page is."""
    if addresses.is_login(page.url):
        raise Blocked("login", page.url)
    if kind := addresses.other_kind(page.url):
        raise Skipped(kind, page.url)
    template = matching(page, TEMPLATES)
    if template is None:
        _raise_other_kind(page)
        if not _is_article_address(page.url) or not read_generic(
            page, loader, noise=NOISE, zone=ZONE
        ):
            raise Failed("not_article", page.url)
    elif not read_article(page, template, noise=NOISE, loader=loader, zone=ZONE):
        if page.places.first(_PLAYER) is not None:
            raise Skipped("video", page.url)
        read_generic(page, loader, noise=NOISE, zone=ZONE)


def _raise_other_kind(page: Page) -> None:
    """Raise what a page without any article template is, where that can be told."""
    for kind, sign in _OTHER_KINDS:
        if sign.search(page.text):
            raise Skipped(kind, page.url)
    if is_challenge(page):
        raise Blocked("challenge", page.url)
    title = page.places.first("title")
    if title is not None and _REMOVED.search(title.text()):
        raise Gone("removed", page.url)


def _is_article_address(url: str) -> bool:
    """Whether the address is one that only articles have."""
    return any(rule.pattern.search(url) for rule in addresses.IDENTITIES)


def _finish(page: Page, entry: Entry | None, loader: ArticleLoader, url: str) -> Article:
    if url:
        identity = identify(url, addresses.IDENTITIES, addresses.DROP_PARAMETERS)
        loader.add_value(
            "url", canonical_url(addresses.page_address(url), addresses.DROP_PARAMETERS)
        )
    else:
        identity = _anonymous(page)
    return finish_article(
        loader, page=page, identity=identity, source=NAME, version=RULES_VERSION, entry=entry
    )


def _anonymous(page: Page) -> Identity:
    """Return the identity of a page without address, by the id of the publishing system."""
    publish_id = _publish_id(page)
    if re.fullmatch(r"[a-z0-9]{13,16}", publish_id):
        return Identity(f"sina:{publish_id}", addresses.ARTICLE_URL.format(core=publish_id))
    if not re.fullmatch(r"[\w-]{4,40}", publish_id):
        raise Failed("no_address", "neither the caller nor the page says where it is from")
    return Identity(f"sina:{publish_id}", f"https://www.sina.com.cn/?publishid={publish_id}")


def _publish_id(page: Page) -> str:
    """Return the page's number in the publishing system, ``""`` where it has none.

    Since about 2010 it is the core of the address; before, ``28,3,2762964``.
    """
    if found := first(page.tree, PUBLISH_ID, page.places):
        return found[0].replace(",", "-")
    comment = _PUBLISH_ID_COMMENT.search(page.text[:_HEAD])
    return comment[1].replace(",", "-") if comment else ""
