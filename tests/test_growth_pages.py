"""The benchmark of growing pages says of every page how large it is and how it ended."""

from benchmarks.growth_pages import NESTED, READERS, SHAPES, main, of_depth, of_size


def test_a_row_for_every_reader_shape_and_step() -> None:
    rows = main(kilobytes=(10,), depths=(10, 20))["rows"]
    assert isinstance(rows, list)
    assert len(rows) == len(READERS) * (len(SHAPES) + 2 * len(NESTED))
    assert {row["outcome"] for row in rows} == {"read"}
    assert all(row["ratio"] > 0 and row["extract_and_clean_ms"] > 0 for row in rows)


def test_pages_are_as_large_and_as_deep_as_asked() -> None:
    for shape in SHAPES:
        assert 100 <= len(of_size(shape, 100)) / 1024 < 102
    assert of_depth("div", 500).count(b"<div>") == 500
