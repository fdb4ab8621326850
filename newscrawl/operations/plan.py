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
    ``ConfigError`` for a configured section that does not exist.
    """
    from newscrawl.addon import configured_sections
    from newscrawl.spiders.options import find_sections
    from newscrawl.spiders.registry import spiders

    configured = configured_sections(config)
    planned = []
    for name, ids in chosen.items():
        spider = spiders()[name]
        default = tuple(section for section in spider.sections.values() if section.default)
        for section in find_sections(spider, ",".join(ids)) or configured.get(name) or default:
            url = spider.listing_request(section, None).url
            planned.append(Planned(name, section.id, section.name, url))
    return planned
