"""Article -> archive."""

import sqlite3

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newscrawl.archive import ArchiveError
from newscrawl.extensions.run_record import RunRecord
from newscrawl.items import Article


class StorePipeline:
    """Stores each article in one transaction with its outcome (design §5)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.record = RunRecord.of(crawler)
        self._with_images = self.record.config.output.images == "local"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Scrapy's entry point."""
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Store the article; on a storage error its entry stays pending and the run ends."""
        try:
            outcome = self.record.archive.store(
                self.record.run,
                item.section or "",
                item.url_hash or "",
                item,
                claim_images=self._with_images,
            )
        except (sqlite3.Error, ArchiveError, OSError) as error:
            self.record.fail_storage(error)  # which says so in one line
            raise DropItem("not stored", log_level="DEBUG") from error
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"newscrawl/{outcome}")
        return item
