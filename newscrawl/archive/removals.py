"""Taking an article down: its text, its pages, its pictures; what stays keeps it away.

The steps are taken in an order in which a kill at any point leaves enough to go on from: the
tombstone is first, and the rows that say what else there is are last.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.archive import ledger
from newscrawl.archive.codec import digest, from_article, from_time, to_time
from newscrawl.archive.cutting import cut_captures, sweep
from newscrawl.archive.database import Database
from newscrawl.archive.image_files import path_of
from newscrawl.archive.known import is_stored, resolve
from newscrawl.archive.ledger import End
from newscrawl.archive.records import ArchiveError
from newscrawl.archive.tombstones import REASON, Tombstone, append, buried, bury
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article, Picture
from newscrawl.outcomes import Outcome

_LEAST = 8
"""Characters of a code or the end of an address, below which it could be anything's."""


@dataclass(frozen=True, slots=True)
class Target:
    """An article that is to be taken down, or was: everything under which it is known.

    article: the hash it is stored under. hashes: of all its identities and addresses.
    articles: its versions, newest first, none where it is not stored (any more).
    documents: (dialect, name) of the files it was imported from. pictures: those that no
    other article shows. tombstone: where it was taken down before.
    """

    article: str
    hashes: frozenset[str]
    source: str
    url: str
    articles: tuple[Article, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    tombstone: Tombstone | None = None

    @property
    def needles(self) -> frozenset[bytes]:
        """Byte strings by which a listing that shows the article is told, as it may spell them.

        A title may stand there in UTF-8, in the charset of older sites, or as JSON escapes.
        """
        urls = {self.url, *(each.url or "" for each in self.articles)}
        words = {urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1] for url in urls}
        words |= {(each.identity or "").rpartition(":")[2] for each in self.articles}
        titles = {each.title or "" for each in self.articles}
        found = {word.encode() for word in words}
        for title in titles:
            escaped = json.dumps(title)[1:-1]
            found |= {title.encode("utf-8", "ignore"), title.encode("gb18030", "ignore")}
            found |= {escaped.encode(), _upper_escapes(escaped).encode()}
        return frozenset(each for each in found if len(each) >= _LEAST)


def _upper_escapes(escaped: str) -> str:
    head, *parts = escaped.split("\\u")
    return head + "".join(f"\\u{part[:4].upper()}{part[4:]}" for part in parts)


