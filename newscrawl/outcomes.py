"""Where one URL can end in a run, and the exceptions that carry such an end."""

from enum import StrEnum
from typing import ClassVar


class Outcome(StrEnum):
    """The named ends of an entry (design §2); ``PENDING`` is found and not ended yet."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    PENDING = "pending"


class Ended(Exception):  # noqa: N818  (an end, not always an error)
    """An entry ends here without an article.

    reason: one or a few words for the counts and the archive, such as ``video`` or
    ``no_body``; detail: what a person would want to read, may be empty.
    """

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Failed(Ended):
    """Could not be read: not what a page of this source looks like, truncated, empty."""


class Skipped(Ended):
    """Not an article of ours, or marked by its publisher as not to be archived."""

    outcome = Outcome.SKIPPED


class Kept(Ended):
    """Stays as it is stored: it has no page of its own that could be fetched again."""

    outcome = Outcome.UNCHANGED


class Gone(Ended):
    """The publisher has removed it."""

    outcome = Outcome.GONE


class Blocked(Ended):
    """A challenge or login page in the article's place."""

    outcome = Outcome.BLOCKED


class Quarantined(Ended):
    """An article page that lacks a title, a time or a body (C5)."""

    outcome = Outcome.QUARANTINED


class ListingError(Exception):
    """A listing that could not be read: a business error, another type, a cut page.

    The section fails with this reason; it is never taken for an empty listing (H61).
    """
