"""``python -m benchmarks``: what runs, with which arguments, and where its figures are."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import growth_pages
from benchmarks.plots import PLOTS, svg


def small(*sizes: int) -> Mapping[str, Any]:
    """The benchmark of growing pages, at the sizes that are asked for."""
    return growth_pages.main(kilobytes=sizes, depths=(10, 20))


def test_json_is_printed_and_kept_and_the_plots_are_of_the_same_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "BENCHMARKS", {"growth-pages": small})
    assert command.main(["growth-pages=10,20"], tmp_path) == 0
    printed = json.loads(capsys.readouterr().out)["growth-pages"]
    kept = json.loads((tmp_path / "growth-pages.json").read_text("utf-8"))["figures"]
    assert kept == printed
    assert {row["kilobytes"] for row in kept["rows"] if row["grows"] == "size"} > {10.5, 20.5}
    for plot in PLOTS:
        if plot.place == ("growth-pages",):
            assert (tmp_path / f"{plot.name}.svg").read_bytes() == svg(plot, kept["rows"])


def test_without_names_all_run_but_those_that_are_asked_for_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def benchmark(name: str) -> Callable[[], Mapping[str, Any]]:
        def run() -> Mapping[str, Any]:
            ran.append(name)
            return {"name": name}

        return run

    names = {name: benchmark(name) for name in command.BENCHMARKS}
    monkeypatch.setattr(command, "BENCHMARKS", names)
    monkeypatch.setattr("benchmarks.plots.PLOTS", ())
    assert command.main([], tmp_path) == 0
    assert ran == [name for name in names if name not in command.ASKED]
    assert list(json.loads(capsys.readouterr().out)) == ran


def test_a_name_that_there_is_not_runs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["gates", "speed"], tmp_path) == 2
    assert "no benchmark 'speed'; there are gates, " in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
