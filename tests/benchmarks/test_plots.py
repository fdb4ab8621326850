"""A plot shows what its benchmark returned, and nothing else is in the file."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.plots import PLOTS, Plot, draw, shown, svg
from benchmarks.table import figure_at
from tests.benchmarks.figures import MADE

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_a_plot_has_its_titles_its_units_and_every_figure(plot: Plot) -> None:
    rows = figure_at(MADE, plot.place)["rows"]
    root = ElementTree.fromstring(svg(plot, rows))
    assert root.tag == f"{SVG}svg"
    texts = [each.text for each in root.iter(f"{SVG}text")]
    curves = plot.curves(rows)
    assert {plot.title, plot.x_title, plot.y_title} <= set(texts)
    assert len(curves) == 1 or set(curves) <= set(texts)
    drawn = [each.text for each in root.iter(f"{SVG}desc") if each.get("class") == "value"]
    assert drawn == [f"{shown(x)}: {shown(y)}" for curve in curves.values() for x, y in curve]
    assert all(curves.values())


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_a_plot_is_the_same_bytes_each_time_with_no_script_and_no_address(plot: Plot) -> None:
    rows = figure_at(MADE, plot.place)["rows"]
    drawn = svg(plot, rows)
    assert drawn == svg(plot, rows)
    assert b"<script" not in drawn
    assert b"<!--" not in drawn
    assert b"href" not in drawn


def test_only_what_was_measured_is_drawn(tmp_path: Path) -> None:
    assert draw({"gates": {}}, tmp_path) == []
    names = [path.name for path in draw({"scale": MADE["scale"]}, tmp_path)]
    assert names == ["known-addresses.svg", "archive-size.svg", "near-duplicates.svg"]
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())


def test_a_curve_of_a_single_value_has_room_around_it() -> None:
    plot = next(plot for plot in PLOTS if plot.name == "articles-pace")
    rows = [{"stored": n, "pages_per_cpu_second": 200.0} for n in (500, 5_000)]
    root = ElementTree.fromstring(svg(plot, rows))
    assert {"100", "200", "500"} <= {each.text for each in root.iter(f"{SVG}text")}


def test_what_was_too_little_to_be_measured_is_left_out() -> None:
    plot = next(plot for plot in PLOTS if plot.name == "articles-pace")
    rows = [{"stored": n, "pages_per_cpu_second": pace} for n, pace in ((10, 0.0), (100, 200.0))]
    root = ElementTree.fromstring(svg(plot, rows))
    drawn = [each.text for each in root.iter(f"{SVG}desc") if each.get("class") == "value"]
    assert drawn == ["100: 200"]
