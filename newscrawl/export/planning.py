"""What has to be done for one article: compared with what stands there, never guessed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from newscrawl.archive import StoredArticle
from newscrawl.export.drafts import Draft, Rendered
from newscrawl.export.entries import Entry
from newscrawl.export.files import NotAFile, Tree
from newscrawl.export.manifest import Manifest
from newscrawl.export.names import post_ids
from newscrawl.export.originals import Originals
from newscrawl.export.pictures import LocalPictures
from newscrawl.export.posts import Dialect, ExportError, Placement, Reason, Record, Withheld
from newscrawl.export.report import ExportCounts, Why
from newscrawl.export.standing import Change, OwnFiles, SharedFiles, Standing
from newscrawl.export.window import Window
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article

_LEFT = frozenset({Why.EDITED, Why.REMOVED})
"""Why a file is left as it is."""


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
        rendering: str,
    ) -> None:
        self._dialect = dialect
        self._rendering = rendering
        self._tree = tree
        self._manifest = manifest
        self._window = window
        self._place = place
        self._pictures = pictures
        self._originals = originals
        self._own_files = OwnFiles(tree, dialect)
        self._shared_files = SharedFiles(tree) if dialect.collected else None
        self._posts: Standing = self._shared_files or self._own_files
        self._pages: dict[str, bytes] = {}
        self._fine: set[str] = set()
        self._trusts_stamps = False

    def begin(self) -> None:
        """Begin an export: every page is looked at once."""
        self._pages.clear()
        self._fine.clear()
        self._trusts_stamps = not self._originals.verbatim and self._manifest.trusts_stamps()

    def standing(self, sequences: Mapping[str, int]) -> set[str]:
        """Return the articles whose post and page are as they should be, without reading them.

        sequences: hash -> sequence of those to look at. The manifest has the post for this
        state of the archive, and nobody touched the files. The others want a closer look.
        """
        if not self._trusts_stamps:
            return set()
        self._manifest.look_up(sequences)
        return {each for each, sequence in sequences.items() if self._stands(each, sequence)}

    def _stands(self, url_hash: str, sequence: int) -> bool:
        entry = self._manifest.entry(url_hash)
        return (
            entry is not None
            and entry.is_of(sequence, self._rendering)
            and self._is_untouched(entry)
            and (entry.page is None or self._is_fine(entry.page))
        )

    def _is_untouched(self, entry: Entry) -> bool:
        return entry.stamp is not None and entry.stamp == self._tree.stamp(entry.path)

    def _is_fine(self, page: str) -> bool:
        """Whether a page was looked at in this export, or nobody touched it."""
        if page not in self._fine:
            entry = self._manifest.entry(page)
            if page not in self._pages and not (
                entry and entry.is_of(None, self._rendering) and self._is_untouched(entry)
            ):
                return False
            self._fine.add(page)
        return True

    def end_batch(self) -> None:
        """Let go of what was read of files and of the manifest."""
        self._posts.forget()
        self._manifest.forget()

    def plan(self, draft: Draft, counts: ExportCounts, consent: Consent) -> Iterator[Change]:
        """Yield what has to be done for one article and its pages, and count it."""
        counts.posts += 1
        article = draft.stored.article
        entry = self.entry_of(article)
        try:
            post, lasting = self._rendered(draft, entry)
        except Withheld as end:
            counts.withheld[end.reason] = counts.withheld.get(end.reason, 0) + 1
            return
        counts.dated_back += post.dated_back
        entry = entry or self._new_entry(article, post.when)
        change = _compared(
            self._posts,
            entry,
            post.content,
            draft.stored.sequence,
            consent,
            page=post.pages[0][0] if post.pages else None,
            # A time that lies ahead, a picture and kept bytes come and go by themselves.
            lasting=lasting and not post.dated_back and len(post.pages) < 2,
        )
        counts.written += change.content is not None
        counts.unchanged += change.why is Why.UNCHANGED
        _count_left(change, counts)
        yield change
        for path, content in post.pages:
            yield from self._plan_page(path, content, counts, consent)

    def has_own_file(self, change: Change) -> bool:
        """Whether the content of a change is a whole file; only posts can be lines of one."""
        return self._shared_files is None or not change.entry.post_id

    def shared(self, writes: list[Change]) -> Iterator[tuple[str, bytes]]:
        """Yield the files to write that hold several of these posts, each whole."""
        if self._shared_files is not None:
            yield from self._shared_files.contents(each for each in writes if each.entry.post_id)

    def restamp(self, stamps: Mapping[str, str]) -> None:
        """Note that files which were written anew hold their other posts as before."""
        if self._shared_files is None:
            return
        for path, stamp in stamps.items():
            if former := self._shared_files.stamp_of(path):
                self._manifest.restamp(path, former, stamp)

    def entry_of(self, article: Article) -> Entry | None:
        """Return the file of an article, also where it was written under another hash.

        So an article that an archive was lost of, and that came back by a post which tells
        no address, keeps its files: a crawl makes their hash an alias, and before that the
        post has the name of one of them.
        """
        key = article.url_hash or ""
        if entry := self._manifest.entry(key):
            return entry
        for alias in article.aliases:
            if entry := self._manifest.entry(hash_url(alias)):
                return entry
        if not key or self._manifest.was_empty:
            return None
        others = self._originals.other_hashes(article)
        if entry := next(filter(None, map(self._manifest.entry, others)), None):
            return entry
        original = self._originals.name(article)
        owner = self._manifest.owner_of(original[1]) if original else None
        if original is None or owner is None or self._originals.knows(owner):
            return None
        entry = self._manifest.entry(owner)
        return entry if entry and entry.name == original[0] else None

    def _rendered(self, draft: Draft, entry: Entry | None) -> tuple[Rendered, bool]:
        """Return the article as a post, and whether it lasts; raise ``Withheld``."""
        if isinstance(draft.rendered, Reason):
            raise Withheld(draft.rendered)
        if draft.rendered is not None:
            return draft.rendered, True
        stored = draft.stored
        record = Record.of(stored.article, self._place(stored), stored.sections)
        if original := self._originals.post(stored.article, entry.name if entry else None):
            return Rendered.of(record, original), False
        if pictures := self._pictures.addresses(stored.article):
            record = replace(record, pictures=pictures)
        lasting = not self._pictures.may_show(stored.article)
        return Rendered.of(record, self._dialect.render(record)), lasting

    def _plan_page(
        self, path: str, content: bytes, counts: ExportCounts, consent: Consent
    ) -> Iterator[Change]:
        if self._pages.get(path) == content:
            return
        self._pages[path] = content
        entry = self._manifest.entry(path) or Entry(path, path, None)
        change = _compared(self._own_files, entry, content, None, consent)
        counts.pages += change.content is not None
        _count_left(change, counts)
        yield change

    def _new_entry(self, article: Article, when: datetime) -> Entry:
        """Give an article the first of its names that no other article has (H92)."""
        for post_id, name in self._names(article, when):
            if self._manifest.owner_of(post_id) is None:
                folder = self._window.folder_of(when.date())
                entry = Entry(article.url_hash or "", f"{folder}/{name}", post_id)
                self._manifest.plan(entry)
                return entry
        raise ExportError(f"no free name for {article.url}")

    def _names(self, article: Article, when: datetime) -> Iterator[tuple[str, str]]:
        """Yield id and file name that an article can have, that of an imported post first."""
        if original := self._originals.name(article):
            name, post_id = original
            yield post_id, name
        for post_id in post_ids(article):
            yield post_id, self._dialect.file_name(when, post_id)


def _compared(
    where: Standing,
    entry: Entry,
    content: bytes,
    sequence: int | None,
    consent: Consent,
    *,
    page: str | None = None,
    lasting: bool = True,
) -> Change:
    """Return what has to be done for one post or page."""
    digest = sha256(content).hexdigest()

    def change(why: Why, content: bytes | None = None) -> Change:
        return Change(entry, digest, sequence, why, content, stamp, page, lasting)

    stamp = None
    try:
        stamp = where.stamp(entry) if entry.was_written else None
        standing = where.read(entry)
    except NotAFile:
        return change(Why.EDITED)
    if standing == content:
        return change(Why.UNCHANGED)
    if standing is None:
        if entry.was_written and not consent.restore:
            return change(Why.REMOVED)
        return change(Why.NEW, content)
    if entry.find(sha256(standing).hexdigest()) or consent.force:
        return change(Why.CHANGED, content)
    return change(Why.EDITED)


def _count_left(change: Change, counts: ExportCounts) -> None:
    """Note a file that is left as it is, once however many articles it holds."""
    if change.why in _LEFT:
        left = counts.kept if change.why is Why.EDITED else counts.removed
        path = PurePosixPath(change.entry.path)
        if not left or left[-1] != path:
            left.append(path)
