"""The walk over the nodes of a body: what the writer is told about each of them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.addresses import Base, absolute
from newscrawl.cleaning.blocks import Picture
from newscrawl.cleaning.elements import (
    ATTRIBUTES,
    CONTAINERS,
    EMBEDS,
    GLOBAL_ATTRIBUTES,
    KINDS,
    LONGEST_ATTRIBUTE,
    RENAMED,
    TABLE_PARENTS,
    Kind,
    swallows,
)
from newscrawl.cleaning.images import image_address
from newscrawl.cleaning.marks import Attributes, Mark, Marks
from newscrawl.cleaning.selecting import select_first
from newscrawl.cleaning.text import escaped_attribute
from newscrawl.cleaning.writer import Writer

End = Callable[[], None]

_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


# To look up a member of an enum takes ten times as long as a name, and it is done for every
# element several times.
_UNWRAP, _DROP, _NOSCRIPT = Kind.UNWRAP, Kind.DROP, Kind.NOSCRIPT
_BLOCK, _INLINE, _LINK = Kind.BLOCK, Kind.INLINE, Kind.LINK
_MARKED_DROP, _MARKED_UNWRAP, _MARKED_CAPTION = Mark.DROP, Mark.UNWRAP, Mark.CAPTION


@dataclass(frozen=True, slots=True)
class ImageRules:
    """Which images go, and how the others get their original address."""

    drop: re.Pattern[str] | None = None
    original: tuple[tuple[re.Pattern[str], str], ...] = ()


class Walk:
    """Tells a writer what stands in a body, in document order and without recursion.

    base: of its addresses. marks: what noise rules say of the nodes.
    """

    def __init__(self, writer: Writer, *, base: Base, images: ImageRules, marks: Marks) -> None:
        self._writer = writer
        self._base = base
        self._images = images
        self._marks, self._meet = marks.found, marks.meet
        self._tags, self._names = marks.tags, marks.names

    def write(self, nodes: Iterable[LexborNode]) -> None:
        """Write the nodes; each is a part of the body of its own.

        A ``div`` or another container stands for its content, any other node for itself.
        """
        for node in nodes:
            if node.tag in CONTAINERS:
                self._descend(node.first_child, [])
            else:
                child, end = self._enter(node)
                self._descend(child, [(None, end)])
            self._writer.finish()

    def _descend(
        self, node: LexborNode | None, above: list[tuple[LexborNode | None, End | None]]
    ) -> None:
        """Write ``node`` and what follows it, then what is left ``above``, innermost last."""
        add_text = self._writer.add_text
        while True:
            while node is not None:
                if node.tag == "-text":  # every second node: not worth a call
                    add_text(node.text_content or "")
                    node = node.next
                    continue
                child, end = self._enter(node)
                if child is not None:
                    above.append((node.next, end))
                    node = child
                    continue
                if end is not None:
                    end()
                node = node.next
            if not above:
                return
            node, end = above.pop()
            if end is not None:
                end()

    def _enter(self, node: LexborNode) -> tuple[LexborNode | None, End | None]:
        """Write the start of ``node``; return its first child to go on with, and its end."""
        tag = node.tag or "-comment"
        kind = KINDS.get(tag, _UNWRAP)
        if kind is _DROP or (kind is _NOSCRIPT and not swallows(node)):
            return None, None
        attributes = node.attributes
        styled = attributes and ("style" in attributes or "hidden" in attributes)
        if tag in self._tags or (attributes and not self._names.isdisjoint(attributes)):
            self._meet(tag, attributes)
        mark = self._marks.get(node.mem_id) if self._marks else None
        if mark is _MARKED_DROP or (styled and _is_hidden(attributes)):
            return None, None
        child = node.first_child
        if (
            tag == "p"
            and mark is None
            and child is not None
            and child.tag == "-text"
            and child.next is None
            and self._writer.add_paragraph(
                start_tag(tag, attributes) if attributes else "<p>", child.text_content or ""
            )
        ):
            return None, None  # it held one text and nothing else
        if write_leaf := _LEAVES.get(kind):
            write_leaf(self, node, attributes)
            return None, None
        if mark is _MARKED_UNWRAP and tag not in TABLE_PARENTS:
            kind = _UNWRAP
        end = self._start(tag, kind, attributes)
        if mark is _MARKED_CAPTION or tag == "figcaption":
            end = partial(self._end_caption, self._writer.start_caption(), end)
        return child, end

    def _start(self, tag: str, kind: Kind, attributes: Attributes) -> End | None:
        """Start an element that has content; return what ends it, None for an unwrapped one."""
        writer = self._writer
        if kind is _BLOCK:
            tag = RENAMED.get(tag, tag)
            block = writer.start_block(tag, start_tag(tag, attributes))
            return partial(writer.end_block, block) if block else writer.separate
        started = False
        if kind is _LINK:
            if address := absolute(attributes.get("href") or "", self._base):
                started = writer.start_inline(tag, start_tag(tag, attributes, href=address))
        elif kind is _INLINE:
            start = start_tag(tag, attributes)
            started = start != "<span>" and writer.start_inline(tag, start)
        return writer.end_inline if started else None

    def _end_caption(self, started: tuple[int, Picture | None], end: End | None) -> None:
        self._writer.end_caption(started)
        if end is not None:
            end()

    def _add_image(self, _: LexborNode, attributes: Attributes) -> None:
        address = image_address(attributes, self._base)
        drop = self._images.drop
        if not address or (drop is not None and drop.search(address)):
            return
        for pattern, replacement in self._images.original:
            address = pattern.sub(replacement, address)
        self._writer.add_image(address, start_tag("img", attributes, src=address))

    def _add_embed(self, node: LexborNode, attributes: Attributes) -> None:
        """Write a frame or player as a plain link to what it shows (H98)."""
        source = attributes.get("src") or attributes.get("data-src") or ""
        if not source and (child := select_first("source[src]", node)) is not None:
            source = child.attributes["src"] or ""
        if not (address := absolute(source, self._base)):
            return
        if self._writer.start_inline("a", start_tag("a", {}, href=address)):
            self._writer.add_text(EMBEDS[node.tag or ""])
            self._writer.end_inline()


_LEAVES: dict[Kind, Callable[[Walk, LexborNode, Attributes], None]] = {
    Kind.IMAGE: Walk._add_image,
    Kind.EMBED: Walk._add_embed,
    Kind.BREAK: lambda walk, _node, _attributes: walk._writer.add_break(),
    Kind.RULE: lambda walk, _node, _attributes: walk._writer.add_rule(),
}


def start_tag(tag: str, attributes: Attributes, **addresses: str) -> str:
    """Return the start tag with the attributes that an article may carry.

    addresses: absolute ``href`` or ``src``; they come first.
    """
    if not attributes and not addresses:
        return f"<{tag}>"
    parts = [f'{name}="{escaped_attribute(address)}"' for name, address in addresses.items()]
    own = ATTRIBUTES.get(tag, {})
    for name, value in attributes.items():
        if name in GLOBAL_ATTRIBUTES:
            wanted = bool(value and value.strip())
        elif (pattern := own.get(name)) is not None:
            wanted = not pattern or bool(re.fullmatch(pattern, value or ""))
        else:
            continue
        if wanted and len(value or "") <= LONGEST_ATTRIBUTE:
            parts.append(f'{name}="{escaped_attribute(value or "")}"')
    return f"<{tag} {' '.join(parts)}>" if parts else f"<{tag}>"


def _is_hidden(attributes: Attributes) -> bool:
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDDEN.search(style))
