"""Imported posts as they were: the names of their files, and where kept, their bytes."""

import re
from pathlib import PurePosixPath

from newscrawl.archive import Archive, Document
from newscrawl.export.posts import Dialect, File, Post
from newscrawl.items import Article

_USUAL = re.compile(r"\d{4}-\d{2}-\d{2}-(?P<id>[A-Za-z0-9][A-Za-z0-9_-]*)\.\w+")
_POSSIBLE = re.compile(r"[^./\x00-\x1f\x7f][^/\x00-\x1f\x7f]*")
_LONGEST = 200
"""Bytes of a name."""


class Originals:
    """The files of one dialect that articles were imported from."""

    def __init__(self, archive: Archive, dialect: type[Dialect], *, verbatim: bool) -> None:
        """``verbatim``: posts whose bytes were kept are written back as they were."""
        self._archive = archive
        self._dialect = dialect
        self.verbatim = verbatim
        self._are_there = archive.imports.has_documents(dialect.name)

    def post(self, article: Article, at: str | None) -> Post | None:
        """Return the post that was kept of an article, None where it is to be rendered.

        at: name of the file that is the article's post already. An article may have several
        files; the others stand beside it.
        """
        if not self.verbatim:
            return None
        kept = [each for each in self._documents(article) if each.content is not None]
        if not kept:
            return None
        kept.sort(key=lambda each: at is None or each.name != at)
        first, *others = (
            File(self._dialect.folder / each.name, (each.content or b"").decode("utf-8"))
            for each in kept
        )
        return Post(first.text, tuple(others))

    def name(self, article: Article) -> tuple[str, str] | None:
        """Return file name and id of the post that an article was imported from.

        So an imported site keeps its addresses (H91). A name of another shape than ours
        (C3) is only kept together with the bytes.
        """
        documents = self._documents(article)
        if self.verbatim:
            documents.sort(key=lambda each: each.content is None)
        for each in documents:
            if usual := _USUAL.fullmatch(each.name):
                return each.name, usual["id"]
            if self.verbatim and each.content is not None:
                return each.name, PurePosixPath(each.name).stem
        return None

    def other_hashes(self, article: Article) -> list[str]:
        """Return the hashes under which an archive that was lost may have had an article."""
        return self._archive.imports.other_hashes(article.url_hash or "")

    def knows(self, url_hash: str) -> bool:
        """Whether the archive has any article under a hash."""
        return self._archive.imports.knows(url_hash)

    def _documents(self, article: Article) -> list[Document]:
        if not self._are_there:
            return []
        found = self._archive.imports.documents(article.url_hash or "", self._dialect.name)
        return [each for each in found if _is_possible(each.name)]


def _is_possible(name: str) -> bool:
    """Whether a file can have this name among our posts, and is not hidden."""
    return _POSSIBLE.fullmatch(name) is not None and len(name.encode("utf-8")) <= _LONGEST
