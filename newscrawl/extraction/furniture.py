"""What stands inside a body container and is not the article: told by place, not by name.

Class names differ by site and are data (``cleaning.noise``); these two shapes are the
same everywhere: what follows the mark that closes the publisher's own text, and lists of
links to other articles.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.selecting import select

MOST_AFTER_END = 0.25
"""An end mark with more than this share of the text behind it closes something else."""

_NEAR = 4
"""Nodes before an end mark, of which the last paragraph is one."""

_LIST_NAME = re.compile(
    "(?:相关|延伸|推荐|更多|热门|往期)(?:新闻|阅读|报道|链接|专题|文章|推荐|回顾)"
)
_LIST_HEAD = re.compile(rf"[【\[（(>＞■▶\s]*{_LIST_NAME.pattern}[】\]）)\s]*[:：]?\s*")


def cut_furniture(nodes: Sequence[LexborNode], ends: Sequence[str] = ()) -> list[str]:
    """Remove from the parts of a body what is none of the article.

    ends: patterns searched in comments; one that matches closes the text. Returns the text
    of each element that stood behind such a mark: an editor may be named there.
    """
    behind: list[str] = []
    for node in nodes:
        if ends:
            behind += _cut_after_end(node, _any_of(tuple(ends)))
        _cut_link_lists(node)
    return behind


@lru_cache(maxsize=64)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def _cut_after_end(node: LexborNode, end: re.Pattern[str]) -> list[str]:
    """Remove what follows the last end mark among the children of ``node``; return its texts."""
    after: list[LexborNode] = []
    child = node.last_child  # the last mark counts, and little stands behind one: from there
    while child is not None:
        if not child.is_comment_node:
            after.append(child)
        elif end.search(child.comment_content or ""):
            break
        child = child.prev
    if child is None or not after:
        return []
    after.reverse()
    texts = [child.text() for child in after]
    if not _is_little(sum(map(_characters, texts)), child, node):
        return []
    for child in after:
        child.decompose()
    return texts


def _is_little(characters: int, mark: LexborNode, node: LexborNode) -> bool:
    """Whether so many characters are few beside all of ``node``, by ``MOST_AFTER_END``.

    Mostly what stands just before the mark says so already, and the rest need not be read.
    """
    before, seen = mark.prev, characters
    for _ in range(_NEAR):
        if before is None:
            break
        if before.is_element_node:
            seen += _length(before)
            if characters <= MOST_AFTER_END * seen:
                return True
        before = before.prev
    return characters <= MOST_AFTER_END * _length(node)


def _cut_link_lists(node: LexborNode) -> None:
    """Remove ``相关新闻：`` and the paragraphs of nothing but links under it."""
    if _LIST_NAME.search(node.text()) is None:
        return
    for head in select("p, h2, h3, h4", node):
        match = _LIST_HEAD.match(head.text())
        if match is None:
            continue
        inside = len("".join(head.text()[match.end() :].split()))
        if inside and inside > _linked(head):
            continue
        links = list(_links_after(head))
        if inside or links:
            for item in (head, *links):
                item.decompose()


def _links_after(head: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements after ``head`` that hold links and no other text."""
    sibling = head.next
    while sibling is not None:
        if sibling.is_element_node and _length(sibling):
            if _linked(sibling) < _length(sibling):
                return
            yield sibling
        elif sibling.is_text_node and _length(sibling):
            return
        sibling = sibling.next


def _length(node: LexborNode) -> int:
    """Return the number of characters of a node's text, white space apart."""
    return _characters(node.text())


def _characters(text: str) -> int:
    return len("".join(text.split()))


def _linked(node: LexborNode) -> int:
    """Return how many of these characters are link text."""
    return sum(_length(link) for link in select("a", node))
