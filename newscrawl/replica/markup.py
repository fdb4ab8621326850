"""Pieces of pages: blocks with the text that a reader must find, ballast."""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from newscrawl.replica.text import Dice, sentence


def escape(text: str) -> str:
    """Return ``text`` for an element's content or a quoted attribute."""
    return html.escape(text)


def wall(moment: datetime, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return the wall time in the publisher's zone, by default as the APIs write it."""
    return moment.strftime(pattern)


def chinese_date(moment: datetime, gap: str = " ") -> str:
    """Return ``2026年09月28日 23:20`` with ``gap`` before the hour."""
    return f"{moment:%Y}年{moment:%m}月{moment:%d}日{gap}{moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a body: its HTML, and the lines of text that belong to the article."""

    html: str
    text: tuple[str, ...] = ()


def noise(markup: str) -> Block:
    """Return a block that no reader wants."""
    return Block(markup)


def paragraph(text: str, *, indent: str = "　　", close: str = "</p>") -> Block:
    """Return a plain paragraph."""
    return Block(f"<p>{indent}{escape(text)}{close}", (text,))


def join_html(blocks: Iterable[Block], glue: str = "\n") -> str:
    """Return the HTML of a body."""
    return glue.join(block.html for block in blocks)


def join_text(blocks: Iterable[Block]) -> str:
    """Return what a reader must find in that body, one paragraph a line."""
    return "\n".join(line for block in blocks for line in block.text)


@cache
def ballast(label: str, kilobytes: int, encoding: str = "utf-8") -> tuple[bytes, bytes]:
    """Return what stands in the head and after the article on a page as heavy as a real one.

    A third of it is scripts and styles, the rest lists of links, some of them hidden; it
    holds titles and dates that are not the article's.
    """
    dice = Dice("ballast", label)
    head: list[str] = []
    tail: list[str] = []
    size = kilobytes * 1024
    while sum(len(part) for part in head) < size // 3:
        names = ",".join(f'"k{dice.below(9999)}":{dice.below(10**6)}' for _ in range(40))
        head.append(
            f"<script>(function(w){{w.__c{dice.below(999)}={{{names}}};}})(window);</script>"
        )
        rules = "".join(f".m{dice.below(9999)}{{margin:{dice.below(40)}px}}" for _ in range(40))
        head.append(f"<style>{rules}</style>")
    while sum(len(part.encode()) for part in tail) < size * 2 // 3:
        rows = "".join(
            f'<li><a href="/hidden/{dice.below(10**6)}.html">{sentence(dice)[:24]}</a>'
            f"<span>(01月{dice.below(28) + 1:02}日)</span></li>"
            for _ in range(12)
        )
        style = dice.pick(("", ' style="display:none"'))
        tail.append(f'<div class="blk_{dice.below(99)}"{style}><ul>{rows}</ul></div>')
    return "\n".join(head).encode(encoding), "\n".join(tail).encode(encoding)
