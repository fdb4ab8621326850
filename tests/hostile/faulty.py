"""A source made of faults, and a script that crawls it and prints how each entry ended."""

import json
import sys
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from newscrawl.config import parse_config
from newscrawl.extensions.run_record import RunRecord
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.listings import Entry, Fetch, Listing, Section
from newscrawl.outcomes import Failed
from newscrawl.spiders.base import Channel, SourceSpider


class FaultySpider(SourceSpider):
    """Lists the URLs of its argument file; its articles are one line of text."""

    name = "faulty"
    title = "坏站"
    group = "测试"
    home = "https://www.fault.test/"
    hosts = ("fault.test",)
    rules_version = 1
    channel = Channel("faulty", "坏站")
    sections = {"all": Section("all", "全部", "list")}  # noqa: RUF012
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
        identity = cls.identify(page.url)
        return Article(
            source=cls.name,
            identity=identity.key,
            url=page.url,
            url_hash=identity.url_hash,
            title="标题",
            published_at=page.fetched_at,
            body_html="<p>正文一段。</p>",
            body_text="正文一段。",
            content_hash=identity.url_hash,
            extractor="faulty",
            extractor_version=1,
            fetched_at=page.fetched_at,
        )


def main(via: str, output: str, urls: list[str]) -> None:
    """Crawl ``urls`` through ``via`` ("" for none) and print outcomes and exit code as JSON."""
    FaultySpider.urls = tuple(urls)
    config = parse_config(
        f"output = {{directory = {json.dumps(output)}, dialects = []}}\n"
        "crawl = {delay = 0, timeout = 2, max_size = 1048576, retries = 1}"
    )
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    own: dict[str, object] = {
        "NEWSCRAWL_CONFIG": config,
        "NEWSCRAWL_VIA": via or None,
        "SPIDER_MODULES": [],
        "ITEM_PIPELINES": {"newscrawl.pipelines.store.StorePipeline": 300},
    }
    settings.setdict(own, "cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(FaultySpider)
    process.crawl(crawler)
    process.start()
    record = RunRecord.of(crawler)
    report = {"exit_code": int(record.exit_code), "failures": record.failures}
    (Path(output) / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
