"""Articles of the archive as posts of a site generator: one file an article, written once."""

from newscrawl.export.dialects import dialects
from newscrawl.export.exporter import Exporter
from newscrawl.export.posts import (
    ExportCounts,
    ExportError,
    ExportLocked,
    Placement,
    Reason,
)

__all__ = [
    "ExportCounts",
    "ExportError",
    "ExportLocked",
    "Exporter",
    "Placement",
    "Reason",
    "dialects",
]
