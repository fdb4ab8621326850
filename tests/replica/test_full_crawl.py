"""What a crawl of all sections finds in a stand-in is what the stand-in says it must find.

The spiders' own functions, without a network in between: each listing is walked to its
end and each article read once, as the crawl does it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from newscrawl.extraction.page import Page
from newscrawl.identity.identities import Identity
from newscrawl.items import Article
from newscrawl.listings import Entry, Section
from newscrawl.outcomes import Ended, Outcome
from newscrawl.replica.options import SHANGHAI
from newscrawl.replica.standin import Expected, StandIn
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import spiders
from tests.replica.asking import ask, stand_in

FETCHED = datetime(2026, 11, 1, tzinfo=SHANGHAI)
FALL_BACK_ON = (Outcome.FAILED, Outcome.GONE, Outcome.QUARANTINED)


@dataclass
class Met:
    """One article as the walk met it."""

    entry: Entry
    sections: set[str] = field(default_factory=set)


def key_of(section: Section) -> str:
    """Return what the stand-in calls a section."""
    return "/".join((section.surface, *section.params.values()))


def page(source: StandIn, url: str) -> Page | None:
    """Return the page at an address, None where it is gone or leads away."""
    reply = ask(source, url)
    return Page(url, reply.body, FETCHED, reply.content_type) if reply.status == 200 else None


def walk(
    spider: type[SourceSpider], source: StandIn, section: Section
) -> Iterator[tuple[Identity, Entry]]:
    """Yield what one listing shows, until a page brings nothing new."""
    cursor: str | None = None
    known: set[str] = set()
    for _ in range(section.max_pages or 50):
        answer = page(source, spider.listing_request(section, cursor).url)
        assert answer is not None, section
        listing = spider.parse_listing(answer, section, cursor)
        found = [(spider.identify(entry.url), entry) for entry in listing.entries]
        fresh = [item for item in found if item[0].key not in known]
        known.update(identity.key for identity, _ in fresh)
        yield from fresh
        if not fresh or listing.next_cursor is None:
            return
        cursor = listing.next_cursor


def read(spider: type[SourceSpider], source: StandIn, entry: Entry) -> Article | tuple[str, str]:
    """Return the article of an entry, else outcome and reason of its end."""
    if entry.skip:
        return "skipped", entry.skip
    requests = spider.article_requests(entry)
    if not requests:
        return spider.parse_article(Page.of_record(entry.url, entry.record or {}, FETCHED), entry)
    end = ("gone", "")
    for request in requests:
        answer = page(source, request.url)
        try:
            if answer is not None:
                return spider.parse_article(answer, entry)
        except Ended as error:
            end = (str(error.outcome), error.reason)
            if error.outcome not in FALL_BACK_ON:
                return end
        else:
            end = ("gone", "")
    return end


def folded(text: str | None) -> str:
    return "".join((text or "").split())


def same_article(article: Article, expected: Expected) -> dict[str, tuple[object, object]]:
    """Return what differs: name -> (found, expected)."""
    day = slice(10) if expected.precision == "day" else slice(16)
    assert article.published_at is not None
    pairs: dict[str, tuple[object, object]] = {
        "published_at": (article.published_at.isoformat()[day], expected.published_at[day]),
        "body_text": (folded(article.body_text), folded(expected.body_text)),
    }
    if expected.title is not None:
        pairs["title"] = (article.title, " ".join(expected.title.split()))
    if expected.media is not None:
        pairs["media"] = (article.media, expected.media)
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("name", sorted(spiders()))
def test_a_crawl_of_all_sections_finds_everything_once_and_as_written(name: str) -> None:
    spider, source = spiders()[name], stand_in(name, articles=2500)
    met: dict[str, Met] = {}
    for section in spider.sections.values():
        for identity, entry in walk(spider, source, section):
            met.setdefault(identity.key, Met(entry)).sections.add(key_of(section))
    expected = {item.identity: item for item in source.all_expected()}
    aliases = {spider.identify(url).key: item for item in expected.values() for url in item.aliases}
    crawled = {key_of(section) for section in spider.sections.values()}

    assert expected.keys() <= met.keys()
    assert met.keys() - expected.keys() <= aliases.keys()
    problems = []
    for key, seen in met.items():
        item = expected.get(key) or aliases[key]
        found = read(spider, source, seen.entry)
        if isinstance(found, Article):
            problem: object = same_article(found, item) if item.outcome == "stored" else "stored"
        else:
            ended = (item.outcome, item.kind if item.outcome == "skipped" else found[1])
            problem = () if found == ended else (found, ended)
        if key in expected and not any(alias in met for alias in aliases if aliases[alias] is item):
            problem = problem or seen.sections ^ (set(item.sections) & crawled)
        if problem:
            problems.append((seen.entry.url, problem))
    assert problems == []
