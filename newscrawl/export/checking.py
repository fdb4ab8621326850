"""Whether the posts of a site are what its manifest and the archive say of them."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.findings import EXPORT, RESTORE, Area, Finding, Severity
from newscrawl.export.dialects import dialect_named
from newscrawl.export.entries import Entry
from newscrawl.export.files import TEMPORARY, NotAFile, Tree
from newscrawl.export.manifest import Manifest
from newscrawl.export.posts import ExportError
from newscrawl.export.standing import OwnFiles, SharedFiles, Standing

_ADOPT = "put the file aside; the next export takes over the posts that it would write"


def check_posts(
    archive: Archive,
    root: Path,
    dialect: str,
    *,
    quick: bool,
    progress: Callable[[str, int, int], None],
) -> Iterator[Finding]:
    """Yield what is wrong with the posts of one dialect; ``quick`` reads no file.

    A folder without a manifest is none of ours. Nothing is written.
    """
    tree, manifest = Tree(root), Manifest(root, dialect)
    try:
        total = manifest.count()
        posts = _Posts(archive, tree, manifest, dialect, root, quick=quick)
        for done, finding in posts.findings():
            progress(f"{dialect} posts", done, total)
            if finding is not None:
                yield finding
    except ExportError as error:
        yield Finding(Severity.ERROR, Area.POSTS, str(root), str(error), _ADOPT)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        yield Finding(Severity.ERROR, Area.POSTS, str(root), what, "look at its permissions")
    finally:
        tree.close()
        manifest.close()


class _Posts:
    def __init__(
        self,
        archive: Archive,
        tree: Tree,
        manifest: Manifest,
        dialect: str,
        root: Path,
        *,
        quick: bool,
    ) -> None:
        kind = dialect_named(dialect)
        self._archive = archive
        self._tree = tree
        self._manifest = manifest
        self._root = root
        self._quick = quick
        self._dialect = dialect
        self._stale = 0
        self._folders = [each for each in (kind.folder, kind.old_folder) if each]
        self._own = OwnFiles(tree, kind)
        self._posts: Standing = SharedFiles(tree) if kind.collected else self._own

    def findings(self) -> Iterator[tuple[int, Finding | None]]:
        """Yield how many files were looked at, each time with a finding or None."""
        done, path = 0, None
        for entry in self._manifest.entries():
            if entry.path != path:
                self._posts.forget()
                path = entry.path
            done += 1
            yield done, None
            for finding in self._of_entry(entry):
                yield done, finding
        for finding in (*self._behind(), *self._left()):
            yield done, finding

    def _behind(self) -> Iterator[Finding]:
        """Yield how many posts are of an earlier state of their article: usual, until exported."""
        if self._stale:
            posts = "post is" if self._stale == 1 else "posts are"
            what = f"{self._stale} {posts} not of the latest state of the article"
            remedy = f"{EXPORT} --dialect {self._dialect}"
            yield Finding(Severity.NOTE, Area.POSTS, str(self._root), what, remedy)

    def _of_entry(self, entry: Entry) -> Iterator[Finding]:
        where = str(self._root / entry.path)
        if entry.post_id is not None:
            stored = self._archive.sequence_of(entry.owner)
            if stored is None:
                what = "is the post of an article that the archive has not"
                yield Finding(Severity.ERROR, Area.POSTS, where, what, "newscrawl import takes it")
            elif entry.sequence is not None and entry.sequence != stored:
                self._stale += 1
        if not self._quick:
            yield from self._of_file(entry, where)

    def _of_file(self, entry: Entry, where: str) -> Iterator[Finding]:
        standing = self._posts if entry.post_id is not None else self._own
        try:
            content = standing.read(entry)
        except NotAFile:
            what = "something other than a file stands there"
            yield Finding(Severity.ERROR, Area.POSTS, where, what, "move it away, then " + RESTORE)
            return
        if content is None:
            if entry.was_written:
                what = "is gone"
                remedy = f"{RESTORE} --dialect {self._dialect}; nothing, if you removed it"
                yield Finding(Severity.WARNING, Area.POSTS, where, what, remedy)
        elif not entry.find(sha256(content).hexdigest()):
            seen = entry.post_id is not None and entry.sequence is None
            severity = Severity.NOTE if seen else Severity.WARNING
            what = "was edited" + (", and is kept as it is" if seen else "")
            remedy = f"nothing; {EXPORT} --force --dialect {self._dialect} writes it anew"
            yield Finding(severity, Area.POSTS, where, what, remedy)

    def _left(self) -> Iterator[Finding]:
        """Yield what a killed export staged and never named."""
        for folder in self._folders:
            path = self._root / folder
            for name in sorted(each.name for each in path.iterdir()) if path.is_dir() else ():
                if name.startswith(TEMPORARY):
                    what, remedy = "was left by an export that was killed", EXPORT
                    yield Finding(Severity.NOTE, Area.POSTS, str(path / name), what, remedy)
