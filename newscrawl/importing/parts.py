"""What a form of posts says of its article, before anybody knows which article it is."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from newscrawl.export.posts import CHINA
from newscrawl.extraction.dates import EARLIEST
from newscrawl.importing.broken import Broken, Reason


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one post.

    dialect: the form. fragment: HTML as it stands; digest: plain text, may stand alone.
    link: the article's own address. label: the tag (Jekyll), ``某报新闻``; slug: the address
    part that the label has. place: group, site and feed (Hexo). picture: what the post
    shows as its own besides the pictures of the text. What a form does not say is empty.
    """

    dialect: str
    title: str
    published_at: datetime
    fragment: str
    digest: str = ""
    link: str = ""
    label: str = ""
    slug: str = ""
    place: tuple[str, str, str] | None = None
    picture: str = ""


def read_date(text: str) -> datetime:
    """Return the instant that a post gives, +0800 where it names no offset (C7).

    ISO 8601, with a space before the offset or without, and RFC 1123. Raises ``Broken``
    for no date, ``Invalid Date``, and what lies before there were news sites (H77).
    """
    for read in (_iso, parsedate_to_datetime):
        try:
            found = read(text)
            when = found if found.tzinfo else found.replace(tzinfo=CHINA)
            if when >= EARLIEST:
                return when.astimezone(CHINA).replace(microsecond=0)
        except (ValueError, OverflowError):
            continue
    raise Broken(Reason.NO_DATE, text)


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
