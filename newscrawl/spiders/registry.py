"""All sources, found by walking the spider modules: adding a file adds a source."""

import importlib
import pkgutil
from functools import cache

import newscrawl.spiders
from newscrawl.spiders.base import SourceSpider


@cache
def spiders() -> dict[str, type[SourceSpider]]:
    """Return every source by name, sorted; raise ``ValueError`` for a name used twice."""
    found: dict[str, type[SourceSpider]] = {}
    for module_info in pkgutil.iter_modules(newscrawl.spiders.__path__, "newscrawl.spiders."):
        module = importlib.import_module(module_info.name)
        for value in vars(module).values():
            if _is_source(value, module_info.name):
                other = found.setdefault(value.name, value)
                if other is not value:
                    raise ValueError(f"{value} and {other} are both named {value.name!r}")
    return dict(sorted(found.items()))


def _is_source(value: object, module: str) -> bool:
    """Whether ``value`` is a source defined in ``module`` or its submodules."""
    return (
        isinstance(value, type)
        and issubclass(value, SourceSpider)
        and isinstance(getattr(value, "name", None), str)
        and (value.__module__ == module or value.__module__.startswith(f"{module}."))
    )


def source_for(url: str) -> type[SourceSpider] | None:
    """Return the source whose page ``url`` is, None where no source knows its host."""
    return next((spider for spider in spiders().values() if spider.owns(url)), None)
