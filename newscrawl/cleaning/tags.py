"""What a tree builder will meet on a page, counted without building a tree.

The tags are found as the HTML Standard says (§13.2.5, tokenization), in one pass: comments,
raw text and quoted values are no markup whatever they hold. Where only the tree could tell
what an end tag ends, the element counts as open: the figures are never too small by much,
and too large only for markup that no publisher writes thousands of times.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

_S = r"\t\n\f\r "
_ATTRIBUTE = (
    rf"[{_S}/]*+(?:=[^{_S}/>=]*+|[^{_S}/>=]++)"
    rf"(?:[{_S}]*+=[{_S}]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_S}>\"'][^{_S}>]*+|(?=>|\Z)))?+"
)
_TOKEN = re.compile(
    rf"<(/?)([a-zA-Z][^{_S}/>]*+)((?:{_ATTRIBUTE})*+)[{_S}/]*+(?:>|\Z)"
    r"|<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<([!?/])[^>]*+(?:>|\Z)",
    re.DOTALL,
)
_RAW_TAGS = "script style textarea title xmp iframe noembed noframes"
_RAW_ENDS = {
    name: re.compile(rf"</{name}(?=[{_S}/>])", re.IGNORECASE) for name in _RAW_TAGS.split()
}
"""Elements whose content is text up to their own end tag."""
_TAILS = "ig ode m ont obr mall trike trong t"
_EITHER_CASE = "|".join(
    "".join(f"[{letter}{letter.upper()}]" for letter in tail) for tail in _TAILS.split()
)
_BEGUN_FORMATTING = re.compile(rf"<[bBcCeEfFiInNsStTuU](?:{_EITHER_CASE})?[{_S}/]")
"""b, big, code, em and so on, with attributes. IGNORECASE would take twice as long."""
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE)
_FEW = 2_000
"""Characters of attributes that are too few to count."""

_VOID = (
    "area base basefont bgsound br col embed frame hr img image input keygen link meta param "
    "source track wbr"
)
_CLOSED_BY_OTHERS = "p li dt dd tr td th thead tbody tfoot colgroup caption option optgroup"
_UNCOUNTED = frozenset(f"{_VOID} {_CLOSED_BY_OTHERS}".split())
_FORMATTING_TAGS = "b big code em font i nobr s small strike strong tt u"
_FORMATTING = frozenset(_FORMATTING_TAGS.split())
_INLINE_TAGS = (
    "a abbr acronym bdi bdo cite data del dfn ins kbd label map mark q ruby samp span sub sup "
    "time var"
)
_INLINE = frozenset(_INLINE_TAGS.split()) | _FORMATTING
_BOUNDARY_TAGS = "table applet marquee object template select svg math foreignobject desc"
_BOUNDARIES = frozenset(_BOUNDARY_TAGS.split())
"""An end tag inside these ends nothing outside them, except their own."""
_FOREIGN = frozenset({"svg", "math"})
_MOST_ALIKE = 3
_LOOK_BACK = 64
"""Open elements among which the one is looked for that an end tag ends."""


@dataclass(slots=True)
class Tally:
    """tags: start and end tags. deepest: elements open at once, those aside that end each
    other. attribute_pairs: of all long tags. options: ``<option>`` elements. reopened: how
    often formatting elements that nobody closed are opened again, in every block anew."""

    tags: int = 0
    deepest: int = 0
    attribute_pairs: int = 0
    options: int = 0
    reopened: int = 0


def tally(html: str) -> Tally:
    """Return what there is in ``html``, in time linear in its length."""
    found = Tally()
    opened: list[str] = []
    formatting = _Formatting()
    trusted = True
    position = 0
    while token := _TOKEN.search(html, position):
        position = token.end()
        slash, name, rest, odd = token.groups()
        if name is None:
            # Where svg is open, "<![CDATA[" begins a text that need not end at the next ">".
            trusted = trusted and not (odd == "!" and _is_foreign(opened))
            continue
        found.tags += 1
        found.reopened += formatting.kept
        if len(rest) > _FEW:
            found.attribute_pairs += len(_ONE_ATTRIBUTE.findall(rest)) ** 2
        name = name.lower()
        if name in _UNCOUNTED:
            found.options += name == "option" and not slash
            continue
        if not slash and (raw_end := _RAW_ENDS.get(name)):
            end = raw_end.search(html, position)
            start, position = position, end.start() if end else len(html)
            trusted = trusted and not _is_doubtful(html[start:position], opened)
            continue
        if not slash:
            if name in _FORMATTING:
                formatting.start(name, rest)
            opened.append(name)
            found.deepest = max(found.deepest, len(opened))
        elif trusted:
            formatting.end(name)
            _close(opened, name)
    return found


class _Formatting:
    """The formatting elements without an end tag; ``kept``: how many the tree builder keeps."""

    def __init__(self) -> None:
        self.kept = 0
        self._begun: defaultdict[str, list[str]] = defaultdict(list)
        self._alike: Counter[tuple[str, str]] = Counter()

    def start(self, name: str, attributes: str) -> None:
        """Begin one; of those that are alike three are kept (HTML §13.2.4.3)."""
        self._begun[name].append(attributes)
        self._alike[name, attributes] += 1
        self.kept += self._alike[name, attributes] <= _MOST_ALIKE

    def end(self, name: str) -> None:
        """End the last one of this name, if there is one."""
        if begun := self._begun.get(name):
            attributes = begun.pop()
            self.kept -= self._alike[name, attributes] <= _MOST_ALIKE
            self._alike[name, attributes] -= 1


def formatting_tags(html: str) -> int:
    """Return how many formatting elements there are at most that have attributes.

    Of the others three of each name are opened again at most.
    """
    return len(_BEGUN_FORMATTING.findall(html))


def _is_foreign(opened: list[str]) -> bool:
    return not _FOREIGN.isdisjoint(opened[-_LOOK_BACK:])


def _is_doubtful(text: str, opened: list[str]) -> bool:
    """Whether raw text may go on behind what looks like its end, or be markup."""
    comment = text.rfind("<!--")
    goes_on = comment >= 0 and text.find("-->", comment) < 0
    return goes_on or ("<" in text and _is_foreign(opened))


def _close(opened: list[str], name: str) -> None:
    """Take from ``opened`` what the end tag ends, nothing where that cannot be told."""
    inline = name in _INLINE
    for number in range(len(opened) - 1, max(len(opened) - 1 - _LOOK_BACK, -1), -1):
        one = opened[number]
        if one == name:
            if name in _FORMATTING:  # what stands in it stays open
                del opened[number]
            else:
                del opened[number:]
            return
        if one in _BOUNDARIES and name not in _BOUNDARIES:
            return
        if inline and name not in _FORMATTING and one not in _INLINE:
            return
