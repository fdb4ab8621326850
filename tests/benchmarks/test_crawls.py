"""The benchmarks that crawl, at their smallest: what they compare is comparable."""

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import default_settings

from benchmarks import bare, growth_articles, pipeline, profiles, settings
from benchmarks.measure import run
from newscrawl.replica.process import ReplicaProcess


def test_a_larger_crawl_has_a_row_of_its_own() -> None:
    figures = growth_articles.main(20, 60)
    rows: list[dict[str, Any]] = figures["rows"]  # type: ignore[assignment]
    assert [row["articles"] for row in rows] == [20, 60]
    assert 0 < rows[0]["stored"] < rows[1]["stored"] <= 60
    assert all(row["pages"] > row["stored"] for row in rows)
    assert all(row["peak_mb"] > 30 and row["pages_per_cpu_second"] > 0 for row in rows)
    assert figures["peak_mb"] == {"20": rows[0]["peak_mb"], "60": rows[1]["peak_mb"]}


@pytest.mark.slow
def test_the_bare_spider_asks_for_the_pages_that_a_crawl_asks_for() -> None:
    figures: dict[str, Any] = pipeline.main(30, 1)
    large: dict[str, Any] = figures["large_pages"]
    assert large["kilobytes"] > figures["kilobytes"]
    for measured, crawls in (
        (figures, pipeline.CRAWLS.keys()),
        (large, pipeline.CRAWLS.keys() - {pipeline.SHARED}),
    ):
        pages: dict[str, float] = measured["pages"]
        assert pages.keys() == crawls | pipeline.CHANGES.keys()
        assert len({pages[name] for name in crawls}) == 1
        assert len({pages[name] for name in pipeline.CHANGES}) == 1
        assert pages["newscrawl"] * 0.8 < pages["bare"] < pages["newscrawl"]  # but for robots.txt
        ratios: dict[str, dict[str, float]] = measured["ratio_cpu"]
        assert ratios.keys() == pipeline.CHANGES.keys()
        assert all(ratios[name].keys() == pages.keys() - {name} for name in ratios)


def test_the_usual_spider_keeps_what_a_page_shows(tmp_path: Path) -> None:
    urls, kept, output = (tmp_path / name for name in ("urls.txt", "kept", "output"))
    kept.mkdir()
    with ReplicaProcess(articles=20, seed=1) as replica:
        crawl = ["newscrawl", "crawl", "--via", replica.url, "--output", str(output)]
        subprocess.run([sys.executable, "-m", *crawl], check=True)
        urls.write_text("\n".join(pipeline.urls_of(output)), encoding="utf-8")
        usual = ["benchmarks.bare", replica.url, str(urls), "{}", str(kept)]
        subprocess.run([sys.executable, "-m", *usual], check=True)
    database = sqlite3.connect(kept / "articles.db")
    rows = database.execute("SELECT title, time, body FROM articles").fetchall()
    database.close()
    assert len(rows) == len(list(kept.glob("*.md")))
    assert any(title and time and len(body) > 100 for title, time, body in rows)


@pytest.mark.parametrize("changes", settings.VARIANTS.values(), ids=list(settings.VARIANTS))
def test_a_variant_changes_what_it_names_and_nothing_else(changes: Mapping[str, Any]) -> None:
    ours, other = (bare.settings("http://127.0.0.1:1", made) for made in ({}, changes))
    for name in {*ours, *other}:
        if name not in changes:
            assert other[name] == ours[name]
        elif changes[name] is None:
            assert other[name] == ours[name].__class__(getattr(default_settings, name)) or (
                other[name] == getattr(default_settings, name)
            )
    assert all(other[name] != ours[name] for name in changes)


@pytest.mark.slow
def test_every_variant_of_the_settings_fetches_every_page() -> None:
    figures = settings.main(12, 1)  # raises where one does not
    assert figures["ratio"].keys() == settings.VARIANTS.keys()  # type: ignore[attr-defined]
    assert figures["ratio"][settings.OURS] == 1  # type: ignore[index]


WORK = """
import hashlib, json, sqlite3, zlib
import selectolax.lexbor

def work():
    for _ in range(200):
        selectolax.lexbor.LexborHTMLParser("<p>text" * 3_000)
        zlib.compress(bytes(60_000))
        hashlib.sha256(bytes(100_000)).hexdigest()
    sqlite3.connect(":memory:").execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
        " FROM n WHERE i < 200000) SELECT count(*) FROM n").fetchone()
    json.loads("[" + "1," * 200_000 + "1]")

if __name__ == "__main__":
    work()
"""


def test_time_goes_to_what_it_was_spent_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worker.py").write_text(WORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path.cwd()}")
    monkeypatch.setattr(profiles, "PACKAGE", str(tmp_path))  # as if it were a room
    file = tmp_path / "profile"
    run([sys.executable, "-m", "benchmarks.profiled", str(file), "worker"])
    whole, steady = profiles.shares(file), profiles.shares(file, whole=False)
    assert sum(whole.values()) == pytest.approx(1, abs=0.02)
    assert {"lexbor: trees", "compression", "hashing", "SQLite", "imports"} <= whole.keys()
    assert "imports" not in steady
    assert sum(steady.values()) == pytest.approx(1, abs=0.02)
    assert steady["lexbor: trees"] > 0.2


@pytest.mark.slow
def test_every_command_is_profiled() -> None:
    share: dict[str, dict[str, float]] = profiles.main(20)["share"]  # type: ignore[assignment]
    assert list(share) == [
        "reading a page", "crawl", "nothing new", "export", "import", "reextract", "rebuild",
    ]  # fmt: skip
    assert share["crawl"]["Scrapy"] > 0.02
    assert share["reading a page"].keys() >= {"newscrawl.cleaning", "lexbor: trees"}
    assert "newscrawl.importing" in share["import"]
    assert "newscrawl.export" in share["export"]
