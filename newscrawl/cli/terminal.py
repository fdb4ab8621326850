"""What reaches the user's screen, file or pipe: safe text, JSON lines, and closed pipes."""

import os
import shutil
import sys
import textwrap
import unicodedata
from typing import Any, TextIO

import click
import msgspec

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
NO_SCREEN = 160
"""Columns of a table that goes to a file or pipe."""
_HARMLESS = frozenset("\u200c\u200d")  # joiners: parts of words and emoji, they move no cursor


def printable(text: str) -> str:
    """Return ``text`` as one line that cannot steer a terminal or fake a log line (H130).

    Control, bidirectional and line-separating characters and lone surrogates become
    ``\\xNN`` or ``\\uNNNN``; everything a reader can see stays.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if _is_unsafe(char) else char for char in text)


def _is_unsafe(char: str) -> bool:
    return unicodedata.category(char) in _UNSAFE_CATEGORIES and char not in _HARMLESS


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class Terminal:
    """Standard output and error of one command.

    A reader that closes the pipe early (``| head``) ends the output, never the work:
    what is written afterwards is dropped, and ``closed`` tells those who stream (H135).
    """

    def __init__(self) -> None:
        self.closed = False
        for stream in (sys.stdout, sys.stderr):
            _never_fail_to_encode(stream)

    @property
    def width(self) -> int:
        """Columns of the screen; many where there is none."""
        return shutil.get_terminal_size().columns if sys.stdout.isatty() else NO_SCREEN

    def sentence(self, text: str) -> None:
        """Write one line for a person, broken between words where the screen ends."""
        self._write("\n".join(textwrap.wrap(printable(text), self.width)))

    def line(self, text: str = "") -> None:
        """Write one line for a person."""
        self._write(printable(text))

    def block(self, text: str) -> None:
        """Write text that we laid out ourselves, such as a table or paragraphs."""
        self._write("\n".join(printable(line) for line in text.split("\n")))

    def json(self, value: Any, *, indent: bool = False) -> None:
        """Write one JSON value, UTF-8 whatever the locale says (RFC 8259 §8.1)."""
        data = msgspec.json.encode(value)
        self._write(msgspec.json.format(data, indent=2) if indent else data)

    def table(self, table: Any) -> None:
        """Write a rich table; plain, and as wide as it needs, where there is no screen."""
        from rich.console import Console

        console = Console(file=sys.stdout, width=self.width, markup=False, highlight=False)
        with console.capture() as captured:
            console.print(table)
        lines = captured.get().rstrip("\n").split("\n")
        self._write("\n".join(line.rstrip() for line in lines))

    def error(self, text: str) -> None:
        """Write one line to standard error, which may be closed too."""
        try:
            click.echo(printable(text), err=True)
        except OSError:
            _to_nowhere(sys.stderr)

    def _write(self, data: str | bytes) -> None:
        if self.closed:
            return
        try:
            click.echo(data)
        except BrokenPipeError:
            self.closed = True
            _to_nowhere(sys.stdout)


def _never_fail_to_encode(stream: TextIO) -> None:
    """Show what the locale's charset lacks as an escape instead of raising (H135)."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _to_nowhere(stream: TextIO) -> None:
    """Point a broken stream at the null device, so that the flush at exit is silent."""
    try:
        target = stream.fileno()
    except OSError:  # a stream in memory has no descriptor and no reader to lose
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, target)
    os.close(null)
