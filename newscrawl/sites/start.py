"""A small complete site, written once (``newscrawl site init``)."""

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from newscrawl.cleaning.text import plain
from newscrawl.export.files import NotAFile, Staged, Tree, check_root
from newscrawl.export.front_matter import double_quoted
from newscrawl.sites.generators import GENERATORS, Generator, SiteError, recognise

_TEMPLATES = files("newscrawl.sites")
_SHARED = "shared"
_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"'<>\\{}#?]")


@dataclass(slots=True)
class Started:
    """What became of the files of a new site, by their paths in it, in alphabetical order."""

    written: list[PurePosixPath] = field(default_factory=list)
    kept: list[PurePosixPath] = field(default_factory=list)
    """Stood there before, and were left as they are."""


def start_site(
    generator: str,
    folder: Path,
    *,
    base: str,
    title: str,
    channels: Mapping[str, str],
    dry_run: bool = False,
) -> Started:
    """Write the site of ``generator`` into ``folder``; a file that exists is left alone.

    base: of the site's addresses as the posts link to it, ``//host[/path]`` or with http(s).
    title: its name. channels: slug -> name of the pages of flash news that Jekyll's posts
    link to (J5). dry_run: write nothing.

    Raises ``SiteError`` for a base that is no address and for a folder that is another
    generator's site, ``ExportError`` where nothing can be written to the folder.
    """
    check_root(folder)
    chosen = GENERATORS[generator]
    there = recognise(folder)
    if there is not None and there is not chosen and _has_own_files(folder, there):
        raise SiteError(f"{folder}: is a site of {there.name}; name another folder")
    contents = dict(_contents(chosen, _values(base, title), channels))
    tree, started = Tree(folder), Started()
    try:
        for path in sorted(contents):
            (started.kept if _stands(tree, path) else started.written).append(path)
        if not dry_run:
            _write(tree, {path: contents[path] for path in started.written})
    finally:
        tree.close()
    return started


def _has_own_files(folder: Path, generator: Generator) -> bool:
    """Whether more than posts is there: a folder that holds only posts is no site yet."""
    return any((folder / name).exists() for name in (*generator.configurations, "package.json"))


def _stands(tree: Tree, path: PurePosixPath) -> bool:
    try:
        return tree.read(path) is not None
    except NotAFile:
        return True


def _write(tree: Tree, contents: Mapping[PurePosixPath, bytes]) -> None:
    """Write whole files; a start that was cut short is completed by the next one."""
    staged: list[Staged] = []
    try:
        for path, content in contents.items():
            staged.append(tree.stage(path, content))
        tree.sync(staged)
        while staged:
            tree.replace(staged[-1])
            staged.pop()
    finally:
        for each in staged:
            tree.discard(each)
    tree.sync_folders()


def _contents(
    generator: Generator, values: Mapping[str, str], channels: Mapping[str, str]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the files of a new site."""
    for path, file in _walk(_TEMPLATES / generator.name, PurePosixPath()):
        content = file.read_bytes()
        if str(path) in generator.configurations:
            content = string.Template(content.decode()).substitute(values).encode()
        yield path, content
    for path, file in _walk(_TEMPLATES / _SHARED, PurePosixPath()):
        yield generator.assets / path, file.read_bytes()
    if generator.name == "jekyll":
        for slug, name in channels.items():
            yield PurePosixPath(slug, "index.html"), _channel_page(slug, name)


def _walk(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _walk(each, path / each.name)
        else:
            yield path / each.name, each


def _channel_page(slug: str, name: str) -> bytes:
    """Return the page of a flash channel: the posts say ``//host/SLUG/`` (J5)."""
    lines = ("---", "layout: category", f"title: {double_quoted(name)}", f"category: {slug}", "---")
    return "".join(f"{line}\n" for line in lines).encode()


def _values(base: str, title: str) -> dict[str, str]:
    """Return what a configuration is filled with, quoted as both YAML and TOML read it."""
    address = base if "://" in base else f"https:{base}"
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
        parts.port  # noqa: B018  (raises for one that is no number)
    except ValueError:
        valid = False
    if not valid or _NO_ADDRESS.search(address):
        raise SiteError(
            f"{base!r} is no base of a site: [site] base is written //news.example.org "
            "or https://example.org/news"
        )
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    name = plain(title)
    if not name:
        raise SiteError("the title of the site is empty")
    values = {
        "title": name,
        "origin": origin,
        "path": path,
        "root": f"{path}/",
        "url": f"{origin}{path}/",
    }
    return {key: double_quoted(value) for key, value in values.items()}
