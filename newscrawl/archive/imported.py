"""A post on its way into the archive: whoever reads it writes it down, in any process."""

from typing import NamedTuple, Self

from newscrawl.archive.codec import digest, from_article, to_article
from newscrawl.archive.known import hashes_of
from newscrawl.archive.revisions import Shown, show
from newscrawl.archive.storing import check
from newscrawl.identity.identities import hash_url
from newscrawl.identity.posts import is_unknown
from newscrawl.identity.urls import comparison_url
from newscrawl.items import Article


class WrittenArticle(NamedTuple):
    """An article written down: nothing is left but to look it up and insert it.

    shown: its columns; text: all of it, as ``to_article`` has it; extractor: what read it.
    hashes: those of all its identities, its own first; names: each hash that it is to be known
    under, with its address.
    """

    shown: Shown
    text: bytes
    extractor: str
    hashes: tuple[bytes, ...]
    names: tuple[tuple[bytes, str], ...]

    @classmethod
    def of(cls, article: Article) -> Self:
        """Write an article down; raise ``ValueError`` for one without title, time or body."""
        check(article)
        hashes, url = hashes_of(article), article.url or ""
        names = {hashes[0]: url}
        for each in (url, *article.aliases):
            if not is_unknown(each):
                names.setdefault(digest(hash_url(comparison_url(each))), each)
        extractor = article.extractor or ""
        return cls(show(article), to_article(article), extractor, hashes, tuple(names.items()))


class ImportedPost(NamedTuple):
    """One post as it is put into the archive.

    A tuple of texts and bytes, which costs little to send from one process to another.

    written: its article. section: the one that it shows, None where it shows none; further: all
    others; guessed: whether it is one of several that the post could be of. placed: its group,
    site and feed, None where section and source give them. slug: (name, slug) of its category.
    dialect, name: form and name of its file. content: the bytes of the file, None where
    only the article is wanted.
    """

    written: WrittenArticle
    section: str | None
    placed: tuple[str, str, str] | None
    slug: tuple[str, str] | None
    dialect: str
    name: str
    content: bytes | None = None
    further: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def article(self) -> Article:
        """What the post tells, read back."""
        return from_article(self.written.text)
