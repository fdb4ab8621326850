"""What the archive knows of a whole listing page or of an article, read with one statement."""

from collections.abc import Collection, Iterable, Sequence

from newscrawl.archive.database import Database
from newscrawl.archive.known import Known
from newscrawl.archive.ledger import COLUMNS, Row, to_row

_NONE = ", NULL" * (len(Row._fields) - 2)
_KNOWN = f"""
    SELECT 'row', {COLUMNS} FROM asked CROSS JOIN outcomes ON url_hash = column1
    UNION ALL
    SELECT 'article', url_hash, coalesce(listed_modified_at, fetched_at){_NONE}
    FROM asked CROSS JOIN articles ON url_hash = column1
    UNION ALL SELECT 'alias', url_hash, article{_NONE}
    FROM asked CROSS JOIN aliases ON url_hash = column1
    UNION ALL SELECT 'removal', url_hash, NULL{_NONE}
    FROM asked CROSS JOIN removals ON url_hash = column1
"""  # noqa: S608  (our own text)
"""Everything about some hashes in one statement: of an article four take twice the time."""


class Snapshot:
    """Aliases, rows, articles and removals of some hashes, as they stand at one moment.

    What is written afterwards it does not know: whoever writes takes another one for the
    hashes that this was about.
    """

    def __init__(self, database: Database, hashes: Collection[bytes]) -> None:
        self._aliases: dict[bytes, bytes] = {}
        self._rows: dict[bytes, tuple[Row, ...]] = {}
        self._modified: dict[bytes, str] = {}
        self._removed: set[bytes] = set()
        asked, further = set[bytes](), set(hashes)
        while further:
            self._read(database, further)
            asked |= further
            further = set(self._aliases.values()) - asked  # once or twice: of what was taken down

    def _read(self, database: Database, hashes: Collection[bytes]) -> None:
        """Take in all that is known under these very hashes."""
        rows: dict[bytes, list[Row]] = {}
        for what, *values in database.rows_in(_KNOWN, hashes):
            if what == "row":
                row = to_row(values)
                rows.setdefault(row.url_hash, []).append(row)
            elif what == "article":
                self._modified[values[0]] = values[1]
            elif what == "alias":
                self._aliases[values[0]] = values[1]
            else:
                self._removed.add(values[0])
        self._rows.update((key, tuple(sorted(found))) for key, found in rows.items())

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

    def meaning_of(self, url_hash: bytes) -> bytes:
        """Return the hash that an alias stands for, else the hash itself."""
        return self._aliases.get(url_hash, url_hash)

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
