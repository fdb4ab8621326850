"""Everything that is known of one address, and why it is as it is (``newscrawl explain``)."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.answers import Alias, ListedEntry, StoredAs
from newscrawl.archive.fingerprints import Near
from newscrawl.archive.tombstones import Tombstone
from newscrawl.config import Config
from newscrawl.export.dialects import dialect_named, dialects
from newscrawl.export.manifest import Manifest
from newscrawl.export.posts import ExportError
from newscrawl.identity.fingerprints import RADIUS
from newscrawl.operations.importing import origins_of
from newscrawl.operations.lookup import Named, look_up, rule_of
from newscrawl.operations.reasons import next_words, reason_words
from newscrawl.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of it in one section, why, and what comes next.

    decided: in words; next: what the next run does, empty where that is nothing.
    """

    entry: ListedEntry
    decided: str
    next: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How the current revision of a stored article was read."""

    stored: StoredAs
    updated_at: datetime | None
    extractor: str | None
    extractor_version: int | None
    date_source: str | None
    flags: tuple[str, ...]
    from_listing: tuple[str, ...]
    """Fields that the listing told and the page did not."""


@dataclass(frozen=True, slots=True)
class RawCapture:
    """One look at its page: when (UTC), with which status, and where it is kept.

    offset: bytes from the start of the file. repeat: the bytes were those of an earlier one.
    """

    fetched_at: datetime
    status: int
    url: str
    file: str
    offset: int
    repeat: bool


@dataclass(frozen=True, slots=True)
class WrittenPost:
    """A post of the article below the folder of a dialect; there: whether it stands there."""

    dialect: str
    path: Path
    there: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """All answers; ``url_hash`` None means that nobody knows the address.

    alias_of: the article's own address, where the asked one is another name of it. near: its
    reprints, itself left out, as far as ``newscrawl similar`` has made fingerprints.
    """

    named: Named
    url_hash: str | None
    rule: str | None = None
    alias_of: str | None = None
    aliases: tuple[Alias, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reading: Reading | None = None
    captures: tuple[RawCapture, ...] = ()
    posts: tuple[WrittenPost, ...] = ()
    removal: Tombstone | None = None
    near: tuple[Near, ...] = ()

    @property
    def first_seen_at(self) -> datetime | None:
        """When any listing showed it first, UTC; None where it came another way."""
        seen = [each.entry.first_seen_at for each in self.decisions]
        seen += [self.reading.stored.first_seen_at] if self.reading else []
        return min(seen, default=None)


def explain(archive: Archive, name: str, config: Config) -> Explanation:
    """Return everything that is known under a name (``operations.lookup``).

    Raises ``AmbiguousNameError`` and ``ArchiveError``.
    """
    named, key = look_up(name, archive, config)
    if key is None:
        return Explanation(named, None)
    answers = archive.answers
    entries = answers.entries(key)
    reading = _reading(archive, key)
    url = reading.stored.url if reading else (entries[0].url if entries else "")
    return Explanation(
        named,
        key,
        rule=named.rule or (rule_of(url, origins_of(config)) if url else None),
        alias_of=url if named.hashes and key not in named.hashes and reading else None,
        aliases=tuple(answers.aliases(key)),
        decisions=tuple(_decision(entry, reading, config) for entry in entries),
        reading=reading,
        captures=tuple(_captures(archive, key)),
        posts=tuple(_posts(archive.folder, key)),
        removal=answers.removal(key),
        near=tuple(_reprints(archive, key)),
    )


def _reprints(archive: Archive, key: str) -> Iterator[Near]:
    near = archive.fingerprints.near_to(key, RADIUS)
    return (each for each in near or () if each.url_hash != key)


def _reading(archive: Archive, key: str) -> Reading | None:
    stored, whole = archive.answers.stored(key), archive.article(key)
    if stored is None or whole is None:
        return None
    article = whole.article
    return Reading(
        stored,
        article.updated_at,
        article.extractor,
        article.extractor_version,
        article.date_source,
        tuple(article.flags),
        tuple(article.hinted),
    )


def _decision(entry: ListedEntry, reading: Reading | None, config: Config) -> Decision:
    return Decision(entry, _words(entry, reading), next_words(entry, config.crawl.attempts))


def _words(entry: ListedEntry, reading: Reading | None) -> str:
    """Return what decided on an entry."""
    if entry.state is Outcome.PENDING:
        return "found, and not fetched yet"
    if entry.state is Outcome.DUPLICATE:
        own = f" as {reading.stored.url}" if reading and reading.stored.url != entry.url else ""
        return f"the same article was read{own} for another section or name"
    words = {
        Outcome.NEW: "read and stored",
        Outcome.UPDATED: "read again: other content than before",
        Outcome.UNCHANGED: "looked at: nothing new",
    }.get(entry.state, "")
    why = reason_words(entry.state, entry.reason) if entry.reason else ""
    kept = "; the stored text stays" if reading and not words else ""
    return "; ".join(filter(None, (words, why))) + kept


def _captures(archive: Archive, key: str) -> list[RawCapture]:
    return [
        RawCapture(
            each.fetched_at,
            each.status,
            each.url,
            each.file,
            each.offset,
            each.payload is not None,
        )
        for each in archive.captures.of_article(key)
    ]


def _posts(folder: Path, key: str) -> list[WrittenPost]:
    """Return the posts in the folders beside the archive; one that is locked tells nothing."""
    found = []
    for dialect in dialects():
        root, entry = folder / dialect, None
        manifest = Manifest(root, dialect)
        with suppress(ExportError):
            entry = manifest.entry(key)
        manifest.close()
        if entry is not None and entry.post_id is not None:
            path = root / entry.path
            found.append(WrittenPost(dialect, path, path.is_file()))
        elif entry is not None and dialect_named(dialect).collected:
            found.append(WrittenPost(dialect, root / entry.path, (root / entry.path).is_file()))
    return found
