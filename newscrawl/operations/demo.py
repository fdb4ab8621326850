"""Replica, crawl and posts in one go (``newscrawl demo``)."""

from pathlib import Path

from newscrawl.config import Config
from newscrawl.operations.crawl import CrawlRequest, run_crawl
from newscrawl.operations.report import CrawlReport
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

SEED = "demo"


def run_demo(
    articles: int, output: Path, *, no_raw: bool = False, progress: bool = False
) -> CrawlReport:
    """Crawl every section of every source from a replica with so many articles.

    Also those that a crawl leaves out unless they are named. The configuration is the
    default one: a demo shows the same on every machine. The replica's seed and clock are
    fixed, so that a second demo finds what the first one left.
    """
    sections = (section for spider in spiders().values() for section in spider.sections)
    with ReplicaProcess(articles=articles, seed=SEED) as replica:
        return run_crawl(
            CrawlRequest(
                config=Config(),
                sources=tuple(spiders()),
                sections=tuple(dict.fromkeys(sections)),
                via=replica.url,
                output=output,
                no_raw=no_raw,
                progress=progress,
            )
        )
