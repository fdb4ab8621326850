"""Write what is kept of the benchmarks into README.md and docs/, so that no figure is typed.

``python -m benchmarks.publish [FOLDER]``, or ``make figures``: what stands between the markers
``<!-- figures: NAME -->`` and ``<!-- end -->`` is written anew where the folder has the figures
of its benchmarks, and their plots are drawn into docs/plots. The others stay, and are named.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.plots import PLOTS, draw
from benchmarks.record import FOLDER, Record, load
from benchmarks.table import TARGETS, Figures, Place, figure_at, markdown, shown, table

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/performance.md")
DRAWN = "docs/plots"
LEAST_SHARE = 0.01
MARKED = re.compile(r"(<!-- figures: (?P<name>[\w ]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two markers: the figures that it needs, and its text from them."""

    needs: Sequence[Place]
    text: Callable[[Figures], str]


def columns_of(
    head: str, wanted: Mapping[str, str], x: str, rows: Sequence[Mapping[str, Any]]
) -> str:
    """Return a table of benchmark rows laid on their side: a column for each size."""
    sizes = [_size(row[x]) for row in rows]
    lines = [(name, *(shown(row[key]) for row in rows)) for key, name in wanted.items()]
    return table((head, *sizes), lines)


def _size(number: int) -> str:
    for unit, of in ((" M", 10**6), (" k", 10**3)):
        if number >= of and number % of == 0:
            return f"{number // of}{unit}"
    return f"{number:,}"


def _profiles(figures: Figures) -> str:
    share: Mapping[str, Mapping[str, float]] = figures["profiles"]["share"]
    rooms = sorted({room for each in share.values() for room in each})
    most = {room: max(each.get(room, 0.0) for each in share.values()) for room in rooms}
    rows = [
        (room, *(_percent(each.get(room, 0.0)) for each in share.values()))
        for room in sorted(rooms, key=lambda room: -most[room])
        if most[room] >= 2 * LEAST_SHARE
    ]
    return table(("% of the time", *share), rows)


def _percent(share: float) -> str:
    return f"{share:.0%}".rstrip("%") if share >= LEAST_SHARE else ""


def _settings(figures: Figures) -> str:
    ratios: Mapping[str, float] = figures["settings"]["ratio"]
    ordered = sorted(ratios.items(), key=lambda each: each[1])
    rows = [(name, f"{ratio:.2f}") for name, ratio in ordered]
    return table(("one setting changed", "pages a CPU second, of ours"), rows)


def _peers(figures: Figures) -> str:
    rows = [
        (f"{name} {one['version']}", shown(one["ms"]), shown(one["title"]), shown(one["text_f1"]))
        for name, one in figures["peers"]["extractors"].items()
    ]
    return table(("extractor", "ms a page", "titles right", "likeness of texts (F1)"), rows)


def _articles(figures: Figures) -> str:
    wanted = {
        "stored": "articles stored",
        "pages": "pages fetched",
        "seconds": "seconds",
        "pages_per_cpu_second": "pages a CPU second",
        "peak_mb": "peak memory, MB",
    }
    rows = figures["growth-articles"]["rows"]
    return columns_of("articles in one run", wanted, "articles", rows) + _plots("growth-articles")


def _known(figures: Figures) -> str:
    wanted = {
        "open_ms": "open, ms",
        "known_us": "seen-check, µs an entry, warm",
        "known_cold_us": "the same, nothing of it in memory",
        "memory_mb": "memory above imports, MB",
        "resume_ms": "begin a run with what was left, ms",
    }
    rows = figures["scale"]["known addresses"]["rows"]
    return columns_of("known addresses", wanted, "urls", rows) + _plots("scale", "known addresses")


def _stored(figures: Figures) -> str:
    wanted = {
        "sources_cpu_ms": "`sources`, which opens no archive",
        "status_cpu_ms": "`status`",
        "explain_cpu_ms": "`explain`",
        "history_cpu_ms": "`history`",
        "export_since_again_cpu_ms": "`export --since` yesterday, nothing changed",
    }
    rows = figures["scale"]["stored articles"]["rows"]
    head = "stored articles, CPU ms of the whole command"
    return columns_of(head, wanted, "articles", rows) + _plots("scale", "stored articles")


