"""An ingest, played again: its pages go the way that they went, not that of a crawl.

A listing in a file of others only says of its whole rows what they are; nothing that it shows
besides was ever to be fetched.
"""

from datetime import datetime

from newscrawl.archive import Archive, StoredArticle, Work
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.foreign import Recorded
from newscrawl.config import Config
from newscrawl.items import Article
from newscrawl.operations.ingesting import Ingesting
from newscrawl.operations.replay_reading import Result, Seen
from newscrawl.operations.replay_run import Played, Replayed
from newscrawl.outcomes import Outcome
from newscrawl.spiders.registry import spiders


class PlayedIngest(Played):
    """One ingest of captures of one source."""

    def __init__(
        self,
        archive: Archive,
        config: Config,
        source: str,
        number: int,
        begun: datetime,
        done: Replayed,
        *,
        is_new: bool,
    ) -> None:
        super().__init__(archive, number, begun, is_new=is_new)
        self._config = config
        self._done = done
        known = (source,) if source in spiders() else ()
        self._ingesting = Ingesting(known, self, config.crawl.max_size)

    def read(self, exchange: Exchange) -> Result:
        """Return the page as it is: what it is read as hangs on what is stored by then."""
        return exchange

    def take(self, seen: Seen) -> None:
        """Take in one page as ``newscrawl ingest`` did."""
        if not isinstance(seen.result, Exchange):
            return
        end = self._ingesting.take(Recorded(seen.result, seen.placed.offset))
        if end.reason:
            self._done.unread[f"{end.name} ({end.reason})"] += 1
        if self._ingesting.bug:
            self._done.bugs.append(self._ingesting.bug)
            self._ingesting.bug = ""

    # ---- what an ingest asks of where its articles go ---------------------------------

    def article(self, url_hash: str) -> StoredArticle | None:
        """Return the article stored under any of its identities."""
        return self.archive.article(url_hash)

    def place_of(self, url_hash: str, source: str) -> tuple[str, str | None]:
        """Return the hash that an article is known by, and the first section that lists it."""
        return self.archive.rereading.place_of(url_hash, source)

    def has(self, _exchange: Exchange) -> bool:
        """Say no: each page is there once, and comes for the first time."""
        return False

    def store(self, _source: str, work: Work, article: Article) -> Outcome:
        """Store an article for the entry that it was read for."""
        with_images = self._config.output.images == "local"
        return self.archive.store(
            self.number, work.section, work.url_hash, article, claim_images=with_images
        )

    def keep(self, _source: str, _exchange: Exchange) -> None:
        """Do nothing: this is where it was kept."""

    def count(self, _source: str, section: str, outcome: Outcome) -> None:
        """Count an entry that ended without being stored."""
        self.archive.rereading.replace(self.number, (), {(section, outcome): 1})
