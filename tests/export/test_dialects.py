"""The registry: our dialects, and one of another distribution, as docs/dialects.md has it."""

import re
import sys
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest

from newscrawl.config import ConfigError
from newscrawl.export import DialectError, dialects
from newscrawl.export.dialects import GROUP, dialect_named
from newscrawl.export.posts import Dialect
from tests.export.folders import OpenSite, many

DOCS = (Path(__file__).parents[2] / "docs" / "dialects.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
(DECLARED,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
ENTRY_POINTS = tomllib.loads(DECLARED)["project"]["entry-points"][GROUP]


def install(
    folder: Path, module: str, code: str, entry_points: dict[str, str] = ENTRY_POINTS
) -> Path:
    """Lay a distribution into a folder as an installer would; return the folder."""
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{module}.py").write_text(code, "utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    lines = [f"[{GROUP}]", *(f"{name} = {value}" for name, value in entry_points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The distribution of the documentation, on the path."""
    folder = install(tmp_path / "site-packages", "plain_dialect", EXAMPLE)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "plain_dialect", raising=False)
    return folder


def test_our_own_come_first() -> None:
    assert dialects()[:4] == ("jekyll", "hexo", "hugo", "jsonl")
    assert all(issubclass(dialect_named(name), Dialect) for name in dialects())


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        dialect_named("plain")


def test_the_documented_example_writes_posts(example: Path, site: OpenSite, out: Path) -> None:
    assert "plain" in dialects()
    assert site("plain").write(many(3)).written == 3
    assert (out / "articles" / "2022-01-22-sina-x1.txt").read_text("utf-8") == (
        "第1篇\n2022-01-22 00:30:05\n\n示例正文。\n"
    )
    assert site("plain").write(many(3)).unchanged == 3


def test_every_attribute_of_a_dialect_is_documented() -> None:
    section = DOCS.split("## A dialect of your own")[1]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert set(documented) == get_type_hints(Dialect).keys()
    for method in ("__init__", "file_name", "render"):
        assert f"- `{method}(" in section


def test_names_are_known_without_importing_the_module(example: Path) -> None:
    assert "plain" in dialects()
    assert "plain_dialect" not in sys.modules


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise RuntimeError('no luck')", "cannot be loaded: no luck"),
        ("Plain = 1", "is no subclass of newscrawl.export.Dialect"),
        (EXAMPLE.replace('name = "plain"', 'name = "other"'), "is named 'other'"),
        (EXAMPLE.replace("version = 1", "version = '1'"), "no whole number"),
        (EXAMPLE.replace('    suffix = ".txt"\n', ""), "has no suffix"),
        (EXAMPLE.replace('".txt"', '"/../x"'), "has the suffix '/../x'"),
        (EXAMPLE.replace('PurePosixPath("articles")', 'PurePosixPath("../x")'), "outside"),
        (EXAMPLE.replace('PurePosixPath("articles")', "PurePosixPath()"), "outside"),
        (EXAMPLE.replace("def render", "def rendered"), "leaves render() out"),
        (EXAMPLE.split("class ")[0], "cannot be loaded"),
    ],
)
def test_what_breaks_the_contract_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, message: str
) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path, "plain_dialect", code)))
    monkeypatch.delitem(sys.modules, "plain_dialect", raising=False)
    with pytest.raises(DialectError, match=re.escape(message)):
        dialect_named("plain")
    assert issubclass(DialectError, ConfigError), "the command ends with the code for usage"


def test_a_name_that_two_distributions_claim_is_refused(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = install(tmp_path / "other", "other_dialect", EXAMPLE, {"plain": "other_dialect:Plain"})
    monkeypatch.syspath_prepend(str(other))
    with pytest.raises(DialectError, match="registered more than once"):
        dialect_named("plain")


def test_our_names_cannot_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = {"hexo": "plain_dialect:Plain"}
    monkeypatch.syspath_prepend(str(install(tmp_path, "plain_dialect", EXAMPLE, taken)))
    assert dialect_named("hexo").__module__ == "newscrawl.export.hexo"
    assert dialects().count("hexo") == 1
