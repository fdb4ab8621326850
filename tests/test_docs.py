"""The pages of docs/ say what the program does: help texts, keys, defaults, links."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from newscrawl.cli.root import newscrawl
from newscrawl.config import Config, SectionNames, Source, parse_config
from newscrawl.exit_codes import ExitCode

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def write_docs() -> ModuleType:
    """Load the script that writes docs/commands.md."""
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_help_texts_in_the_docs_are_current() -> None:
    assert write_docs().with_help(COMMANDS) == COMMANDS, "run `make docs`"


@pytest.mark.parametrize("name", sorted(newscrawl.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"\n## {name}\n" in COMMANDS
    assert f"<!-- help: {name} -->" in COMMANDS


def test_every_exit_code_is_documented() -> None:
    rows = re.findall(r"^\| (\d+) \|", COMMANDS, re.MULTILINE)
    assert [int(code) for code in rows] == [int(code) for code in ExitCode]


def keys(struct: type[msgspec.Struct], heading: str) -> Iterator[tuple[str, str, str]]:
    """Yield (heading, key, default as TOML) of a configuration struct and those below it."""
    for field in msgspec.structs.fields(struct):
        kind = field.type
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield from keys(kind, f"[{field.name}]")
        elif struct is not Config:
            default = field.default
            if default is msgspec.NODEFAULT:
                default = field.default_factory()
            yield heading, field.name, as_toml(default)


def as_toml(value: Any) -> str:
    """Return a default as the page writes it."""
    if value is None:
        return "unset"
    if value == {}:
        return "{}"
    return msgspec.json.encode(value).decode().replace('","', '", "')


ALL_KEYS = [
    *keys(Config, ""),
    *keys(Source, "[sources.NAME]"),
    *keys(SectionNames, "[sources.NAME.names.SECTION]"),
]


@pytest.mark.parametrize(("heading", "key", "default"), ALL_KEYS)
def test_every_key_is_documented_with_its_default(heading: str, key: str, default: str) -> None:
    section = CONFIGURATION.split(f"# `{heading}`", 1)[1].split("\n#", 1)[0]
    shown = default if default == "unset" else f"`{default}`"
    assert f"| `{key}` | {shown} |" in section


def test_no_key_is_documented_that_does_not_exist() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", CONFIGURATION, re.MULTILINE)
    assert sorted(documented) == sorted(key for _, key, _ in ALL_KEYS)


def test_every_table_of_the_configuration_is_documented() -> None:
    for field in msgspec.structs.fields(Config):
        assert re.search(rf"^## `\[{field.name}[\].]", CONFIGURATION, re.MULTILINE)


def test_the_example_configuration_is_valid() -> None:
    from newscrawl.spiders.options import check_sources
    from newscrawl.spiders.registry import spiders

    (example,) = re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)
    check_sources(parse_config(example), spiders())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
