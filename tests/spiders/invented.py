"""What the invented sources of the tests have in common."""

from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Section
from newscrawl.spiders.base import Channel, SourceSpider


class InventedSpider(SourceSpider):
    """A source without a site: its names, and an article that is all there."""

    title = "虚构站"
    group = "测试"
    rules_version = 1
    channel = Channel("invented", "虚构快讯")
    sections = {"a": Section("a", "甲", "list")}  # noqa: RUF012

    @classmethod
    def article(cls, page: Page, title: str, body: str) -> Article:
        """Return an article whose revision is its body, at the address of the page."""
        identity = cls.identify(page.url)
        return Article(
            source=cls.name,
            identity=identity.key,
            url=identity.url,
            url_hash=identity.url_hash,
            title=title,
            published_at=page.fetched_at,
            body_html=f"<p>{body}</p>",
            body_text=body,
            content_hash=body,
            extractor=cls.name,
            extractor_version=1,
            fetched_at=page.fetched_at,
        )
