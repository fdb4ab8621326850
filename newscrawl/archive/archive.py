"""The archive as its callers see it: one class, synchronous, no Scrapy."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from newscrawl.archive import discovery, reading, slugs, storing
from newscrawl.archive import recall as recalling
from newscrawl.archive.answers import Answers
from newscrawl.archive.captures import Captures
from newscrawl.archive.checking import Checks
from newscrawl.archive.checking_raw import FileChecks
from newscrawl.archive.codec import digest, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.fingerprints import Fingerprints
from newscrawl.archive.images import Images
from newscrawl.archive.imports import Imports
from newscrawl.archive.known import resolve
from newscrawl.archive.ledger import End
from newscrawl.archive.overview import Overview
from newscrawl.archive.reading import Recent, Unless
from newscrawl.archive.recall import Recall
from newscrawl.archive.records import ArticleFilter, Discovery, Found, StoredArticle, Work
from newscrawl.archive.removals import Removals
from newscrawl.archive.rereading import Rereading
from newscrawl.archive.revisions import Revision, revisions_of
from newscrawl.archive.sharing import Shared
from newscrawl.archive.walks import Walks
from newscrawl.archive.warc_files import WarcFiles
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

ATTEMPTS = 5
"""Failed runs after which an article is left alone, where the caller names no number."""
_EVERYTHING = ArticleFilter()
_NOTHING: Mapping[str, int] = {}


class Archive:
    """What is known, in one SQLite file; every change is one transaction.

    Times that go in are aware, of any zone; times that come out of a column are UTC.
    Hashes are SHA-256 in hex. Every method raises ``ArchiveError`` where the storage
    fails: disk full, file broken, locked for half a minute by another process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.images = Images(database)
        self.imports = Imports(database)
        self.captures = Captures(database)
        self.checks = Checks(database)
        self.file_checks = FileChecks(database)
        self.warc_files = WarcFiles(database)
        self.rereading = Rereading(database)
        self.removals = Removals(database)
        self.walks = Walks(database)
        self.answers = Answers(database)
        self.overview = Overview(database)
        self.fingerprints = Fingerprints(database)
        self._met: defaultdict[int, set[tuple[str, bytes]]] = defaultdict(set)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the archive at ``path``; create it, with its folder, where there is none.

        read_only: nothing is created, migrated or written. Raises ``ArchiveError`` for a
        file that is empty, broken, not ours, of a newer schema, or not writable; such a
        file is left as it is, because a new one would fetch everything again (H123).
        """
        return cls(Database.open(path, read_only=read_only))

    @classmethod
    def share(cls, path: Path) -> Self:
        """Open the archive at ``path`` as ``open`` does, over one connection for this process.

        For those that take turns in one thread, as the sources of a crawl do. Each closes it.
        """
        return cls(Shared.open(path))

    @property
    def folder(self) -> Path:
        """Folder that the archive and everything beside it stands in."""
        return self._database.path.parent

    @property
    def images_folder(self) -> Path:
        """Folder of the files of pictures, beside the archive."""
        return self.folder / "images"

    def sync(self) -> None:
        """Return when all that was committed would outlast a power loss.

        Without it the last commits may be taken back then, and are made again by the next run.
        """
        self._database.sync()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def begin_run(self, source: str, asked: Mapping[str, Any], started_at: datetime) -> int:
        """Record a new run and return its number; ``asked``: the options, for JSON."""
        with self._database.transaction():
            run = self._database.execute(
                "INSERT INTO runs (source, asked, started_at) VALUES (?, ?, ?)",
                (source, json.dumps(dict(asked), default=str), to_time(started_at)),
            ).lastrowid
        if run is None:
            raise LookupError("run")
        return run

    def end_run(self, run: int, *, finished_at: datetime, exit_code: int, error: str = "") -> None:
        """Record how a run ended; a run without this was killed."""
        self._met.pop(run, None)
        with self._database.transaction():
            self._database.execute(
                "UPDATE runs SET finished_at = ?, exit_code = ?, error = ? WHERE run = ?",
                (to_time(finished_at), exit_code, error, run),
            )

    def resume(
        self,
        run: int,
        source: str,
        sections: Collection[str] | None,
        *,
        attempts: int,
        refetch: bool = False,
    ) -> Iterator[Work]:
        """Move to this run what earlier ones left, and yield it in the order of discovery.

        That is what is pending, and what failed or was blocked in fewer runs than
        ``attempts``. sections: only of these; None for all. refetch: as in ``discover``,
        which does not hand out again what is under way from here.
        """
        for work in discovery.resume(self._database, run, source, sections, attempts):
            if refetch:
                self._met[run].add((work.section, digest(work.url_hash)))
            yield work

    def recall(
        self,
        run: int,
        recall: Recall,
        at: datetime,
        describe: Callable[[Article], Entry],
        *,
        limit: int | None = None,
        taken: Mapping[str, int] = _NOTHING,
    ) -> Iterator[int]:
        """Make stored articles pending in this run; yield how many, batch by batch.

        What is pending outlasts a kill: the next run fetches it. describe: the entry under
        which an article is fetched again; its ``skip`` says why it cannot be. limit: the
        most of each section, of which ``taken`` are taken already.
        """
        met = self._met[run]
        return recalling.mark(
            self._database, run, recall, at, describe, met=met, limit=limit, taken=taken
        )

    def recalled(self, run: int, source: str) -> Iterator[Work]:
        """Yield what ``recall`` made pending and no listing has brought meanwhile."""
        return recalling.marked(self._database, run, source, met=self._met[run])

    def count_recall(self, recall: Recall) -> int:
        """Return how many stored articles a recrawl would fetch again."""
        return recalling.count(self._database, recall)

    def discover(
        self,
        run: int,
        source: str,
        section: str,
        found: Sequence[Found],
        at: datetime,
        *,
        refetch: bool = False,
        attempts: int = ATTEMPTS,
    ) -> Discovery:
        """Take in one page of a listing; return what to fetch of it.

        To fetch is, once in a run: what nobody knows; what the listing says was modified
        since; what is not stored because it failed, in fewer runs than ``attempts``; and
        with ``refetch`` everything. All other entries are counted at once.
        """
        visit = discovery.Visit(run, source, section, to_time(at), refetch, attempts)
        return discovery.discover(self._database, visit, found, self._met[run])

    def has_entries(self, source: str, section: str) -> bool:
        """Whether any run has found an entry in a section."""
        return bool(
            self._database.value(
                "SELECT EXISTS (SELECT 1 FROM totals WHERE source = ?1 AND section = ?2)"
                # An imported post has its section, too; only then the runs are asked one by one.
                " AND EXISTS (SELECT 1 FROM runs JOIN run_counts USING (run)"
                " WHERE source = ?1 AND section = ?2 AND n > 0)",
                (source, section),
            )
        )

    def store(
        self,
        run: int,
        section: str,
        url_hash: str,
        article: Article,
        *,
        claim_images: bool = False,
    ) -> Outcome:
        """Store an article, end the entry it was read for, and return how.

        url_hash: of the ``Work``. The answer is ``new``; ``updated`` for other content
        than the stored one (a new revision); ``unchanged`` for the same; ``duplicate``
        where the page turned out to be an article stored under another identity, whose
        text stays. claim_images: its pictures are to be fetched, and pending from now on.
        Raises ``ValueError`` for an article without title, time or body.
        """
        with self._database.transaction():
            return storing.store(
                self._database, run, section, url_hash, article, claim_images=claim_images
            )

    def store_all(
        self, run: int, read: Iterable[tuple[str, str, Article]], *, claim_images: bool = False
    ) -> list[Outcome]:
        """Store articles in one transaction, each with section and hash as ``store`` has them.

        Where it raises for one of them, none is stored.
        """
        with self._database.transaction():
            return [
                storing.store(self._database, run, *each, claim_images=claim_images)
                for each in read
            ]

    def end(
        self,
        run: int,
        source: str,
        section: str,
        url_hash: str,
        outcome: Outcome,
        reason: str,
        at: datetime,
    ) -> None:
        """End an entry without an article; only the first end of an entry in a run counts.

        Raises ``ValueError`` for ``pending``, which is no end.
        """
        if outcome is Outcome.PENDING:
            raise ValueError("pending is no end")
        place = storing.Place(run, source, section, digest(url_hash))
        storing.end(self._database, place, End(outcome, reason, to_time(at)))

    def counts(self, run: int) -> dict[str, dict[Outcome, int]]:
        """Return section -> outcome -> number; the entries of a section are their sum."""
        counts: dict[str, dict[Outcome, int]] = {}
        for section, outcome, n in self._database.rows(
            "SELECT section, outcome, n FROM run_counts WHERE run = ? AND n > 0", (run,)
        ):
            counts.setdefault(section, {})[Outcome(outcome)] = n
        return counts

    def articles(
        self,
        where: ArticleFilter = _EVERYTHING,
        *,
        unless: Unless | None = None,
        recent: Recent | None = None,
    ) -> Iterator[StoredArticle]:
        """Yield articles in the order of (published_at, url_hash), in constant memory.

        unless: told the hash and the sequence of some at a time; those that it returns are
        left out without being read. recent: those of them that it has are not read again.
        """
        return reading.read_articles(self._database, where, unless, recent)

    def hashes(self, where: ArticleFilter, *, unless: Unless | None = None) -> Iterator[list[str]]:
        """Yield the hashes of the articles that ``articles`` yields, some at a time."""
        return map(list, reading.read_hashes(self._database, where, unless))

    def count(self, where: ArticleFilter = _EVERYTHING) -> int:
        """Return how many articles a filter matches, whatever its limit."""
        return reading.count_articles(self._database, where)

    def articles_of(self, hashes: Sequence[str]) -> Iterator[StoredArticle]:
        """Yield the articles that are stored under these hashes, in the order of the hashes."""
        return reading.read_some(self._database, hashes)

    def article(self, url_hash: str) -> StoredArticle | None:
        """Return one article by the hash of any of its identities."""
        return reading.read_article(self._database, resolve(self._database, digest(url_hash)))

    def revisions(self, url_hash: str) -> Iterator[Revision]:
        """Yield the revisions of an article by the hash of any of its identities, oldest first."""
        return revisions_of(self._database, resolve(self._database, digest(url_hash)))

    def sequence_of(self, url_hash: str) -> int | None:
        """Return the sequence of a stored article by the hash of any identity, None for none."""
        key = resolve(self._database, digest(url_hash))
        found = self._database.value("SELECT sequence FROM articles WHERE url_hash = ?", (key,))
        return None if found is None else int(found)

    def last_sequence(self) -> int:
        """Return the highest ``StoredArticle.sequence`` so far, 0 for an empty archive."""
        return int(self._database.value("SELECT value FROM counters WHERE name = 'sequence'"))

    def claim_slug(self, name: str, slug: str) -> str:
        """Return the slug that ``name`` has for ever: ``slug``, else the first free ``slug_N``.

        No two names share one, whatever the case of the letters, since Hugo lower-cases
        addresses (document-format C4, S5). A read-only archive answers without claiming.
        """
        return slugs.claim(self._database, name, slug)

    def slug_of(self, name: str) -> str | None:
        """Return the slug that ``name`` has, None while it has none."""
        return slugs.known(self._database, name)
