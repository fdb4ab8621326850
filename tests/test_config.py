"""newscrawl.toml: defaults, every kind of mistake, and messages that help."""

from pathlib import Path

import pytest

from newscrawl.config import Config, ConfigError, load_config, parse_config


def test_H131_an_empty_file_is_the_default_configuration() -> None:
    assert parse_config("") == Config()


def test_values_are_read_into_their_types() -> None:
    config = parse_config(
        """
        slugs = {"长江商报" = "changjiang"}
        [site]
        base = "//news.example.org"
        [crawl]
        delay = 2
        contact = "me@example.org"
        [sources.sina_finance]
        sections = ["china"]
        [sources.sina_finance.names.china]
        feed = "国内"
        """
    )
    assert config.site.base == "//news.example.org"
    assert config.crawl.delay == 2.0
    assert config.sources["sina_finance"].sections == ("china",)
    assert config.sources["sina_finance"].names["china"].feed == "国内"
    assert config.slugs == {"长江商报": "changjiang"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[crawl]\ndely = 1", "did you mean `delay`"),
        ("[sight]", "did you mean `site`"),
        ("zzz = 1", "unknown key `zzz`"),
        ("[crawl]\ndelay = 'slow'", "Expected `float`"),
        ("[crawl]\ndelay = -1", ">= 0"),
        ("[crawl]\nmax_pages = 0", ">= 1"),
        ("[output]\nwindow = {jekyll = '3 days'}", "matching regex"),
        ("[crawl", "not valid TOML"),
    ],
)
def test_H131_a_mistake_is_named(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_config(text)


def test_a_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "absent.toml")


def test_H135_a_file_that_is_not_utf8_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "newscrawl.toml"
    path.write_bytes("slugs = {'长江' = 'a'}".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"newscrawl\.toml"):
        load_config(path)


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[output]\ndirectory = 'elsewhere'\n", encoding="utf-8")
    monkeypatch.setenv("NEWSCRAWL_CONFIG", str(path))
    assert load_config().directory == Path("elsewhere")
