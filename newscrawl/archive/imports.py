"""Posts that came from files: taken once, never over what is known, found again by a crawl."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from newscrawl.archive import ledger, slugs
from newscrawl.archive.codec import digest
from newscrawl.archive.completing import completed, is_other_form
from newscrawl.archive.database import Database
from newscrawl.archive.imported import ImportedPost
from newscrawl.archive.known import is_stored, link, resolve, touch
from newscrawl.archive.ledger import End, New
from newscrawl.archive.overview import IMPORT
from newscrawl.archive.reading import read_article
from newscrawl.archive.records import StoredArticle
from newscrawl.archive.revisions import Shown, complete, insert
from newscrawl.archive.snapshot import Snapshot
from newscrawl.archive.storing import find_post
from newscrawl.identity.posts import POST, is_unknown
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

_FLASH = "flash"
_TAKEN = frozenset({Outcome.NEW, Outcome.UNCHANGED})
_DOCUMENT = (
    "INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT (dialect, name) DO UPDATE"
    " SET content = excluded.content WHERE content IS NULL AND article = excluded.article"
)
RUN = IMPORT
"""Name of imports among the runs."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that an article was imported from; content is None unless it was kept."""

    name: str
    content: bytes | None


class Imports:
    """The imported posts of an archive.

    Every method raises ``ArchiveError`` where the storage fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._slugs: set[tuple[str, str]] = set()
        """Those that this batch has adopted: a site has far fewer than posts."""
        self._written: set[bytes] = set()
        """Hashes that this batch has given a meaning."""
        self._nameless: dict[str, bool] = {}
        """In this batch, of each source: whether any post of it is stored that told no identity.

        Nobody else writes meanwhile; mostly there is none, and no post has to be compared.
        """
        self._counts: Counter[tuple[str, Outcome]] = Counter()
        """What became of this batch, by section."""
        self._rows: list[tuple[Any, ...]] = []
        self._documents: list[tuple[Any, ...]] = []
        """Rows of ``outcomes`` and ``documents`` that wait: many with a statement cost less."""

    def take(self, run: int, posts: Iterable[ImportedPost]) -> list[Outcome]:
        """Store posts in one transaction, and return what became of each.

        ``new``; ``unchanged`` for an article that is stored already: what a crawl has read
        stays as it is, and of two forms of one imported post each fills what the other does
        not hold. ``skipped`` for one that was taken down. ``failed``, with nothing stored,
        where a post's bytes are to be kept and other ones are kept under its name.
        """
        self._forget()
        batch = list(posts)
        with self._database.transaction():
            before = Snapshot(
                self._database, {each for post in batch for each in post.written.hashes}
            )
            outcomes = [self._take(run, post, before) for post in batch]
            self._write()
            for (section, outcome), number in self._counts.items():
                ledger.count(self._database, run, section, outcome, number)
        return outcomes

    def count_broken(self, run: int, number: int) -> None:
        """Note how many documents of a run could not be read."""
        if number:
            with self._database.transaction():
                ledger.count(self._database, run, "", Outcome.QUARANTINED, number)

    def outcome_of(self, post: ImportedPost) -> Outcome:
        """Return what ``take`` would answer; nothing is written."""
        self._forget()
        return self._decide(post, Snapshot(self._database, post.written.hashes))[0]

    def article_of(self, post: ImportedPost) -> str | None:
        """Return the hash of the stored article that a post is of, None for none."""
        self._forget()
        known = self._find(post, Snapshot(self._database, post.written.hashes))
        return known.hex() if known else None

    def documents(self, url_hash: str, dialect: str) -> list[Document]:
        """Return the files that an article has in one form, in the order of their names."""
        rows = self._database.rows(
            "SELECT name, content FROM documents WHERE article = ? AND dialect = ? ORDER BY name",
            (digest(url_hash), dialect),
        )
        return [Document(name, content) for name, content in rows]

    def has_documents(self, dialect: str) -> bool:
        """Whether any article was imported from a file of this form."""
        found = self._database.row("SELECT 1 FROM documents WHERE dialect = ? LIMIT 1", (dialect,))
        return found is not None

    def other_hashes(self, url_hash: str) -> list[str]:
        """Return the hashes that mean a stored article besides its own, in hex.

        Under one of them it was stored in an archive that knew it otherwise.
        """
        rows = self._database.rows(
            "SELECT url_hash FROM aliases WHERE article = ? ORDER BY url_hash", (digest(url_hash),)
        )
        return [name.hex() for (name,) in rows]

    def knows(self, url_hash: str) -> bool:
        """Whether any article is stored under a hash or an alias of it."""
        return is_stored(self._database, resolve(self._database, digest(url_hash)))

    def _take(self, run: int, post: ImportedPost, before: Snapshot) -> Outcome:
        """Store a post.

        before: what was known of the batch when it began; of hashes that it has written of
        since, the archive is asked.
        """
        fresh = self._written.isdisjoint(before.meanings(post.written.hashes))
        known = before if fresh else Snapshot(self._database, post.written.hashes)
        outcome, key = self._decide(post, known)
        stored = self._other_form(key, post) if outcome is Outcome.UNCHANGED else None
        if outcome is Outcome.NEW:
            formerly = known.meaning_of(key)
            self._written.update((key, formerly))
            self._insert(run, key, post, formerly)
        elif stored and self._tells_section(key, post, stored):
            self._set_section(run, key, post)
        else:
            self._counts[post.section or "", outcome] += 1
        if stored:
            self._complete(key, stored.article, post)
        if outcome in _TAKEN:
            self._remember(key, post)
        return outcome

    def _decide(self, post: ImportedPost, snapshot: Snapshot) -> tuple[Outcome, bytes]:
        """Return what a post counts as, and the hash of its article."""
        own = post.written.hashes[0]
        if snapshot.is_removed(post.written.hashes):
            return Outcome.SKIPPED, own
        known = self._find(post, snapshot)
        if not self._can_keep(post, known or own):
            return Outcome.FAILED, own
        return (Outcome.NEW, own) if known is None else (Outcome.UNCHANGED, known)

    def _find(self, post: ImportedPost, snapshot: Snapshot) -> bytes | None:
        """Return the stored article that this one is.

        A post that tells no identity may be any article of its source with its title and
        minute; one that does, only a post that told none.
        """
        known = snapshot.stored_under(post.written.hashes)
        anybody = is_unknown(post.written.shown.identity)
        if known or not (anybody or self._may_be_nameless(post.written.shown.source)):
            return known
        return find_post(self._database, post.written.shown, posts_only=not anybody)

    def _may_be_nameless(self, source: str) -> bool:
        """Whether any post of a source is stored that told no identity."""
        if source not in self._nameless:
            asked = f"SELECT 1 FROM articles WHERE source = ? AND identity GLOB '{POST}*' LIMIT 1"  # noqa: S608
            self._nameless[source] = self._database.row(asked, (source,)) is not None
        return self._nameless[source]

    def _can_keep(self, post: ImportedPost, key: bytes) -> bool:
        """Whether the bytes of a post can be kept under its name, if they are to be kept."""
        if post.content is None:
            return True
        self._write()
        row = self._database.row(
            "SELECT article, content FROM documents WHERE dialect = ? AND name = ?",
            (post.dialect, post.name),
        )
        if row is None:
            return True
        article, content = row
        return content == post.content or (content is None and article == key)

    def _insert(self, run: int, key: bytes, post: ImportedPost, formerly: bytes) -> None:
        """Store a new article, with its section and where it stands in the sites."""
        shown = post.written.shown
        at = shown.fetched_at
        insert(self._database, run, key, shown, post.written.text, at, formerly=formerly)
        if is_unknown(shown.identity):
            self._nameless[shown.source] = True
        if post.section:
            self._add_section(run, key, shown, post.section, End(Outcome.NEW, "", at))
            for section in post.further:
                self._add_section(run, key, shown, section, End(Outcome.DUPLICATE, "", at))
        else:
            self._counts["", Outcome.NEW] += 1
        if post.placed:
            self._database.execute(
                "INSERT INTO placements VALUES (?, ?, ?, ?)", (key, *post.placed)
            )
        if post.slug and post.slug not in self._slugs:
            self._slugs.add(post.slug)
            slugs.adopt(self._database, *post.slug)

    def _add_section(self, run: int, key: bytes, shown: Shown, section: str, end: End) -> None:
        new = New(run, shown.source, section, key)
        self._rows.append(ledger.row_of(new, Entry(shown.url), end))
        self._counts[section, end.outcome] += 1

    def _other_form(self, key: bytes, post: ImportedPost) -> StoredArticle | None:
        """Return the stored article of a post if it is the other form of one, else None."""
        self._write()
        stored = read_article(self._database, key)
        return stored if stored and is_other_form(stored.article, post.written.extractor) else None

    def _tells_section(self, key: bytes, post: ImportedPost, stored: StoredArticle) -> bool:
        """Whether a post tells the section of an imported article whose other form did not."""
        if not post.section or post.guessed:
            return False
        if not stored.sections:
            return True
        is_guess = _FLASH in stored.article.flags and not self._was_listed(key)
        return is_guess and post.section not in stored.sections

    def _was_listed(self, key: bytes) -> bool:
        """Whether a crawl has met an article in any listing."""
        row = self._database.row(
            "SELECT 1 FROM outcomes JOIN runs USING (run) WHERE url_hash = ? AND runs.source <> ?",
            (key, RUN),
        )
        return row is not None

    def _set_section(self, run: int, key: bytes, post: ImportedPost) -> None:
        """Put an imported article into a section, in the place of a guess."""
        self._database.execute("DELETE FROM outcomes WHERE url_hash = ?", (key,))
        end = End(Outcome.UNCHANGED, "", post.written.shown.fetched_at)
        self._add_section(run, key, post.written.shown, post.section or "", end)
        touch(self._database, key)

    def _complete(self, key: bytes, stored: Article, post: ImportedPost) -> None:
        """Let the other form of an imported post fill what the stored one does not hold."""
        whole = completed(stored, post.article)
        if whole != stored:
            complete(self._database, key, whole)

    def _remember(self, key: bytes, post: ImportedPost) -> None:
        """Note the file of a stored article, and the addresses that it is known by."""
        for name, address in post.written.names:
            link(self._database, name, key, address)
            self._written.add(name)
        self._documents.append((post.dialect, post.name, key, post.content))

    def _write(self) -> None:
        """Bring the rows that wait into the archive, before anybody asks for such."""
        ledger.insert(self._database, self._rows)
        if self._documents:
            self._database.execute_many(_DOCUMENT, self._documents)
        self._rows, self._documents = [], []

    def _forget(self) -> None:
        """Begin anew: what another batch has met may have changed, or was never written."""
        for memory in (
            self._slugs,
            self._written,
            self._nameless,
            self._counts,
            self._rows,
            self._documents,
        ):
            memory.clear()
