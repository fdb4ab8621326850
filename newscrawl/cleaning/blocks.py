"""What a writer of clean HTML remembers: to take back what was written for nothing."""

from dataclasses import dataclass


@dataclass(slots=True)
class Block:
    """An open block, with what was written before it: to take it back if it stays empty."""

    tag: str
    out: int
    text: int
    content: int
    run: int
    implied: bool
    open: bool = True


@dataclass(slots=True)
class Picture:
    """An image of the body; content: how much content there was just after it."""

    url: str
    content: int
    caption: str = ""


@dataclass(slots=True)
class Line:
    """What was written before the current line: to take it back if it is noise."""

    out: int = 0
    content: int = 0
    pictures: int = 0
    opened: int = 0
    broken: bool = False
    """An element that was open at the beginning of the line ended in it."""
