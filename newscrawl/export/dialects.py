"""The dialects that posts can be written in."""

from newscrawl.export.hexo import Hexo
from newscrawl.export.jekyll import Jekyll
from newscrawl.export.posts import Dialect

_DIALECTS: dict[str, type[Dialect]] = {dialect.name: dialect for dialect in (Jekyll, Hexo)}


def dialects() -> tuple[str, ...]:
    """Return the names of the dialects, for ``--dialect`` and the configuration."""
    return tuple(_DIALECTS)


def dialect_named(name: str) -> type[Dialect]:
    """Return a dialect; raise ``KeyError`` for a name that is none."""
    return _DIALECTS[name]
