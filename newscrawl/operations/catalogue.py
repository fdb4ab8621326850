"""Which of the sources, sections and dialects there are the user means."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from newscrawl.config import Config, ConfigError
from newscrawl.names import unknown

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider

Sources = Mapping[str, "type[SourceSpider]"]


def choose_sources(names: Sequence[str], config: Config, known: Sources) -> tuple[str, ...]:
    """Return the sources that the user named, else those that the configuration enables.

    Raises ``UnknownNameError`` for a name that no source has, also in the configuration,
    and ``ConfigError`` where none is named and the configuration enables none.
    """
    for name in (*names, *config.sources):
        if name not in known:
            raise unknown("source", name, known, f"there are {', '.join(known)}")
    if names:
        return tuple(dict.fromkeys(names))
    off = {name for name, source in config.sources.items() if not source.enabled}
    enabled = tuple(name for name in known if name not in off)
    if not enabled:
        raise ConfigError("every source is switched off; name one, or set `enabled = true`")
    return enabled


def choose(
    sources: Sequence[str], sections: Sequence[str], config: Config
) -> dict[str, tuple[str, ...]]:
    """Return what a crawl is asked for: source -> section ids, none for its own choice.

    Raises what ``choose_sources`` and ``choose_sections`` raise.
    """
    from newscrawl.spiders.registry import spiders

    return choose_sections(choose_sources(sources, config, spiders()), sections, spiders())


def choose_sections(
    sources: Sequence[str], wanted: Sequence[str], known: Sources
) -> dict[str, tuple[str, ...]]:
    """Return for each source the ids of the sections asked for; a source without any goes.

    ``wanted``: ids or Chinese names. Empty asks for each source's own choice: every
    source, no section named. Raises ``UnknownNameError`` for what no source knows.
    """
    from newscrawl.spiders.options import find_sections, unknown_section

    if not wanted:
        return dict.fromkeys(sources, ())
    spiders = [known[name] for name in sources]
    for text in wanted:
        if not any(spider.find_section(text) for spider in spiders):
            raise unknown_section(text, spiders)
    chosen = {
        spider.name: find_sections(spider, filter(spider.find_section, wanted))
        for spider in spiders
    }
    return {name: tuple(each.id for each in found) for name, found in chosen.items() if found}
