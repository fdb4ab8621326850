"""Writes a clean fragment from the events of a walk over a tree.

Whatever the order of events, what comes out is well formed and reads back as the same
tree: blocks hold blocks, inline elements hold text and inline elements only. An inline
element that holds a block is opened again inside it, and one that holds nothing is never
opened at all, because inline elements are written only when their text comes.
"""

from newscrawl.cleaning.blocks import Block, Line, Picture
from newscrawl.cleaning.elements import (
    CELLS,
    HEADINGS,
    KEPT_EMPTY,
    LIST_ITEMS,
    MOST_LEVELS,
    TABLE_LEVELS,
    TABLE_PARENTS,
    TABLE_STRUCTURE,
)
from newscrawl.cleaning.lines import Lines
from newscrawl.cleaning.text import HTML_SPACE, SPECIAL, escaped, permitted

_NOT_NESTED = {"a": {"a"}, "rt": {"rt", "rp"}, "rp": {"rt", "rp"}}
"""Inline elements that a parser does not nest in these."""


class Writer:
    """Collects ``out``, the pieces of the fragment, ``pictures``, and the text in ``lines``."""

    def __init__(self, lines: Lines) -> None:
        self.out: list[str] = []
        self.pictures: list[Picture] = []
        self.lines = lines
        self._blocks: list[Block] = []
        self._wanted: list[tuple[str, str]] = []  # open inline elements: name, start tag
        self._opened = 0  # how many of them are written
        self._content = 0  # counts text and images: what makes a block not empty
        self._run = 0  # content before the current run of inline content in its block
        self._pre = 0
        self._line = Line()
        self._caption: tuple[str, int] = ("", -1)

    def start_block(self, tag: str, start_tag: str) -> Block | None:
        """Open a block; None where it may not stand and only its content goes on.

        The content is then set off by ``separate`` here and, by the caller, at its end.
        """
        if parents := TABLE_PARENTS.get(tag):
            allowed = bool(self._blocks) and self._blocks[-1].tag in parents
        else:
            levels = TABLE_LEVELS if tag == "table" else 1
            allowed = self._room(levels) and not (tag == "pre" and self._pre)
        if allowed:
            return self._open_block(tag, start_tag)
        self.separate()
        return None

    def end_block(self, block: Block) -> None:
        """Close a block and what is open in it; take it back if nothing came.

        A block that another one has closed already is left alone.
        """
        while block.open:
            self._end_innermost()

    def finish(self) -> None:
        """Close everything that is open, as at the end of the body or of a part of it."""
        while self._blocks:
            self._end_innermost()

    def start_inline(self, tag: str, start_tag: str) -> bool:
        """Want an inline element around what follows; False where it may not stand."""
        if not self._room(1):
            return False
        if tag in _NOT_NESTED and any(name in _NOT_NESTED[tag] for name, _ in self._wanted):
            return False
        self._wanted.append((tag, start_tag))
        return True

    def end_inline(self) -> None:
        """End the innermost inline element."""
        tag = self._wanted.pop()[0]
        if self._opened > len(self._wanted):
            self.out.append(f"</{tag}>")
            self._opened -= 1
            if self._opened < self._line.opened:
                self._line.broken = True

    def add_text(self, raw: str) -> None:
        """Add the text of one text node, unescaped."""
        if raw == "\n" and not self._blocks:  # between two blocks: each second text is this
            self.out.append(raw)
            return
        text = html = raw
        if SPECIAL.search(raw):
            text = permitted(raw)
            html = escaped(text)
        if not text:
            return
        if text.isspace():
            self._add_space(text)
            return
        if not self._blocks:
            indent = len(text) - len(text.lstrip(HTML_SPACE))
            if indent:
                self.out.append(text[:indent])
                text, html = text[indent:], html[indent:]
            self._open_block("p", "<p>", implied=True)
        self._open_inline()
        self.out.append(html)
        self.lines.add(text, preformatted=self._pre > 0)
        self._content += 1

    def add_paragraph(self, start_tag: str, text: str) -> bool:
        """Add a ``<p>`` that holds ``text`` and nothing else; False where it is not that simple.

        The same as the start, the text and the end of the block in turn. It spares most of
        their steps for what most of an article is: 3 % of the time of a page.
        """
        if self._wanted or self._pre or len(self._blocks) >= MOST_LEVELS:
            return False
        if not text or text.isspace() or SPECIAL.search(text):
            return False
        before = self._make_way("p")
        if self.lines.add_line(text):  # noise
            del self.out[before:]
            self._start_line()
            self.separate()
            return True
        self.out += (start_tag, text, "</p>")
        self._content += 1
        self._run = self._content
        self._start_line()
        return True

    def add_image(self, url: str, start_tag: str) -> None:
        """Add an image with its whole tag."""
        self._need_block()
        self._open_inline()
        self.out.append(start_tag)
        caption, content = self._caption
        picture = Picture(url, self._content + 1, caption if content == self._content else "")
        self._content += 1
        self.pictures.append(picture)

    def add_break(self) -> None:
        """Add a ``<br>``, unless the line that it ends is left out."""
        self._need_block()
        if not self._end_line():
            self.out.append("<br>")
            self._run = self._content
            self._start_line()

    def separate(self) -> None:
        """Begin a new line where inline content stands before."""
        if self._blocks and self._content > self._run:
            self.add_break()

    def add_rule(self) -> None:
        """Add a ``<hr>``."""
        self._make_way("hr")
        self.out.append("<hr>")
        self._content += 1
        self._run = self._content
        self._start_line()

    def start_caption(self) -> tuple[int, Picture | None]:
        """Begin a caption; return what ``end_caption`` needs."""
        last = self.pictures[-1] if self.pictures else None
        near = last is not None and last.content == self._content and not last.caption
        return len(self.lines), last if near else None

    def end_caption(self, started: tuple[int, Picture | None]) -> None:
        """Give the text since ``start_caption`` to the picture just before, else just after."""
        start, picture = started
        caption = self.lines.since(start)
        if picture is None:
            self._caption = (caption, self._content)
        else:
            picture.caption = caption

    def _room(self, levels: int) -> bool:
        return (len(self._blocks) or 1) + len(self._wanted) + levels <= MOST_LEVELS

    def _need_block(self) -> None:
        if not self._blocks:
            self._open_block("p", "<p>", implied=True)

    def _open_block(self, tag: str, start_tag: str, implied: bool = False) -> Block:
        out = self._make_way(tag)
        block = Block(tag, out, len(self.lines), self._content, self._run, implied)
        self._blocks.append(block)
        self._run = self._content
        self.out.append(start_tag)
        self._pre += tag == "pre"
        self._start_line()
        return block

    def _make_way(self, tag: str) -> int:
        """Close what a parser would close at the start of block ``tag``.

        Returns how much was written before it; top-level blocks that nothing separates
        are put on lines of their own.
        """
        self._end_line()
        if self._opened:
            self._close_inline()
        blocks = self._blocks
        if blocks and blocks[-1].tag == "p":
            self._end_innermost()
        if tag in HEADINGS and blocks and blocks[-1].tag in HEADINGS:
            self._end_innermost()
        if same := LIST_ITEMS.get(tag):
            for block in reversed(blocks):
                if block.tag in same:
                    self.end_block(block)
                if block.tag != "div":
                    break
        out = len(self.out)
        if not blocks and self.out and self.out[-1][0] == "<":
            self.out.append("\n")
        return out

    def _end_innermost(self) -> None:
        self._end_line()
        if self._opened:
            self._close_inline()
        block = self._blocks.pop()
        block.open = False
        self._pre -= block.tag == "pre"
        if block.content == self._content and block.tag not in KEPT_EMPTY:
            self._take_back(block)
            return
        self._run = self._content
        if block.implied:
            space = self._take_space()
            self.out.append("</p>")
            if space:
                self.out.append(space)
        else:
            self.out.append(f"</{block.tag}>")
        if block.tag in CELLS:
            self.lines.end_cell(block.text)
        elif block.tag == "tr":
            self.lines.break_line()
        self._start_line()

    def _take_back(self, block: Block) -> None:
        """Remove a block that stayed empty; what stood around it stays on lines of its own."""
        del self.out[block.out :]
        self.lines.take_back(block.text)
        self._run = block.run
        self._start_line()
        self.separate()

    def _add_space(self, text: str) -> None:
        """Add white space; it opens nothing, and at the top level it stays between blocks."""
        blocks = self._blocks
        if not text.strip(HTML_SPACE):
            self.out.append(text)
        else:
            self._need_block()
            self.out.append(text)
        if blocks and blocks[-1].tag not in TABLE_STRUCTURE:
            self.lines.add(text, preformatted=self._pre > 0)

    def _take_space(self) -> str:
        """Remove and return the white space at the end of what was written."""
        last = self.out[-1]
        if last[0] == "<":
            return ""
        kept = last.rstrip(HTML_SPACE)
        if kept:
            self.out[-1] = kept
        else:
            self.out.pop()
        return last[len(kept) :] if kept else self._take_space() + last

    def _open_inline(self) -> None:
        if self._opened < len(self._wanted):
            self.out.extend(start_tag for _, start_tag in self._wanted[self._opened :])
            self._opened = len(self._wanted)

    def _close_inline(self) -> None:
        while self._opened:
            self._opened -= 1
            self.out.append(f"</{self._wanted[self._opened][0]}>")

    def _start_line(self) -> None:
        lines = self.lines
        lines.start = len(lines.pieces)
        if lines.keep:
            line = self._line
            line.out = len(self.out)
            line.content = self._content
            line.pictures = len(self.pictures)
            line.opened = self._opened
            line.broken = False

    def _end_line(self) -> bool:
        """End the current line of text; return whether it was noise and has been taken back."""
        lines = self.lines
        if len(lines.pieces) == lines.start or not lines.end_line():
            return False
        line = self._line
        if line.broken:  # it cannot be cut out of its element
            self.lines.break_line()
            return False
        self.lines.take_back_line()
        del self.out[line.out :], self.pictures[line.pictures :]
        self._content = line.content
        self._opened = line.opened
        return True
