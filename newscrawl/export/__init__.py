"""Articles of the archive as posts of a site generator: one file an article, written once."""

from newscrawl.export.dialects import DialectError, dialects
from newscrawl.export.exporter import Exporter
from newscrawl.export.posts import (
    Dialect,
    ExportError,
    ExportLocked,
    File,
    Placement,
    Post,
    Reason,
    Record,
    Withheld,
)
from newscrawl.export.report import ExportCounts, FileChange, Why
from newscrawl.export.window import first_day

__all__ = [
    "Dialect",
    "DialectError",
    "ExportCounts",
    "ExportError",
    "ExportLocked",
    "Exporter",
    "File",
    "FileChange",
    "Placement",
    "Post",
    "Reason",
    "Record",
    "Why",
    "Withheld",
    "dialects",
    "first_day",
]
