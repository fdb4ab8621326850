"""Bytes of a page to text, whatever the publisher says about them.

The ladder: byte order mark, valid UTF-8, the HTTP charset, the one of the page, UTF-8
with a few bad bytes, gb18030, Big5, and last the detector of BeautifulSoup. A step is
taken only if the bytes bear it out: declarations lie, valid UTF-8 practically never
does. ``gb2312`` and ``gbk`` always mean gb18030, which holds both.
"""

import codecs
import logging
import re
from dataclasses import dataclass, field

logging.getLogger("bs4.dammit").setLevel(logging.ERROR)  # we say it ourselves: suspect_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of utf-16-le
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = tuple(mark for mark, _ in _BOMS)
_GB = (
    "gb2312 gb-2312 gb_2312-80 gbk x-gbk cp936 ms936 windows-936 gb18030 gb-18030 chinese "
    "csgb2312 euc-cn iso-ir-58"
)
_LABELS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(_GB.split(), "gb18030"),
    **dict.fromkeys(("big5", "big-5", "big5-hkscs", "cn-big5", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("utf-16", "utf-16le", "unicode"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    "euc-jp": "euc_jp",
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
}
"""Labels that tell something. Latin ones do not: they are what servers say by default."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_DECLARATION = re.compile(
    rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)"
    rb"|^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.I,
)
_GARBLED = re.compile(
    "[äåæçèé](?:[\x80-\xbf][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
    "|[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])"
)
_EAST_ASIAN = re.compile("[\u2e80-\uffef]")
_MOST_BAD_BYTES = 1 / 100
"""Share of undecodable sequences among the non-ASCII characters that is still an accident."""
_SAMPLE = 4000
_LONGEST_CHARACTER = 4
"""Bytes of a character in any of the encodings: an error further from the end is no cut."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out.

    text: without byte order mark. encoding: a Python codec name. whole: the body is this text
    in UTF-8, but for a character that may be cut off at its end.
    """

    text: str
    encoding: str
    whole: bool = field(default=False, compare=False)


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Return the text of a page or record and the encoding that was believed.

    ``content_type`` is the header as sent and may be empty or wrong. Never raises: bytes
    that no encoding explains become U+FFFD. A character cut off at the end of the body is
    left out (H50).
    """
    if body.startswith(_MARKS):
        mark, encoding = next(each for each in _BOMS if body.startswith(each[0]))
        return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding)
    header = _known(_CHARSET.search(content_type))
    if header.startswith("utf-16") and b"\0" in body[:64]:
        return Decoded(body.decode(header, "replace"), header)
    text = _strict(body, "utf-8")
    if text is not None and (header in {"", "utf-8"} or _is_utf8_indeed(text)):
        return Decoded(text, "utf-8", whole=True)
    declared = [name for name in (header, _known(_DECLARATION.search(body))) if name]
    for encoding in declared:
        if (found := _strict(body, encoding)) is not None:
            return Decoded(found, encoding)
    for encoding in ("utf-8", *declared):
        if (found := _lenient(body, encoding)) is not None:
            return Decoded(found, encoding)
    return Decoded(*_undeclared(body))


def is_suspect(text: str) -> bool:
    """Whether ``text`` was garbled before it reached us (H51), or could not be decoded.

    The signs: U+FFFD, its Chinese shadow 锟斤拷, and UTF-8 read as Windows-1252 (ä¸Šæµ·).
    """
    if "\ufffd" in text or "锟斤拷" in text:
        return True
    # Six searches for one character cost a fifth of one search for their class.
    for lead in "äåæçèé":
        if lead in text:
            return bool(_GARBLED.search(text))
    return False


def _undeclared(body: bytes) -> tuple[str, str]:
    chinese = _lenient(body, "gb18030")
    if chinese is not None and _is_simplified(chinese):
        return chinese, "gb18030"
    if (traditional := _lenient(body, "big5hkscs")) is not None:
        return traditional, "big5hkscs"
    if chinese is not None:
        return chinese, "gb18030"
    # Only here, where hardly any page comes: it takes longer than all of this module's readers.
    from bs4.dammit import UnicodeDammit

    detected = UnicodeDammit(body, is_html=True)
    if detected.unicode_markup and detected.original_encoding:
        return detected.unicode_markup, detected.original_encoding
    return body.decode("utf-8", "replace"), "utf-8"


def _known(match: re.Match[str] | re.Match[bytes] | None) -> str:
    """Return the codec for a matched charset label, "" where it tells nothing (H49)."""
    if match is None:
        return ""
    label = next(group for group in match.groups() if group)
    name = label.decode("ascii", "replace") if isinstance(label, bytes) else label
    return _LABELS.get(name.lower(), "")


def _strict(body: bytes, encoding: str) -> str | None:
    """Return the text if every byte is valid; a character cut at the end is left out."""
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        if len(body) - error.start > _LONGEST_CHARACTER:
            return None
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(body)
    except UnicodeDecodeError:
        return None


def _lenient(body: bytes, encoding: str) -> str | None:
    """Return the text if almost every byte is valid, the others as U+FFFD."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(body)
    bad = text.count("\ufffd")
    if bad <= 1:
        return text
    others = sum(character > "\x7f" for character in text)
    return text if bad <= 1 + others * _MOST_BAD_BYTES else None


def _is_utf8_indeed(text: str) -> bool:
    """Whether valid UTF-8 is meant as such, where the header says something else.

    A few words of GBK can be valid UTF-8 by chance (联通 is the known one), but then all of
    it comes out as letters below U+0800; ASCII alone is the same text in both.
    """
    return text.isascii() or bool(_EAST_ASIAN.search(text))


def _is_simplified(text: str) -> bool:
    """Whether text decoded as gb18030 is made of the common characters of GB2312.

    Big5 bytes are valid gb18030 too, but come out as rare characters.
    """
    east_asian = _EAST_ASIAN.findall(text)[:_SAMPLE]
    common = len("".join(east_asian).encode("gb2312", "ignore")) // 2
    return common >= 0.8 * len(east_asian)
