"""What is known: articles, revisions, aliases, outcomes and runs in one SQLite file."""

from newscrawl.archive.archive import Archive
from newscrawl.archive.images import OwedImages
from newscrawl.archive.imported import ImportedPost, WrittenArticle
from newscrawl.archive.imports import Document
from newscrawl.archive.reading import Recent
from newscrawl.archive.records import (
    STORAGE_ERRORS,
    ArchiveError,
    ArticleFilter,
    Discovery,
    Found,
    StoredArticle,
    Work,
)

__all__ = [
    "STORAGE_ERRORS",
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
    "WrittenArticle",
]
