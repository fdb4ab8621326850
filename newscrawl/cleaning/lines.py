"""The plain text of a body: collected piece by piece, cut into lines, some of them noise."""

import re
from collections.abc import Collection

from newscrawl.cleaning.text import folded

_LINE, _CELL = "\x1e", "\x1f"
"""Separators in the collected text; C2 keeps them out of any text."""

_LONGEST_CELL = 60
"""Characters up to which a cell of several lines is still one value of its row."""


class Lines:
    """Collects text; a line is what stands between block boundaries or ``<br>``.

    drop_text: fullmatches lines that are noise. skipped: ordinal numbers of lines that are.
    ``found``: every line so far that has text, folded, noise or not; it is kept only if
    ``keep`` says so, which the other two need. ``noisy``: the numbers of those that are
    noise by their words. ``pieces``: the text so far. ``start``: where its current line
    begins among them; the writer sets it, which asks for it at every tag.
    """

    def __init__(
        self, drop_text: re.Pattern[str] | None, skipped: Collection[int], *, keep: bool
    ) -> None:
        self.found: list[str] = []
        self.noisy: set[int] = set()
        self.keep = keep
        self._drop_text = drop_text
        self._skipped = skipped
        self.pieces: list[str] = []
        self.start = 0

    def __len__(self) -> int:
        """Return a position in the text, for ``since`` and ``take_back``."""
        return len(self.pieces)

    def add(self, text: str, *, preformatted: bool = False) -> None:
        """Add a piece of text; its own line ends count only where it is preformatted."""
        self.pieces.append(text.replace("\n", _LINE) if preformatted else text)

    def since(self, position: int) -> str:
        """Return the text after ``position``, folded to one line."""
        return folded("".join(self.pieces[position:]))

    def end_line(self) -> bool:
        """End the line that is begun; return whether it is noise, which the caller takes back."""
        noise = self.keep and self._is_noise(self.since(self.start))
        if not noise:
            self.break_line()
        return noise

    def add_line(self, text: str) -> bool:
        """Add a line that is whole, text and all; return whether it is noise, which is not kept."""
        if self.keep and self._is_noise(folded(text)):
            return True
        self.pieces += (text, _LINE)
        self.start = len(self.pieces)
        return False

    def take_back_line(self) -> None:
        """Remove the text of the current line."""
        del self.pieces[self.start :]

    def take_back(self, position: int) -> None:
        """Remove the text after ``position``."""
        del self.pieces[position:]

    def end_cell(self, position: int) -> None:
        """End the table cell that began at ``position``.

        A short one is one value of its row; a long one, of a layout, keeps its lines.
        """
        value = self.since(position)
        if len(value) <= _LONGEST_CELL:
            self.pieces[position:] = (value, _CELL)
        else:
            self.pieces.append(_LINE)

    def break_line(self) -> None:
        """Separate what follows from what is there."""
        self.pieces.append(_LINE)
        self.start = len(self.pieces)

    def text(self) -> str:
        """Return the lines that have text; cells of a row are parted by tabs."""
        text = "".join(self.pieces)
        if _CELL not in text:
            # As ``folded`` does, which would be called for each line and each gap between them.
            return "\n".join(" ".join(line.split()) for line in text.split(_LINE) if line.strip())
        rows = ("\t".join(map(folded, line.split(_CELL))) for line in text.split(_LINE))
        return "\n".join(filter(None, map(str.rstrip, rows)))

    def _is_noise(self, line: str) -> bool:
        if not line:
            return False
        number = len(self.found)
        self.found.append(line)
        if self._drop_text is not None and self._drop_text.fullmatch(line):
            self.noisy.add(number)
            return True
        return number in self._skipped
