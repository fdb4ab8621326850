"""Posts of the Hexo form, as the feed site had them (document-format §4.1, §8.2)."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from newscrawl.cleaning.text import plain
from newscrawl.importing.broken import Broken, Reason
from newscrawl.importing.document import Value, text_of
from newscrawl.importing.parts import Parts, read_date

NAME = "hexo"

_KEYS = frozenset({"headimg", "thumbnail", "comments"})
_START, _END = "<div>", "</div>"
"""Around every body; its feeds gave fragments of all shapes."""
_PROXIED = re.compile(r"(?i)^https?://.+?[/=](https?(?:://|%3a%2f%2f).+)$")
_NO_PICTURE = re.compile(r"/undefined$")


def is_mine(metadata: Mapping[str, Value]) -> bool:
    """Whether front matter is that of this form."""
    return not _KEYS.isdisjoint(metadata)


def read(metadata: Mapping[str, Value], body: str) -> Parts:
    """Return what a post says; raise ``Broken``."""
    title = plain(text_of(metadata, "title"))
    if not title:
        raise Broken(Reason.NO_TITLE)
    fragment = body.strip()
    if fragment.startswith(_START) and fragment.endswith(_END):
        fragment = fragment[len(_START) : -len(_END)].strip()
    return Parts(
        dialect=NAME,
        title=title,
        published_at=read_date(text_of(metadata, "date")),
        fragment=fragment,
        place=_place(metadata),
        picture=_picture(text_of(metadata, "headimg") or text_of(metadata, "thumbnail")),
    )


def _place(metadata: Mapping[str, Value]) -> tuple[str, str, str] | None:
    """Return group, site and feed (X3) as they stand; the last one fills what is missing."""
    names = metadata.get("categories", [])
    found = [plain(name) for name in ([names] if isinstance(names, str) else names)]
    found = [name for name in found if name]
    if not found:
        author = plain(text_of(metadata, "author"))
        return (author, author, author) if author else None
    group, site, feed, *_ = (*found, *[found[-1]] * 2)
    return group, site, feed


def _picture(address: str) -> str:
    """Return the picture of the post itself: not behind a proxy, not a placeholder (X5)."""
    if proxied := _PROXIED.match(address):
        address = unquote(proxied[1]) if "%3a" in proxied[1][:12].lower() else proxied[1]
    usable = address.startswith(("http://", "https://")) and not _NO_PICTURE.search(address)
    return address if usable else ""
