"""The tables of README and docs are written from figures that are kept, and from nothing else."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.publish import BLOCKS, DRAWN, MARKED, PAGES, ROOT, main, written
from benchmarks.record import Record, keep, load
from benchmarks.table import TARGETS, markdown, measured
from tests.benchmarks.figures import MADE

TEXT = "above\n\n<!-- figures: {} -->\nof before\n<!-- end -->\n\nbelow\n"


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, Record]:
    """Records of all figures."""
    for name, figures in MADE.items():
        keep(name, figures, tmp_path / "kept")
    return load(tmp_path / "kept")


def blocks_of(page: str) -> Iterator[str]:
    """Yield the names of a page's blocks."""
    yield from (match["name"] for match in MARKED.finditer((ROOT / page).read_text("utf-8")))


def test_what_is_kept_comes_back_with_its_day_and_its_versions(kept: dict[str, Record]) -> None:
    assert {name: record.figures for name, record in kept.items()} == MADE
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", record.day) for record in kept.values())
    assert all(record.cores and record.python for record in kept.values())
    assert kept["cron"].versions["scrapy"].startswith("2.")


def test_every_block_is_on_one_page_and_every_page_has_only_these() -> None:
    assert sorted(name for page in PAGES for name in blocks_of(page)) == sorted(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_written_from_its_figures(name: str, kept: dict[str, Record]) -> None:
    page = written(TEXT.format(name), kept)
    assert page.startswith(f"above\n\n<!-- figures: {name} -->\nMeasured {kept['cron'].day}, ")
    assert page.endswith("\n<!-- end -->\n\nbelow\n")
    assert "of before" not in page
    assert written(page, kept) == page


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_stays_where_a_figure_is_missing(name: str, kept: dict[str, Record]) -> None:
    for benchmark, *_ in BLOCKS[name].needs:
        rest = {other: record for other, record in kept.items() if other != benchmark}
        assert written(TEXT.format(name), rest) == TEXT.format(name)


def test_a_part_of_a_benchmark_is_enough_for_the_block_of_that_part(tmp_path: Path) -> None:
    part = {name: MADE["scale"][name] for name in ("stored articles",)}
    keep("scale", part, tmp_path)
    there = load(tmp_path)
    assert written(TEXT.format("known addresses"), there) == TEXT.format("known addresses")
    assert "| `status` | 533 | 533 |" in written(TEXT.format("stored articles"), there)


def test_the_tables_say_the_figures(kept: dict[str, Record]) -> None:
    assert "| SQLite | 10 | 20 |" in written(TEXT.format("profiles"), kept)
    assert "YAML" not in written(TEXT.format("profiles"), kept)
    assert "| `JOBDIR` | 0.71 |" in written(TEXT.format("settings"), kept)
    assert "| peak memory, MB | 102 | 120 |" in written(TEXT.format("articles in a run"), kept)
    assert "| known addresses | 10 k | 100 k | 1 M |" in written(
        TEXT.format("known addresses"), kept
    )
    assert "| gne 0.4.3 | 37.9 | 0.90 | 0.80 |" in written(TEXT.format("peers"), kept)


def test_a_target_has_a_row_with_all_its_figures() -> None:
    rows = markdown(MADE).splitlines()
    assert len(rows) == len(TARGETS) + 2
    assert "| cron, nothing new, over bare Scrapy | one section: 0.92, all: 1.29 | ≤ 1.3 |" in rows
    assert "| peak memory of a crawl, MB by articles | 1,000: 102, 10,000: 120 | ≤ 200 |" in rows
    assert any("the fastest of gne 0.4.3 | 12.2 | ≥ 10 |" in row for row in rows)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_target_without_figures_has_none(target: object) -> None:
    assert measured({}, target) == []  # type: ignore[arg-type]


def test_the_pages_are_written_and_the_plots_drawn(tmp_path: Path, kept: dict[str, Record]) -> None:
    root = tmp_path / "root"
    for page in PAGES:
        (root / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / page, root / page)
    assert main(tmp_path / "kept", root) == 0
    for page in PAGES:
        assert (root / page).read_text("utf-8") == written((ROOT / page).read_text("utf-8"), kept)
    shown = re.findall(
        r"\]\((plots/[\w-]+\.svg)\)", (root / "docs/performance.md").read_text("utf-8")
    )
    assert sorted(f"docs/{path}" for path in shown) == sorted(
        f"{DRAWN}/{path.name}" for path in (root / DRAWN).iterdir()
    )


def test_missing_figures_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep("settings", MADE["settings"], tmp_path / "kept")
    for page in PAGES:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / page, tmp_path / page)
    assert main(tmp_path / "kept", tmp_path) == 1
    said = capsys.readouterr().err.splitlines()
    assert "peers: left as it is; no figures of peers" in said
    assert not any(line.startswith("settings:") for line in said)
    assert (tmp_path / "README.md").read_text("utf-8") == (ROOT / "README.md").read_text("utf-8")
