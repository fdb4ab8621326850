"""How much of the posts is built: what is older lies in a folder beside, and comes back.

A generator's build time grows with its posts, Jekyll's faster than that (6.5). Days are
those in the names of the files, so that a move asks the manifest only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from newscrawl.export.entries import Entry
from newscrawl.export.files import NotAFile, Tree
from newscrawl.export.manifest import Manifest
from newscrawl.export.posts import CHINA, Dialect

EVERYTHING = "all"
_DAYS = re.compile(r"([1-9][0-9]{0,4})d")


def first_day(window: str, until: date | None = None) -> date:
    """Return the first day whose posts are built.

    window: ``3d`` is the last day and the two before it, ``all`` brings everything back.
    until: the last day, default today in +0800. Raises ``ValueError`` for another form.
    """
    if window == EVERYTHING:
        return date.min
    days = _DAYS.fullmatch(window)
    if not days:
        raise ValueError(f"{window!r} is no window; it is a number of days, such as 3d, or all")
    return (until or datetime.now(CHINA).date()) - timedelta(days=int(days[1]) - 1)


@dataclass(frozen=True, slots=True)
class Move:
    """One post that lies on the wrong side of the edge.

    taken: another file is in its way. done: only the record of the move is missing.
    """

    entry: Entry
    to: str
    taken: bool = False
    done: bool = False


class Window:
    """The edge between the posts that are built and those that are kept beside."""

    def __init__(
        self, tree: Tree, manifest: Manifest, dialect: Dialect, first: date | None
    ) -> None:
        """``first``: the first day that is built; None leaves every post where it lies."""
        self._tree = tree
        self._manifest = manifest
        self._folder = dialect.folder
        self._old = dialect.old_folder
        self._first = first

    def folder_of(self, day: date) -> PurePosixPath:
        """Return the folder that a new post of a day goes to."""
        if self._old is None or self._first is None or day >= self._first:
            return self._folder
        return self._old

    def moves(self) -> Iterator[Move]:
        """Yield the posts that have to be moved; files that are gone are passed over.

        An edited post goes with its edits. A file in its way is not touched, nor is what
        is no regular file.
        """
        if self._old is None or self._first is None:
            return
        edge = self._first.isoformat()
        for low, high, folder in (
            (f"{self._folder}/", f"{self._folder}/{edge}", self._old),
            (f"{self._old}/{edge}", f"{self._old}0", self._folder),  # 0 follows /
        ):
            for entry in self._manifest.posts_between(low, high):
                target = f"{folder}/{entry.name}"
                if self._stands(entry.path):
                    yield Move(entry, target, taken=self._stands(target, odd=True))
                elif self._stands(target):
                    yield Move(entry, target, done=True)

    def carry_out(self, moves: list[Move]) -> None:
        """Move the files, then note it; after a kill between the two the note follows."""
        for move in moves:
            if not move.done:
                self._tree.move(move.entry.path, move.to)
            move.entry.path = move.to
        if moves:
            self._tree.sync_folders()
            self._manifest.save(move.entry for move in moves)

    def _stands(self, path: str, *, odd: bool = False) -> bool:
        """Whether a file is there; ``odd`` is the answer for what is no regular file."""
        try:
            return self._tree.read(path) is not None
        except NotAFile:
            return odd
