"""From the archive to a folder of posts: what is written, what is left, and what is remembered.

A post keeps its path for ever (H91). It is written when its text has changed, never over a
file that somebody else wrote or edited (H114), and always as a whole (H117).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

import msgspec

from newscrawl.archive import Archive, ArticleFilter, StoredArticle
from newscrawl.config import Config
from newscrawl.export.dialects import dialect_named
from newscrawl.export.files import NotAFile, Tree, check_root
from newscrawl.export.manifest import Entry, Manifest
from newscrawl.export.names import file_name, post_ids
from newscrawl.export.posts import ExportCounts, ExportError, File, Placement, Record, Withheld
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article

_BATCH = 512
"""Posts that are synced and confirmed together; memory holds one batch at a time."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What to do about one file: write it, or only note that it is right, or is kept.

    content: what to write, None for a file that stays as it stands. digest: of what the
    file should hold. kept: what stands there is not ours to change.
    """

    entry: Entry
    digest: str
    sequence: int | None
    content: bytes | None = None
    kept: bool = False


class Exporter:
    """Writes the posts of one dialect into one folder.

    The folder is locked from the first ``write`` until ``close``. Nothing is written, not
    even the folder, by any other method or by a dry run.
    """

    def __init__(
        self,
        archive: Archive,
        dialect: str,
        out: Path,
        *,
        place: Callable[[StoredArticle], Placement],
        config: Config,
    ) -> None:
        """``out``: the dialect's own folder, made when needed. ``place``: its categories.

        Raises ``ExportError`` if ``out`` cannot be written to, ``KeyError`` for an unknown
        dialect.
        """
        check_root(out)
        self._archive = archive
        self._place = place
        self._out = out
        self._dialect = dialect_named(dialect)(config, self._slug_of)
        self._rendering = _fingerprint(dialect, self._dialect.version, config)
        self._tree = Tree(out)
        self._manifest = Manifest(out, dialect)
        self._slugs: dict[str, str] = {}
        self._pages: dict[PurePosixPath, str] = {}
        self._promised: set[str | None] = set()
        self._reached: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the folder."""
        self._tree.close()
        self._manifest.close()

    def write(
        self, articles: Iterable[StoredArticle], *, dry_run: bool = False, force: bool = False
    ) -> ExportCounts:
        """Bring the posts of these articles up to date and count what became of each.

        A file that was edited, or that we never wrote, is kept and reported; ``force``
        writes it anew. A post that was deleted is written again. ``dry_run``: count only.
        Raises ``ExportError`` when the storage fails; every file is whole then, and the
        next call goes on from there. A dry run wants an archive opened to read only, which
        answers for slugs without claiming them.
        """
        counts = ExportCounts()
        self._pages.clear()
        remaining = iter(articles)
        try:
            if not dry_run and not self._manifest.is_writable:
                self._open_for_writing()
            while batch := list(islice(remaining, _BATCH)):
                changes = [
                    change for stored in batch for change in self._plan(stored, counts, force)
                ]
                if not dry_run:
                    self._carry_out(changes)
                    self._promised.difference_update(each.article.url_hash for each in batch)
            if not dry_run and self._reached is not None and not self._promised:
                self._manifest.settle(self._rendering, self._reached)
        except OSError as error:
            raise ExportError(f"{self._out}: {error.strerror or error}") from error
        return counts

    def changed(self, where: ArticleFilter) -> Iterator[StoredArticle]:
        """Yield the articles whose state this folder lacks.

        Those never exported, those changed since, those whose post was kept, and all after
        a change of what posts show by configuration. Whether files still stand is not
        looked at: old posts may be moved away without coming back. With an empty filter
        only what is new in the archive since the last complete export is read at all.
        """
        if where != type(where)():
            yield from filter(self._lacks, self._archive.articles(where))
            return
        self._promised.clear()
        settled, reached = self._manifest.settled(self._rendering), self._archive.last_sequence()
        for url_hash in self._manifest.owed():
            stored = self._archive.article(url_hash)
            if stored and stored.sequence <= settled:
                yield stored
        for stored in self._archive.articles(replace(where, after_sequence=settled)):
            if self._lacks(stored):
                self._promised.add(stored.article.url_hash)
                yield stored
        self._reached = reached

    def _lacks(self, stored: StoredArticle) -> bool:
        entry = self._entry_of(stored.article)
        return (
            entry is None or entry.sequence != stored.sequence or entry.rendering != self._rendering
        )

    def _open_for_writing(self) -> None:
        self._tree.make(self._dialect.folder)
        self._manifest.open_for_writing()
        for folder in (PurePosixPath(), self._dialect.folder, *self._dialect.page_folders):
            self._tree.sweep(folder)

    def _plan(self, stored: StoredArticle, counts: ExportCounts, force: bool) -> Iterator[_Change]:
        """Yield what has to be done for one article, and count it."""
        try:
            record = Record.of(stored.article, self._place(stored))
            post = self._dialect.render(record)
        except Withheld as end:
            counts.withheld[end.reason] = counts.withheld.get(end.reason, 0) + 1
            return
        counts.dated_back += record.dated_back
        entry = self._entry_of(stored.article) or self._new_entry(record)
        change = self._compare(entry, post.text, stored.sequence, force=force)
        if change.kept:
            counts.kept.append(entry.path)
        else:
            counts.written += change.content is not None
            counts.unchanged += change.content is None
        yield change
        for page in post.pages:
            yield from self._plan_page(page, counts, force)

    def _plan_page(self, page: File, counts: ExportCounts, force: bool) -> Iterator[_Change]:
        if self._pages.get(page.path) == page.text:
            return
        self._pages[page.path] = page.text
        owner = str(page.path)
        entry = self._manifest.entry(owner) or Entry(owner, page.path, None)
        change = self._compare(entry, page.text, None, force=force)
        if change.kept:
            counts.kept.append(page.path)
        else:
            counts.pages += change.content is not None
        yield change

    def _compare(self, entry: Entry, text: str, sequence: int | None, *, force: bool) -> _Change:
        """Return what has to be done for one file."""
        content = text.encode("utf-8")
        digest = hashlib.sha256(content).hexdigest()
        try:
            standing = self._tree.read(entry.path)
        except NotAFile:
            return _Change(entry, digest, sequence, kept=True)
        if standing == content:
            return _Change(entry, digest, sequence)
        if standing is None or force or entry.wrote(hashlib.sha256(standing).hexdigest()):
            return _Change(entry, digest, sequence, content)
        return _Change(entry, digest, sequence, kept=True)

    def _carry_out(self, changes: list[_Change]) -> None:
        """Write a batch: all contents, one sync, the claims, the names, the confirmations."""
        writes = [change for change in changes if change.content is not None]
        staged: list[tuple[PurePosixPath, PurePosixPath]] = []
        try:
            for change in writes:
                path = change.entry.path
                staged.append((self._tree.stage(path, change.content or b""), path))
            self._tree.sync([temporary for temporary, _ in staged])
            for change in writes:
                change.entry.claimed = change.digest
            self._manifest.save(change.entry for change in writes)
            while staged:
                self._tree.replace(*staged[-1])
                staged.pop()
        finally:
            for temporary, _ in staged:
                self._tree.discard(temporary)
        if writes:
            self._tree.sync_folders()
        self._manifest.save(change.entry for change in changes if self._note(change))

    def _note(self, change: _Change) -> bool:
        """Bring the entry of a file up to date; return whether it has to be saved."""
        entry = change.entry
        if not change.kept:
            return entry.confirm(change.digest, change.sequence, self._rendering)
        known, entry.sequence = entry.sequence, None  # owed, until the file is ours again
        return known is not None or self._manifest.is_planned(entry)

    def _entry_of(self, article: Article) -> Entry | None:
        """Return the file of an article, also where it was written under an alias."""
        keys = (article.url_hash or "", *map(hash_url, article.aliases))
        return next(filter(None, map(self._manifest.entry, keys)), None)

    def _new_entry(self, record: Record) -> Entry:
        """Give an article the first of its names that no other article has (H92)."""
        for post_id in post_ids(record.article):
            if self._manifest.owner_of(post_id) is None:
                name = file_name(record.when, post_id, self._dialect.suffix)
                entry = Entry(record.article.url_hash or "", self._dialect.folder / name, post_id)
                self._manifest.plan(entry)
                return entry
        raise ExportError(f"{self._out}: no free name for {record.url}")

    def _slug_of(self, name: str, wanted: str) -> str:
        if name not in self._slugs:
            self._slugs[name] = self._archive.claim_slug(name, wanted)
        return self._slugs[name]


def _fingerprint(dialect: str, version: int, config: Config) -> str:
    """Return what the bytes of a post depend on besides its article."""
    settings = msgspec.json.encode([dialect, version, config.site, config.slugs, config.sources])
    return hashlib.sha256(settings).hexdigest()[:16]
