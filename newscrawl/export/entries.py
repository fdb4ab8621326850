"""What the manifest of a folder knows of one post or page."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Entry:
    """One post or page that is ours, or is to be; the columns of the table.

    path: from the folder, as text, since one is made for every row that is looked at.
    row_path: where the row says that it is, None while there is no row.
    """

    owner: str
    path: str
    post_id: str | None
    sequence: int | None = None
    rendering: str | None = None
    sha256: str | None = None
    claimed: str | None = None
    stamp: str | None = None
    page: str | None = None
    row_path: str | None = None

    @property
    def name(self) -> str:
        """The name of the file in its folder."""
        return self.path.rpartition("/")[2]

    @property
    def was_written(self) -> bool:
        """Whether the file stood there once, as far as we know for certain."""
        return self.sha256 is not None

    def find(self, digest: str) -> bool:
        """Return whether what stands there was written by us, and note that it stands.

        A kill may have left the text that was claimed: the next claim, of another text, must
        not forget it.
        """
        ours = digest in (self.sha256, self.claimed)
        if ours:
            self.sha256 = digest
        return ours

    def is_of(self, sequence: int | None, rendering: str) -> bool:
        """Whether the file was last known to hold the text of this state and no other."""
        return (self.sequence, self.rendering, self.claimed) == (sequence, rendering, None)

    def confirm(
        self, digest: str, sequence: int | None, rendering: str, stamp: str | None, page: str | None
    ) -> bool:
        """Note what the file holds now; return whether that is news."""
        news = (digest, sequence, rendering, None, stamp, page)
        known = (
            self.sha256,
            self.sequence,
            self.rendering,
            self.claimed,
            self.stamp,
            self.page,
        )
        if known == news and self.path == self.row_path:
            return False
        (self.sha256, self.sequence, self.rendering, self.claimed, self.stamp, self.page) = news
        return True


def entry_of_row(row: tuple[Any, ...]) -> Entry:
    """Return the entry of a whole row."""
    entry = Entry(*row)
    entry.row_path = entry.path
    return entry


def row_of(entry: Entry) -> tuple[Any, ...]:
    """Return the values of ``tables.SAVE``."""
    e = entry
    state = (e.sequence, e.rendering, e.sha256, e.claimed, e.stamp, e.page)
    return (e.owner, e.path, e.post_id, *state)


def state_of(entry: Entry) -> tuple[Any, ...]:
    """Return the values of ``tables.UPDATE``."""
    e = entry
    return (e.sequence, e.rendering, e.sha256, e.claimed, e.stamp, e.page, e.owner)
