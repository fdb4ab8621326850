"""Where a field stands on a page, as data: selectors in order of preference."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_PATTERN_TEXT = 2_000  # characters a pattern may look at (H66)


@dataclass(frozen=True, slots=True)
class Rule:
    """One place where a value may stand.

    css: selector; its matches are tried in document order.
    attr: the attribute that holds the value; None means the text of the element.
    pattern: regex searched in the value; its group 1, else the whole match, is the value.
    name: what the finding is called (``Article.date_source``).
    join: put between the texts of neighbouring elements; a time split over several spans
    needs a space, a title must not get one.
    """

    css: str
    attr: str | None = None
    pattern: str | None = None
    name: str = ""
    join: str = ""


def first(tree: LexborHTMLParser | LexborNode, rules: Iterable[Rule]) -> tuple[str, Rule] | None:
    """Return the first non-empty value by preference and the rule that found it."""
    return next(candidates(tree, rules), None)


def every(tree: LexborHTMLParser | LexborNode, rules: Iterable[Rule]) -> list[str]:
    """Return the values of all matches of all rules, in order of the rules."""
    return [value for rule in rules for node in tree.css(rule.css) if (value := _value(node, rule))]


def candidates(
    tree: LexborHTMLParser | LexborNode, rules: Iterable[Rule]
) -> Iterator[tuple[str, Rule]]:
    """Yield all non-empty values with their rules, best first; lazy.

    Mostly the first match is all that is wanted: it is looked for alone, since that ends
    the walk over the page early.
    """
    for rule in rules:
        node = tree.css_first(rule.css)
        if node is None:
            continue
        if value := _value(node, rule):
            yield value, rule
        for other in tree.css(rule.css)[1:]:
            if value := _value(other, rule):
                yield value, rule


def _value(node: LexborNode, rule: Rule) -> str:
    """Return the value that ``rule`` sees at ``node``, outer white space gone."""
    if rule.attr is None:
        value = node.text(separator=rule.join)
    else:
        value = node.attributes.get(rule.attr) or ""
    if rule.pattern is not None:
        match = _compiled(rule.pattern).search(value[:_MAX_PATTERN_TEXT])
        if match is None:
            return ""
        value = match[match.re.groups and 1] or ""
    return value.strip()


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
