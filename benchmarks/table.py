"""The figures that have a target, as a table in Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """A figure: where it stands in what the benchmarks return, and what it should be.

    at_least: whether more is better.
    """

    name: str
    path: tuple[str, ...]
    wanted: float
    at_least: bool = False


TARGETS = (
    Target(
        "whole crawl: pages a CPU second, of bare Scrapy's", ("pipeline", "ratio_cpu"), 0.5, True
    ),
    Target("extract and clean a page, over its tree alone", ("extraction", "ratio"), 2.0),
    Target(
        "cron, nothing new, one section, over bare Scrapy", ("cron", "one section", "ratio"), 1.3
    ),
    Target(
        "cron, nothing new, all sections, over bare Scrapy", ("cron", "all sections", "ratio"), 1.3
    ),
    Target("export of posts over a copy, Jekyll", ("export", "jekyll", "ratio"), 2.0),
    Target("export of posts over a copy, Hexo", ("export", "hexo", "ratio"), 2.0),
    Target("export of posts over a copy, Hugo", ("export", "hugo", "ratio"), 2.0),
    Target("import of posts over parsing them, Jekyll", ("import", "jekyll", "ratio"), 3.0),
    Target("import of posts over parsing them, Hexo", ("import", "hexo", "ratio"), 3.0),
    Target("rebuild over reading and parsing the raw pages", ("rebuild", "ratio"), 3.0),
    Target(
        "reextract: two processes, of ideal", ("reextract", "whole", "of_ideal_on_two"), 0.9, True
    ),
    Target("peak memory at 20,000 articles over 1,000", ("memory", "ratio"), 1.3),
)


def markdown(figures: Mapping[str, Any]) -> str:
    """Return a row for every target whose benchmark was run."""
    rows = ["| what | measured | target |", "|---|---|---|"]
    for target in TARGETS:
        figure: Any = figures
        for step in target.path:
            figure = figure.get(step) if isinstance(figure, Mapping) else None
        if figure is not None:
            sign = "≥" if target.at_least else "≤"
            rows.append(f"| {target.name} | {figure:.2f} | {sign} {target.wanted} |")
    return "\n".join(rows)
