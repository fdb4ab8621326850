"""The rules of the house (design §3), read from the imports and calls of the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import newscrawl
from newscrawl.spiders.registry import spiders

PACKAGE = Path(newscrawl.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER = (
    "names", "exit_codes", "batching", "outcomes", "items", "listings", "config", "identity",
    "cleaning", "loaders", "extraction", "archive", "export", "importing", "sites", "middlewares",
    "spiders", "settings", "addon", "extensions", "pipelines", "replica", "operations", "cli",
    "__main__",
)  # fmt: skip
"""Every room, each below those that may import it."""
NO_SCRAPY = (
    "identity", "cleaning", "extraction", "archive", "importing", "export", "sites", "replica",
)  # fmt: skip
WRITERS = {"archive", "export"}
OTHER_WRITERS = {
    "extensions/run_record.py": "mkdir",  # the output folder, before anything is asked
    "cli/terminal.py": "open",  # the null device, in the place of a closed pipe
    "replica/process.py": "TemporaryFile",  # what a stand-in says on standard error
}
WRITING = {"mkdir", "makedirs", "write_text", "write_bytes", "rename", "unlink", "rmdir",
           "symlink_to", "TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"}  # fmt: skip


def place(path: Path) -> str:
    """Return a module's path within the package."""
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    """Return the room that a module is in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield what a module imports, at its top and in its functions, as absolute names."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{place(path)}: a relative import"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def written(path: Path) -> Iterator[str]:
    """Yield the calls of a module that make or change files."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            arguments = [*node.args, *(each.value for each in node.keywords)]
            modes = [each.value for each in arguments if isinstance(each, ast.Constant)]
            flags = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
            writes = any(isinstance(mode, str) and set(mode) & set("wax+") for mode in modes)
            if name in WRITING or (
                name == "open"
                and ((writes and len(str(modes[0])) <= 3) or flags & {"O_WRONLY", "O_RDWR"})
            ):
                yield name


def test_every_room_has_its_place() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_arrows_point_one_way(path: Path) -> None:
    own = ORDER.index(room(path)) if room(path) in ORDER else -1
    used = {name.split(".")[1] for name in imports(path) if name.startswith("newscrawl.")}
    above = {each for each in used & set(ORDER) if ORDER.index(each) > own}
    assert not above, f"{place(path)} imports {above}, which stand above it"


@pytest.mark.parametrize("name", NO_SCRAPY)
def test_these_rooms_know_nothing_of_scrapy(name: str) -> None:
    for path in (PACKAGE / name).rglob("*.py"):
        used = {each.split(".")[0] for each in imports(path)}
        assert not used & {"scrapy", "twisted", "itemadapter"}, place(path)


@pytest.mark.parametrize("source", sorted(spiders()))
def test_only_its_own_folders_name_a_source(source: str) -> None:
    names = {source, spiders()[source].__name__}
    for path in MODULES:
        if f"/{source}/" in f"/{place(path)}":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        said = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in docs
        }
        used = {part for each in imports(path) for part in each.split(".")}
        assert not names & (said | used), f"{place(path)} names {source}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_only_the_archive_and_the_export_write_files(path: Path) -> None:
    if room(path) not in WRITERS:
        allowed = OTHER_WRITERS.get(place(path))
        assert set(written(path)) == ({allowed} if allowed else set()), place(path)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_module_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 350


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_H83_durations_are_measured_by_a_clock_that_never_jumps(path: Path) -> None:
    assert not {"time.time", "time.perf_counter"} & set(imports(path)), place(path)
    assert "time.time(" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_H60_nothing_reads_xml_with_its_entities(path: Path) -> None:
    assert not {"xml", "lxml", "feedparser"} & {each.split(".")[0] for each in imports(path)}
