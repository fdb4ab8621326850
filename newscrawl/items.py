"""The article: the one noun that travels from the spiders to the posts.

Every stage reads and writes these types and nothing else; what a field means is
said here and only here.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article.

    url: absolute address at the publisher, http or https, percent-encoded (B9).
    caption: its text as one line, empty where the publisher gave none.
    """

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the content of a fetched picture says of it; no header or name is believed.

    content_hash: SHA-256, hex. type: suffix of its file, such as ``jpg``. width, height:
    in points. size: in bytes.
    """

    content_hash: str
    type: str
    width: int
    height: int
    size: int


@dataclass(slots=True)
class Article:
    """One news article as we understood it from one page or record.

    Scalars are None (or empty) where the publisher did not say. All times are aware.
    An article without title, published_at or body is not stored but quarantined.
    """

    # where it comes from
    source: str | None = None
    """Name of the spider, such as ``sina_finance``; ``imported`` for a post of no source."""
    section: str | None = None
    """Id of the section that first listed it; None for a page that was read by itself."""

    # which article it is (design: identity)
    identity: str | None = None
    """``sina:<core>``, ``em:<18 digits>``, ``em-nw:<NW code>``, … else the canonical URL.

    ``post:<hash>`` for an imported post that tells neither; it stands for its URL, too.
    """
    url: str | None = None
    """The article's own address, canonical: no tracking query, no fragment."""
    aliases: list[str] = field(default_factory=list)
    """Canonical URLs of other identities of the same article (an ``NW…`` code, a wap page)."""
    url_hash: str | None = None
    """SHA-256, hex, of the canonical URL of the identity."""

    # what it says about itself
    title: str | None = None
    """One line, the characters of the source, references decoded once (C6)."""
    original_title: str | None = None
    """What the publisher gives as 原标题, where it differs from nothing."""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    """Time of the publisher's last change, only where it is after published_at."""
    date_source: str | None = None
    """Name of the rule that gave published_at, such as ``visible`` or ``create_at``."""
    media: str | None = None
    """The outlet that wrote it (文章来源), as opposed to the source that carried it."""
    author: str | None = None
    editor: str | None = None
    """责任编辑, the name only."""
    summary: str | None = None
    """Digest or lead of the publisher, plain text, one line."""
    keywords: list[str] = field(default_factory=list)
    stock_codes: list[str] = field(default_factory=list)
    """As the source writes them: ``sh600000``, ``1.600030``, ``AMZN``."""

    # its content
    images: list[Image] = field(default_factory=list)
    """In the order of the body."""
    lead_image: str | None = None
    """URL of the first picture of the body, else the one the page names as its own."""
    body_html: str | None = None
    """A clean fragment (document-format B1 to B9), without credits; LF line ends."""
    body_text: str | None = None
    """The same as plain text, one paragraph a line, captions included."""
    content_hash: str | None = None
    """SHA-256, hex, of title and body_html: a new hash is a new revision."""

    # how we know
    extractor: str | None = None
    """Template that read it, such as ``sina_finance/finance2017``, or ``generic``."""
    extractor_version: int | None = None
    flags: list[str] = field(default_factory=list)
    """Sorted remarks: ``flash``, ``paid``, ``generic``, ``suspect_text``, ``future_date``, …"""
    hinted: list[str] = field(default_factory=list)
    """Sorted names of the fields that the listing told and the page did not."""
    fetched_at: datetime | None = None
