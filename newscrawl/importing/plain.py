"""Bodies that are clean already: our own exports, of paragraphs and pictures and nothing else.

Most bodies are such, and cleaning one would give it back as it is. What is looked for here is
so narrow that this is certain; any other body is parsed and cleaned (``cleaning.body``).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.body import CleanBody
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.text import any_of, folded
from newscrawl.extraction.byline import MAX_LINE
from newscrawl.items import Image

_LONGEST = 200_000
"""Characters; longer ones have limits of their own (``cleaning.markup``)."""
_TEXT = (
    r"[^\x00-\x1f\x7f-\x9f&<>{}`~\u2028\u2029\ufeff\ufffc\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff]"
)
_WORDS = rf"{_TEXT}*+(?:&(?:amp|lt|gt|#123|#125);{_TEXT}*+)*+"
"""Text with the references that we write (B3), and no fence (B4)."""
_ADDRESS = r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/[A-Za-z0-9_~!$'()*+,;=:@/?#.-]{0,2000}"
_BEGIN, _END, _SOURCE = "<p>", "</p>", '<img src="'
_PICTURE = rf'{_SOURCE}{_ADDRESS}" alt(?:="")?(?: referrerpolicy="no-referrer")?>'
_PARAGRAPH = f"{_BEGIN}(?:{_WORDS}|{_PICTURE}){_END}"
_BODY = re.compile(rf"{_PARAGRAPH}(?:\n{_PARAGRAPH})*+")
"""One match for the whole: one for each line costs twice the time."""
_MEDIA = '<p class="em_media">'
"""Begins the line that the Jekyll form sets below a text (J6)."""
_MEDIA_END = re.compile(rf"(?P<words>{_WORDS})</p>")
_SAMPLE = (
    "<p>a</p>\n<p>b</p>\n"
    '<p><img src="https://img.example.com/a.jpg" alt referrerpolicy="no-referrer"></p>\n'
    '<p><img src="https://img.example.com/b.jpg" alt=""></p>\n<p>c</p>'
    f"{_MEDIA}d</p>"
)
_FOREIGN = re.compile(r"(?!(?:p|img|body|html)\b)[a-z][a-z0-9]*[^\s>+~,:]*")
"""An element that no such body has, whatever stands before it."""
_UNSURE = re.compile(r"[:,+~]|\[\s*(?:src|alt|referrerpolicy)")
"""What may match one body and not another."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a ``Noise`` says of such bodies.

    media_goes: whether the line about the medium is left out by its class. drop_images:
    also those that would get another address.
    """

    media_goes: bool
    drop_text: re.Pattern[str] | None
    drop_edges: re.Pattern[str] | None
    drop_images: re.Pattern[str] | None


def plain_body(fragment: str, noise: Noise) -> tuple[CleanBody, list[str]] | None:
    """Return the clean form of a body and what of it may be credit lines; None for any other one.

    The first is what ``clean_body`` would give; the second are its paragraphs as they stood
    before, folded, of ``MAX_LINE`` characters at most.
    """
    rules = _rules(noise)
    if rules is None or len(fragment) > _LONGEST:
        return None
    fragment, mark, media = fragment.partition(_MEDIA)
    if _BODY.fullmatch(fragment) is None:
        return None
    written = fragment.split("\n")
    paragraphs = [line[len(_BEGIN) : -len(_END)] for line in written]
    images: list[Image] = []
    if _SOURCE in fragment:
        for at, picture in enumerate(paragraphs):
            if not picture.startswith(_SOURCE):
                continue
            address = picture[len(_SOURCE) : picture.index('"', len(_SOURCE))]
            if "/." in address or _matches(rules.drop_images, address):
                return None
            images.append(Image(address))
            written[at], paragraphs[at] = f'<p><img src="{address}" alt=""></p>', ""
    if "&" in fragment:
        paragraphs = list(map(unescape, paragraphs))
    lines = [folded(text) for text in paragraphs]
    shown = [line for line in lines if line]
    if len(shown) + len(images) != len(lines) or not shown or _has_noise(shown, rules):
        return None
    clean = CleanBody("\n".join(written), "\n".join(shown), tuple(images))
    if mark:
        found = _MEDIA_END.fullmatch(media)
        line = folded(unescape(found["words"])) if found else ""
        if not _goes(line, rules):
            return None
        shown.append(line)
    return clean, [line for line in shown if len(line) <= MAX_LINE]


def _matches(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def _has_noise(lines: list[str], rules: _Rules) -> bool:
    """Whether any line is one that is left out."""
    if rules.drop_text is not None and any(map(rules.drop_text.fullmatch, lines)):
        return True
    edges = rules.drop_edges
    return edges is not None and bool(edges.fullmatch(lines[0]) or edges.fullmatch(lines[-1]))


def _goes(media: str, rules: _Rules) -> bool:
    """Whether the line about the medium, the last of the text, is left out."""
    patterns = (rules.drop_text, rules.drop_edges)
    return bool(media) and (
        rules.media_goes or any(each is not None and each.fullmatch(media) for each in patterns)
    )


@lru_cache(maxsize=64)
def _rules(noise: Noise) -> _Rules | None:
    """Return the rules for such bodies; None where one may touch more than the medium."""
    body = LexborHTMLParser(_SAMPLE).body
    if body is None:
        return None
    media_goes = False
    for css in (*noise.drop, *noise.unwrap, *noise.captions):
        foreign = "," not in css and _FOREIGN.fullmatch(re.split(r"[\s>+~]+", css.strip())[-1])
        if foreign:
            continue
        found = body.css(css)
        if _UNSURE.search(css) or any(node.attributes.get("class") is None for node in found):
            return None
        if found and css not in noise.drop:
            return None
        media_goes |= bool(found)
    return _Rules(
        media_goes,
        any_of(noise.drop_text),
        any_of(noise.drop_edges),
        any_of((*noise.drop_images, *(find for find, _ in noise.original_image))),
    )
