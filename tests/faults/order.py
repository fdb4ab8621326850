"""What a power loss could take: the order in which a process wrote, synced, renamed, committed.

A file system may bring what it was given to the disk in any order, unless it was told to wait
(fsync). So whatever is told of, in a database or by a name, has to be on the disk before:

- what is renamed or linked was synced after its last write;
- a file is on the disk, under its name, and so are the folders made for it, when a row that
  tells of it is committed: of a page, a picture, a post;
- a file of pages goes when the archive that no longer tells of it is synced;
- the archive is synced, beyond its commits, when a folder of posts says what state of it they
  are of: else the numbers of that state would be given out again.

SQLite orders its own files itself; of these only the commits are seen. It is about one source
at a time: of two, one may commit while the other is still writing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from newscrawl.export.files import TEMPORARY
from tests.faults.boundaries import Passage

TELLING = {
    "insert captures": "warc",
    "insert warc_files": "warc",
    "update images": "images",
}
"""Change of the archive -> folder whose files it tells of."""
PROMISES = {"insert files", "update files sequence", "insert meta settled"}
"""Changes of a folder's manifest that say what stands there, and for which state."""
WAL = "archive.db-wal"
MANIFEST = ".newscrawl-posts.db"


@dataclass
class Disk:
    """What is on the disk for sure, and what is not. wrong: what was told of too soon."""

    unsynced: set[str] = field(default_factory=set)
    """Files with bytes that may not be there."""
    unnamed: set[str] = field(default_factory=set)
    """Names of files and folders that may not be there."""
    files: set[str] = field(default_factory=set)
    """Files that bear the name that they keep."""
    committed: bool = True
    """Whether the archive has nothing to lose."""
    told: int = 0
    wrong: list[str] = field(default_factory=list)

    def take(self, passage: Passage) -> None:
        """Follow one call."""
        path = passage.path
        match passage.call:
            case "write" | "ftruncate" | "pwrite":
                self.unsynced.add(path)
            case "open" if passage.kind in ("warc", "posts", "images") and path not in self.files:
                self.unnamed.add(path)
                self.files.update([path] if TEMPORARY not in path else [])
            case "mkdir" if path != ".":
                self.unnamed.add(path)
            case "fsync" | "fdatasync":
                self.unsynced.discard(path)
                self.unnamed = {each for each in self.unnamed if _above(each) != path}
                self.committed = self.committed or path == WAL
            case "sync":
                self.unsynced.clear()
                self.unnamed.clear()
            case "rename" | "link":
                self.renamed(passage)
            case "unlink":
                if passage.kind == "warc" and TEMPORARY not in path and not self.committed:
                    self.wrong.append(f"{path} went before the index that told of it")
                self.forget(path)
            case "commit" if passage.tables:
                self.commit(passage)

    def forget(self, path: str) -> None:
        """A name is gone."""
        self.unsynced.discard(path)
        self.unnamed.discard(path)
        self.files.discard(path)

    def renamed(self, passage: Passage) -> None:
        """A file has another name, or one more."""
        if passage.path in self.unsynced:
            self.wrong.append(f"{passage.path} became {passage.to} before it was synced")
        if passage.call == "rename":
            self.forget(passage.path)
        self.files.add(passage.to)
        self.unnamed.add(passage.to)

    def commit(self, passage: Passage) -> None:
        """A database tells of files."""
        if passage.kind == "archive":
            self.committed = False
            folders = {TELLING[each] for each in passage.tables if each in TELLING}
        elif passage.path.endswith(MANIFEST) and set(passage.tables) & PROMISES:
            folders = {_above(passage.path)}
            if not self.committed:
                self.wrong.append(f"{passage.path} told of a state that the archive might lose")
        else:
            return  # a draft, or a note that tells of no file
        for folder in folders:
            self.tell(folder, passage)

    def tell(self, folder: str, passage: Passage) -> None:
        """Everything in a folder must be on the disk."""
        self.told += 1
        for path in sorted(each for each in self.files if _is_below(each, folder)):
            unnamed = {path, *map(str, PurePosixPath(path).parents)} & self.unnamed
            for fault in (*(["bytes"] if path in self.unsynced else []), *sorted(unnamed)):
                self.wrong.append(f"{passage.tables} told of {path} before a sync of {fault}")


def _above(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def followed(passages: Iterable[Passage]) -> Disk:
    """Return what came of these calls; ``wrong`` says what was told of too soon."""
    disk = Disk()
    for passage in passages:
        disk.take(passage)
    return disk
