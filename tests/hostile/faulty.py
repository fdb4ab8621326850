"""A source made of faults, and a script that crawls it and writes how it ended."""

import json
import sys
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from newscrawl.config import parse_config
from newscrawl.extensions.run_record import RunRecord
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.outcomes import Failed
from tests.spiders.invented import InventedSpider


class FaultySpider(InventedSpider):
    """Lists the URLs that it is told; its articles are one line of text."""

    name = "faulty"
    home = "https://www.fault.test/"
    hosts = ("fault.test",)
    urls: tuple[str, ...] = ()

    @classmethod
    def listing_request(cls, section: Section, cursor: str | None) -> Fetch:
        return Fetch("https://www.fault.test/ok")

    @classmethod
    def parse_listing(cls, page: Page, section: Section, cursor: str | None) -> Listing:
        return Listing(tuple(Entry(url) for url in cls.urls))

    @classmethod
    def parse_article(cls, page: Page, entry: Entry | None = None) -> Article:
        if "raise" in page.text:
            raise KeyError("a bug in the rules")
        if "正文" not in page.text:
            raise Failed("type", "no article")
        return cls.article(page, "标题", f"正文一段，{page.url}。")


def main(via: str, output: str, urls: list[str], settings: dict[str, Any]) -> None:
    """Crawl ``urls`` through ``via``, under these Scrapy settings; write ``report.json``."""
    FaultySpider.urls = tuple(urls)
    config = parse_config(
        f"output = {{directory = {json.dumps(output)}, dialects = []}}\n"
        "crawl = {delay = 0, timeout = 2, max_size = 1048576, retries = 1}"
    )
    made = Settings()
    made.setmodule("newscrawl.settings", priority="project")
    own = {
        "NEWSCRAWL_CONFIG": config,
        "NEWSCRAWL_VIA": via,
        "SPIDER_MODULES": [],
        "ITEM_PIPELINES": {"newscrawl.pipelines.store.StorePipeline": 300},
    }
    made.setdict(own | settings, "cmdline")
    process = AsyncCrawlerProcess(made)
    crawler = process.create_crawler(FaultySpider)
    process.crawl(crawler)
    process.start()
    record = RunRecord.of(crawler)
    report = {"exit_code": int(record.exit_code), "failures": record.failures}
    (Path(output) / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
