"""Which sources, sections and dialects exist, and the nearest one to a mistyped name."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from newscrawl.config import Config

if TYPE_CHECKING:
    from newscrawl.listings import Section
    from newscrawl.spiders.base import SourceSpider

Sources = Mapping[str, "type[SourceSpider]"]


class UnknownNameError(ValueError):
    """The user named something that does not exist; the message names the nearest (H131)."""


def nearest(kind: str, given: str, valid: Iterable[str], hint: str) -> UnknownNameError:
    """Return the error for an unknown ``kind``: with the closest valid name, else ``hint``."""
    close = difflib.get_close_matches(given.lower(), list(valid), n=1, cutoff=0.5)
    advice = f"did you mean {close[0]}?" if close else hint
    return UnknownNameError(f"there is no {kind} {given!r}; {advice}")


def choose_sources(names: Sequence[str], config: Config, known: Sources) -> tuple[str, ...]:
    """Return the sources that the user named, else those that the configuration enables.

    Raises ``UnknownNameError`` for a name that no source has, also in the configuration.
    """
    for name in (*names, *config.sources):
        if name not in known:
            raise nearest("source", name, known, f"there are {', '.join(known)}")
    if names:
        return tuple(dict.fromkeys(names))
    off = {name for name, source in config.sources.items() if not source.enabled}
    return tuple(name for name in known if name not in off)


def choose_sections(
    sources: Sequence[str], wanted: Sequence[str], known: Sources
) -> dict[str, tuple[str, ...]]:
    """Return for each source the ids of the sections asked for; a source without any goes.

    ``wanted``: ids or Chinese names. Empty asks for each source's own choice: every
    source, no section named. Raises ``UnknownNameError`` for what no source knows.
    """
    if not wanted:
        return dict.fromkeys(sources, ())
    chosen: dict[str, list[str]] = {name: [] for name in sources}
    for text in wanted:
        owners = {name: find_section(known[name], text) for name in sources}
        if not any(owners.values()):
            every = [each for name in sources for each in known[name].sections.values()]
            names = [name for section in every for name in (section.id, section.name)]
            where = " or ".join(sources)
            raise nearest(f"section of {where}", text, names, "`newscrawl sources` lists them")
        for name, section in owners.items():
            if section is not None and section.id not in chosen[name]:
                chosen[name].append(section.id)
    return {name: tuple(ids) for name, ids in chosen.items() if ids}


def find_section(spider: "type[SourceSpider]", text: str) -> "Section | None":
    """Return the section of a source that an id or a Chinese name means, None for neither."""
    by_name = (section for section in spider.sections.values() if section.name == text)
    return spider.find_section(text) or next(by_name, None)


def choose_dialects(
    names: Sequence[str], default: Sequence[str], known: Iterable[str]
) -> tuple[str, ...]:
    """Return the dialects named, else ``default``; raise ``UnknownNameError``."""
    valid = tuple(known)
    for name in names or default:
        if name not in valid:
            raise nearest("dialect", name, valid, f"there are {', '.join(valid)}")
    return tuple(dict.fromkeys(names or default))
