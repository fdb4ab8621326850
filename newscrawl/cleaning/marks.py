"""Which elements of a body the noise rules name: asked of each element where it is met.

A source has dozens of selectors, and few of them name anything in one body: to read them all
and to hold every element against each took a sixth of the cleaning. So an element is first
looked at for the words that a selector needs; only a selector that may match is asked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum, auto
from functools import lru_cache, partial

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.selecting import select

Attributes = Mapping[str, str | None]


class Mark(IntEnum):
    """What a noise rule says about one element; where rules overlap, the first of these."""

    DROP = auto()
    UNWRAP = auto()
    CAPTION = auto()


_WORD = r"[\w-]+"
_ATTRIBUTE = rf'\[(?P<name>{_WORD})(?:[*^$~|]?=(?:"(?P<quoted>[^"\]]*)"|(?P<bare>{_WORD})))?\]'
_LAST = re.compile(
    rf"(?:^|[ >+~])(?P<tag>{_WORD})?(?:\.(?P<class>{_WORD})|#(?P<id>{_WORD})|{_ATTRIBUTE})?"
    rf'(?:[.#]{_WORD}|\[[^"\]]*(?:"[^"\]]*")?\])*$',
    re.ASCII,
)
"""The end of a selector, which is what it says of the element itself."""
_BEYOND = re.compile(r"[:,\\|()]|\si\]")
"""A selector with any of these is not taken apart, but always asked."""
_LONGEST_KEPT = 200
"""Characters up to which it is remembered what may name an element of such a class."""


class Selectors:
    """The selectors of a source, each with what an element needs to be named by it.

    Needs are told with room: a class by its letters anywhere in the attribute, in any case.
    What really matches is for the engine to say, so that the rules of CSS are nowhere twice.
    """

    def __init__(self, noise: Noise) -> None:
        rules = ((Mark.DROP, noise.drop), (Mark.UNWRAP, noise.unwrap))
        self.all: list[tuple[str, Mark]] = [
            (css, mark) for mark, each in (*rules, (Mark.CAPTION, noise.captions)) for css in each
        ]
        self.always: list[int] = []
        self.by_tag: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
        self.by_attribute: dict[str, list[tuple[str, int]]] = {}
        for number, (css, _) in enumerate(self.all):
            self._take_apart(number, css)
        self.names = frozenset(self.by_attribute)
        self.of_class = lru_cache(maxsize=1024)(partial(self._of, "class"))

    def _take_apart(self, number: int, css: str) -> None:
        last = None if _BEYOND.search(css) else _LAST.search(css)
        if last is None or not any(last.groups()):
            self.always.append(number)
            return
        name = last["name"] or ("class" if last["class"] else "id" if last["id"] else "")
        if not name:
            self.by_tag[last["tag"].lower()] += (number,)
            return
        word = last["class"] or last["id"] or last["quoted"] or last["bare"] or ""
        # In SVG, an attribute may be met with its prefix.
        for spelling in (name.lower(), f"xlink:{name.lower()}"):
            self.by_attribute.setdefault(spelling, []).append((word.lower(), number))

    def of(self, name: str, value: str | None) -> Sequence[int]:
        """Return the numbers of the selectors that an attribute may satisfy."""
        if name == "class" and value and len(value) <= _LONGEST_KEPT:
            return self.of_class(value)
        return self._of(name, value)

    def _of(self, name: str, value: str | None) -> Sequence[int]:
        said = (value or "").lower()
        return [number for word, number in self.by_attribute.get(name, ()) if word in said]


class Marks:
    """The marks of the elements in the parts of one body, whose tree stays as it is.

    found: by ``mem_id``; it is right of an element whose tag or attributes were met. Those
    that are neither among ``tags`` nor among ``names`` need not be.
    """

    def __init__(self, selectors: Selectors, nodes: Sequence[LexborNode]) -> None:
        self.found: dict[int, Mark] = {}
        self.tags, self.names = selectors.by_tag, selectors.names
        self._selectors = selectors
        self._nodes = nodes
        self._asked: set[int] = set()
        self._ask(selectors.always)

    def meet(self, tag: str, attributes: Attributes) -> None:
        """Ask the selectors that may name an element of this tag and these attributes."""
        if tag in self.tags:
            self._ask(self.tags[tag])
        for name in self.names.intersection(attributes):
            self._ask(self._selectors.of(name, attributes[name]))

    def _ask(self, numbers: Iterable[int]) -> None:
        """Find what these selectors name, each of them once."""
        for number in numbers:
            if number not in self._asked:
                self._asked.add(number)
                css, mark = self._selectors.all[number]
                for node in self._nodes:
                    for each in select(css, node):
                        known = self.found.setdefault(each.mem_id, mark)
                        if mark < known:
                            self.found[each.mem_id] = mark
