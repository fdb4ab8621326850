"""The fingerprints of stored texts: made when somebody asks, and looked up by nearness.

A crawl makes none. What is due is known by the sequence of changes: every article up to the
counter ``fingerprinted`` has its own, unless its text is too short.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from newscrawl.archive.codec import digest, from_time, to_time
from newscrawl.archive.database import Database
from newscrawl.identity.fingerprints import BITS, distance, fingerprint
from newscrawl.identity.nearness import Part, parts

SPAN = 2_048
"""Articles that are fingerprinted in one go and share a transaction: a tenth of a second. Fewer
would write the same pages of the indexes again and again."""
_WIDTHS = (16, 16, 16, 16)
"""Bits of the parts that have an index each, highest first."""
_ALL = (1 << BITS) - 1
_SIGN = 1 << BITS - 1
_KEEP = """
INSERT INTO fingerprints (url_hash, value)
SELECT url_hash, ? FROM articles WHERE url_hash = ? AND sequence = ?
ON CONFLICT (url_hash) DO UPDATE SET value = excluded.value WHERE value <> excluded.value
"""
_FORGET = """
DELETE FROM fingerprints
WHERE url_hash = (SELECT url_hash FROM articles WHERE url_hash = ? AND sequence = ?)
"""
_ARTICLE = """
SELECT value, url_hash, source, url, title, published_at
FROM fingerprints JOIN articles USING (url_hash) WHERE id = ?
"""
_BETWEEN = """
SELECT id, value FROM articles JOIN fingerprints USING (url_hash)
WHERE published_at >= ? AND published_at < ? ORDER BY published_at, url_hash
"""


class _Text(msgspec.Struct):
    """What a stored article is compared by."""

    body_text: str | None = None


_TEXT = msgspec.json.Decoder(_Text)


@dataclass(frozen=True, slots=True)
class Made:
    """Fingerprints of a span of changes; ``upto``: the last sequence of it.

    rows: (hash, sequence, fingerprint) of each article, None where its text is too short.
    """

    upto: int
    rows: tuple[tuple[bytes, int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Near:
    """An article that has a fingerprint, and its distance in bits from the one asked about."""

    url_hash: str
    source: str
    url: str
    title: str
    published_at: datetime
    distance: int


class Fingerprints:
    """The table ``fingerprints``. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- making them ------------------------------------------------------------------

    def due(self) -> int:
        """Return how many articles are new, or were changed, since all had a fingerprint."""
        sql = "SELECT count(*) FROM articles INDEXED BY articles_sequence WHERE sequence > ?"
        return int(self._database.value(sql, (self._counter("fingerprinted"),)))

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield what is due now as spans of the sequence: behind the first, up to the second."""
        after, last = self._counter("fingerprinted"), self._counter("sequence")
        while after < last:
            full = self._database.value(
                "SELECT sequence FROM articles INDEXED BY articles_sequence"
                " WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT 1 OFFSET ?",
                (after, last, SPAN - 1),
            )
            upto = full or last
            yield after, upto
            after = upto

    def make(self, span: tuple[int, int]) -> Made:
        """Return the fingerprints of a span; nothing is written."""
        rows = self._database.rows(
            "SELECT a.url_hash, a.sequence, CAST(r.article AS BLOB)"
            " FROM articles AS a INDEXED BY articles_sequence JOIN revisions AS r"
            " ON r.url_hash = a.url_hash AND r.number = a.revision"
            " WHERE a.sequence > ? AND a.sequence <= ?",
            span,
        )
        made = (
            (key, sequence, fingerprint(_TEXT.decode(text).body_text or ""))
            for key, sequence, text in rows
        )
        return Made(span[1], tuple(made))

    def keep(self, made: Made) -> None:
        """Store the fingerprints of a span that follows the last one kept, or one before it.

        An article that was changed or removed since they were made is left out: its change
        stands further on in the sequence.
        """
        with self._database.transaction():
            for key, sequence, value in made.rows:
                if value is None:
                    self._database.execute(_FORGET, (key, sequence))
                else:
                    self._database.execute(_KEEP, ((value ^ _SIGN) - _SIGN, key, sequence))
            self._database.execute(
                "INSERT INTO counters VALUES ('fingerprinted', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (made.upto,),
            )

    def _counter(self, name: str) -> int:
        return int(self._database.value("SELECT value FROM counters WHERE name = ?", (name,)) or 0)

    # ---- asking them ------------------------------------------------------------------

    def of(self, url_hash: str) -> int | None:
        """Return the fingerprint of the article that is stored under this very hash."""
        sql = "SELECT value FROM fingerprints WHERE url_hash = ?"
        found = self._database.value(sql, (digest(url_hash),))
        return None if found is None else int(found) & _ALL

    def near_to(self, url_hash: str, radius: int) -> list[Near] | None:
        """Return the articles near to a stored one, itself among them; None without its own."""
        value = self.of(url_hash)
        return None if value is None else self.near(value, radius)

    def near(self, value: int, radius: int) -> list[Near]:
        """Return the articles within a distance of 0 to 11 bits, the earliest first.

        Exactly those: a million are asked in some milliseconds, since few of them are read.
        """
        found: set[int] = set()
        for number, part in enumerate(parts(_WIDTHS, radius)):
            if part.masks:
                keys = [part.key(value) ^ mask for mask in part.masks]
                rows = self._database.rows(_in_part(number, part), keys)
                found.update(each for each, near in rows if distance(near & _ALL, value) <= radius)
        return self._articles(found, value)

    def all(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> tuple["array[int]", "array[int]"]:
        """Return ids and fingerprints of the articles of a time, side by side.

        since, until: aware, ``since <= published_at < until``. Sixteen bytes an article.
        """
        ids, values = array("q"), array("Q")
        sql, span = "SELECT id, value FROM fingerprints ORDER BY id", list[str]()
        if since or until:
            end = to_time(until) if until else "~"  # behind every time
            sql, span = _BETWEEN, [to_time(since) if since else "", end]
        for each, value in self._database.rows(sql, span):
            ids.append(each)
            values.append(value & _ALL)
        return ids, values

    def group(self, ids: Iterable[int]) -> list[Near]:
        """Return the articles of some ids, the earliest first: distances are from that one."""
        return self._articles(ids)

    def _articles(self, ids: Iterable[int], value: int | None = None) -> list[Near]:
        """Return articles in the order of their times; one that was removed meanwhile is not."""
        rows = [row for each in ids if (row := self._database.row(_ARTICLE, (each,)))]
        rows.sort(key=lambda row: (row[-1], row[1]))
        if value is None:
            value = rows[0][0] & _ALL if rows else 0
        return [
            Near(key.hex(), source, url, title, from_time(at), distance(each & _ALL, value))
            for each, key, source, url, title, at in rows
        ]


def _in_part(number: int, part: Part) -> str:
    """Return the SQL for the fingerprints that have one of a part's keys there."""
    marks = ", ".join("?" * len(part.masks))
    return (
        f"SELECT id, value FROM fingerprints INDEXED BY fingerprints_{number}"  # noqa: S608
        f" WHERE value >> {part.shift} & {(1 << part.width) - 1} IN ({marks})"
    )
