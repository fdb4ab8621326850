"""What ``newscrawl verify`` has to say: one finding for each thing that is not as it should be."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Something is damaged or missing, or two places contradict each other."""
    WARNING = "warning"
    """Nothing of ours is lost, but it is not as we left it: a person should look."""
    NOTE = "note"
    """As it may be: a run is under way or was killed, or somebody wanted it so."""


class Area(StrEnum):
    """Which part of what is kept."""

    DATABASE = "database"
    COUNTS = "counts"
    ARTICLES = "articles"
    REMOVALS = "removals"
    RAW = "raw"
    PICTURES = "pictures"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    where: a table with its row, or a file. what: what is wrong with it. remedy: what to do,
    as a command where one helps.
    """

    severity: Severity
    area: Area
    where: str
    what: str
    remedy: str


REBUILD = "newscrawl rebuild --force"
EXPORT = "newscrawl export"
RESTORE = "newscrawl export --restore"
"""Commands that repair."""
