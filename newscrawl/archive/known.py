"""What the archive knows of an identity: its aliases, its rows, its article."""

from dataclasses import dataclass

from newscrawl.archive.codec import digest, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.ledger import Row
from newscrawl.identity.identities import hash_url
from newscrawl.identity.urls import comparison_url
from newscrawl.items import Article
from newscrawl.listings import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """Everything about one hash that decides what to do with an entry of it.

    modified_at: when the publisher last changed what we have, as far as a listing told,
    else when we fetched it; None where no article is stored.
    """

    url_hash: bytes
    rows: tuple[Row, ...] = ()
    modified_at: str | None = None

    @property
    def stored(self) -> bool:
        """Whether there is an article."""
        return self.modified_at is not None

    def __bool__(self) -> bool:
        return bool(self.rows) or self.stored

    def row(self, source: str, section: str) -> Row | None:
        """Return the row of one section."""
        return next((r for r in self.rows if (r.source, r.section) == (source, section)), None)

    def is_older_than(self, entry: Entry) -> bool:
        """Whether the listing says that the stored article was modified since."""
        if self.modified_at is None or entry.modified_at is None:
            return False
        return to_time(entry.modified_at) > self.modified_at


def resolve(database: Database, url_hash: bytes) -> bytes:
    """Return the hash that an alias stands for, else the hash itself."""
    article: bytes | None = database.value(
        "SELECT article FROM aliases WHERE url_hash = ?", (url_hash,)
    )
    return article or url_hash


def is_stored(database: Database, url_hash: bytes) -> bool:
    """Whether an article is stored under this very hash."""
    return database.row("SELECT 1 FROM articles WHERE url_hash = ?", (url_hash,)) is not None


def hashes_of(article: Article) -> tuple[bytes, ...]:
    """Return the hashes of all identities of an article, its own first."""
    aliases = (digest(hash_url(alias)) for alias in article.aliases)
    return (digest(article.url_hash or ""), *aliases)


def names_of(article: Article) -> dict[bytes, str]:
    """Return every name of an article as its hash -> its address, the first one of each."""
    url = article.url or ""
    own = {digest(article.url_hash or ""): url}
    compared = {digest(hash_url(comparison_url(url))): url}
    return {digest(hash_url(alias)): alias for alias in article.aliases} | compared | own


def link(database: Database, url_hash: bytes, article: bytes, url: str) -> None:
    """Make a hash an alias of an article; the first meaning of a hash stays.

    So a page that gives the site's home page as its canonical address cannot draw other
    articles into its own (H88). A stored article never becomes an alias.
    """
    if url_hash != article and not is_stored(database, url_hash):
        link_free(database, url_hash, article, url)


def link_free(database: Database, url_hash: bytes, article: bytes, url: str) -> None:
    """Do the same for a hash that is neither the article's own nor that of a stored one."""
    database.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", (url_hash, article, url))


SEQUENCE = "(SELECT value FROM counters WHERE name = 'sequence')"
"""The number that ``bump`` has reached, for the statement behind it."""


def bump(database: Database) -> None:
    """Go on to the next number of the archive-wide sequence of changes.

    Without ``RETURNING``, which makes a table for its row.
    """
    database.execute("UPDATE counters SET value = value + 1 WHERE name = 'sequence'")


def touch(database: Database, url_hash: bytes) -> None:
    """Note that the post of a stored article shows something else now."""
    bump(database)
    database.execute(
        f"UPDATE articles SET sequence = {SEQUENCE} WHERE url_hash = ?",  # noqa: S608
        (url_hash,),
    )
