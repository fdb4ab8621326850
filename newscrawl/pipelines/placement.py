"""Where an article stands in the posts: its group, site, feed and flash channel.

One function for the posts of a crawl and of an export, so that both write the same bytes.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from newscrawl.archive import StoredArticle
from newscrawl.config import Config, Source
from newscrawl.export import Placement

if TYPE_CHECKING:
    from newscrawl.listings import Section
    from newscrawl.spiders.base import SourceSpider

FEED_JOINT = "－"
"""Between the site's and the section's name in a feed's name, as existing posts have it."""


def placement(
    config: Config, known: "Mapping[str, type[SourceSpider]] | None" = None
) -> Callable[[StoredArticle], Placement]:
    """Return the function that places articles; ``known``: sources, default the registry.

    The primary section is the first recorded one in the source's own order of
    precedence. The names come from the configuration, else from the source. An imported
    post stays where it stood.
    """
    if known is None:
        from newscrawl.spiders.registry import spiders

        known = spiders()
    sources = known

    @lru_cache(maxsize=1024)  # a site has far fewer places than articles
    def place_of(
        source: str, recorded: tuple[str, ...], placed: tuple[str, str, str] | None
    ) -> Placement:
        spider = sources.get(source)
        if spider is None:
            return Placement(*(placed or (source, source, source)))
        names = config.sources.get(spider.name, Source())
        section = primary_section(spider, recorded)
        site = names.title or spider.title
        flash = section is not None and section.flash
        usual = (names.group or spider.group, site, feed_of(section, names, site))
        return Placement(
            *(placed or usual),
            channel_slug=spider.channel.slug if flash else None,
            channel_label=spider.channel.label if flash else None,
        )

    return lambda stored: place_of(stored.article.source or "", stored.sections, stored.placed)


def primary_section(spider: "type[SourceSpider]", recorded: tuple[str, ...]) -> "Section | None":
    """Return the recorded section that takes precedence; None where none is known any more."""
    order = {section_id: rank for rank, section_id in enumerate(spider.sections)}
    by_rank = sorted(recorded, key=lambda section_id: order.get(section_id, len(order)))
    return next(filter(None, map(spider.find_section, by_rank)), None)


def feed_of(section: "Section | None", names: Source, site: str) -> str:
    """Return the name of a section's feed; the site's own where no section is known."""
    if section is None:
        return site
    configured = names.names.get(section.id)
    if configured is not None and configured.feed:
        return configured.feed
    return section.feed or f"{site}{FEED_JOINT}{section.name}"
