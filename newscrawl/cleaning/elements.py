"""What becomes of each HTML element and attribute of a body, as tables (B2, B6, B7)."""

from enum import IntEnum, auto
from typing import Final

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.selecting import select_first


class Kind(IntEnum):
    """How the walk treats an element."""

    UNWRAP = auto()
    """The element goes, its content stays; what every unknown element is."""
    DROP = auto()
    """The element goes with its content."""
    BLOCK = auto()
    INLINE = auto()
    LINK = auto()
    IMAGE = auto()
    BREAK = auto()
    RULE = auto()
    EMBED = auto()
    """Another document or a player: replaced by a plain link to its address (H98)."""
    NOSCRIPT = auto()
    """Dropped, unless it has taken in what follows it (``swallows``)."""


_DROPPED = (
    "-comment -doctype script style object embed form input button select option optgroup "
    "datalist textarea template svg math title head link meta base frame frameset "
    "xmp plaintext noembed noframes canvas source track param map area col colgroup "
    "progress meter"
)
_BLOCKS = (
    "p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre center figure figcaption details "
    "summary table caption thead tbody tfoot tr td th"
)
_INLINE = (
    "abbr acronym b bdi bdo big cite code data del dfn em i ins kbd mark q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var"
)
_SECTIONS = (
    "section article main header footer aside nav address hgroup search fieldset legend dialog"
)
EMBEDS: Final = {"iframe": "嵌入页面", "video": "视频", "audio": "音频"}
"""Other documents and players, and what the link in their place is called."""

KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(_DROPPED.split(), Kind.DROP),
    **dict.fromkeys(_BLOCKS.split(), Kind.BLOCK),
    **dict.fromkeys(_INLINE.split(), Kind.INLINE),
    **dict.fromkeys(EMBEDS, Kind.EMBED),
    "a": Kind.LINK,
    "img": Kind.IMAGE,
    "br": Kind.BREAK,
    "hr": Kind.RULE,
    "noscript": Kind.NOSCRIPT,
}

_SPECIAL = "address article aside blockquote center dd div dl dt figure h1 h2 h3 h4 h5 h6 li ol p"
_OPEN_IN_NOSCRIPT = ", ".join(f"{_SPECIAL} pre section table ul".split())


def swallows(noscript: LexborNode) -> bool:
    """Whether a ``noscript`` holds what stands behind its end tag.

    Without scripts it is an element as any other, and its end tag is ignored where a block
    in it is still open (HTML §13.2.6.4.7, "any other end tag"): up to the end of its parent
    everything is inside, and a reader sees all of it. One that ended has others behind it,
    or holds no block: the picture or the request for scripts that it is meant for.
    """
    return noscript.next is None and select_first(_OPEN_IN_NOSCRIPT, noscript) is not None


RENAMED: Final[dict[str, str]] = {
    # Parts of the publisher's page, which a theme would style as parts of its own.
    **dict.fromkeys(_SECTIONS.split(), "div"),
    **dict.fromkeys(("menu", "dir"), "ul"),
    "listing": "pre",
}
KINDS.update(dict.fromkeys(RENAMED, Kind.BLOCK))

TABLE_PARENTS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), frozenset({"table"})),
    "tr": frozenset({"thead", "tbody", "tfoot"}),
    **dict.fromkeys(("td", "th"), frozenset({"tr"})),
}
"""A part of a table without its parent would be thrown away by the next parser."""

TABLE_STRUCTURE: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
"""Blocks that hold other parts of the table and no text."""

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS: Final = frozenset({"td", "th"})
KEPT_EMPTY: Final = frozenset({"td", "th", "tr"})
LIST_ITEMS: Final[dict[str, frozenset[str]]] = {
    "li": frozenset({"li"}),
    **dict.fromkeys(("dt", "dd"), frozenset({"dt", "dd"})),
}
"""Elements whose start closes an open one of these, as in the HTML parsing rules."""

_CONTAINERS = "html body div section article main td th center form span font"
CONTAINERS: Final = frozenset(_CONTAINERS.split())
"""A body node of these stands for what it contains; any other for itself."""

MOST_LEVELS: Final = 64
TABLE_LEVELS: Final = 4
"""table, tbody, tr, td: a table starts only where a cell still fits."""

GLOBAL_ATTRIBUTES: Final = frozenset({"class", "title", "lang", "dir"})
_COUNT = r"\d{1,4}"
_TIME = r"[\d:TZ.+ -]{1,40}"
ATTRIBUTES: Final[dict[str, dict[str, str]]] = {
    "img": {"alt": "", "width": _COUNT + "%?", "height": _COUNT + "%?"},
    **{tag: {"colspan": _COUNT, "rowspan": _COUNT, "align": "[a-z]+"} for tag in CELLS},
    "ol": {"start": "-?" + _COUNT, "type": "[1aAiI]"},
    "li": {"value": "-?" + _COUNT},
    **{tag: {"align": "[a-z]+"} for tag in ("p", "div", *sorted(HEADINGS))},
    **{tag: {"datetime": _TIME} for tag in ("time", "del", "ins")},
}
"""Attributes of single elements: name and the pattern of its values, "" for any.

``href`` and ``src`` are not here: their values are addresses and made absolute.
"""
LONGEST_ATTRIBUTE: Final = 4096
