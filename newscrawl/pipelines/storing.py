"""Articles that are read at the same time share a transaction: it saves a twentieth of a crawl."""

import asyncio
from collections.abc import Sequence

from newscrawl.archive import STORAGE_ERRORS, Archive
from newscrawl.batching import Batcher
from newscrawl.items import Article
from newscrawl.outcomes import Outcome

MOST = 16
"""Articles in one transaction: with more it hardly costs less, and a kill takes more."""


class Storing:
    """Stores articles of one run, ``MOST`` of them at once.

    Where a site is asked once a second, each goes alone. What a kill takes is pending, and the
    next run fetches it again.
    """

    def __init__(self, archive: Archive, run: int, *, claim_images: bool) -> None:
        self._archive = archive
        self._run = run
        self._claim_images = claim_images
        self._batcher = Batcher(self._ends, MOST)

    def stored(self, article: Article) -> "asyncio.Future[Outcome]":
        """Return what the article will be stored as; it raises as ``Archive.store`` does."""
        return self._batcher.add(article)

    def _ends(self, articles: Sequence[Article]) -> Sequence[Outcome | Exception]:
        """Store articles; return what each is stored as, or what it raises.

        A storage error is of all. Any other is a fault of one of them, which stops nobody
        else (H127): then each is stored by itself.
        """
        try:
            read = [(each.section or "", each.url_hash or "", each) for each in articles]
            return self._archive.store_all(self._run, read, claim_images=self._claim_images)
        except STORAGE_ERRORS as error:
            return [error] * len(articles)
        except Exception as error:  # noqa: BLE001  (raised where the article is waited for)
            if len(articles) == 1:
                return [error]
            return [end for article in articles for end in self._ends([article])]
