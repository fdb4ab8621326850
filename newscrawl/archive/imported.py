"""A post on its way into the archive: whoever reads it writes it down, in any process."""

from typing import NamedTuple, Self

from newscrawl.archive.codec import digest, from_article, to_article
from newscrawl.archive.revisions import Shown, show
from newscrawl.archive.storing import check
from newscrawl.identity.identities import hash_url
from newscrawl.identity.posts import is_unknown
from newscrawl.identity.urls import comparison_url
from newscrawl.items import Article


class ImportedPost(NamedTuple):
    """One post as it is put into the archive: nothing is left but to look it up and insert it.

    A tuple of texts and bytes, which costs little to send from one process to another.

    shown: the article's columns; written: all of it, as ``to_article`` has it; extractor: what
    read it. hashes: those of all its identities, its own first; names: each hash that it is to be
    known under, with its address.
    section: the one that it shows, None where it shows none; further: all others;
    guessed: whether it is one of several that the post could be of. placed: its group, site and
    feed, None where section and source give them. slug: (name, slug) of its category.
    dialect, name: form and name of its file. content: the bytes of the file, None where
    only the article is wanted.
    """

    shown: Shown
    written: bytes
    extractor: str
    hashes: tuple[bytes, ...]
    names: tuple[tuple[bytes, str], ...]
    section: str | None
    placed: tuple[str, str, str] | None
    slug: tuple[str, str] | None
    dialect: str
    name: str
    content: bytes | None = None
    further: tuple[str, ...] = ()
    guessed: bool = False

    @classmethod
    def of(
        cls,
        article: Article,
        section: str | None,
        placed: tuple[str, str, str] | None,
        slug: tuple[str, str] | None,
        dialect: str,
        name: str,
        content: bytes | None = None,
        further: tuple[str, ...] = (),
        guessed: bool = False,
    ) -> Self:
        """Return the post of an article; the rest is as ``ImportedPost`` has it.

        Raises ``ValueError`` for an article without title, time or body.
        """
        check(article)
        url, own = article.url or "", digest(article.url_hash or "")
        names = {own: url}
        for each in (url, *article.aliases):
            if not is_unknown(each):
                names.setdefault(digest(hash_url(comparison_url(each))), each)
        return cls(
            show(article),
            to_article(article),
            article.extractor or "",
            (own, *(digest(hash_url(alias)) for alias in article.aliases)),
            tuple(names.items()),
            section,
            placed,
            slug,
            dialect,
            name,
            content,
            further,
            guessed,
        )

    @property
    def article(self) -> Article:
        """What the post tells, read back."""
        return from_article(self.written)
