"""The body of a post, made from the clean fragment of the archive by edits on its tags.

The fragment was serialised by us: tags are well formed, and ``<``, ``>`` and the quotes of
a value occur nowhere else (B1, B3). So a tag is what a simple expression finds, and no
dialect parses a body again. What would break a site is checked all the same.
"""

import re
from collections.abc import Mapping
from html import unescape

from newscrawl.cleaning.text import escaped, escaped_attribute, plain
from newscrawl.export.posts import Reason, Record, Withheld
from newscrawl.export.urls import encoded

INDENT = "　　"
_INDENT = re.compile(INDENT)
"""In Chinese text an expression finds several characters twice as fast as ``in`` or ``replace``."""
_UNSAFE_CHARACTER = re.compile(r"[{}\ufffc\x00-\x08\x0b-\x1f\x7f]")
_UNSAFE_TAG = re.compile(r"<(?:[!?]|(?i:script|style|iframe)\b)")
_UNSAFE_LINE = re.compile(r"\n[ \t]*\n")
_UNSAFE_START = re.compile(r"[ \t]*\n")
"""Each by itself, since an expression that begins with a known character is faster."""
_PERHAPS_UNSAFE = (
    re.compile(rb"[{}`~\x00-\x08\x0b-\x1f\x7f]"),
    # Without the s and i for which letters outside ASCII stand, too, where case is no matter.
    re.compile(rb"<(?:[!?]|(?i:s?cri?pt|s?tyle|i?frame))"),
    re.compile(rb"\n[ \t]*\n"),
)
_PERHAPS_UNEVEN = re.compile(rb"</?pre|\t| [ \n]|\n\n|``|~~")
"""Looked for in the ASCII characters of a text: see ``_marks``."""
_FENCE = re.compile(r"`{3,}|~{3,}")
_SPACE = re.compile(r"[ \t\n]+")
_TWO_SPACES = re.compile(r" [ \n]")
_TWO_LINE_ENDS = re.compile(r"\n\n")
_BLANK_LINE = re.compile(r"(?<=\n)([ \t]*)\n")
_PRE_TAG = re.compile(r"(</?pre\b[^>]*>)")
_IMAGE = re.compile(r"<img\b([^>]*)>")
_SOURCE = re.compile(r' src="([^"]*)"')
_REFERRER_POLICY = re.compile(r' referrerpolicy(?:="[^"]*")?')
_EMPTY_ALT = re.compile(r' alt(?:="")?(?=\s|$)')


def fragment_of(record: Record) -> str:
    """Return the article's own text as every dialect begins with it; raise ``Withheld``."""
    return checked(_with_pictures(record.body, record.pictures))


def with_credits(record: Record) -> str:
    """Return the article with the lines that the publisher sets around it (X7, H1)."""
    original_title = plain(record.article.original_title or "")
    editor = plain(record.article.editor or "")
    lines = [
        paragraph(f"{INDENT}原标题：{original_title}") if original_title else "",
        with_image_policy(fragment_of(record)),
        paragraph(f"责任编辑：{editor} ", "article-editor") if editor else "",
    ]
    return "\n".join(filter(None, lines))


def first_picture(record: Record) -> str | None:
    """Return the address of the first picture of the body, None where it has none."""
    for image in record.article.images:
        if image.url.startswith(("http://", "https://")):
            return encoded(record.pictures.get(image.url, image.url))
    return None


def _with_pictures(fragment: str, pictures: Mapping[str, str]) -> str:
    """Return the fragment with the pictures that stand beside the posts under our address."""

    def source(attribute: re.Match[str]) -> str:
        local = pictures.get(unescape(attribute[1]))
        return attribute[0] if local is None else f' src="{escaped_attribute(local)}"'

    if not pictures:
        return fragment
    return _IMAGE.sub(lambda tag: _SOURCE.sub(source, tag[0]), fragment)


