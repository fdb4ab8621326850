"""Names of sources, sections and dialects, right and wrong."""

import pytest

from newscrawl.config import ConfigError, parse_config
from newscrawl.names import UnknownNameError
from newscrawl.operations.catalogue import choose_sections, choose_sources
from newscrawl.spiders.registry import spiders

DEFAULTS = parse_config("")


def test_without_a_name_all_enabled_sources_are_chosen() -> None:
    assert choose_sources((), DEFAULTS, spiders()) == tuple(spiders())
    config = parse_config("[sources.eastmoney]\nenabled = false")
    assert "eastmoney" not in choose_sources((), config, spiders())


def test_a_named_source_is_chosen_even_where_it_is_switched_off() -> None:
    config = parse_config("[sources.eastmoney]\nenabled = false")
    assert choose_sources(("eastmoney", "eastmoney"), config, spiders()) == ("eastmoney",)


def test_H131_where_every_source_is_switched_off_somebody_must_be_named() -> None:
    off = parse_config("".join(f"[sources.{name}]\nenabled = false\n" for name in spiders()))
    with pytest.raises(ConfigError, match="switched off"):
        choose_sources((), off, spiders())


def test_sections_go_to_the_sources_that_have_them() -> None:
    both = ("eastmoney", "sina_finance")
    assert choose_sections(both, ("china",), spiders()) == {"sina_finance": ("china",)}


def test_no_section_means_each_sources_own_choice() -> None:
    assert choose_sections(("eastmoney",), (), spiders()) == {"eastmoney": ()}


def test_a_section_may_be_given_by_its_chinese_name() -> None:
    name = spiders()["sina_finance"].sections["china"].name
    assert choose_sections(("sina_finance",), (name,), spiders()) == {"sina_finance": ("china",)}


@pytest.mark.parametrize(
    ("wanted", "advice"),
    [("chinna", "did you mean china?"), ("§§§§", "`newscrawl sources` lists them")],
)
def test_H131_an_unknown_section_is_answered(wanted: str, advice: str) -> None:
    with pytest.raises(UnknownNameError, match=advice.replace("?", r"\?")):
        choose_sections(("sina_finance",), (wanted,), spiders())
