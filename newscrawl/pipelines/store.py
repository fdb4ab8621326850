"""Article -> archive."""

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newscrawl.archive import STORAGE_ERRORS
from newscrawl.extensions.run_record import RunRecord
from newscrawl.items import Article
from newscrawl.pipelines.storing import Storing


class StorePipeline:
    """Stores each article in one transaction with its outcome (design §5)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.record = RunRecord.of(crawler)
        with_images = self.record.config.output.images == "local"
        self._storing = Storing(self.record.archive, self.record.run, claim_images=with_images)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Scrapy's entry point."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Store the article; on a storage error its entry stays pending and the run ends."""
        try:
            outcome = await self._storing.stored(item)
        except STORAGE_ERRORS as error:
            self.record.fail_storage(error)  # which says so in one line
            raise DropItem("not stored", log_level="DEBUG") from error
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"newscrawl/{outcome}")
        return item
