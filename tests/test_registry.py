"""Every source is whole: spider, replica, fixtures, sound data (H136)."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.article import Template
from newscrawl.extraction.rules import Rule
from newscrawl.identity.identities import IdentityRule
from newscrawl.listings import Section
from newscrawl.replica.registry import standins
from newscrawl.spiders.base import SourceSpider
from newscrawl.spiders.registry import spiders

FIXTURES = Path(__file__).parent / "sources"
SECTION_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def faults(spider: type[SourceSpider], fixtures: Path = FIXTURES) -> list[str]:
    """Return what a source lacks, each as a line that names it; empty for a sound one."""
    found = []
    name = spider.name
    if name not in standins():
        found.append(f"{name}: there is no stand-in in newscrawl/replica/{name}")
    folder = fixtures / name
    if not folder.is_dir() or not any(folder.iterdir()):
        found.append(f"{name}: there are no fixtures in tests/sources/{name}")
    found += _section_faults(name, spider.sections)
    return [*found, *_rule_faults(spider), *_data_faults(_modules(spider))]


def _section_faults(name: str, sections: Mapping[str, Section]) -> list[str]:
    found = [
        f"{name}: section {section.id!r} stands under the key {key!r}"
        for key, section in sections.items()
        if key != section.id
    ]
    found += [
        f"{name}: {key!r} is no section id" for key in sections if not SECTION_ID.fullmatch(key)
    ]
    names = [section.name for section in sections.values()]
    found += [
        f"{name}: two sections are named {each}" for each in {*names} if names.count(each) > 1
    ]
    return found


def _rule_faults(spider: type[SourceSpider]) -> list[str]:
    """Fill the templates of the identity rules with the groups that they use."""
    found = []
    for rule in spider.identities:
        groups = dict.fromkeys(rule.pattern.groupindex, "x")
        for template in (rule.key, rule.url):
            try:
                template.format_map(groups)
            except KeyError as error:
                found.append(f"{spider.name}: {template!r} uses a group {error} that is not there")
    return found


def _data_faults(modules: Iterable[ModuleType]) -> list[str]:
    """Compile every regex and selector that the modules state as data."""
    found = []
    for module in modules:
        for value in vars(module).values():
            for kind, text in _expressions(value):
                try:
                    _CHECKS[kind](text)
                except (re.error, SelectolaxError) as error:
                    found.append(f"{module.__name__}: {kind} {text!r}: {error}")
    return found


def _expressions(value: object) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of the expressions in a table of rules, however deep they stand."""
    match value:
        case Rule():
            yield "selector", value.css
            if value.within:
                yield "selector", value.within
            if value.pattern is not None:
                yield "regex", value.pattern
        case Noise():
            yield from (("selector", css) for css in value.drop + value.unwrap + value.captions)
            edges = value.drop_text + value.drop_edges + value.drop_images
            yield from (("regex", pattern) for pattern in edges)
            yield from (("regex", pattern) for pattern, _ in value.original_image)
        case Template():
            yield from (
                ("selector", css) for css in (value.marker, value.beside or "*", *value.body)
            )
            yield from (("regex", pattern) for pattern in value.ends)
            for field in fields(value):
                yield from _expressions(getattr(value, field.name))
        case tuple() | list():
            for each in value:
                yield from _expressions(each)
        case Mapping():
            yield from _expressions(list(value.values()))


_CHECKS: dict[str, Callable[[str], object]] = {
    "selector": LexborHTMLParser("<p>").css,
    "regex": re.compile,
}


def _modules(spider: type[SourceSpider]) -> list[ModuleType]:
    home = f"newscrawl.spiders.{spider.name}"
    return [
        module
        for name, module in sys.modules.items()
        if name == home or name.startswith(home + ".")
    ]


def test_there_are_both_sources() -> None:
    assert {"eastmoney", "sina_finance"} <= set(spiders())


@pytest.mark.parametrize("name", sorted(spiders()))
def test_H136_a_source_is_whole(name: str) -> None:
    assert faults(spiders()[name]) == []


class Broken(SourceSpider):
    """A source with every fault that the walk must find."""

    name = "nowhere"
    sections = {  # noqa: RUF012
        "china": Section("world", "国内", "roll"),
        "Bad Id": Section("Bad Id", "国内", "roll"),
    }
    identities = (IdentityRule(re.compile("(?P<core>x)"), "n:{core}", "https://e.com/{cor}"),)


def test_H136_the_walk_refuses_a_broken_source(tmp_path: Path) -> None:
    assert faults(Broken, tmp_path) == [
        "nowhere: there is no stand-in in newscrawl/replica/nowhere",
        "nowhere: there are no fixtures in tests/sources/nowhere",
        "nowhere: section 'world' stands under the key 'china'",
        "nowhere: 'Bad Id' is no section id",
        "nowhere: two sections are named 国内",
        "nowhere: 'https://e.com/{cor}' uses a group 'cor' that is not there",
    ]


def test_H136_an_expression_that_cannot_compile_is_named() -> None:
    module = ModuleType("newscrawl.spiders.nowhere")
    rules = {
        "TITLE": (Rule("h1[["), Rule("h1", pattern="(")),
        "NOISE": Noise(drop_text=("[",)),
        "SOUND": Rule("h1", pattern="a+"),
    }
    vars(module).update(rules)
    assert [fault.split(":")[:2] for fault in _data_faults([module])] == [
        ["newscrawl.spiders.nowhere", " selector 'h1[['"],
        ["newscrawl.spiders.nowhere", " regex '('"],
        ["newscrawl.spiders.nowhere", " regex '['"],
    ]
