"""What a crawl would ask for."""

import pytest

from newscrawl.config import ConfigError, parse_config
from newscrawl.operations.plan import plan
from newscrawl.spiders.registry import spiders


@pytest.mark.parametrize("source", sorted(spiders()))
def test_without_sections_every_default_one_is_planned_at_a_publishers_address(
    source: str,
) -> None:
    spider = spiders()[source]
    planned = plan({source: ()}, parse_config(""))
    assert [each.section for each in planned] == [
        section.id for section in spider.sections.values() if section.default
    ]
    assert all(each.url.startswith(("https://", "http://")) for each in planned)


def test_the_sections_asked_for_come_before_the_configured_ones() -> None:
    config = parse_config("[sources.sina_finance]\nsections = ['us-stock']")
    assert [each.section for each in plan({"sina_finance": ()}, config)] == ["us-stock"]
    assert [each.section for each in plan({"sina_finance": ("china",)}, config)] == ["china"]


def test_H131_a_configured_section_must_exist() -> None:
    config = parse_config("[sources.sina_finance]\nsections = ['chinna']")
    with pytest.raises(ConfigError, match="did you mean china"):
        plan({"sina_finance": ()}, config)


def test_configured_stocks_are_planned_beside_the_configured_sections() -> None:
    config = parse_config(
        "[sources.sina_finance]\nsections = ['china']\nstocks = ['sh600000', 'SH600000']"
    )
    planned = [each.section for each in plan({"sina_finance": ()}, config)]
    assert planned == ["china", "stock-sh600000"]


def test_configured_stocks_are_planned_beside_the_default_sections() -> None:
    config = parse_config("[sources.sina_finance]\nstocks = ['sh600000']")
    planned = [each.section for each in plan({"sina_finance": ()}, config)]
    assert "stock-sh600000" in planned
    assert "china" in planned
