"""Whether a page came to its end: half a page reads like a shorter article (H05, H50)."""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from newscrawl.extraction.page import Page

CUT = "cut"
"""Flag of an article whose markup ends in the middle; no crawl stores such a page."""

_TAIL = 4_096
"""Characters at the end of a page among which its closing tag stands; scripts name it, too."""
_USUAL_TAIL = 64
_OPENED = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_BLOCK = re.compile(r"<(/?)(?:p|div|section|table|td|li)\b[^<>]*>", re.IGNORECASE)


def is_cut(page: Page, body: Sequence[LexborNode] = ()) -> bool:
    """Whether an HTML page breaks off before its article has ended.

    body: the parts of the article on the page, in order; none where nobody found any. Two
    signals are needed, for some sites never close a page: the document is not closed, and
    nothing stands behind the body. A page that is cut in its footer has its whole article.
    Asked of a fragment, such as the HTML in a JSON record: whether it ends inside a tag or
    with a block that is not closed.
    """
    if not _OPENED.search(page.text[:_TAIL]):
        return _ends_open(page.text)
    tail = page.text[-_TAIL:]
    # Mostly it is the very last thing: only where it is not, all of the tail is looked through.
    if _CLOSED.search(tail, len(tail) - _USUAL_TAIL) or _CLOSED.search(tail):
        return False
    return not body or not _is_followed(body[-1])


def _ends_open(text: str) -> bool:
    """Whether a fragment ends in the middle of a tag, or with text in an open block."""
    if text.rfind("<") > text.rfind(">"):
        return True
    tags = list(_BLOCK.finditer(text, max(0, len(text) - _TAIL)))
    return bool(tags) and not tags[-1][1] and bool(text[tags[-1].end() :].strip())


def _is_followed(node: LexborNode | None) -> bool:
    """Whether anything that a reader sees, or an element, stands behind a node."""
    while node is not None and node.tag not in {"body", "html"}:
        after = node.next
        while after is not None:
            if not after.is_comment_node and (not after.is_text_node or after.text().strip()):
                return True
            after = after.next
        node = node.parent
    return False