def _near(figures: Figures) -> str:
    rows = figures["scale"]["near duplicates"]["rows"]
    radii = sorted(int(key.split("_")[1]) for key in rows[0] if re.match(r"near_\d+_cpu_ms", key))
    wanted = {
        "fill_cpu_us": "first fingerprint of an article of 140 letters, stored, µs",
        "fingerprint_cpu_us": "fingerprint of 1,500 characters, µs",
        **{f"near_{radius}_cpu_ms": f"lookup within {radius}, ms" for radius in radii},
        "again_cpu_ms": "finding that no fingerprint is missing, ms",
        "groups_cpu_s": "all groups of reprints, s",
        "groups_memory_mb": "memory for these, MB",
    }
    head = "stored articles, CPU time"
    return columns_of(head, wanted, "articles", rows) + _plots("scale", "near duplicates")


def _plots(*place: str) -> str:
    """Return the pictures of a benchmark, or of a part of one, as the pages of docs/ show them."""
    chosen = [plot for plot in PLOTS if plot.place == place]
    return "\n\n" + "\n\n".join(f"![{plot.title}](plots/{plot.name}.svg)" for plot in chosen)


BLOCKS: Mapping[str, Block] = {
    "targets": Block(
        sorted({(place[0],) for target in TARGETS for place in target.parts.values()}), markdown
    ),
    "profiles": Block([("profiles",)], _profiles),
    "settings": Block([("settings",)], _settings),
    "peers": Block([("peers",)], _peers),
    "page size": Block([("growth-pages",)], lambda _: _plots("growth-pages").lstrip("\n")),
    "articles in a run": Block([("growth-articles",)], _articles),
    "known addresses": Block([("scale", "known addresses")], _known),
    "stored articles": Block([("scale", "stored articles")], _stored),
    "near duplicates": Block([("scale", "near duplicates")], _near),
}


def conditions(records: Sequence[Record]) -> str:
    """Return the line that says when and with what some figures were measured."""
    days = sorted({each.day for each in records})
    day = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    first = records[0]
    names = ("scrapy", "aiohttp", "selectolax")
    versions = ", ".join(f"{name} {first.versions[name]}" for name in names)
    return f"Measured {day}, {first.cores} cores, Python {first.python}, {versions}:\n\n"


def lacking(block: Block, kept: Mapping[str, Record]) -> list[str]:
    """Return what a block needs and was not measured."""
    figures = {name: record.figures for name, record in kept.items()}
    return [": ".join(place) for place in block.needs if figure_at(figures, place) is None]


def written(page: str, kept: Mapping[str, Record]) -> str:
    """Return the text of a page with every block anew of which all figures are there."""

    def anew(match: re.Match[str]) -> str:
        block = BLOCKS[match["name"]]
        if lacking(block, kept):
            return match[0]
        needed = {place[0]: kept[place[0]] for place in block.needs}
        figures = {name: record.figures for name, record in needed.items()}
        return f"{match[1]}{conditions(list(needed.values()))}{block.text(figures)}\n"

    return MARKED.sub(anew, page)


def main(folder: Path = FOLDER, root: Path = ROOT) -> int:
    """Write the pages and draw their plots; return 1 where figures are missing for a block."""
    kept = load(folder)
    for name in PAGES:
        path = root / name
        path.write_text(written(path.read_text("utf-8"), kept), "utf-8")
    (root / DRAWN).mkdir(exist_ok=True)
    draw({name: each.figures for name, each in kept.items()}, root / DRAWN)
    missing = {name: gaps for name, block in BLOCKS.items() if (gaps := lacking(block, kept))}
    for name, gaps in missing.items():
        print(f"{name}: left as it is; no figures of {', '.join(gaps)}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
