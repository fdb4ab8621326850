"""Articles as JSON lines, one file a day: each line is treated as a post's file is."""

import json
import re
from dataclasses import fields
from datetime import UTC, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.export import ExportCounts, Exporter
from newscrawl.items import Article, Image
from tests.export.builders import NIGHT, render, stored
from tests.export.folders import OpenSite, many, put, tree

DOCS = Path(__file__).parents[2] / "docs" / "dialects.md"
DAY = PurePosixPath("articles/2022-01-22.jsonl")


def lines(out: Path, path: PurePosixPath = DAY) -> list[dict[str, Any]]:
    """Return the objects of a day's file, read as any program would."""
    text = (out / path).read_text("utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def exporter(site: OpenSite, out: Path) -> Exporter:
    return site("jsonl", out)


def test_a_line_holds_all_fields_of_the_article() -> None:
    line = json.loads(
        render(
            "jsonl",
            published_at=NIGHT.astimezone(UTC),
            images=[Image("https://img.example.com/a.jpg", "图")],
            keywords=["甲"],
            flags=["flash"],
        ).text
    )
    assert line["published_at"] == "2022-01-22T00:30:05+08:00"
    assert line["title"] == "示例标题"
    assert line["images"] == [{"url": "https://img.example.com/a.jpg", "caption": "图"}]
    assert line["categories"] == ["金融", "示例财经", "示例财经－国內"]
    assert line["body_html"] == "<p>　　示例正文。</p>"
    missing = {field.name for field in fields(Article)} - line.keys()
    assert missing == {"fetched_at", "hinted"}, "a look without a change must not change the line"


def test_every_key_is_documented_and_no_other() -> None:
    section = DOCS.read_text("utf-8").split("## `jsonl`")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert documented == list(json.loads(render("jsonl").text))


def test_C2_one_article_is_one_line_to_every_reader() -> None:
    text = render("jsonl", summary="甲\n乙\u2028丙\x85丁\x7f\ufeff").text
    assert len(text.splitlines()) == 1
    assert json.loads(text)["summary"] == "甲\n乙\u2028丙\x85丁\x7f\ufeff"


def test_articles_of_a_day_share_a_file_in_the_order_of_publication(
    exporter: Exporter, out: Path
) -> None:
    late = stored(1, identity="sina:late", published_at=NIGHT + timedelta(hours=3))
    early = stored(2, identity="sina:early")
    other = stored(3, identity="sina:other", published_at=NIGHT - timedelta(hours=1))
    assert exporter.write([late]).written == 1
    assert exporter.write([other, early]).written == 2
    assert [line["identity"] for line in lines(out)] == ["sina:early", "sina:late"]
    assert len(lines(out, PurePosixPath("articles/2022-01-21.jsonl"))) == 1


def test_H89_a_line_names_every_section(exporter: Exporter, out: Path) -> None:
    exporter.write(many(1))
    assert lines(out)[0]["sections"] == ["china"]


def test_H113_C8_a_second_export_touches_no_file(exporter: Exporter, out: Path) -> None:
    exporter.write(many(40))
    before = tree(out)
    assert exporter.write(many(40)) == ExportCounts(unchanged=40)
    assert tree(out) == before


def test_H91_a_corrected_article_stays_one_line_of_its_first_day(
    exporter: Exporter, out: Path
) -> None:
    exporter.write(many(3))
    corrected = stored(9, identity="sina:x1", title="更正", published_at=NIGHT - timedelta(days=3))
    assert exporter.write([corrected]) == ExportCounts(written=1)
    assert sorted(line["title"] for line in lines(out)) == ["更正", "第0篇", "第2篇"]
    assert [path.name for path in (out / "articles").iterdir()] == [DAY.name]


def test_H91_a_line_known_by_another_name_is_replaced(exporter: Exporter, out: Path) -> None:
    exporter.write([stored(identity="em-nw:NW202201220000000001")])
    both = stored(2, identity="em:202201220000000009", aliases=["em-nw:NW202201220000000001"])
    for expected in (ExportCounts(written=1), ExportCounts(unchanged=1)):
        assert exporter.write([both]) == expected
        assert [line["identity"] for line in lines(out)] == ["em:202201220000000009"]


def test_H114_an_edited_line_and_a_strange_one_are_kept(exporter: Exporter, out: Path) -> None:
    exporter.write(many(3))
    text = (out / DAY).read_text("utf-8")
    (out / DAY).write_text(text.replace("第1篇", "我的") + "mine\n", "utf-8")
    counts = exporter.write(many(3, media="别报"))
    assert (counts.written, counts.kept) == (2, [DAY])
    after = (out / DAY).read_text("utf-8").splitlines()
    assert after[-1] == "mine"
    assert sum("别报" in line for line in after) == 2
    assert sum("我的" in line for line in after) == 1
    assert exporter.write(many(3, media="别报"), force=True).written == 1
    assert "我的" not in (out / DAY).read_text("utf-8")
    assert "mine\n" in (out / DAY).read_text("utf-8")


def test_a_line_that_was_removed_stays_so_until_restored(exporter: Exporter, out: Path) -> None:
    exporter.write(many(3))
    whole = (out / DAY).read_text("utf-8")
    (out / DAY).write_text("".join(whole.splitlines(keepends=True)[1:]), "utf-8")
    assert exporter.write(many(3)) == ExportCounts(unchanged=2, removed=[DAY])
    assert exporter.write(many(3), restore=True).written == 1
    assert (out / DAY).read_text("utf-8") == whole


def test_H124_without_the_manifest_the_lines_are_taken_over(
    site: OpenSite, out: Path, archive: Archive
) -> None:
    exporter = site("jsonl", out)
    exporter.write(many(20))
    before = (out / DAY).read_bytes()
    exporter.close()
    (out / ".newscrawl-posts.db").unlink()
    assert site("jsonl", out).write(many(20)) == ExportCounts(unchanged=20)
    assert (out / DAY).read_bytes() == before


def test_a_crawl_writes_the_lines_that_the_folder_lacks(
    exporter: Exporter, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    assert exporter.write(exporter.changed(ArticleFilter())).written == 1
    put(archive, identity="sina:2")
    put(archive, identity="sina:1", title="更正")
    assert exporter.write(exporter.changed(ArticleFilter())).written == 2
    assert sorted(line["title"] for line in lines(out)) == ["更正", "示例标题"]
    assert list(exporter.changed(ArticleFilter())) == []
