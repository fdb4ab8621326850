"""From the archive to a folder of posts: what is written, what is left, and what is remembered.

A post keeps its path for ever (H91). It is written when its text has changed, never over a
file that somebody else wrote or edited (H114), and always as a whole (H117).
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from newscrawl.archive import Archive, ArchiveError, ArticleFilter, Recent, StoredArticle
from newscrawl.config import Config
from newscrawl.export.batch import Batch
from newscrawl.export.dialects import dialect_named, rendering_of
from newscrawl.export.drafts import Draft, Drafting, drafted
from newscrawl.export.files import Tree, check_root
from newscrawl.export.manifest import WAIT, Manifest
from newscrawl.export.originals import Originals
from newscrawl.export.pictures import LocalPictures
from newscrawl.export.planning import Consent, Planner
from newscrawl.export.posts import ExportError, Placement
from newscrawl.export.report import ExportCounts, FileChange, Why
from newscrawl.export.standing import Change
from newscrawl.export.window import Window

BATCH = 2048
"""Posts that are synced and confirmed together; with 512 an export takes an eighth longer."""
_GROUP = 128
"""Articles that are read, then planned, then staged, and whose texts are in memory: work of one
kind at a time is a seventh faster than one article after the other."""


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
        first_day: date | None = None,
        verbatim: bool = False,
        recent: Recent | None = None,
        wait: float = WAIT,
    ) -> None:
        """``out``: the dialect's own folder, made when needed. ``place``: its categories.

        first_day: posts of earlier days are moved to the dialect's old folder, those from
        it on are moved back; None moves nothing. verbatim: imported posts whose bytes were
        kept are written as they were, also where the article was corrected since. recent:
        shared by the dialects that are written one after the other. wait: seconds to wait for
        another export that has the folder. Raises
        ``ExportError`` if ``out`` cannot be written to, ``KeyError`` for an unknown dialect,
        ``DialectError`` for an unusable one.
        """
        check_root(out)
        self._archive = archive
        self._out = out
        self._recent = recent
        self._dialect = dialect_named(dialect)(config, cache(archive.claim_slug))
        self._rendering = rendering_of(self._dialect, config)
        self._tree = Tree(out)
        self._manifest = Manifest(out, dialect, wait)
        self._window = Window(self._tree, self._manifest, self._dialect, first_day)
        self._pictures = LocalPictures(archive, config, self._tree, self._dialect.image_folder)
        self._planner = Planner(
            self._dialect,
            self._tree,
            self._manifest,
            self._window,
            place,
            self._pictures,
            Originals(archive, type(self._dialect), verbatim=verbatim),
            self._rendering,
        )
        self._promised: set[str] = set()
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
        self,
        articles: Iterable[StoredArticle],
        *,
        dry_run: bool = False,
        force: bool = False,
        restore: bool = False,
    ) -> ExportCounts:
        """Bring the posts of these articles up to date and count what became of each.

        A file that was edited, or that we never wrote, is kept and reported; ``force``
        writes it anew. One of ours that is gone stays so and is reported; ``restore``
        writes it again. Posts of all articles are moved over the edge of the window first.
        ``dry_run``: count and list only. Raises ``ExportError`` when the storage fails;
        every file is whole then, and the next call goes on from there. A dry run wants an
        archive opened to read only, which answers for slugs without claiming them.
        """
        consent = Consent(force=force, restore=restore)
        return self._write(map(Draft, articles), ExportCounts(), consent, dry_run=dry_run)

    def write_all(
        self,
        where: ArticleFilter,
        *,
        dry_run: bool = False,
        force: bool = False,
        restore: bool = False,
        drafting: Drafting | None = None,
    ) -> ExportCounts:
        """Do what ``write`` does with the articles of a filter.

        One whose file is known to hold its text, and was not touched since, is counted and
        not read: its inode, size and time of change are those that the manifest has.
        drafting: renders the others elsewhere; not where posts may show pictures that stand
        beside them, or bytes that an import kept.
        """
        counts, consent = ExportCounts(), Consent(force=force, restore=restore)

        def standing(sequences: Mapping[str, int]) -> set[str]:
            found = self._planner.standing(sequences)
            counts.posts += len(found)
            counts.unchanged += len(found)
            return found

        drafts: Iterator[Draft]
        if drafting is None:
            drafts = map(Draft, self._archive.articles(where, unless=standing))
        else:
            drafts = drafted(drafting, self._archive.hashes(where, unless=standing))
        return self._write(drafts, counts, consent, dry_run=dry_run)

    def _write(
        self,
        drafts: Iterable[Draft],
        counts: ExportCounts,
        consent: Consent,
        *,
        dry_run: bool,
    ) -> ExportCounts:
        remaining = iter(drafts)
        try:
            if not dry_run and not self._manifest.is_writable:
                self._open_for_writing()
            self._planner.begin()
            self._move(counts, dry_run=dry_run)
            while self._write_some(islice(remaining, BATCH), counts, consent, dry_run=dry_run):
                pass
            if not dry_run and self._reached is not None and not self._promised:
                self._settle(self._reached)
            self._manifest.save()
        except (OSError, ExportError, ArchiveError) as error:
            with contextlib.suppress(ExportError):
                self._manifest.save()  # what was written before
            if isinstance(error, OSError):
                raise ExportError(f"{self._out}: {error.strerror or error}") from error
            raise
        return counts

    def _write_some(
        self,
        drafts: Iterator[Draft],
        counts: ExportCounts,
        consent: Consent,
        *,
        dry_run: bool,
    ) -> bool:
        """Write the posts of a batch; return whether there were any."""
        met: list[str] = []
        batch = Batch(self._tree, self._manifest, self._planner, self._rendering)
        with contextlib.closing(batch):
            while group := list(islice(drafts, _GROUP)):
                hashes = [draft.stored.article.url_hash or "" for draft in group]
                met += hashes
                self._manifest.look_up(hashes)  # those asked for before the last batch ended
                changes = [
                    change
                    for draft in group
                    for change in self._planner.plan(draft, counts, consent)
                ]
                if dry_run:
                    counts.changes += map(_listed, filter(_is_no_routine, changes))
                else:
                    batch.add(changes)
            if met and not dry_run:
                batch.carry_out(self._prepare)
                self._promised.difference_update(met)
        self._planner.end_batch()
        return bool(met)

    def changed(self, where: ArticleFilter) -> Iterator[StoredArticle]:
        """Yield the articles whose state this folder lacks.

        Those never exported, those changed since, those whose post was kept, and all after
        a change of what posts show by configuration. Whether files still stand is not
        looked at: old posts may be moved away without coming back. With an empty filter
        only what is new in the archive since the last complete export is read at all.
        """
        if where != type(where)():
            articles = self._archive.articles(where, unless=self._holds)
            yield from filter(self._lacks, articles)
            return
        self._promised.clear()
        settled, reached = self._manifest.settled(self._rendering), self._archive.last_sequence()
        for url_hash in self._manifest.owed():
            stored = self._archive.article(url_hash)
            if stored and stored.sequence <= settled:
                yield stored
        where = replace(where, after_sequence=settled)
        for stored in self._archive.articles(where, unless=self._holds, recent=self._recent):
            if self._lacks(stored):
                self._promised.add(stored.article.url_hash or "")
                yield stored
        self._reached = reached

    def _holds(self, sequences: Mapping[str, int]) -> set[str]:
        """Return the articles whose state this folder has, told by their own hash alone."""
        self._manifest.look_up(sequences)
        entries = ((self._manifest.entry(each), each) for each in sequences)
        return {
            each
            for entry, each in entries
            if entry and (entry.sequence, entry.rendering) == (sequences[each], self._rendering)
        }

    def _lacks(self, stored: StoredArticle) -> bool:
        entry = self._planner.entry_of(stored.article)
        return (
            entry is None or entry.sequence != stored.sequence or entry.rendering != self._rendering
        )

    def _open_for_writing(self) -> None:
        dialect = self._dialect
        self._tree.make(dialect.folder)
        self._manifest.open_for_writing()
        old = [dialect.old_folder] if dialect.old_folder else []
        for folder in (PurePosixPath(), dialect.folder, *old, *dialect.page_folders):
            self._tree.sweep(folder)

    def _move(self, counts: ExportCounts, *, dry_run: bool) -> None:
        """Bring every post to its side of the window's edge."""
        moves = self._window.moves()
        while batch := list(islice(moves, BATCH)):
            free = [move for move in batch if not move.taken]
            listed = [move for move in free if not move.done]
            counts.moved += len(listed)
            counts.kept += [PurePosixPath(move.to) for move in batch if move.taken]
            if dry_run:
                counts.changes += [
                    FileChange(PurePosixPath(m.entry.path), Why.MOVED, PurePosixPath(m.to))
                    for m in listed
                ]
                taken = [PurePosixPath(m.to) for m in batch if m.taken]
                counts.changes += [FileChange(path, Why.EDITED) for path in taken]
            else:
                self._window.carry_out(free)

    def _prepare(self) -> None:
        """Put in its place what has to be there before the posts of a batch are.

        Pictures, so that no post shows one that is not there. And the archive, before the
        folder says for which state of it the posts are: if a power loss took that state
        back, its numbers would be given to other articles.
        """
        self._pictures.place()
        self._archive.sync()

    def _settle(self, reached: int) -> None:
        """Note up to which sequence all is done; where that is known, nothing is touched."""
        if self._manifest.settled(self._rendering) != reached:
            self._archive.sync()
            self._manifest.settle(self._rendering, reached)


def _is_no_routine(change: Change) -> bool:
    return change.why is not Why.UNCHANGED


def _listed(change: Change) -> FileChange:
    return FileChange(PurePosixPath(change.entry.path), change.why)
