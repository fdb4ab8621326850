"""Markup that cannot be made a tree in reasonable time (H55, H57).

The tree builder compares every attribute with those before it, looks through the open
elements at many tags, and opens formatting elements that nobody closed again in every block:
all of it costs the square of what a hostile page repeats. Such pages are refused. Almost all
pages are let pass after some counts; only what could be hostile is read tag by tag
(``cleaning.tags``).
"""

import re

from selectolax.lexbor import LexborDocumentOptions

from newscrawl.cleaning.tags import Tally, formatting_tags, tally
from newscrawl.outcomes import Failed

PLAIN_TREE = LexborDocumentOptions.WO_EVENTS
"""How trees are built: without the events of changes to them, which nobody here hears.

It saves a thirtieth of the time; the one part of HTML that lives by these events, the copy of
the chosen ``<option>`` in a ``<selectedcontent>``, is no part of an article.
"""
_SMALL = 1 << 16
_FEW_TAGS = 2_500
"""So many characters, or tags, cost about a second at most, whatever they are."""
_LARGE = 1 << 20
"""Characters from which on a page is read tag by tag: its values could imitate markup."""
_LONG_TAG = 2_000
"""Characters up to which a tag has too few attributes to cost anything."""
_SHORTEST_ATTRIBUTE = 4
"""Characters of an attribute with its separator: there are few shorter names, and a repeated
name costs nothing."""
_TEXT_ELEMENT = re.compile(rf"(?:script|style)[^a-z>][^>]{{0,{_LONG_TAG}}}>|(?:script|style)>")
"""Begins what is long because it is a program."""
_MANY_TAGS = 15_000
_MOST_TAGS = 500_000
_MOST_OPEN = 10_000
_MOST_OPTIONS = 10_000
_MOST_REOPENED = 1_500_000
"""Elements that a page may have besides those that it names: some hundred megabytes."""
_MOST_ATTRIBUTE_PAIRS = 300_000_000
"""Comparisons of attributes that one page may cost: about two seconds."""
_MOST_STEPS = 1_000_000_000
"""Open elements that all tags of a page together may be held against: about a second."""


def check_markup(html: str) -> None:
    """Raise ``Failed("extract")`` for markup that would keep the tree builder busy for long."""
    tags = html.count("<")
    if tags <= _FEW_TAGS and len(html) <= _SMALL:
        return
    if tags > _MOST_TAGS:
        raise Failed("extract", "far too many tags")
    if (
        tags > _MANY_TAGS
        or len(html) > _LARGE
        or _most_pairs(html) > _MOST_ATTRIBUTE_PAIRS
        or (tags > _FEW_TAGS and tags * formatting_tags(html) > _MOST_REOPENED)
    ):
        _check(tally(html))


def _check(found: Tally) -> None:
    if found.attribute_pairs > _MOST_ATTRIBUTE_PAIRS:
        raise Failed("extract", "a tag with far too many attributes")
    if found.deepest > _MOST_OPEN or found.deepest * found.tags > _MOST_STEPS:
        raise Failed("extract", "elements nested far too deeply")
    if found.reopened > _MOST_REOPENED:
        raise Failed("extract", "far too many elements that are never closed")
    if found.options > _MOST_OPTIONS:
        raise Failed("extract", "a list with far too many options")


def _most_pairs(html: str) -> int:
    """Return how many pairs of attributes there are at most, if no value imitates markup."""
    pairs = start = 0
    while start < len(html):
        # The last "<" of a window: a page is crossed in a few steps.
        end = html.rfind("<", start, start + _LONG_TAG)
        if end < 0:
            end = html.find("<", start)
            end = len(html) if end < 0 else end
            if not _TEXT_ELEMENT.match(html, start):
                pairs += ((end - start) // _SHORTEST_ATTRIBUTE) ** 2
        start = end + 1
    return pairs
