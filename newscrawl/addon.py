"""Lays newscrawl.toml over the Scrapy settings, for every way a crawl can be started."""

import logging
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from newscrawl import __version__
from newscrawl.config import Config, ConfigError, load_config

PRIORITY = "addon"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DEFAULT_CONTACT = "no contact configured"


class NewscrawlAddon:
    """Scrapy add-on; reads the settings ``NEWSCRAWL_CONFIG`` (a ``Config``, else the file is
    looked for), ``NEWSCRAWL_VIA`` (address of a replica on loopback) and ``NEWSCRAWL_RAW``
    (0 keeps no raw record, whatever the configuration says)."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set what the configuration says; raise ``ConfigError`` for what it cannot say."""
        # Only here: this module is loaded with the settings, before any source is asked for.
        from newscrawl.spiders.options import check_sources
        from newscrawl.spiders.registry import spiders

        config = settings.get("NEWSCRAWL_CONFIG") or load_config()
        if not settings.getbool("NEWSCRAWL_RAW", True):
            config = config.without_raw()
        check_sources(config, spiders())
        crawl = config.crawl
        values = {
            "NEWSCRAWL_CONFIG": config,
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
        # Else Scrapy makes two records of every article, which no handler takes.
        logging.getLogger("scrapy").setLevel(settings["LOG_LEVEL"])


def user_agent(config: Config) -> str:
    """Return our honest name, with the operator's contact (design §8)."""
    return f"newscrawl/{__version__} (+{config.crawl.contact or DEFAULT_CONTACT})"


def check_via(via: str) -> None:
    """Raise ``ConfigError`` unless ``via`` is ``http://HOST:PORT`` with a host on loopback."""
    try:
        parts = urlsplit(via)
        plain = parts.scheme == "http" and not parts.path.strip("/")
        loopback = parts.hostname in LOOPBACK and parts.port is not None
    except ValueError:  # a port that is none
        plain = loopback = False
    if not (plain and loopback):
        raise ConfigError(f"--via takes http://127.0.0.1:PORT of a replica, not {via!r}")