class Removals:
    """What was taken down, and the taking down. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def folder(self) -> Path:
        """Folder of the archive."""
        return self._database.path.parent

    def find(self, hashes: Iterable[str]) -> Target | None:
        """Return what is known under any of these hashes, None where nothing is."""
        asked = [digest(each) for each in hashes]
        keys = dict.fromkeys(resolve(self._database, each) for each in asked)
        stones = buried(self._database, [*asked, *keys])
        keys |= dict.fromkeys(digest(each.article) for each in stones)
        known = [key for key in keys if self._is_known(key)] or [
            digest(each.article) for each in stones
        ]
        return self._target(known[0], asked, stones) if known else None

    def all(self) -> list[Tombstone]:
        """Return every tombstone, the latest first."""
        articles = self._database.rows("SELECT DISTINCT article FROM removals")
        found = buried(self._database, [article for (article,) in articles])
        return sorted(found, key=lambda each: each.removed_at, reverse=True)

    def bury(self, target: Target, reason: str, at: datetime) -> Tombstone:
        """Set the tombstone, in the file and then in the table; entries end as ``skipped``."""
        stone = Tombstone.of(target.article, target.hashes, target.source, target.url, reason, at)
        if target.tombstone is not None:
            stone = Tombstone.of(
                target.article,
                {*target.hashes, *target.tombstone.hashes},
                target.tombstone.source,
                target.tombstone.url,
                target.tombstone.reason,
                from_time(target.tombstone.removed_at),
            )
        if stone != target.tombstone:
            append(self.folder, stone)
        with self._database.transaction():
            bury(self._database, stone)
            self._end_entries(stone, at)
        return stone

    def captures(self, target: Target) -> list[int]:
        """Return the captures of the article's own pages."""
        hashes = [digest(each) for each in target.hashes]
        marks = ", ".join("?" * len(hashes))
        found = self._database.rows(
            "SELECT capture FROM captures"  # noqa: S608  (our own text)
            f" WHERE article IN ({marks}) OR url_hash IN ({marks})",
            (*hashes, *hashes),
        )
        return [capture for (capture,) in found]

    def with_repeats(self, captures: Iterable[int]) -> set[int]:
        """Return captures with those whose bytes they hold."""
        whole, left = set(captures), list(captures)
        while left:
            rows = self._database.rows(
                "SELECT capture FROM captures WHERE payload = ?", (left.pop(),)
            )
            fresh = [capture for (capture,) in rows if capture not in whole]
            whole.update(fresh)
            left += fresh
        return whole

    def cut(self, captures: Iterable[int], folder: Path) -> int:
        """Cut captures out of the files of the raw record; return how many files changed."""
        return cut_captures(self._database, folder, set(captures))

    def sweep(self, folder: Path) -> list[str]:
        """Remove what a ``cut`` that was killed left in the folder of the raw record."""
        return sweep(self._database, folder)

    def forget(self, target: Target, pictures: Path) -> None:
        """Remove the files of its pictures, and then its rows; addresses and ends stay.

        pictures: the folder that they are in. Raises ``OSError`` for one that cannot go.
        """
        for picture in target.pictures:
            (pictures / path_of(picture)).unlink(missing_ok=True)
        database, key = self._database, digest(target.article)
        database.execute("PRAGMA secure_delete = ON")
        with database.transaction():
            shown = [
                image
                for (image,) in database.rows(
                    "SELECT image FROM article_images WHERE article = ?", (key,)
                )
            ]
            database.execute("DELETE FROM article_images WHERE article = ?", (key,))
            for image in shown:
                database.execute(
                    "DELETE FROM images WHERE url_hash = ? AND NOT EXISTS"
                    " (SELECT 1 FROM article_images WHERE image = images.url_hash)",
                    (image,),
                )
            for table, column in _ROWS:
                database.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))  # noqa: S608

    def purge(self) -> None:
        """Leave nothing of what was removed in free pages or in the write-ahead log.

        SQLite forgets where a text was long before it is overwritten, also that of entries
        which ended in the ordinary way; so the whole file is written anew.
        """
        self._database.execute("VACUUM")
        busy = self._database.value("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise ArchiveError(
                f"{self._database.path}: another program is reading it, and parts of the text may"
                " be left in it until that one ends; then run this again"
            )

    def _is_known(self, key: bytes) -> bool:
        return is_stored(self._database, key) or bool(ledger.rows_of(self._database, key))

    def _target(self, key: bytes, asked: list[bytes], stones: list[Tombstone]) -> Target:
        database = self._database
        row = database.row("SELECT source, url FROM articles WHERE url_hash = ?", (key,))
        rows = ledger.rows_of(database, key)
        stone = next((each for each in stones if each.article == key.hex()), None)
        if row is None and rows:
            row = (rows[0].source, rows[0].url)
        if row is None and stone is not None:
            row = (stone.source, stone.url)
        source, url = row or ("", "")
        articles = tuple(
            from_article(text)
            for (text,) in database.rows(
                "SELECT article FROM revisions WHERE url_hash = ? ORDER BY number DESC", (key,)
            )
        )
        return Target(
            key.hex(),
            frozenset(each.hex() for each in self._hashes(key, asked, articles))
            | frozenset(stone.hashes if stone else ()),
            source,
            url,
            articles,
            tuple(
                (dialect, name)
                for dialect, name in database.rows(
                    "SELECT dialect, name FROM documents WHERE article = ?", (key,)
                )
            ),
            tuple(self._own_pictures(key)),
            stone,
        )

    def _hashes(
        self, key: bytes, asked: list[bytes], articles: tuple[Article, ...]
    ) -> Iterator[bytes]:
        """Yield the hashes of all names of an article; a site's home page is none (H88)."""
        yield key
        yield from asked
        for url_hash, url in self._database.rows(
            "SELECT url_hash, url FROM aliases WHERE article = ?", (key,)
        ):
            if urlsplit(url).path.strip("/") or urlsplit(url).query:
                yield url_hash
        for article in articles:
            yield digest(article.url_hash or key.hex())
            yield from (digest(hash_url(alias)) for alias in article.aliases)

    def _own_pictures(self, key: bytes) -> Iterator[Picture]:
        """Yield the pictures whose files no other article shows, under whatever address."""
        rows = self._database.rows(
            "SELECT DISTINCT i.content_hash, i.type, i.width, i.height, i.bytes"
            " FROM article_images JOIN images AS i ON image = i.url_hash"
            " WHERE article = ? AND i.state = 'stored' AND NOT EXISTS"
            " (SELECT 1 FROM images AS o JOIN article_images AS a ON a.image = o.url_hash"
            "  WHERE o.content_hash = i.content_hash AND a.article <> ?)",
            (key, key),
        )
        for content, *rest in rows:
            yield Picture(content.hex(), *rest)

    def _end_entries(self, stone: Tombstone, at: datetime) -> None:
        """End every entry of the article; what a run counted for an ended one stays so."""
        done = End(Outcome.SKIPPED, REASON, to_time(at))
        for url_hash in stone.hashes:
            for row in ledger.rows_of(self._database, digest(url_hash)):
                if row.state is Outcome.PENDING:
                    ledger.finish(self._database, row, done)
                else:
                    self._database.execute(
                        "UPDATE outcomes SET (state, reason, entry) = (?, ?, NULL),"
                        " ended_at = coalesce(ended_at, ?) WHERE id = ?",
                        (done.outcome, done.reason, done.at, row.id),
                    )


_ROWS = (
    ("documents", "article"),
    ("placements", "url_hash"),
    ("fingerprints", "url_hash"),
    ("revisions", "url_hash"),
    ("articles", "url_hash"),
)
