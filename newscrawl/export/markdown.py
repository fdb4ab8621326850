"""Plain text inside a markdown line, written so that kramdown shows it unchanged (M1)."""

import re

_ALWAYS = r"""[\\`*_{}\[\]<>&|~$"'^=]"""
_BESIDE_ITS_LIKE = r"(?<=-)-|-(?=-)|(?<=\.)\.|\.(?=\.)"
_COLON = r"(?<![^\s:]):|:(?=:|//)"
_ANYWHERE = re.compile(f"{_ALWAYS}|{_BESIDE_ITS_LIKE}|{_COLON}")
_AT_LINE_START = re.compile(rf"\A(?:[#+\-:=!%]|(\d+)[.)])|{_ANYWHERE.pattern}")


def inline(text: str) -> str:
    """Return one line of plain text for the middle of a line, such as a link's text."""
    return _ANYWHERE.sub(_reference, text)


def line(text: str) -> str:
    """Return one line of plain text that begins a line or block quote of its own."""
    return _AT_LINE_START.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    mark = found[0][-1]
    return f"{found[0][:-1]}&#{ord(mark)};"
