"""Markup that cannot be made a tree in reasonable time (H55, H57).

The tree builder compares every attribute with those before it, and looks through the open
elements at the start of every block: both cost the square of what a hostile page repeats.
Such pages are told from all others for some microseconds and refused.
"""

import re
from collections import Counter

from newscrawl.outcomes import Failed

_LONG_TAG = 2_000
"""Characters up to which a tag has too few attributes to cost anything."""
_MOST_ATTRIBUTE_PAIRS = 300_000_000
"""Comparisons of attributes that one page may cost: about two seconds."""
_MANY_TAGS = 15_000
_MOST_OPEN = 10_000
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_UNCLOSED = "p li dt dd tr td th thead tbody tfoot option br hr img input meta link col area wbr"
_CLOSED_BY_OTHERS = frozenset(_UNCLOSED.split())


def check_markup(html: str) -> None:
    """Raise ``Failed("extract")`` for markup that would keep the tree builder busy for long."""
    if _attribute_pairs(html) > _MOST_ATTRIBUTE_PAIRS:
        raise Failed("extract", "a tag with far too many attributes")
    if html.count("<") > _MANY_TAGS and _most_open(html) > _MOST_OPEN:
        raise Failed("extract", "elements nested far too deeply")


def _attribute_pairs(html: str) -> int:
    """Return roughly how many pairs of attributes the long tags have."""
    pairs = start = 0
    while start < len(html):
        # The last ">" of a window: a page is crossed in a few steps.
        end = html.rfind(">", start, start + _LONG_TAG)
        if end < 0:
            end = html.find(">", start)
            end = len(html) if end < 0 else end
            tag = html[max(html.rfind("<", start, end), start) : end]
            pairs += len(tag.split()) ** 2
        start = end + 1
    return pairs


def _most_open(html: str) -> int:
    """Return about how many elements are open at once at the deepest place."""
    depths: Counter[str] = Counter()
    depth = deepest = 0
    for slash, name in _TAG.findall(html):
        name = name.lower()
        if name in _CLOSED_BY_OTHERS:
            continue
        if not slash:
            depths[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif depths[name]:
            depths[name] -= 1
            depth -= 1
    return deepest
