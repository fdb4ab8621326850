"""What is known: articles, revisions, aliases, outcomes and runs in one SQLite file."""

from newscrawl.archive.archive import Archive
from newscrawl.archive.images import OwedImages
from newscrawl.archive.imported import ImportedPost
from newscrawl.archive.imports import Document
from newscrawl.archive.reading import Recent
from newscrawl.archive.records import (
    ArchiveError,
    ArticleFilter,
    Discovery,
    Found,
    StoredArticle,
    Work,
)

__all__ = [
    "Archive",
    "ArchiveError",
    "ArticleFilter",
    "Discovery",
    "Document",
    "Found",
    "ImportedPost",
    "OwedImages",
    "Recent",
    "StoredArticle",
    "Work",
]
