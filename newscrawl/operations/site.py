"""A new site from the configuration and the registry (``newscrawl site init``)."""

from pathlib import Path

from newscrawl.config import Config
from newscrawl.sites import Started, start_site
from newscrawl.spiders.registry import spiders


def run_start(
    config: Config, generator: str, folder: Path, *, title: str | None, dry_run: bool
) -> Started:
    """Begin a site in ``folder`` with the addresses and the name that ``config`` states.

    title: its name, where not that of the configuration. The flash channels of all sources
    have their page, as their posts link to it. Raises ``SiteError`` or ``ExportError``.
    """
    channels = [spider.channel for spider in spiders().values() if hasattr(spider, "channel")]
    return start_site(
        generator,
        folder,
        base=config.site.base,
        title=config.site.title if title is None else title,
        channels={channel.slug: channel.label for channel in channels},
        dry_run=dry_run,
    )
