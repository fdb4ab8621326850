"""What goes into the archive and comes out of it. Plain data."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from newscrawl.identity.identities import Identity
from newscrawl.items import Article
from newscrawl.listings import Entry


class ArchiveError(Exception):
    """The archive cannot be used: broken, foreign, newer, not writable, disk full.

    The message names the file and says what a person can do.
    """


STORAGE_ERRORS = (ArchiveError, sqlite3.Error, OSError)
"""What is raised where something cannot be kept, in the archive or beside it (H118)."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of a listing and the article it stands for.

    aliases: further identities that the listing gives for the same article.
    """

    entry: Entry
    identity: Identity
    aliases: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """An article to fetch: hand ``section`` and ``url_hash`` back to ``store`` or ``end``.

    attempts: runs that have tried it and failed. stored: an article is stored under this
    hash, so that less than its page says nothing new.
    """

    section: str
    url_hash: str
    entry: Entry
    attempts: int = 0
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one listing page brought.

    fetch: the articles to fetch now. fresh: identities that nobody knew before.
    added: entries that are new to this section, known elsewhere or not.
    """

    fetch: tuple[Work, ...]
    fresh: int
    added: int = 0


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it stands now.

    sections: every section of its source that listed it, in the order of discovery.
    revision: number of its current revision, from 1. sequence: grows over the whole
    archive with every change of what a post shows (a revision, a section). placed: group,
    site and feed of an imported post that source and sections would put elsewhere.
    """

    article: Article
    sections: tuple[str, ...]
    revision: int
    sequence: int
    first_seen_at: datetime
    placed: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles; everything is optional and joined by "and".

    since, until: aware; ``since <= published_at < until``. after_sequence: only what
    changed after that sequence. limit: the first so many in order of publication.
    """

    source: str | None = None
    section: str | None = None
    media: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    after_sequence: int | None = None
