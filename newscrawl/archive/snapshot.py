"""What the archive knows of a whole listing page, read with a handful of statements."""

from collections.abc import Collection, Iterable, Sequence

from newscrawl.archive.database import Database
from newscrawl.archive.known import Known
from newscrawl.archive.ledger import Row, rows_of_all


class Snapshot:
    """Aliases, rows, articles and removals of some hashes, as they stand at one moment.

    What is written afterwards it does not know: whoever writes takes another one for the
    hashes that this was about.
    """

    def __init__(self, database: Database, hashes: Collection[bytes]) -> None:
        asked = set(hashes)
        self._aliases = _aliases(database, asked)
        if meant := set(self._aliases.values()) - asked:
            self._aliases |= _aliases(database, meant)  # of what was taken down, perhaps
            asked |= meant
        self._rows = rows_of_all(database, asked)
        self._modified: dict[bytes, str] = dict(
            database.rows_in(
                "SELECT url_hash, coalesce(listed_modified_at, fetched_at) FROM articles"
                " WHERE url_hash IN",
                asked,
            )
        )
        self._removed: set[bytes] = set()
        if database.value("SELECT EXISTS (SELECT 1 FROM removals)"):
            every = asked.union(self._aliases.values())
            removed = database.rows_in("SELECT url_hash FROM removals WHERE url_hash IN", every)
            self._removed = {url_hash for (url_hash,) in removed}

    def look_up(self, hashes: Sequence[bytes]) -> Known:
        """Return what is known under the first of the hashes that anything is known of."""
        for url_hash in hashes:
            key = self._aliases.get(url_hash, url_hash)
            rows, modified_at = self._rows.get(key, ()), self._modified.get(key)
            if rows or modified_at is not None:
                return Known(key, rows, modified_at)
        return Known(hashes[0])

    def rows_of(self, url_hash: bytes) -> tuple[Row, ...]:
        """Return the rows of a hash and, behind them, of what it is an alias of."""
        return self._rows.get(url_hash, ()) + self._rows.get(self._aliases.get(url_hash, b""), ())

    def stored_under(self, hashes: Sequence[bytes]) -> bytes | None:
        """Return the hash of the stored article that the first of these means, None for none."""
        for url_hash in hashes:
            key = self._aliases.get(url_hash, url_hash)
            if key in self._modified:
                return key
        return None

    def is_free(self, url_hash: bytes) -> bool:
        """Whether a hash means nothing yet, so that it may become an alias."""
        return url_hash not in self._aliases and url_hash not in self._modified

    def meanings(self, hashes: Sequence[bytes]) -> set[bytes]:
        """Return these hashes and what they stand for: all that an entry can be about."""
        found = set(hashes)
        found.update(self._aliases[each] for each in hashes if each in self._aliases)
        return found

    def is_removed(self, hashes: Iterable[bytes]) -> bool:
        """Whether any of these hashes, or what it is an alias of, was taken down."""
        return bool(self._removed) and any(
            each in self._removed or self._aliases.get(each) in self._removed for each in hashes
        )


def _aliases(database: Database, hashes: Collection[bytes]) -> dict[bytes, bytes]:
    return dict(database.rows_in("SELECT url_hash, article FROM aliases WHERE url_hash IN", hashes))
