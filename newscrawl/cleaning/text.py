"""Characters and white space: which may appear in a post, and how text is written as HTML.

The rules are C2, C6 and B3 to B5 of the document format.
"""

import re
from collections.abc import Sequence
from html import escape

HTML_SPACE = " \t\n\r\f"

_DELETED = (
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffc\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
)
_SPACES = "\x0c\x85\u2028\u2029"
_UNWANTED = re.compile(f"[\r{_SPACES}{_DELETED}]")
_DELETED_RE = re.compile(f"[{_DELETED}]")
_SPACES_RE = re.compile(f"[{_SPACES}]")
SPECIAL = re.compile(f"[&<>{{}}\r{_SPACES}{_DELETED}]")
"""Finds what ``permitted`` or ``escaped`` would change: one search instead of two."""
_ATTRIBUTE_SPECIAL = re.compile(f'["&<>{{}}\t\n\r{_SPACES}{_DELETED}]|  ')
_SPACE_RUN = re.compile(r"[ \t\n]+")
_MARKUP = re.compile("[&<>{}]")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
_FENCE = re.compile("`{3,}|~{3,}")
_PRE = re.compile(r"<pre(?: [^>]*)?>.*?</pre>", re.DOTALL)
_BLANK_LINE = re.compile(r"^([ \t]*)\n", re.MULTILINE)


def permitted(text: str) -> str:
    """Return ``text`` without the characters that no post may hold (C2).

    CR LF and CR become LF; form feed, U+0085, U+2028 and U+2029 a space; controls,
    non-characters, lone surrogates, U+FEFF and U+FFFC go.
    """
    if not _UNWANTED.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _DELETED_RE.sub("", _SPACES_RE.sub(" ", text))


def any_of(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """Return one pattern that matches what any of ``patterns`` does; None for none of them.

    One search for all of them costs a fraction of one search for each. They may hold
    neither numbered references nor flags that are meant for the whole.
    """
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def folded(text: str) -> str:
    """Return ``text`` with every run of Unicode white space as one space, trimmed."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return ``text`` as one line: permitted characters, white space folded (C2, C6).

    For titles, names and other values that are text and not HTML; references such as
    ``&amp;`` in it are characters and stay as they are.
    """
    return " ".join((permitted(text) if _UNWANTED.search(text) else text).split())


def escaped(text: str) -> str:
    """Return permitted text as HTML: ``& < > { }`` become references (B3)."""
    if not _MARKUP.search(text):
        return text
    return escape(text, quote=False).translate(_BRACES)


def escaped_attribute(value: str) -> str:
    """Return ``value`` for a double-quoted attribute: B3, white space folded to one space."""
    if not _ATTRIBUTE_SPECIAL.search(value):
        return value
    value = _SPACE_RUN.sub(" ", permitted(value))
    return escaped(value).replace('"', "&quot;")


def laid_out(html: str) -> str:
    """Return a fragment without blank lines, outer white space and code fences (B4, B5).

    html: well formed, every ``<`` of it part of a tag, with permitted characters only.
    Inside ``<pre>`` the text stays what it is: line ends become references where needed.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(_preformatted(match[0]))
        return "\0"

    if "<pre" in html:
        html = _PRE.sub(keep, html)
    if "\n" in html:
        html = _without_blank_lines(html)
    html = html.strip(" \t\n")
    if kept:
        parts = html.split("\0")
        html = "".join(part + block for part, block in zip(parts, [*kept, ""], strict=True))
    if "```" in html or "~~~" in html:
        html = _FENCE.sub(lambda match: f"&#{ord(match[0][0])};" * len(match[0]), html)
    return html


def _without_blank_lines(html: str) -> str:
    """Write runs of white space with a line end as LF, and a space where they end in one."""
    first, *others = html.split("\n")
    last = others.pop()
    lines = [first.rstrip(" \t")]
    for line in others:
        if line[:1] == "<" and line[-1] == ">":  # as nearly all of them
            lines.append(line)
        elif line.strip(" \t"):
            lines.append(_indented(line).rstrip(" \t"))
    lines.append(_indented(last))
    return "\n".join(lines)


def _indented(line: str) -> str:
    """Return the line with its leading white space as one space."""
    return " " + line.lstrip(" \t") if line[:1] in (" ", "\t") else line


def _preformatted(block: str) -> str:
    start, content = block.split(">", 1)
    if content.startswith("\n"):
        content = "\n&#10;" + content[1:]  # parsers drop the first one
    return _BLANK_LINE.sub(r"\1&#10;", f"{start}>{content}")
