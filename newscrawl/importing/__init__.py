"""Existing posts, back into articles: reading files, and telling which article each one is.

No Scrapy, no source by its name, and nothing here writes.
"""

from newscrawl.importing.broken import Broken, Reason
from newscrawl.importing.files import find_documents
from newscrawl.importing.origins import Origin
from newscrawl.importing.reader import read_post

__all__ = ["Broken", "Origin", "Reason", "find_documents", "read_post"]
