"""What a crawl would ask for, without asking (``crawl --dry-run``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newscrawl.config import Config


@dataclass(frozen=True, slots=True)
class Planned:
    """One listing: its source, section id and Chinese name, and its first page."""

    source: str
    section: str
    name: str
    url: str


def plan(chosen: Mapping[str, Sequence[str]], config: Config) -> list[Planned]:
    """Return the listings that a crawl of ``chosen`` (source -> section ids) walks, in order.

    No ids mean the configured sections, else the source's default ones. Raises
    ``ConfigError`` for a configured source or section that does not exist.
    """
    from newscrawl.spiders.options import check_sources, find_sections, sections_to_crawl
    from newscrawl.spiders.registry import spiders

    check_sources(config, spiders())
    planned = []
    for name, ids in chosen.items():
        spider = spiders()[name]
        for section in sections_to_crawl(spider, find_sections(spider, ids), config):
            url = spider.listing_request(section, None).url
            planned.append(Planned(name, section.id, section.name, url))
    return planned
