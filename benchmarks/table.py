"""The figures that have a target, as a table in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Mapping[str, Any]]
"""What each benchmark returned, by its name."""
Place = tuple[str, ...]
"""Benchmark, then the keys below it that lead to a figure, or to figures by their names."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, or several of one kind, and what it should be.

    name: ``{peers}`` stands for the extractors beside us. parts: what a figure is of -> its
    place. wanted: '' for a figure that only helps to read the one before. at_least: whether
    more is better.
    """

    name: str
    parts: Mapping[str, Place]
    wanted: str = ""
    at_least: bool = False


def _of_crawl(yardstick: str) -> Mapping[str, Place]:
    """Return where it stands how many pages a CPU second a crawl has of a yardstick's."""
    large = ("pipeline", "large_pages", "ratio_cpu", yardstick)
    return {
        "posts of one dialect": ("pipeline", "ratio_cpu", yardstick, "one_dialect"),
        "of two": ("pipeline", "ratio_cpu", yardstick, "newscrawl"),
        "one, large pages": (*large, "one_dialect"),
        "two, large pages": (*large, "newscrawl"),
    }


TARGETS = (
    Target(
        "reading a captured page: times as fast as the fastest of {peers}",
        {"": ("peers", "times_as_fast")},
        "10",
        at_least=True,
    ),
    Target(
        "extract and clean a page, over its tree alone",
        {
            "captured": ("extraction", "captured", "ratio"),
            "invented": ("extraction", "ratio"),
        },
        "2.0",
    ),
    Target(
        "whole crawl: pages a CPU second, of a bare Scrapy spider's with the same settings",
        _of_crawl("bare"),
        "0.5",
        at_least=True,
    ),
    Target(
        "the same, where that spider's settings for callbacks are tuned, too",
        _of_crawl("tuned"),
    ),
    Target(
        "the same, of bare Scrapy's as it is installed",
        _of_crawl("scrapy_defaults"),
    ),
    Target(
        "the same, of a tuned spider that selects with parsel, inserts into SQLite, writes a file",
        _of_crawl("usual"),
    ),
    Target(
        "whole crawl by two processes: pages a second, of a bare Scrapy spider's",
        {
            "same settings": ("pipeline", "ratio_wall", "bare", "two_processes"),
            "tuned": ("pipeline", "ratio_wall", "tuned", "two_processes"),
        },
        "0.8",
        at_least=True,
    ),
    Target(
        "cron, nothing new, over bare Scrapy",
        {
            "one section": ("cron", "one section", "ratio"),
            "all": ("cron", "all sections", "ratio"),
        },
        "1.3",
    ),
    Target(
        "export of posts over a copy of them",
        {
            "Jekyll": ("export", "jekyll", "ratio"),
            "Hexo": ("export", "hexo", "ratio"),
            "Hugo": ("export", "hugo", "ratio"),
            "Jekyll by one process": ("export", "jekyll", "ratio_one_process"),
            "Hexo by one": ("export", "hexo", "ratio_one_process"),
            "Hugo by one": ("export", "hugo", "ratio_one_process"),
        },
        "2.0",
    ),
    Target(
        "export that finds nothing changed, seconds",
        {
            "Jekyll": ("export", "jekyll", "unchanged_s"),
            "Hexo": ("export", "hexo", "unchanged_s"),
            "Hugo": ("export", "hugo", "unchanged_s"),
        },
        "1",
    ),
    Target(
        "import of posts over parsing them",
        {
            "Jekyll": ("import", "jekyll", "ratio"),
            "by one process": ("import", "jekyll", "ratio_one_process"),
            "Hexo": ("import", "hexo", "ratio"),
            "by one": ("import", "hexo", "ratio_one_process"),
        },
        "3.0",
    ),
    Target(
        "rebuild over reading and parsing the raw pages",
        {
            "two processes": ("rebuild", "ratio"),
            "one": ("rebuild", "ratio_one_process"),
        },
        "3.0",
    ),
    Target(
        "reextract: two processes, of twice one",
        {
            "steady": ("reextract", "steady", "of_ideal_on_two"),
            "with its start": ("reextract", "whole", "of_ideal_on_two"),
        },
        "0.9",
        at_least=True,
    ),
    Target("peak memory of a crawl, MB by articles", {"": ("growth-articles", "peak_mb")}, "200"),
    Target("and how much of it grows, MB", {"": ("growth-articles", "memory_growth_mb")}, "30"),
)


def markdown(figures: Figures, targets: tuple[Target, ...] = TARGETS) -> str:
    """Return a row for every target of which something was measured."""
    rows = []
    for target in targets:
        if found := measured(figures, target):
            sign = "≥" if target.at_least else "≤"
            name = target.name.format(peers=_peers(figures))
            wanted = f"{sign} {target.wanted}" if target.wanted else ""
            rows.append((name, ", ".join(found), wanted))
    return table(("what", "measured", "target"), rows)


def measured(figures: Figures, target: Target) -> list[str]:
    """Return the figures of a target, each after what it is of."""
    found: dict[str, float] = {}
    for label, place in target.parts.items():
        figure = figure_at(figures, place)
        if isinstance(figure, Mapping):
            found |= figure
        elif figure is not None:
            found[label] = figure
    return [f"{label}: {shown(figure)}".removeprefix(": ") for label, figure in found.items()]


def figure_at(figures: Figures, place: Place) -> Any:
    """Return what stands at a place, None where nothing was measured."""
    figure: Any = figures
    for step in place:
        figure = figure.get(step) if isinstance(figure, Mapping) else None
    return figure


def _peers(figures: Figures) -> str:
    extractors = figures["peers"]["extractors"] if "peers" in figures else {}
    return ", ".join(f"{name} {one['version']}" for name, one in extractors.items() if one["peer"])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    rule = "|" + "---|" * len(heads)
    first, *rest = (f"| {' | '.join(line)} |" for line in (heads, *rows))
    return "\n".join((first, rule, *rest))


def shown(figure: float) -> str:
    """Return a figure with as many digits as it can have."""
    digits = 0 if abs(figure) >= 100 else 1 if abs(figure) >= 10 else 2
    return f"{figure:,.{digits}f}"
