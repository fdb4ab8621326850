"""Lays newscrawl.toml over the Scrapy settings, for every way a crawl can be started."""

from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from newscrawl import __version__
from newscrawl.config import Config, ConfigError, load_config
from newscrawl.listings import Section

PRIORITY = "addon"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DEFAULT_CONTACT = "no contact configured"


class NewscrawlAddon:
    """Scrapy add-on; reads the settings ``NEWSCRAWL_CONFIG`` (a ``Config``, else the file is
    looked for) and ``NEWSCRAWL_VIA`` (address of a replica on loopback)."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set what the configuration says; raise ``ConfigError`` for what it cannot say."""
        config = settings.get("NEWSCRAWL_CONFIG") or load_config()
        crawl = config.crawl
        values = {
            "NEWSCRAWL_CONFIG": config,
            "NEWSCRAWL_ATTEMPTS": crawl.attempts,
            "NEWSCRAWL_MAX_PAGES": crawl.max_pages,
            "NEWSCRAWL_SECTIONS": configured_sections(config),
            "USER_AGENT": user_agent(config),
            "DOWNLOAD_DELAY": crawl.delay,
            "AUTOTHROTTLE_ENABLED": True,
            # With a delay of a second: one in flight, and one that may start beside it.
            "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
            "DOWNLOAD_TIMEOUT": crawl.timeout,
            "DOWNLOAD_MAXSIZE": crawl.max_size,
            "DOWNLOAD_WARNSIZE": 0,
            "REDIRECT_MAX_TIMES": crawl.max_redirects,
            "RETRY_TIMES": crawl.retries,
        }
        via = settings.get("NEWSCRAWL_VIA")
        if via:
            check_via(via)
            # Nobody is there to be spared: the replica is asked as fast as it answers.
            values |= {
                "DOWNLOAD_DELAY": 0,
                "AUTOTHROTTLE_ENABLED": False,
                "CONCURRENT_REQUESTS_PER_DOMAIN": settings.getint("CONCURRENT_REQUESTS"),
            }
        for name, value in values.items():
            settings.set(name, value, PRIORITY)


def user_agent(config: Config) -> str:
    """Return our honest name, with the operator's contact (design §8)."""
    return f"newscrawl/{__version__} (+{config.crawl.contact or DEFAULT_CONTACT})"


def check_via(via: str) -> None:
    """Raise ``ConfigError`` unless ``via`` is a plain HTTP address on loopback."""
    parts = urlsplit(via)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK or parts.path.strip("/"):
        raise ConfigError(f"--via takes http://127.0.0.1:PORT of a replica, not {via!r}")


def configured_sections(config: Config) -> dict[str, tuple[Section, ...]]:
    """Return the sections that the configuration names, by source.

    Raises ``ConfigError`` for a source or section that does not exist.
    """
    from newscrawl.spiders.options import find_sections
    from newscrawl.spiders.registry import spiders

    chosen = {}
    for name, source in config.sources.items():
        spider = spiders().get(name)
        if spider is None:
            raise ConfigError(f"[sources.{name}]: no such source; valid: {', '.join(spiders())}")
        wanted = [*source.sections, *(f"stock-{symbol}" for symbol in source.stocks)]
        if source.stocks and not source.sections:
            wanted += [section.id for section in spider.sections.values() if section.default]
        try:
            chosen[name] = find_sections(spider, ",".join(wanted))
        except ValueError as error:
            raise ConfigError(f"[sources.{name}]: {error}") from error
    return chosen
