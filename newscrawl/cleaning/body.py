"""Publisher HTML to a clean fragment, its text and its images (document-format B1 to B9)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.cleaning.addresses import Base
from newscrawl.cleaning.lines import Lines
from newscrawl.cleaning.marks import Marks, Selectors
from newscrawl.cleaning.markup import PLAIN_TREE, check_markup
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.text import any_of, escaped, folded, laid_out, permitted
from newscrawl.cleaning.walk import ImageRules, Walk
from newscrawl.cleaning.writer import Writer
from newscrawl.items import Image


@dataclass(frozen=True, slots=True)
class CleanBody:
    """What is left of a body.

    html: a fragment by B1 to B7 and B9, LF line ends, no outer white space; may be empty.
    text: the same as plain text, one paragraph or table row a line, cells parted by tabs,
    captions included. images: in the order of the body. left_out: the lines that rules about
    text took away, in order: credits stand among them.
    """

    html: str
    text: str
    images: tuple[Image, ...]
    left_out: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class _Rules:
    """A ``Noise`` made ready for use: selectors joined, patterns compiled."""

    selectors: Selectors
    images: ImageRules
    drop_text: re.Pattern[str] | None
    drop_edges: re.Pattern[str] | None


def clean_body(nodes: Sequence[LexborNode], *, base_url: str, noise: Noise) -> CleanBody:
    """Return the clean form of a body that consists of ``nodes`` of one tree, in order.

    A ``div``, ``section``, ``td`` or the like stands for its content, any other node for
    itself. base_url: of the page; its ``<base href>`` is found here. Links lead to http(s)
    or are unwrapped; an ``iframe``, ``video`` or ``audio`` becomes a plain link to its
    address (H98). The tree stays as it is.
    """
    if not nodes:
        return CleanBody("", "", ())
    rules = _rules(noise)
    marks = Marks(rules.selectors, nodes)
    base = Base(base_url, nodes[0])

    def write(skipped: Collection[int] = ()) -> Writer:
        keep = rules.drop_text is not None or rules.drop_edges is not None
        writer = Writer(Lines(rules.drop_text, skipped, keep=keep))
        Walk(writer, base=base, images=rules.images, marks=marks).write(nodes)
        return writer

    writer = write()
    found, noisy = writer.lines.found, writer.lines.noisy
    edges: Collection[int] = ()
    if rules.drop_edges is not None and (edges := _edges(found, noisy, rules.drop_edges)):
        writer = write(edges)
    return CleanBody(
        laid_out("".join(writer.out)),
        writer.lines.text(),
        tuple(Image(picture.url, picture.caption) for picture in writer.pictures),
        tuple(line for number, line in enumerate(found) if number in noisy or number in edges),
    )


def clean_fragment(html: str, *, base_url: str, noise: Noise) -> CleanBody:
    """Return the clean form of a piece of HTML, such as the body in a JSON record.

    Raises ``Failed("extract")`` for hostile markup (``cleaning.markup``).
    """
    return clean_body(fragment_nodes(html), base_url=base_url, noise=noise)


def fragment_nodes(html: str) -> list[LexborNode]:
    """Return a piece of HTML as the nodes that ``clean_body`` takes.

    Raises ``Failed("extract")`` for hostile markup (``cleaning.markup``).
    """
    check_markup(html)
    # Where a body element is open already, no <frameset> can take its place.
    source = "<!DOCTYPE html><body>" + html
    try:
        tree = LexborHTMLParser(source, options=PLAIN_TREE)
    except UnicodeEncodeError:  # lone surrogates, which C2 deletes anyway
        tree = LexborHTMLParser(permitted(source), options=PLAIN_TREE)
    return [tree.body] if tree.body else []


def clean_plain_text(text: str) -> CleanBody:
    """Return plain text with line ends as a body of one ``<p>`` a line; blank lines go."""
    lines = [line.strip(" \t") for line in permitted(text).split("\n") if line.strip()]
    html = laid_out("\n".join(f"<p>{escaped(line)}</p>" for line in lines))
    return CleanBody(html, "\n".join(map(folded, lines)), ())


@lru_cache(maxsize=64)
def _rules(noise: Noise) -> _Rules:
    return _Rules(
        selectors=Selectors(noise),
        images=ImageRules(
            drop=any_of(noise.drop_images),
            original=tuple((re.compile(find), put) for find, put in noise.original_image),
        ),
        drop_text=any_of(noise.drop_text),
        drop_edges=any_of(noise.drop_edges),
    )


def _edges(
    lines: Sequence[str], noisy: Collection[int], pattern: re.Pattern[str]
) -> Collection[int]:
    """Return the numbers of the first and last lines that the edge rules leave out.

    noisy: the lines that are left out already; they do not count as an edge.
    """
    numbers = [number for number in range(len(lines)) if number not in noisy]
    found: set[int] = set()
    for order in (numbers, reversed(numbers)):
        for number in order:
            if not pattern.fullmatch(lines[number]):
                break
            found.add(number)
    return found
