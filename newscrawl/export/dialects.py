"""The dialects that posts can be written in: ours, and those that others register."""

import re
from hashlib import sha256
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePosixPath
from typing import Any

import msgspec

from newscrawl.config import Config, ConfigError
from newscrawl.export.hexo import Hexo
from newscrawl.export.hugo import Hugo
from newscrawl.export.jekyll import Jekyll
from newscrawl.export.jsonl import Jsonl
from newscrawl.export.posts import Dialect

GROUP = "newscrawl.dialects"
"""Entry points that name a subclass of ``Dialect``; docs/dialects.md is the contract."""
_OWN: dict[str, type[Dialect]] = {dialect.name: dialect for dialect in (Jekyll, Hexo, Hugo, Jsonl)}
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


class DialectError(ConfigError):
    """What an entry point names cannot be used as a dialect; the message says why."""


def dialects() -> tuple[str, ...]:
    """Return the names of the dialects, for ``--dialect`` and the configuration.

    Ours first. Nothing of another distribution is imported for that.
    """
    return tuple(dict.fromkeys([*_OWN, *sorted(point.name for point in _registered())]))


def dialect_named(name: str) -> type[Dialect]:
    """Return a dialect; raise ``KeyError`` for a name that is none.

    Raises ``DialectError`` for an entry point that cannot be loaded, or names something
    that breaks the contract. One of our own names is never replaced.
    """
    if name in _OWN:
        return _OWN[name]
    points = [point for point in _registered() if point.name == name]
    if not points:
        raise KeyError(name)
    if len({point.value for point in points}) > 1:
        values = ", ".join(sorted(point.value for point in points))
        raise DialectError(f"dialect {name}: registered more than once: {values}")
    return _loaded(points[0])


def rendering_of(dialect: Dialect, config: Config) -> str:
    """Return what the bytes of a dialect's posts depend on besides their articles."""
    shown = [config.site, config.slugs, config.sources, config.output.images]
    settings = msgspec.json.encode([dialect.name, dialect.version, *shown])
    return sha256(settings).hexdigest()[:16]


def _registered() -> list[EntryPoint]:
    return [point for point in entry_points(group=GROUP) if point.name not in _OWN]


def _loaded(point: EntryPoint) -> type[Dialect]:
    try:
        found: Any = point.load()
    except Exception as error:  # the boundary to somebody else's module
        raise DialectError(
            f"dialect {point.name}: {point.value} cannot be loaded: {error}"
        ) from error
    fault = _fault(found, point.name)
    if fault:
        raise DialectError(f"dialect {point.name}: {point.value} {fault}")
    dialect: type[Dialect] = found
    return dialect


def _fault(found: Any, name: str) -> str:
    """Return what keeps an object from being the dialect ``name``, nothing for a sound one."""
    if not (isinstance(found, type) and issubclass(found, Dialect)):
        return "is no subclass of newscrawl.export.Dialect"
    missing = [each for each in ("name", "version", "folder", "suffix") if not hasattr(found, each)]
    if missing:
        return f"has no {', '.join(missing)}"
    folders = (found.folder, *found.page_folders, *filter(None, [found.old_folder]))
    faults = {
        f"is named {found.name!r}": found.name != name or not _NAME.fullmatch(name),
        "has a version that is no whole number": type(found.version) is not int,
        f"has the suffix {found.suffix!r}": not _SUFFIX.fullmatch(found.suffix),
        "writes outside its folder": not all(map(_is_inside, folders)),
        "leaves render() out": bool(found.__abstractmethods__),
    }
    return next((words for words, holds in faults.items() if holds), "")


def _is_inside(folder: object) -> bool:
    """Whether a folder lies below the root of the site."""
    return (
        isinstance(folder, PurePosixPath)
        and bool(folder.parts)
        and not folder.is_absolute()
        and ".." not in folder.parts
    )
