"""One article from two forms of its post, each of which holds what the other has not."""

from dataclasses import replace

from newscrawl.archive.revising import EXTRACTOR
from newscrawl.extraction.article import content_hash
from newscrawl.identity.posts import is_unknown
from newscrawl.items import Article

_FILLED = ("media", "editor", "original_title", "summary")


def completed(stored: Article, other: Article) -> Article:
    """Return an imported article with what the other form of its post holds besides.

    Jekyll posts name the outlet and the address, Hexo posts the editor and the indents of
    paragraphs (J6, X7). Of bodies with the same text the longer one is taken.
    """
    filled = {name: getattr(stored, name) or getattr(other, name) for name in _FILLED}
    whole = replace(stored, **filled, flags=sorted({*stored.flags, *other.flags}))
    if is_unknown(stored.identity or "") and not is_unknown(other.identity or ""):
        whole = replace(whole, identity=other.identity, url=other.url)
    if _is_fuller(other, stored):
        whole.body_html, whole.body_text = other.body_html, other.body_text
        whole.images = other.images
        whole.content_hash = content_hash(whole.title or "", whole.body_html or "")
    return whole


def is_other_form(stored: Article, extractor: str) -> bool:
    """Whether an article was imported from a post of another form than what was read now."""
    extractors = (stored.extractor or "", extractor)
    return extractors[0] != extractors[1] and all(e.startswith(EXTRACTOR) for e in extractors)


def _is_fuller(one: Article, other: Article) -> bool:
    """Whether a body is the other one with more of its white space and mark-up."""
    texts = ["".join((each.body_text or "").split()) for each in (one, other)]
    return texts[0] == texts[1] and len(one.body_html or "") > len(other.body_html or "")
