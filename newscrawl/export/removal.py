"""Taking an article's posts out of a site, also those that were edited (``newscrawl remove``)."""

import contextlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from newscrawl.export.dialects import dialect_named, dialects
from newscrawl.export.entries import Entry
from newscrawl.export.files import NotAFile, Tree
from newscrawl.export.manifest import FILE_NAME, Manifest
from newscrawl.export.names import file_name, post_ids
from newscrawl.export.posts import CHINA, Dialect, ExportError
from newscrawl.export.standing import SharedFiles
from newscrawl.items import Article


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What is to go of one article.

    hashes: of all its identities, hex. articles: its versions, of which names of posts
    follow where the manifest is lost; may be empty. names: dialect -> further file names.
    pictures: paths below the folder of pictures.
    """

    hashes: frozenset[str]
    articles: tuple[Article, ...] = ()
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: tuple[PurePosixPath, ...] = ()


def site_folders(output: Path, others: Sequence[Path] = ()) -> dict[Path, str]:
    """Return the folders that hold posts of ours, with their dialect.

    output: the folder of the archive, below which every dialect has its own. others: sites
    elsewhere; raises ``ExportError`` for one that is none of ours.
    """
    found = {output / name: name for name in dialects() if (output / name).is_dir()}
    for root in others:
        name = _dialect_of(root)
        if name is None:
            raise ExportError(f"{root}: has no {FILE_NAME}; it is no folder of an export")
        found[root] = name
    return found


def _dialect_of(root: Path) -> str | None:
    file = root / FILE_NAME
    if not file.is_file():
        return None
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as db:
            row = db.execute("SELECT value FROM meta WHERE name = 'dialect'").fetchone()
    except sqlite3.Error as error:
        raise ExportError(f"{file}: cannot be read ({error})") from error
    return str(row[0]) if row and row[0] in dialects() else None


def remove_posts(
    root: Path, dialect: str, unwanted: Unwanted, *, dry_run: bool = False
) -> list[PurePosixPath]:
    """Remove every file of an article from a site and return which there were.

    Of a file that holds more articles only its line goes. Pages of categories stay. The
    files go before the record of them, so that a second call finishes what a kill cut off.
    Raises ``ExportError`` and ``ExportLocked``.
    """
    tree, manifest = Tree(root), Manifest(root, dialect)
    try:
        removal = _Removal(tree, manifest, dialect_named(dialect), dry_run=dry_run)
        if not dry_run:
            removal.begin()
        return removal.carry_out(unwanted)
    except OSError as error:
        raise ExportError(f"{root}: {error.strerror or error}") from error
    finally:
        tree.close()
        manifest.close()


class _Removal:
    def __init__(
        self, tree: Tree, manifest: Manifest, dialect: type[Dialect], *, dry_run: bool
    ) -> None:
        self._tree = tree
        self._manifest = manifest
        self._dialect = dialect
        self._dry_run = dry_run
        self._folders = [each for each in (dialect.folder, dialect.old_folder) if each]

    def begin(self) -> None:
        """Lock the folder, and clear away what a killed export left of any text."""
        self._manifest.open_for_writing()
        for folder in (PurePosixPath(), *self._folders, *self._dialect.page_folders):
            self._tree.sweep(folder)

    def carry_out(self, unwanted: Unwanted) -> list[PurePosixPath]:
        """Remove the files, then forget them."""
        entries = [entry for each in sorted(unwanted.hashes) if (entry := self._entry(each))]
        if self._dialect.collected:
            gone = self._lines([*entries, *self._lines_of(unwanted, entries)])
        else:
            paths = dict.fromkeys(self._paths(entries, unwanted))
            gone = [path for path in paths if self._remove(path)]
        if self._dialect.image_folder is not None:
            for picture in unwanted.pictures:
                path = self._dialect.image_folder / picture
                gone += [path] if self._remove(path) else []
        if not self._dry_run:
            self._tree.sync_folders()
            for owner in (*unwanted.hashes, *map(str, gone)):
                self._manifest.drop(owner)
        return gone

    def _entry(self, owner: str) -> Entry | None:
        return self._manifest.entry(owner)

    def _paths(self, entries: Collection[Entry], unwanted: Unwanted) -> Iterator[PurePosixPath]:
        """Yield where files of the article may stand: each name in both folders."""
        names = [entry.name for entry in entries]
        names += unwanted.names.get(self._dialect.name, ())
        for article in unwanted.articles:
            names += self._usual_names(article)
        for name in dict.fromkeys(names):
            if self._is_anothers(name, unwanted.hashes):
                continue
            for folder in self._folders:
                yield folder / name

    def _usual_names(self, article: Article) -> Iterator[str]:
        for moment in filter(None, {article.published_at, article.fetched_at}):
            for post_id in post_ids(article):
                yield file_name(moment.astimezone(CHINA), post_id, self._dialect.suffix)

    def _is_anothers(self, name: str, hashes: Collection[str]) -> bool:
        """Whether the manifest gives this name to another article."""
        paths = [folder / name for folder in self._folders]
        owners = [owner for path in paths for owner in self._manifest.owners_at(path)]
        return bool(owners) and not set(owners) & {*hashes, *map(str, paths)}

    def _remove(self, path: PurePosixPath) -> bool:
        if self._dry_run:
            try:
                return self._tree.read(path) is not None
            except NotAFile:
                return True
        return self._tree.remove(path)

    def _lines_of(self, unwanted: Unwanted, known: Collection[Entry]) -> Iterator[Entry]:
        """Yield the lines that the article may have where the manifest does not know it."""
        paths = {entry.path for entry in known}
        for article in unwanted.articles:
            for moment in filter(None, {article.published_at, article.fetched_at}):
                path = f"{self._dialect.folder}/{moment.astimezone(CHINA):%Y-%m-%d}.jsonl"
                if path not in paths:
                    yield from (Entry(each, path, None) for each in unwanted.hashes)

    def _lines(self, entries: Collection[Entry]) -> list[PurePosixPath]:
        """Take lines out of their files; a file without any line left goes."""
        standing, gone = SharedFiles(self._tree), []
        for entry in entries:
            with contextlib.suppress(NotAFile):
                content, had = standing.without(entry)
                if not had:
                    continue
                gone.append(PurePosixPath(entry.path))
                if not self._dry_run:
                    self._replace(entry.path, content)
        return list(dict.fromkeys(gone))

    def _replace(self, path: str, content: bytes) -> None:
        if not content:
            self._tree.remove(path)
            return
        staged = self._tree.stage(path, content)
        self._tree.sync([staged])
        self._tree.replace(staged)
