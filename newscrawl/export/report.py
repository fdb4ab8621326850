"""What an export did, or would do: numbers, and the files by name."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from newscrawl.export.posts import Reason


class Why(StrEnum):
    """Why a file is written, moved or left."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    REMOVED = "removed by you"
    EDITED = "edited by you"
    """Or never ours: somebody else's file has the name."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a dry run. path: from the folder of the site; to: where it is moved."""

    path: PurePosixPath
    why: Why
    to: PurePosixPath | None = None


@dataclass(slots=True)
class ExportCounts:
    """What an export did.

    kept: files that were edited, or are not ours. removed: files of ours that are gone, and
    stay so. Posts that are lines of a file are counted one by one, their file once.
    """

    written: int = 0
    unchanged: int = 0
    pages: int = 0
    """Category pages written, which are in no other count."""
    moved: int = 0
    """Posts that went over the edge of the window, to one side or the other."""
    dated_back: int = 0
    """Posts whose date is that of the fetch, being given as later (H111)."""
    kept: list[PurePosixPath] = field(default_factory=list)
    removed: list[PurePosixPath] = field(default_factory=list)
    withheld: dict[Reason, int] = field(default_factory=dict)
    posts: int = field(default=0, compare=False)
    """All records that were given, whatever became of them."""
    changes: list[FileChange] = field(default_factory=list, compare=False)
    """Of a dry run: every file that is not as it should be, in the order of the articles."""
