"""Articles that are read at the same time share a transaction: it saves a twentieth of a crawl."""

import asyncio
from collections.abc import Sequence

from newscrawl.archive import STORAGE_ERRORS, Archive
from newscrawl.items import Article
from newscrawl.outcomes import Outcome

MOST = 16
"""Articles in one transaction: with more it hardly costs less, and a kill takes more."""
PATIENCE = 0.02
"""Seconds that an article waits for others; less than a site takes to answer."""
Stored = asyncio.Future[Outcome]


class Storing:
    """Stores articles of one run, ``MOST`` of them at once.

    Who has waited for ``PATIENCE`` goes with those that are there: where a site is asked once
    a second, alone. What a kill takes is pending, and the next run fetches it again.
    """

    def __init__(self, archive: Archive, run: int, *, claim_images: bool) -> None:
        self._archive = archive
        self._run = run
        self._claim_images = claim_images
        self._waiting: list[tuple[Article, Stored]] = []
        self._timer: asyncio.TimerHandle | None = None

    def stored(self, article: Article) -> Stored:
        """Return what the article will be stored as; it raises as ``Archive.store`` does."""
        loop = asyncio.get_running_loop()
        stored: Stored = loop.create_future()
        self._waiting.append((article, stored))
        if len(self._waiting) == MOST:
            self._store_waiting()
        elif self._timer is None:
            self._timer = loop.call_later(PATIENCE, self._store_waiting)
        return stored

    def _store_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        ends = self._ends([article for article, _ in waiting])
        for (_, stored), end in zip(waiting, ends, strict=True):
            if stored.done():  # whoever waited was cancelled
                continue
            if isinstance(end, Outcome):
                stored.set_result(end)
            else:
                stored.set_exception(end)

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
