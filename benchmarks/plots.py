"""Curves of cost against size, as SVG; both axes in decades, so that a line of slope one is linear.

What is drawn is what a benchmark returned: ``PLOTS`` says which figures are a curve, and
nothing is measured or chosen here.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from benchmarks.table import Figures, Place, figure_at

# Finds maps of other packages, in a way that Python no longer has; it warns of every import.
sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, pygal.PluginImportFixer)]

Curve = list[tuple[float, float]]
Rows = Sequence[Mapping[str, Any]]

WIDTH, HEIGHT = 800, 480
STEPS = [float(f"{digit}e{power}") for power in range(-6, 13) for digit in (1, 2, 5)]
"""What an axis may begin, end and be labelled with."""
COLUMNS = 4
"""Curves beside one another in the legend."""
ROOM = 0.7
"""How far from the lowest and the highest value a picture begins and ends at least."""
ABOVE = 1.001
"""A label at the very top is left out by the library."""
STYLE = Style(
    background="white",
    plot_background="white",
    colors=(
        "#1f5fa8", "#c2410c", "#15803d", "#7c3aed", "#a16207", "#be185d", "#0e7490", "#525252",
    ),
    font_family="sans-serif",
    guide_stroke_color="#d4d4d4",
    major_guide_stroke_color="#d4d4d4",
    label_font_size=12,
    major_label_font_size=12,
    stroke_width=2,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture: where its figures stand, its axes with their units, and its curves.

    place: of the benchmark, or of the part of it, that has the rows.
    """

    name: str
    place: Place
    title: str
    x_title: str
    y_title: str
    curves: Callable[[Rows], Mapping[str, Curve]]


def _grown(grows: str, x: str) -> Callable[[Rows], dict[str, Curve]]:
    """Return what makes a curve of each shape of ``growth-pages``, by the rules of a source.

    The tree alone, of plain paragraphs, stands beside as the floor.
    """

    def curves(rows: Rows) -> dict[str, Curve]:
        found: dict[str, Curve] = {}
        for row in rows:
            if row["grows"] == grows and row["reader"] == "source":
                found.setdefault(row["shape"], []).append((row[x], row["extract_and_clean_ms"]))
        least = next(iter(found))
        found[f"tree alone ({least})"] = [
            (row[x], row["tree_alone_ms"])
            for row in rows
            if (row["grows"], row["reader"], row["shape"]) == (grows, "source", least)
        ]
        return found

    return curves


def _columns(x: str, y: Mapping[str, str]) -> Callable[[Rows], dict[str, Curve]]:
    """Return what makes a curve of each column; y: column -> its name in the picture."""

    def curves(rows: Rows) -> dict[str, Curve]:
        return {name: [(row[x], row[column]) for row in rows] for column, name in y.items()}

    return curves


PLOTS = (
    Plot(
        "page-size",
        ("growth-pages",),
        "Reading or refusing one page, by its size",
        "size of the page, KB",
        "CPU time, ms",
        _grown("size", "kilobytes"),
    ),
    Plot(
        "page-depth",
        ("growth-pages",),
        "Reading or refusing one page, by how deep it is nested",
        "elements in one another",
        "CPU time, ms",
        _grown("depth", "depth"),
    ),
    Plot(
        "articles-memory",
        ("growth-articles",),
        "Peak memory of one crawl",
        "articles in the run",
        "resident memory, MB",
        _columns("stored", {"peak_mb": "whole crawl"}),
    ),
    Plot(
        "articles-pace",
        ("growth-articles",),
        "Pace of one crawl",
        "articles in the run",
        "pages a CPU second",
        _columns("stored", {"pages_per_cpu_second": "whole crawl"}),
    ),
    Plot(
        "known-addresses",
        ("scale", "known addresses"),
        "Looking an entry of a listing up",
        "known addresses",
        "time an entry, µs",
        _columns(
            "urls",
            {"known_us": "in memory", "known_cold_us": "from the disk"},
        ),
    ),
    Plot(
        "archive-size",
        ("scale", "stored articles"),
        "Whole commands, by the size of the archive",
        "stored articles",
        "CPU time, ms",
        _columns(
            "articles",
            {
                "sources_cpu_ms": "no archive",
                "status_cpu_ms": "status",
                "explain_cpu_ms": "explain",
                "history_cpu_ms": "history",
                "export_since_again_cpu_ms": "export --since yesterday",
            },
        ),
    ),
    Plot(
        "near-duplicates",
        ("scale", "near duplicates"),
        "Looking the reprints of one article up",
        "stored articles",
        "CPU time, ms",
        _columns(
            "articles",
            {
                "near_0_cpu_ms": "same text",
                "near_4_cpu_ms": "within 4",
                "near_8_cpu_ms": "within 8",
                "near_11_cpu_ms": "within 11",
            },
        ),
    ),
)


def draw(measured: Figures, folder: Path) -> list[Path]:
    """Draw every plot whose figures are among those ``measured``; return the files."""
    drawn = []
    for plot in PLOTS:
        if (figures := figure_at(measured, plot.place)) is not None:
            path = folder / f"{plot.name}.svg"
            path.write_bytes(svg(plot, figures["rows"]))
            drawn.append(path)
    return drawn


def svg(plot: Plot, rows: Rows) -> bytes:
    """Return the picture of a plot, the same bytes for the same figures.

    What was too little to be measured has no place on an axis of decades, and is left out.
    """
    curves = {
        name: [point for point in curve if min(point) > 0]
        for name, curve in plot.curves(rows).items()
    }
    points = [point for curve in curves.values() for point in curve]
    xs, ys = ([point[axis] for point in points] for axis in (0, 1))
    low, high = _bounds([min(ys) * ROOM, *ys, max(ys) / ROOM])
    chart = pygal.XY(
        style=STYLE,
        width=WIDTH,
        height=HEIGHT,
        title=plot.title,
        x_title=plot.x_title,
        y_title=plot.y_title,
        logarithmic=True,
        xrange=_bounds(xs),
        range=(low, high * ABOVE),
        x_labels=_labels(*_bounds(xs)),
        y_labels=_labels(low, high),
        value_formatter=shown,
        x_value_formatter=shown,
        show_legend=len(curves) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=COLUMNS,
        truncate_legend=-1,
        dots_size=3,
        margin_right=40,
        margin_bottom=20 * ceil(len(curves) / COLUMNS),
        js=(),
        no_prefix=True,
    )
    chart.add_xml_filter(_without_scripts)
    for name, curve in curves.items():
        chart.add(name, curve)
    rendered: bytes = chart.render()
    return rendered.rstrip() + b"\n"


def shown(value: float) -> str:
    """Return a number as an axis and a point show it: three digits that count, in thousands."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def _bounds(values: Iterable[float]) -> tuple[float, float]:
    """Return the round numbers around all values."""
    found = list(values)
    return (
        max(step for step in STEPS if step <= min(found)),
        min(step for step in STEPS if step > max(found)),
    )


def _labels(low: float, high: float) -> Sequence[float]:
    """Return the powers of ten between two bounds; where these are few, 2 and 5 times them too."""
    steps = [step for step in STEPS if low <= step <= high]
    return [step for step in steps if high <= 100 * low or f"{step:e}"[0] == "1"]


def _without_scripts(root: Element) -> Element:
    """Leave out what only a page that one can click in needs, and the day of drawing."""
    root.attrib.pop("id")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "script" or not isinstance(child.tag, str):
                parent.remove(child)
    return root
