"""Selectors on trees, by one engine for all of them.

Every parser makes an engine of its own at its first selector, and throws it away with its
tree: that takes as long as ten selectors which find what they look for. An engine keeps
nothing of a tree between two searches, so one serves them all.
"""

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ENGINE = LexborHTMLParser("").selector
_find_first: Callable[[str, LexborNode], list[LexborNode]]
_find_first = _ENGINE.find_first  # type: ignore[attr-defined]  # the stubs do not name it

select: Callable[[str, LexborNode], list[LexborNode]] = _ENGINE.find
"""Return the elements in ``node``, itself among them, that match a selector, in order.

As ``LexborNode.css`` does; raises ``SelectolaxError`` for what is no selector.
"""


def select_first(css: str, node: LexborNode) -> LexborNode | None:
    """Return the first of the elements that ``select`` would, None where there is none."""
    found = _find_first(css, node)
    return found[0] if found else None
