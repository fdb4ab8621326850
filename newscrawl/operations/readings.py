"""What goes to the processes that read the raw record again, and what comes back. Plain data."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from newscrawl.archive import Work
from newscrawl.archive.rereading import NewReading
from newscrawl.items import Article
from newscrawl.operations.differences import Change
from newscrawl.outcomes import Ended, Outcome


@dataclass(frozen=True, slots=True)
class Scope:
    """What to read again, and how much to say of it.

    since, until: aware, ``since <= published_at < until``. details: whether changes come
    with their old and new values. max_size: bytes of a page, inflated.
    """

    archive: Path
    sources: tuple[str, ...]
    section: str | None
    since: datetime | None
    until: datetime | None
    details: bool
    max_size: int

    def takes(self, article: Article, sections: Sequence[str]) -> bool:
        """Whether an article of these sections is asked for."""
        time = article.published_at
        return (
            article.source in self.sources
            and (self.section is None or self.section in sections)
            and time is not None
            and (self.since is None or time >= self.since)
            and (self.until is None or time < self.until)
        )

    def may_take(self, section: str) -> bool:
        """Whether an article that tells no time is asked for."""
        return self.section in {None, section} and self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Changed:
    """A stored article that is read in another way now.

    source, section: of its page in the raw record. names: of the fields that differ.
    """

    source: str
    section: str
    reading: NewReading
    names: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescued:
    """An article that could not be read before, to be stored for its entry."""

    source: str
    work: Work
    article: Article


@dataclass(slots=True)
class Batch:
    """What became of one span of the raw record.

    unchanged: by (source, section). kept: stored articles that today's rules cannot read, by
    (source, section, reason). unread: what nobody could read and today's rules cannot either,
    by (source, section, reason, outcome). damaged: WARC file -> captures that are not what
    the index says. bug: the first fault of ours.
    """

    captures: int = 0
    changed: list[Changed] = field(default_factory=list)
    rescued: list[Rescued] = field(default_factory=list)
    unchanged: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unread: Counter[tuple[str, str, str, Outcome]] = field(default_factory=Counter)
    damaged: Counter[str] = field(default_factory=Counter)
    bug: str = ""

    def sources(self) -> set[str]:
        """Return the sources of all that is counted here."""
        return {key[0] for counts in (self.unchanged, self.kept, self.unread) for key in counts}


def in_words(end: Ended) -> str:
    """Return an end as the counts name it: ``gone (removed)``."""
    return f"{end.outcome} ({end.reason})"
