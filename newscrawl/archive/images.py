"""The pictures of articles: which there are, what became of them, and which file holds each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newscrawl.archive.codec import digest, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.known import resolve, touch
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article, Picture


class ImageState(StrEnum):
    """What became of a picture. ``PENDING`` and ``FAILED`` are asked for again."""

    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"
    """Could not be had this time; the reason says why."""
    REFUSED = "refused"
    """Is none of ours for good: no picture, a tracker, removed, not allowed."""


@dataclass(frozen=True, slots=True)
class OwedImages:
    """A stored article with pictures to fetch.

    url_hash: the article's. url: its own address. images: addresses of the pictures.
    """

    url_hash: str
    url: str
    images: tuple[str, ...]


def addresses_of(article: Article) -> list[str]:
    """Return the addresses of the pictures that posts of an article show, each once."""
    urls = dict.fromkeys(image.url for image in article.images)
    return [url for url in urls if url.startswith(("http://", "https://"))]


def claim(database: Database, key: bytes, urls: Iterable[str]) -> None:
    """Note which pictures a stored article shows, in the caller's transaction."""
    database.execute("DELETE FROM article_images WHERE article = ?", (key,))
    for url in urls:
        image = digest(hash_url(url))
        database.execute("INSERT OR IGNORE INTO images (url_hash, url) VALUES (?, ?)", (image, url))
        database.execute("INSERT INTO article_images VALUES (?, ?)", (key, image))


class Images:
    """The pictures that an archive knows. Hashes are SHA-256 in hex.

    Every method raises ``ArchiveError`` where the storage fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, url_hash: str, urls: Iterable[str]) -> None:
        """Note which pictures a stored article shows, as ``Archive.store`` can do at once."""
        with self._database.transaction():
            claim(self._database, self._key(url_hash), urls)

    def wanted(self, url_hash: str, run: int, attempts: int) -> tuple[str, ...]:
        """Return the addresses to ask for of an article's pictures.

        Those never asked for, and those that failed in fewer runs than ``attempts``, this
        run not among them.
        """
        rows = self._database.rows(
            "SELECT url FROM article_images JOIN images ON image = url_hash"
            " WHERE article = ? AND (state = 'pending' OR"
            " (state = 'failed' AND attempts < ? AND run IS NOT ?)) ORDER BY url_hash",
            (self._key(url_hash), attempts, run),
        )
        return tuple(url for (url,) in rows)

    def would_want(self, article: Article, attempts: int) -> list[str]:
        """Return what ``wanted`` would be for an article after a ``claim``; writes nothing."""
        return [url for url in addresses_of(article) if self._is_open(url, attempts)]

    def owed(self, source: str, run: int, attempts: int) -> Iterator[OwedImages]:
        """Yield the articles of a source that earlier runs left with ``wanted`` pictures."""
        keys = self._database.rows(
            "SELECT DISTINCT a.url_hash, a.url, a.published_at FROM images AS i"
            " JOIN article_images ON image = i.url_hash JOIN articles AS a ON article = a.url_hash"
            " WHERE state IN ('pending', 'failed') AND (state = 'pending' OR i.attempts < ?)"
            " AND a.source = ? ORDER BY a.published_at, a.url_hash",
            (attempts, source),
        )
        for key, url, _ in list(keys):
            if images := self.wanted(key.hex(), run, attempts):
                yield OwedImages(key.hex(), url, images)

    def stored(self, url: str, run: int, at: datetime, picture: Picture) -> None:
        """Record that a picture is in its file; every post that shows it is due again."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE images SET state = 'stored', reason = '', run = ?, ended_at = ?,"
                " content_hash = ?, type = ?, width = ?, height = ?, bytes = ? WHERE url_hash = ?",
                (
                    run,
                    to_time(at),
                    digest(picture.content_hash),
                    picture.type,
                    picture.width,
                    picture.height,
                    picture.size,
                    digest(hash_url(url)),
                ),
            )
            self._touch(url)

    def ended(self, url: str, run: int, at: datetime, state: ImageState, reason: str) -> None:
        """Record that a picture could not be had in this run, or never can."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE images SET state = ?, reason = ?, run = ?, ended_at = ?,"
                " attempts = attempts + 1 WHERE url_hash = ?",
                (state, reason, run, to_time(at), digest(hash_url(url))),
            )

    def lost(self, urls: Iterable[str]) -> None:
        """Record that the files of stored pictures are gone: they are asked for again."""
        with self._database.transaction():
            for url in urls:
                self._database.execute(
                    "UPDATE images SET state = 'pending' WHERE url_hash = ?",
                    (digest(hash_url(url)),),
                )
                self._touch(url)

    def of_article(self, url_hash: str) -> dict[str, Picture]:
        """Return the stored pictures of an article: address at the publisher -> picture."""
        rows = self._database.rows(
            f"SELECT url, {_PICTURE} FROM article_images JOIN images ON image = url_hash"  # noqa: S608
            " WHERE article = ? AND state = 'stored' ORDER BY url_hash",
            (self._key(url_hash),),
        )
        return {url: Picture(content.hex(), *rest) for url, content, *rest in rows}

    def _is_open(self, url: str, attempts: int) -> bool:
        row = self._database.row(
            "SELECT state, attempts FROM images WHERE url_hash = ?", (digest(hash_url(url)),)
        )
        state, tried = row or (ImageState.PENDING, 0)
        return state == ImageState.PENDING or bool(state == ImageState.FAILED and tried < attempts)

    def _key(self, url_hash: str) -> bytes:
        return resolve(self._database, digest(url_hash))

    def _touch(self, url: str) -> None:
        shown_in = self._database.rows(
            "SELECT article FROM article_images WHERE image = ? ORDER BY article",
            (digest(hash_url(url)),),
        )
        for (article,) in list(shown_in):
            touch(self._database, article)


_PICTURE = "content_hash, type, width, height, bytes"
