"""Posts that came from files: taken once, never over what is known, found again by a crawl."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newscrawl.archive import ledger, slugs
from newscrawl.archive.codec import digest, to_time
from newscrawl.archive.completing import completed, is_other_form
from newscrawl.archive.database import Database
from newscrawl.archive.known import is_stored, link, resolve, touch
from newscrawl.archive.ledger import End, New
from newscrawl.archive.overview import IMPORT
from newscrawl.archive.reading import read_article
from newscrawl.archive.revisions import complete, insert
from newscrawl.archive.snapshot import Snapshot
from newscrawl.archive.storing import check, find_post
from newscrawl.identity.identities import hash_url
from newscrawl.identity.posts import is_unknown
from newscrawl.identity.urls import comparison_url
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

_FLASH = "flash"
_TAKEN = frozenset({Outcome.NEW, Outcome.UNCHANGED})
RUN = IMPORT
"""Name of imports among the runs."""


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """One post as it is put into the archive.

    section: the one that it shows, None where it shows none; further: all others;
    guessed: whether it is one of several that the post could be of. placed: its group, site and
    feed, None where section and source give them. slug: (name, slug) of its category.
    dialect, name: form and name of its file. content: the bytes of the file, None where
    only the article is wanted.
    """

    article: Article
    section: str | None
    placed: tuple[str, str, str] | None
    slug: tuple[str, str] | None
    dialect: str
    name: str
    content: bytes | None = None
    further: tuple[str, ...] = ()
    guessed: bool = False


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

    def take(self, run: int, posts: Iterable[ImportedPost]) -> list[Outcome]:
        """Store posts in one transaction, and return what became of each.

        ``new``; ``unchanged`` for an article that is stored already: what a crawl has read
        stays as it is, and of two forms of one imported post each fills what the other does
        not hold. ``skipped`` for one that was taken down. ``failed``, with nothing stored,
        where a post's bytes are to be kept and other ones are kept under its name. Raises
        ``ValueError`` for an article without title, time or body.
        """
        self._slugs.clear()
        self._written.clear()
        counts: Counter[tuple[str, Outcome]] = Counter()
        batch = list(posts)
        with self._database.transaction():
            hashes = {each for post in batch for each in _hashes(post.article)}
            before = Snapshot(self._database, hashes)
            outcomes = [self._take(run, post, before, counts) for post in batch]
            for (section, outcome), number in counts.items():
                ledger.count(self._database, run, section, outcome, number)
        return outcomes

    def count_broken(self, run: int, number: int) -> None:
        """Note how many documents of a run could not be read."""
        if number:
            with self._database.transaction():
                ledger.count(self._database, run, "", Outcome.QUARANTINED, number)

    def outcome_of(self, post: ImportedPost) -> Outcome:
        """Return what ``take`` would answer; nothing is written."""
        return self._decide(post, Snapshot(self._database, _hashes(post.article)))[0]

    def article_of(self, post: ImportedPost) -> str | None:
        """Return the hash of the stored article that a post is of, None for none."""
        hashes = _hashes(post.article)
        known = self._find(post.article, hashes, Snapshot(self._database, hashes))
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

    def _take(
        self, run: int, post: ImportedPost, before: Snapshot, counts: Counter[tuple[str, Outcome]]
    ) -> Outcome:
        """Store a post.

        before: what was known of the batch when it began; of hashes that it has written of
        since, the archive is asked. counts: of those that no row of a section counts.
        """
        hashes = _hashes(post.article)
        fresh = self._written.isdisjoint(before.meanings(hashes))
        known = before if fresh else Snapshot(self._database, hashes)
        outcome, key = self._decide(post, known)
        if outcome is Outcome.NEW:
            formerly = known.meaning_of(key)
            self._written.update((key, formerly))
            self._insert(run, key, post, formerly, counts)
        elif outcome is Outcome.UNCHANGED and self._tells_section(key, post):
            self._set_section(run, key, post)
        else:
            counts[post.section or "", outcome] += 1
        if outcome is Outcome.UNCHANGED:
            self._complete(key, post.article)
        if outcome in _TAKEN:
            self._remember(key, post)
        return outcome

    def _decide(self, post: ImportedPost, snapshot: Snapshot) -> tuple[Outcome, bytes]:
        """Return what a post counts as, and the hash of its article."""
        hashes = _hashes(post.article)
        own = hashes[0]
        if snapshot.is_removed(hashes):
            return Outcome.SKIPPED, own
        known = self._find(post.article, hashes, snapshot)
        if not self._can_keep(post, known or own):
            return Outcome.FAILED, own
        return (Outcome.NEW, own) if known is None else (Outcome.UNCHANGED, known)

    def _find(self, article: Article, hashes: Sequence[bytes], snapshot: Snapshot) -> bytes | None:
        """Return the stored article that this one is.

        A post that tells no identity may be any article of its source with its title and
        minute; one that does, only a post that told none.
        """
        known = snapshot.stored_under(hashes)
        anybody = is_unknown(article.identity or "")
        return known or find_post(self._database, article, posts_only=not anybody)

    def _can_keep(self, post: ImportedPost, key: bytes) -> bool:
        """Whether the bytes of a post can be kept under its name, if they are to be kept."""
        if post.content is None:
            return True
        row = self._database.row(
            "SELECT article, content FROM documents WHERE dialect = ? AND name = ?",
            (post.dialect, post.name),
        )
        if row is None:
            return True
        article, content = row
        return content == post.content or (content is None and article == key)

    def _insert(
        self,
        run: int,
        key: bytes,
        post: ImportedPost,
        formerly: bytes,
        counts: Counter[tuple[str, Outcome]],
    ) -> None:
        """Store a new article, with its section and where it stands in the sites."""
        article = post.article
        at = check(article)
        insert(self._database, run, key, article, to_time(at), formerly=formerly)
        if post.section:
            self._add_sections(run, key, post, (post.section,), Outcome.NEW)
            self._add_sections(run, key, post, post.further, Outcome.DUPLICATE)
        else:
            counts["", Outcome.NEW] += 1
        if post.placed:
            self._database.execute(
                "INSERT INTO placements VALUES (?, ?, ?, ?)", (key, *post.placed)
            )
        if post.slug and post.slug not in self._slugs:
            self._slugs.add(post.slug)
            slugs.adopt(self._database, *post.slug)

    def _add_sections(
        self, run: int, key: bytes, post: ImportedPost, sections: Iterable[str], outcome: Outcome
    ) -> None:
        article = post.article
        for section in sections:
            new = New(run, article.source or "", section, key)
            done = End(outcome, "", check(article))
            ledger.add(self._database, new, Entry(article.url or ""), done)

    def _tells_section(self, key: bytes, post: ImportedPost) -> bool:
        """Whether a post tells the section of an imported article whose other form did not."""
        if not post.section or post.guessed:
            return False
        stored = read_article(self._database, key)
        if stored is None or not is_other_form(stored.article, post.article):
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
        self._add_sections(run, key, post, (post.section or "",), Outcome.UNCHANGED)
        touch(self._database, key)

    def _complete(self, key: bytes, article: Article) -> None:
        """Let the other form of an imported post fill what the stored one does not hold."""
        stored = read_article(self._database, key)
        if stored is None or not is_other_form(stored.article, article):
            return
        whole = completed(stored.article, article)
        if whole != stored.article:
            complete(self._database, key, whole)

    def _remember(self, key: bytes, post: ImportedPost) -> None:
        """Note the file of a stored article, and the addresses that it is known by."""
        article, url = post.article, post.article.url or ""
        told = [each for each in (url, *article.aliases) if not is_unknown(each)]
        names = [(digest(hash_url(comparison_url(each))), each) for each in told]
        names.insert(0, (digest(article.url_hash or ""), url))
        for name, address in names:
            link(self._database, name, key, address)
        self._written.update(name for name, _ in names)
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT (dialect, name) DO UPDATE"
            " SET content = excluded.content"
            " WHERE content IS NULL AND article = excluded.article",
            (post.dialect, post.name, key, post.content),
        )


def _hashes(article: Article) -> tuple[bytes, ...]:
    """Return the hashes of all identities of an article, its own first."""
    aliases = (digest(hash_url(alias)) for alias in article.aliases)
    return (digest(article.url_hash or ""), *aliases)
