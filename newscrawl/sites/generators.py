"""The site generators: what their folders look like, and what stands where in a new one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


class SiteError(Exception):
    """The folder cannot be used as asked; the message says what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Generator:
    """One site generator.

    configurations: names of its configuration file, in its own order. posts: the folder of
    its posts. suffixes: of files that are posts. assets: where files go that pages load from
    ``/assets/``. build: the commands after ``newscrawl export``, run in the site's folder.
    """

    name: str
    configurations: tuple[str, ...]
    posts: PurePosixPath
    suffixes: frozenset[str]
    assets: PurePosixPath
    build: tuple[str, ...]


_HTML = frozenset({".html", ".htm"})
_MARKDOWN = frozenset({".md", ".markdown"})
_HUGO_FORMATS = ("toml", "yaml", "yml", "json")

GENERATORS: Mapping[str, Generator] = {
    each.name: each
    for each in (
        Generator(
            name="jekyll",
            configurations=("_config.yml", "_config.yaml", "_config.toml"),
            posts=PurePosixPath("_posts"),
            suffixes=_HTML | _MARKDOWN | {".mkdown", ".mkdn", ".mkd", ".textile"},
            assets=PurePosixPath("assets"),
            build=("jekyll build",),
        ),
        Generator(
            name="hexo",
            configurations=("_config.yml", "_config.yaml", "_config.json"),
            posts=PurePosixPath("source", "_posts"),
            suffixes=_HTML | _MARKDOWN | {".mkd", ".mkdn"},
            assets=PurePosixPath("themes", "newscrawl", "source", "assets"),
            build=("npm install", "npx hexo generate"),
        ),
        Generator(
            name="hugo",
            configurations=tuple(
                f"{stem}.{suffix}"
                for stem in ("hugo", "config", "config/_default/hugo", "config/_default/config")
                for suffix in _HUGO_FORMATS
            ),
            posts=PurePosixPath("content"),
            suffixes=_HTML | _MARKDOWN | {".mdown", ".adoc", ".org"},
            assets=PurePosixPath("static", "assets"),
            build=("hugo",),
        ),
    )
}


def recognise(folder: Path) -> Generator | None:
    """Return the generator whose site ``folder`` is; None where it is none's.

    Hugo by a configuration file of its names beside ``content/`` or ``layouts/``; Jekyll
    and Hexo, whose file has the same name, by what else is there.
    """
    if _configured(folder, "hugo") and not _configured(folder, "jekyll"):
        return GENERATORS["hugo"]
    if _is_hexo_package(folder / "package.json") or (folder / "source" / "_posts").is_dir():
        return GENERATORS["hexo"]
    if _configured(folder, "jekyll") or (folder / "_posts").is_dir():
        return GENERATORS["jekyll"]
    return None


def configuration_of(folder: Path, generator: Generator) -> Path | None:
    """Return the configuration file of a site; None where it has none."""
    found = (folder / name for name in generator.configurations)
    return next((path for path in found if path.is_file()), None)


def _configured(folder: Path, name: str) -> bool:
    return configuration_of(folder, GENERATORS[name]) is not None


def _is_hexo_package(path: Path) -> bool:
    """Whether a package.json is that of a Hexo site, as Hexo itself decides, or asks for Hexo."""
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(package, dict):
        return False
    return "hexo" in package or "hexo" in (package.get("dependencies") or {})
