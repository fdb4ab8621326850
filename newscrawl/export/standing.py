"""Where a post stands: in a file of its own, or as one line of the file of its day."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Protocol

import msgspec

from newscrawl.export.entries import Entry
from newscrawl.export.files import Tree
from newscrawl.export.posts import Dialect
from newscrawl.export.report import Why


class Change(msgspec.Struct, gc=False):
    """What to do about one post or page.

    content: what to write, None where nothing is written or it is staged already. digest:
    SHA-256 of what should stand there. sequence: the state of the archive that this is of;
    None for a page. stamp: of the file that holds it already. page: the page that the post
    needs. lasting: whether the text follows from the state of the archive and the rendering
    alone.
    """

    entry: Entry
    digest: str
    sequence: int | None
    why: Why
    content: bytes | None = None
    stamp: str | None = None
    page: str | None = None
    lasting: bool = True


class Standing(Protocol):
    """How posts are read and written; one for each way they can stand in a folder."""

    def read(self, entry: Entry) -> bytes | None:
        """Return what stands there for this entry, None for nothing; raise ``NotAFile``."""
        ...

    def stamp(self, entry: Entry) -> str | None:
        """Return the stamp of what ``read`` returns, taken before it is read."""
        ...

    def forget(self) -> None:
        """Let go of what was read: a batch has ended."""
        ...


class OwnFiles:
    """A file for each post, in the dialect's folder or beside it among the old ones.

    A post that is not where the manifest says is looked for in the other folder: a kill
    came between a move and its record, or the user moved it.
    """

    def __init__(self, tree: Tree, dialect: Dialect | type[Dialect]) -> None:
        self._tree = tree
        self._other: dict[str, str] = {}
        if dialect.old_folder is not None:
            built, old = str(dialect.folder), str(dialect.old_folder)
            self._other = {built: old, old: built}

    def read(self, entry: Entry) -> bytes | None:
        """Return the file; where it is in the other folder, the entry says so from now on."""
        wanted = entry.was_written or self._tree.has(entry.path)
        found = self._tree.read(entry.path) if wanted else None
        folder, _, name = entry.path.rpartition("/")
        if found is not None or folder not in self._other:
            return found
        elsewhere = f"{self._other[folder]}/{name}"
        found = self._tree.read(elsewhere)
        if found is not None:
            entry.path = elsewhere
        return found

    def stamp(self, entry: Entry) -> str | None:
        """Return the stamp of the file where the entry says that it is."""
        return self._tree.stamp(entry.path)

    def forget(self) -> None:
        """Look again for the other folder."""
        self._tree.forget()


class _Key(msgspec.Struct, frozen=True):
    """What tells a line of ours, and where it stands among the others."""

    url_hash: str
    published_at: str


class SharedFiles:
    """A line for each post, in the order of publication; other people's lines come last.

    A line is kept, left out and replaced by the same rules as a file.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read: dict[str, dict[str, bytes]] = {}
        self._stamps: dict[str, str | None] = {}

    def read(self, entry: Entry) -> bytes | None:
        """Return the line of the entry's article, also where it bears an alias's hash now."""
        lines = self._lines(entry.path)
        if entry.owner not in lines and entry.was_written:
            ours = (at for at, line in lines.items() if sha256(line).hexdigest() == entry.sha256)
            at = next(ours, None)
            if at is not None:
                lines[entry.owner] = lines.pop(at)
        return lines.get(entry.owner)

    def stamp(self, entry: Entry) -> str | None:
        """Return the stamp of the file that the line stands in."""
        self._lines(entry.path)
        return self.stamp_of(entry.path)

    def stamp_of(self, path: str) -> str | None:
        """Return the stamp of a file that was read, as it was before."""
        return self._stamps.get(path)

    def contents(self, changes: Iterable[Change]) -> Iterator[tuple[str, bytes]]:
        """Yield each file with its lines replaced and added."""
        changed: dict[str, dict[str, bytes]] = {}
        for change in changes:
            if change.content is not None:
                changed.setdefault(change.entry.path, {})[change.entry.owner] = change.content
        for path, lines in changed.items():
            whole = self._lines(path) | lines
            yield path, b"".join(line + b"\n" for line in sorted(whole.values(), key=_place))

    def without(self, entry: Entry) -> tuple[bytes, bool]:
        """Return the file of an entry without its line, and whether there was one."""
        had = self.read(entry) is not None
        lines = self._lines(entry.path)
        lines.pop(entry.owner, None)
        return b"".join(line + b"\n" for line in lines.values()), had

    def forget(self) -> None:
        """Read every file anew for the next batch."""
        self._read.clear()
        self._stamps.clear()

    def _lines(self, path: str) -> dict[str, bytes]:
        """Return the lines of a file: ours by the hash of the article, others by number."""
        if path not in self._read:
            self._stamps[path] = self._tree.stamp(path)
            lines = (self._tree.read(path) or b"").split(b"\n")
            keys = (_key(line) for line in lines)
            self._read[path] = {
                key.url_hash if key else f"line {number}": line
                for number, (line, key) in enumerate(zip(lines, keys, strict=True))
                if line
            }
        return self._read[path]


def _key(line: bytes) -> _Key | None:
    try:
        return msgspec.json.decode(line, type=_Key)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _place(line: bytes) -> tuple[bool, str, str]:
    key = _key(line)
    return (False, key.published_at, key.url_hash) if key else (True, "", "")
