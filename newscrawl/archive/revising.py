"""What a second reading of a stored article is: the same, a correction, or no article.

Pure functions over two readings. A publisher corrects, but an address also gives a wall, half
a page or a poorer copy of the same text at times; none of these may take the place of the
last good copy (H71, H05).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl.extraction.article import LISTING, content_hash
from newscrawl.extraction.challenge import asks_for_proof
from newscrawl.extraction.wholeness import CUT
from newscrawl.items import Article
from newscrawl.outcomes import Outcome

EXTRACTOR = "import/"
"""Begins the extractor of an imported article; its form follows."""
_FLASH = "flash"
_STATED = ("media", "author", "editor", "original_title", "summary")
"""Fields whose correction alone is a revision; keywords and codes are the site's own and
change with its lists, so they only follow a revision."""
_KEPT = (*_STATED, "keywords", "lead_image")
"""Fields that a reading which says nothing of them takes from nobody."""
_FROM_ADDRESS = frozenset({"url", "code"})
"""``date_source`` of a time that is only the day in an address."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reading is, and why.

    outcome: ``unchanged``; ``updated`` for a revision; ``failed`` or ``blocked`` for what is
    no reading of the article. article: what to store as the revision, else what was read.
    better: the same words as read by newer rules: they take the place of the current reading,
    and are no revision.
    """

    outcome: Outcome
    article: Article
    reason: str = ""
    better: bool = False


def judge(stored: Article, read: Article) -> Verdict:
    """Return what a reading of a stored article is.

    stored: its current revision. read: a complete article (title, time and body).
    """
    if end := _no_reading(stored, read):
        return Verdict(*end)
    whole = completed(stored, read)
    if _is_other_copy(stored, whole):
        return Verdict(Outcome.UNCHANGED, whole, "other_copy")
    changed = changes(stored, whole)
    if not changed:
        return Verdict(Outcome.UNCHANGED, whole)
    if _same_words(stored, whole) and stored.extractor_version != whole.extractor_version:
        return Verdict(Outcome.UNCHANGED, whole, "newer_rules", better=True)
    return Verdict(Outcome.UPDATED, whole)


def changes(before: Article, after: Article) -> tuple[str, ...]:
    """Return what differs between two revisions, by the names of the fields.

    ``body`` is the text with its markup and pictures, ``images`` are these alone.
    """
    differs = {
        "title": before.title != after.title,
        "body": before.body_html != after.body_html,
        "images": _pictures(before) != _pictures(after),
        "published_at": before.published_at != after.published_at,
        **{name: getattr(before, name) != getattr(after, name) for name in _STATED},
    }
    return tuple(name for name, differ in differs.items() if differ)


def completed(stored: Article, read: Article) -> Article:
    """Return a reading with what it lacks and the stored one has.

    A page that says nothing of a field has not corrected it: often the listing told it, and
    this fetch came without one, or from another listing, which may tell it otherwise.
    """
    kept = {
        name: getattr(stored, name)
        for name in _KEPT
        if not getattr(read, name) or (name in read.hinted and getattr(stored, name))
    }
    if "title" in read.hinted and stored.title:
        kept["title"] = stored.title
        kept["content_hash"] = content_hash(stored.title, read.body_html or "")
    if not _is_better_time(stored, read):
        kept |= {"published_at": stored.published_at, "date_source": stored.date_source}
    if set(read.stock_codes) < set(stored.stock_codes):
        kept["stock_codes"] = stored.stock_codes
    aliases = sorted({*stored.aliases, *read.aliases} - {read.url})
    hinted = sorted({*stored.hinted} & kept.keys() | {*read.hinted} - kept.keys())
    return replace(read, **kept, aliases=aliases, hinted=hinted)


def update_time(stored: Article, read: Article) -> datetime | None:
    """Return when the publisher changed what a new revision shows.

    Where it tells no time, or the one that it told before the change, that is when the
    revision was met. None where that lies before the publication.
    """
    told, before = read.updated_at, stored.updated_at
    if told is not None and (before is None or told > before):
        return told
    met = read.fetched_at
    if met is None or read.published_at is None or met <= read.published_at:
        return told
    return met


def _no_reading(stored: Article, read: Article) -> tuple[Outcome, Article, str] | None:
    """Return the end of what came in the article's place; it takes two signals each."""
    old, new = _words(stored), _words(read)
    shrunk = len(new) * 2 < len(old)
    asks = asks_for_proof(read.body_text or "") and not asks_for_proof(stored.body_text or "")
    if shrunk and asks:
        return Outcome.BLOCKED, read, "challenge"
    if shrunk and CUT in read.flags:
        return Outcome.FAILED, read, "truncated"
    return None


def _is_other_copy(stored: Article, read: Article) -> bool:
    """Whether another of the site's copies was read, which tells nothing new of the article.

    The digest of a list in place of the text, or the same words from another template.
    """
    if _FLASH in read.flags and _FLASH not in stored.flags:
        return len(_words(read)) < len(_words(stored))
    if (stored.extractor or "").startswith(EXTRACTOR):  # a post is a copy of the page
        return False
    return stored.extractor != read.extractor and _same_words(stored, read)


def _same_words(one: Article, other: Article) -> bool:
    """Whether two readings show the same title, words and pictures, whatever their markup."""
    return (
        one.title == other.title
        and _words(one) == _words(other)
        and _pictures(one) == _pictures(other)
    )


def _words(article: Article) -> str:
    return "".join((article.body_text or "").split())


def _pictures(article: Article) -> Sequence[str]:
    return [each.url for each in article.images]


def _is_better_time(stored: Article, read: Article) -> bool:
    """Whether a time of publication is to take the place of the stored one.

    Not that of a listing or an address where a page told one, and not the same minute told
    less precisely.
    """
    old, new = stored.published_at, read.published_at
    if old is None or new is None or old == new:
        return True
    if (rank := _rank(read)) != _rank(stored):
        return rank > _rank(stored)
    if old.replace(second=0, microsecond=0) == new.replace(second=0, microsecond=0):
        return not new.second == new.microsecond == 0
    return rank == 2


def _rank(article: Article) -> int:
    """Return how far the time of an article can be believed: address, listing, page."""
    if article.date_source in _FROM_ADDRESS:
        return 0
    return 1 if article.date_source == LISTING else 2
