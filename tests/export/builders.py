"""Articles as the archive holds them, made for the export tests; all text is invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from msgspec import structs

from newscrawl.archive import StoredArticle
from newscrawl.config import Config, Site
from newscrawl.export.dialects import dialect_named
from newscrawl.export.names import file_name, post_ids
from newscrawl.export.posts import CHINA, Placement, Post, Record
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article, Image

CONFIG = Config(site=Site(base="//news.example.com", share_base="http://news.example.com"))
PLACE = Placement("金融", "示例财经", "示例财经－国內")
FLASH = replace(PLACE, channel_slug="emnews", channel_label="东财滚动新闻")
NIGHT = datetime(2022, 1, 22, 0, 30, 5, tzinfo=CHINA)


def configured(**fields: Any) -> Config:
    """Return the configuration of these tests with other values."""
    return structs.replace(CONFIG, **fields)


def article(**fields: Any) -> Article:
    """Return a complete article; ``fields`` replace what a test is about."""
    made = Article(
        source="sina_finance",
        section="china",
        identity="sina:naaaaaa1234567",
        url="https://finance.example.com/2022-01-22/doc-inaaaaaa1234567.shtml",
        title="示例标题",
        published_at=NIGHT,
        media="示例证券报",
        body_html="<p>　　示例正文。</p>",
        body_text="示例正文。",
        fetched_at=NIGHT.replace(year=2023),
        images=[Image("https://img.example.com/a.jpg")],
    )
    made = replace(made, **fields)
    if made.url_hash is None and made.identity is not None:
        made.url_hash = hash_url(made.identity)
    return made


def stored(sequence: int = 1, **fields: Any) -> StoredArticle:
    """Return the same as a row of the archive."""
    return StoredArticle(article(**fields), ("china",), 1, sequence, NIGHT)


def keep(name: str, wanted: str) -> str:
    """Give every name the slug it wants."""
    return wanted


def render(
    dialect: str,
    *,
    place: Placement = PLACE,
    config: Config = CONFIG,
    slug_of: Callable[[str, str], str] = keep,
    **fields: Any,
) -> Post:
    """Return the post of ``article(**fields)``."""
    writer = dialect_named(dialect)(config, slug_of)
    return writer.render(Record.of(article(**fields), place))


def name_of(**fields: Any) -> str:
    """Return the usual file name of ``article(**fields)``."""
    made = article(**fields)
    record = Record.of(made, PLACE)
    return file_name(record.when, next(post_ids(made)), ".md")


def offset(hours: int) -> timezone:
    """Return a zone so many hours east of Greenwich."""
    return timezone(timedelta(hours=hours))
