"""Where a field stands on a page, as data: selectors in order of preference."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.cleaning.selecting import select, select_first

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
    within: where the page has one place for such values, its selector; only the first match
    is looked into, which spares the others a walk over the whole page.
    """

    css: str
    attr: str | None = None
    pattern: str | None = None
    name: str = ""
    join: str = ""
    within: str = ""


class Places:
    """Where on a page to look: every walk over all of it costs as much as a tenth of its tree.

    Its meta elements stand in its head, which is small. Where a head holds what it may not
    hold, its rest is read as part of the body (HTML §13.2.6.4.4): whether there are any is
    looked for only when the head has not what is wanted.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._known: dict[str, LexborNode | None] = {}

    def first(self, css: str) -> LexborNode | None:
        """Return the first element of the page that matches, looked for once.

        Markers and rules ask for the same ones. Who changes the tree calls ``forget`` before.
        """
        known = self._known
        if css in known:
            return known[css]
        root = self._tree.root
        found = known[css] = None if root is None else select_first(css, root)
        return found

    def all(self, css: str) -> list[LexborNode]:
        """Return the elements of the page that match, in order."""
        root = self._tree.root
        return [] if root is None else select(css, root)

    def forget(self) -> None:
        """Look for everything anew from now on."""
        self._known.clear()

    def meta(self, css: str) -> LexborNode | None:
        """Return the first of the page's meta elements that matches."""
        head = self._tree.head
        found = select_first(css, head) if head is not None else None
        if found is None and self._elsewhere is not None:
            return _first_on(self._tree, css)
        return found

    def metas(self, css: str) -> list[LexborNode]:
        """Return the page's meta elements that match, in order."""
        head = self._tree.head
        return self.all(css) if head is None or self._elsewhere is not None else select(css, head)

    @cached_property
    def _elsewhere(self) -> LexborNode | None:
        body = self._tree.body
        return select_first("meta", body) if body is not None else self._tree.root


def first(
    tree: LexborHTMLParser | LexborNode, rules: Iterable[Rule], places: Places | None = None
) -> tuple[str, Rule] | None:
    """Return the first non-empty value by preference and the rule that found it."""
    for rule in rules:
        if (node := _first(tree, rule, places)) is None:
            continue
        # Mostly it is this one: a generator would cost more than to read it.
        if value := _value(node, rule):
            return value, rule
        for other in _all(tree, rule, places)[1:]:
            if value := _value(other, rule):
                return value, rule
    return None


def every(
    tree: LexborHTMLParser | LexborNode, rules: Iterable[Rule], places: Places | None = None
) -> list[str]:
    """Return the values of all matches of all rules, in order of the rules."""
    return [
        value
        for rule in rules
        for node in _all(tree, rule, places)
        if (value := _value(node, rule))
    ]


def candidates(
    tree: LexborHTMLParser | LexborNode, rules: Iterable[Rule], places: Places | None = None
) -> Iterator[tuple[str, Rule]]:
    """Yield all non-empty values with their rules, best first; lazy.

    Mostly the first match is all that is wanted: it is looked for alone, since that ends
    the walk over the page early. places: those of the page ``tree``, which spare walks.
    """
    for rule in rules:
        if (node := _first(tree, rule, places)) is None:
            continue
        if value := _value(node, rule):
            yield value, rule
        for other in _all(tree, rule, places)[1:]:
            if value := _value(other, rule):
                yield value, rule


def _first(
    tree: LexborHTMLParser | LexborNode, rule: Rule, places: Places | None
) -> LexborNode | None:
    """Return the first element that the rule names."""
    if rule.within:
        place = _place(tree, rule.within, places)
        return None if place is None else select_first(rule.css, place)
    if places is None:
        return _first_on(tree, rule.css)
    return places.meta(rule.css) if _is_meta(rule.css) else places.first(rule.css)


def _all(
    tree: LexborHTMLParser | LexborNode, rule: Rule, places: Places | None
) -> list[LexborNode]:
    """Return the elements that the rule names, in order."""
    if rule.within:
        place = _place(tree, rule.within, places)
    elif places is None:
        place = _root(tree)
    else:
        return places.metas(rule.css) if _is_meta(rule.css) else places.all(rule.css)
    return [] if place is None else select(rule.css, place)


def _place(
    tree: LexborHTMLParser | LexborNode, css: str, places: Places | None
) -> LexborNode | None:
    """Return the only place to look into."""
    return _first_on(tree, css) if places is None else places.first(css)


def _first_on(tree: LexborHTMLParser | LexborNode, css: str) -> LexborNode | None:
    root = _root(tree)
    return None if root is None else select_first(css, root)


def _root(tree: LexborHTMLParser | LexborNode) -> LexborNode | None:
    return tree if isinstance(tree, LexborNode) else tree.root


@lru_cache(maxsize=512)
def _is_meta(css: str) -> bool:
    return all(each.startswith("meta[") for each in css.split(", "))


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
