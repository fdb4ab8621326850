"""The benchmark of large archives, with small ones."""

from pathlib import Path

import pytest

from benchmarks import scale
from benchmarks.generated import REPRINTED, Shape, text


def test_near_duplicates_are_measured_on_an_archive_that_has_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = (Shape(600), Shape(1_200))
    monkeypatch.setenv(scale.FOLDER, str(tmp_path))
    monkeypatch.setitem(scale.PARTS, "near", ("near duplicates", scale._near, shapes))
    found = scale.main("near")
    assert list(found) == ["near duplicates"]
    rows = found["near duplicates"]["rows"]  # type: ignore[index]
    assert [row["articles"] for row in rows] == [600, 1_200]
    assert [row["groups"] for row in rows] == [600 // REPRINTED, 1_200 // REPRINTED]
    assert all(figure >= 0 for row in rows for figure in row.values())


def test_a_reprint_differs_by_a_word() -> None:
    assert text(REPRINTED + 10) == f"{text(REPRINTED)}（完）"
    assert len({text(n) for n in range(1_000)}) == 1_000
