"""What is read from the same pages stays the same, byte for byte.

A change that is meant to save time alone must not change a byte of any article. Where a
change means to read otherwise, the digests are recorded anew, and say so in its review:
``.venv/bin/python -m tests.sources.test_same_bytes`` prints them.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from newscrawl.extraction.page import Page
from newscrawl.listings import Entry
from newscrawl.outcomes import Ended
from newscrawl.spiders.registry import spiders
from tests.replica.asking import ask, stand_in

FETCHED = datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Shanghai"))
ARTICLES = 300

RECORDED = {
    "eastmoney": (
        "dfd9547c5ab842e5d15aca70bc6577df199674126a869ff4128b98d310cefd20",
        "78830ae8bc74086d035d3d7ddcb40856b56236aeb18846591dc3b5e41998cf07",
    ),
    "sina_finance": (
        "00b0daaeee0424d80b7ae0c11bd545d9cc7d8ca44cf4a0446c627ce3bcaa05c9",
        "895dd38be02ed62bffced9fd698368a18f127b1912765cacd69de6c8cec703e9",
    ),
}
"""Source -> digests of the pages that its stand-in made, and of what was read from them."""


def pages(source: str) -> Iterator[Page]:
    """Yield every page and record of a small world of one source, always the same."""
    standin = stand_in(source, articles=ARTICLES, seed="same bytes")
    for item in standin.all_expected():
        asked = {fetch.url for fetch in spiders()[source].article_requests(Entry(item.url))}
        for url in sorted(asked | {item.url}):
            reply = ask(standin, url)
            if reply.status == 200 and reply.body:
                yield Page(url, reply.body, FETCHED, reply.content_type)


def read(source: str, page: Page) -> bytes:
    """Return all fields of the article, or the end of a page that is none, as JSON."""
    try:
        return msgspec.json.encode(spiders()[source].parse_article(page))
    except Ended as ended:
        return msgspec.json.encode([type(ended).__name__, str(ended)])


def digests(source: str) -> tuple[str, str]:
    """Return the digests of the pages and of what is read from them."""
    made, found = hashlib.sha256(), hashlib.sha256()
    for page in pages(source):
        made.update(page.body)
        found.update(read(source, page))
    return made.hexdigest(), found.hexdigest()


@pytest.mark.parametrize("source", sorted(spiders()))
def test_the_same_pages_give_the_same_articles(source: str) -> None:
    made, found = digests(source)
    assert made == RECORDED[source][0], "the stand-in makes other pages: record both anew"
    assert found == RECORDED[source][1]


if __name__ == "__main__":
    for name in sorted(spiders()):
        print(name, *digests(name), sep="\n    ")
