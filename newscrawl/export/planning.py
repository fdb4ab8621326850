"""What has to be done for one article: compared with what stands there, never guessed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath

from newscrawl.archive import StoredArticle
from newscrawl.export.files import NotAFile, Tree
from newscrawl.export.manifest import Entry, Manifest
from newscrawl.export.names import post_ids
from newscrawl.export.originals import Originals
from newscrawl.export.pictures import LocalPictures
from newscrawl.export.posts import Dialect, ExportError, File, Placement, Post, Record, Withheld
from newscrawl.export.report import ExportCounts, Why
from newscrawl.export.standing import Change, OwnFiles, SharedFiles, Standing
from newscrawl.export.window import Window
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article


@dataclass(frozen=True, slots=True)
class Consent:
    """What may be done to files that are not as we left them.

    force: overwrite what was edited. restore: write again what was removed.
    """

    force: bool = False
    restore: bool = False


class Planner:
    """Renders articles and says what becomes of their files; writes nothing."""

    def __init__(
        self,
        dialect: Dialect,
        tree: Tree,
        manifest: Manifest,
        window: Window,
        place: Callable[[StoredArticle], Placement],
        pictures: LocalPictures,
        originals: Originals,
    ) -> None:
        self._dialect = dialect
        self._manifest = manifest
        self._window = window
        self._place = place
        self._pictures = pictures
        self._originals = originals
        self._own_files = OwnFiles(tree, dialect)
        self._posts: Standing = SharedFiles(tree) if dialect.collected else self._own_files
        self._pages: dict[PurePosixPath, str] = {}

    def begin(self) -> None:
        """Begin an export: every page is looked at once."""
        self._pages.clear()

    def end_batch(self) -> None:
        """Let go of the files that were read."""
        self._posts.forget()

    def plan(
        self, stored: StoredArticle, counts: ExportCounts, consent: Consent
    ) -> Iterator[Change]:
        """Yield what has to be done for one article and its pages, and count it."""
        counts.posts += 1
        entry = self.entry_of(stored.article)
        try:
            record, post = self._render(stored, entry)
        except Withheld as end:
            counts.withheld[end.reason] = counts.withheld.get(end.reason, 0) + 1
            return
        counts.dated_back += record.dated_back
        entry = entry or self._new_entry(record)
        change = _compared(self._posts, entry, post.text, stored.sequence, consent)
        counts.written += change.content is not None
        counts.unchanged += change.why is Why.UNCHANGED
        _count_left(change, counts)
        yield change
        for page in post.pages:
            yield from self._plan_page(page, counts, consent)

    def contents(self, writes: list[Change]) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Yield the files to write, each whole; only posts can be lines of one."""
        yield from self._own_files.contents(each for each in writes if not each.entry.post_id)
        yield from self._posts.contents(each for each in writes if each.entry.post_id)

    def entry_of(self, article: Article) -> Entry | None:
        """Return the file of an article, also where it was written under an alias."""
        keys = (article.url_hash or "", *map(hash_url, article.aliases))
        return next(filter(None, map(self._manifest.entry, keys)), None)

    def _render(self, stored: StoredArticle, entry: Entry | None) -> tuple[Record, Post]:
        """Return the article as a post; raise ``Withheld``."""
        record = Record.of(stored.article, self._place(stored), stored.sections)
        if original := self._originals.post(stored.article, entry.path if entry else None):
            return record, original
        record = replace(record, pictures=self._pictures.addresses(stored.article))
        return record, self._dialect.render(record)

    def _plan_page(self, page: File, counts: ExportCounts, consent: Consent) -> Iterator[Change]:
        if self._pages.get(page.path) == page.text:
            return
        self._pages[page.path] = page.text
        owner = str(page.path)
        entry = self._manifest.entry(owner) or Entry(owner, page.path, None)
        change = _compared(self._own_files, entry, page.text, None, consent)
        counts.pages += change.content is not None
        _count_left(change, counts)
        yield change

    def _new_entry(self, record: Record) -> Entry:
        """Give an article the first of its names that no other article has (H92)."""
        for post_id, name in self._names(record):
            if self._manifest.owner_of(post_id) is None:
                folder = self._window.folder_of(record.when.date())
                entry = Entry(record.article.url_hash or "", folder / name, post_id)
                self._manifest.plan(entry)
                return entry
        raise ExportError(f"no free name for {record.url}")

    def _names(self, record: Record) -> Iterator[tuple[str, str]]:
        """Yield id and file name that an article can have, that of an imported post first."""
        if original := self._originals.name(record.article):
            name, post_id = original
            yield post_id, name
        for post_id in post_ids(record.article):
            yield post_id, self._dialect.file_name(record.when, post_id)


def _compared(
    where: Standing, entry: Entry, text: str, sequence: int | None, consent: Consent
) -> Change:
    """Return what has to be done for one post or page."""
    content = text.encode("utf-8")
    digest = sha256(content).hexdigest()

    def change(why: Why, content: bytes | None = None) -> Change:
        return Change(entry, digest, sequence, why, content)

    try:
        standing = where.read(entry)
    except NotAFile:
        return change(Why.EDITED)
    if standing == content:
        return change(Why.UNCHANGED)
    if standing is None:
        if entry.was_written and not consent.restore:
            return change(Why.REMOVED)
        return change(Why.NEW, content)
    if consent.force or entry.wrote(sha256(standing).hexdigest()):
        return change(Why.CHANGED, content)
    return change(Why.EDITED)


def _count_left(change: Change, counts: ExportCounts) -> None:
    """Note a file that is left as it is, once however many articles it holds."""
    left = {Why.EDITED: counts.kept, Why.REMOVED: counts.removed}.get(change.why)
    if left is not None and (not left or left[-1] != change.entry.path):
        left.append(change.entry.path)