def checked(fragment: str) -> str:
    """Return the fragment; raise ``Withheld`` if it could end or garble a site's build.

    The archive holds clean fragments only. This is the last gate before a folder in which
    one raw ``{%`` stops all posts from being built (document-format 7.1).
    """
    control, tag, line = _PERHAPS_UNSAFE
    marks = _marks(fragment)
    suspect = (
        control.search(marks)
        or tag.search(marks)
        or line.search(marks)
        or _UNSAFE_START.match(fragment)
        or "\ufffc" in fragment
    )
    if suspect and _is_unsafe(fragment):
        raise Withheld(Reason.UNSAFE_BODY)
    return fragment


def _marks(text: str) -> bytes:
    """Return the ASCII characters of a text, of which all markup is made.

    What stands side by side in the text does so here. So what is not found here is not in
    the text, and Chinese text is ten times as long.
    """
    return text.encode("ascii", "ignore")


def _is_unsafe(fragment: str) -> bool:
    return bool(
        _UNSAFE_CHARACTER.search(fragment)
        or _UNSAFE_TAG.search(fragment)
        or _UNSAFE_LINE.search(fragment)
        or _UNSAFE_START.match(fragment)
        or _has(fragment, "```")
        or _has(fragment, "~~~")
    )


def paragraph(text: str, css_class: str = "") -> str:
    """Return one line of plain text as a paragraph (B3, B4); a class is ours, not theirs."""
    attribute = f' class="{css_class}"' if css_class else ""
    return f"<p{attribute}>{_without_fences(escaped(text))}</p>"


def for_kramdown(fragment: str) -> str:
    """Remove every ``　　`` (J6) and keep B4 and B5, which what is left could break.

    A tab or four spaces between two blocks on one line become one space, or kramdown takes
    the second block for indented code.
    """
    if not _PERHAPS_UNEVEN.search(_marks(fragment)):  # nearly all bodies
        return _INDENT.sub("", fragment).strip()
    if _PRE_TAG.search(fragment) is None:
        return _joined(_without_indents(fragment)).strip()
    parts = _PRE_TAG.split(fragment)
    depth = 0
    for at, part in enumerate(parts):
        if at % 2:
            depth += -1 if part.startswith("</") else 1
        elif depth:
            parts[at] = _preformatted(part, after_start_tag=not parts[at - 1].startswith("</"))
        else:
            parts[at] = _joined(_without_indents(part))
    return "".join(parts).strip()


def with_image_policy(fragment: str) -> str:
    """Let no image tell the publisher who reads it, and write an empty alt bare (B8)."""
    return _IMAGE.sub(_image_with_policy, fragment)


def _image_with_policy(tag: re.Match[str]) -> str:
    attributes = _EMPTY_ALT.sub(" alt", _REFERRER_POLICY.sub("", tag[1]))
    return f'<img{attributes} referrerpolicy="no-referrer">'


def _has(text: str, run: str) -> bool:
    """Whether a run of one character is in a text: hardly any text has even one such mark.

    A search for one character is many times as fast as one for several.
    """
    return run[0] in text and run in text


def _without_fences(text: str) -> str:
    if not _has(text, "``") and not _has(text, "~~"):
        return text
    return _FENCE.sub(lambda run: f"&#{ord(run[0][0])};" * len(run[0]), text)


def _without_indents(text: str) -> str:
    return _without_fences(_INDENT.sub("", text))


def _joined(text: str) -> str:
    if "\t" in text or _TWO_SPACES.search(text) or _TWO_LINE_ENDS.search(text):  # seldom: B5
        return _SPACE.sub(_joint, text)
    return text


def _joint(run: re.Match[str]) -> str:
    """Return what a run of white space outside ``<pre>`` becomes."""
    space, text = run[0], run.string
    if "\n" in space:
        return "\n" if space[-1] == "\n" else "\n "
    between_tags = text[run.start() - 1 : run.start()] in (">", "") and (
        text[run.end() : run.end() + 1] in ("<", "")
    )
    return " " if between_tags else space


def _preformatted(text: str, *, after_start_tag: bool) -> str:
    """Return the text of a ``<pre>``, the LF of its blank lines as references (B5)."""
    shown = _without_indents(text)
    lead = ""
    if after_start_tag and shown.startswith("\n") and not text.startswith("\n"):
        lead = "\n"  # HTML drops the first one
        shown = "&#10;" + shown[1:]
    return lead + _BLANK_LINE.sub(r"\1&#10;", shown)
