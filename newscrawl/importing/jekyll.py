"""Posts of the Jekyll form, as the finews site had them (document-format §3.1, §8.1)."""

import html
import re
from collections.abc import Mapping

from newscrawl.cleaning.text import plain
from newscrawl.importing.broken import Broken, Reason
from newscrawl.importing.document import Value, text_of
from newscrawl.importing.parts import Parts, read_date

NAME = "jekyll"

_RETURN_LINE = re.compile(r"\[返回.*\]\(.*\)")
"""One line with both links, or a line each; older posts have none."""
_LINK_LINE = re.compile(r"<(https?://[^\s<>]*|)>")
_QUOTE = re.compile(r"> ?([^\n]*)(?:\n\s*\n|\n?\Z)")
_FIRST_PARAGRAPH = re.compile(r"(?!\s*<)([^\n]+)(?:\n\s*\n|\n?\Z)")


def is_mine(metadata: Mapping[str, Value]) -> bool:
    """Whether front matter is that of this form."""
    return text_of(metadata, "layout") == "post" and "headimg" not in metadata


def read(metadata: Mapping[str, Value], body: str) -> Parts:
    """Return what a post says; raise ``Broken``."""
    title = plain(text_of(metadata, "title"))
    if not title:
        raise Broken(Reason.NO_TITLE)
    published_at = read_date(text_of(metadata, "date"))
    rest, link = _without_links(body)
    digest, fragment = _digest(rest)
    return Parts(
        dialect=NAME,
        title=title,
        published_at=published_at,
        fragment=fragment,
        digest=digest,
        link=link,
        label=plain(text_of(metadata, "tags")),
        slug=plain(text_of(metadata, "categories")),
    )


def _without_links(body: str) -> tuple[str, str]:
    """Return a body without the lines that the form sets below it, and the link to the article."""
    before, line = _last_line(body)
    while _RETURN_LINE.fullmatch(line):
        body = before
        before, line = _last_line(body)
    if found := _LINK_LINE.fullmatch(line):
        return before, found[1]
    return body, ""


def _last_line(text: str) -> tuple[str, str]:
    """Return what stands before the last line that has text, and that line."""
    before, _, line = text.rstrip().rpartition("\n")
    return before, line.strip()


def _digest(text: str) -> tuple[str, str]:
    """Return the digest, without its escapes (M1), and what follows it.

    The form quotes it; before, it was a paragraph of its own outside of any element.
    """
    text = text.strip()
    found = _QUOTE.match(text) or _FIRST_PARAGRAPH.match(text)
    if found is None:
        return "", text
    return plain(html.unescape(found[1])), text[found.end() :].strip()
