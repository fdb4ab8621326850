"""The configuration reaches Scrapy, whichever command starts the crawl."""

import logging

import pytest
from scrapy.settings import Settings

from newscrawl.addon import NewscrawlAddon, check_via, user_agent
from newscrawl.config import ConfigError, parse_config


def laid(text: str, **settings: object) -> Settings:
    made = Settings({"NEWSCRAWL_CONFIG": parse_config(text), **settings})
    NewscrawlAddon().update_settings(made)
    return made


def test_defaults_are_polite() -> None:
    settings = laid("")
    assert settings.getfloat("DOWNLOAD_DELAY") == 1.0
    assert settings.getfloat("DOWNLOAD_TIMEOUT") <= 30
    assert settings.getint("REDIRECT_MAX_TIMES") <= 5


def test_the_user_agent_names_us_and_the_operator() -> None:
    assert "newscrawl/" in user_agent(parse_config(""))
    assert "me@example.org" in laid("[crawl]\ncontact = 'me@example.org'")["USER_AGENT"]


def test_there_is_no_delay_towards_the_replica() -> None:
    settings = laid("", NEWSCRAWL_VIA="http://127.0.0.1:8000")
    assert settings.getfloat("DOWNLOAD_DELAY") == 0
    assert not settings.getbool("AUTOTHROTTLE_ENABLED")


@pytest.mark.parametrize(
    "via",
    [
        "https://127.0.0.1:1",
        "http://example.com:80",
        "http://127.0.0.1",
        "http://127.0.0.1:x",
        "127.0.0.1:80",
        "http://10.0.0.1:8000",
    ],
)
def test_only_loopback_can_stand_in_for_the_publishers(via: str) -> None:
    with pytest.raises(ConfigError, match="replica"):
        check_via(via)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sources.sina]\nenabled = true", "did you mean sina_finance"),
        ("[sources.sina_finance]\nsections = ['chima']", "did you mean china"),
        ("[sources.sina_finance]\nstocks = ['china']", "not a stock symbol"),
    ],
)
def test_H131_an_unknown_source_section_or_stock_is_named(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        laid(text)


def test_scrapy_makes_no_records_that_the_log_does_not_take() -> None:
    engine = logging.getLogger("scrapy.core.engine")
    try:
        laid("", LOG_LEVEL="WARNING")
        assert not engine.isEnabledFor(logging.INFO)
        assert engine.isEnabledFor(logging.WARNING)
    finally:
        laid("", LOG_LEVEL="DEBUG")
    assert engine.isEnabledFor(logging.DEBUG)
