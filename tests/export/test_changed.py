"""Which articles a folder lacks."""

from pathlib import Path

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.config import Site
from newscrawl.export import (
    Reason,
)
from tests.export.folders import OpenSite, put


def test_changed_gives_what_the_folder_lacks(site: OpenSite, archive: Archive, out: Path) -> None:
    put(archive, identity="sina:1")
    put(archive, identity="sina:2")
    exporter = site()
    assert exporter.write(exporter.changed(ArticleFilter())).written == 2
    assert list(site().changed(ArticleFilter())) == []
    put(archive, identity="sina:2", title="更正")
    put(archive, identity="sina:3")
    lacking = [each.article.identity for each in site().changed(ArticleFilter())]
    assert sorted(map(str, lacking)) == ["sina:2", "sina:3"]
    exporter = site()
    counts = exporter.write(exporter.changed(ArticleFilter()))
    assert counts.written == 2
    assert list(site().changed(ArticleFilter())) == []


def test_changed_does_not_lose_what_was_not_written(site: OpenSite, archive: Archive) -> None:
    for n in range(5):
        put(archive, identity=f"sina:{n}")
    exporter = site()
    exporter.write(list(exporter.changed(ArticleFilter()))[:2])
    assert len(list(site().changed(ArticleFilter()))) == 3
    assert len(list(site().changed(ArticleFilter(source="sina_finance")))) == 3


def test_changed_gives_a_kept_post_every_time_and_a_withheld_one_once(
    site: OpenSite, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    put(archive, identity="sina:2", flags=["paid"])
    exporter = site()
    assert exporter.write(exporter.changed(ArticleFilter())).withheld == {Reason.PAID: 1}
    (out / "_posts" / "2022-01-22-sina-1.md").write_text("mine", encoding="utf-8")
    put(archive, identity="sina:1", title="更正")
    for _ in range(3):
        exporter = site()
        counts = exporter.write(exporter.changed(ArticleFilter()))
        assert (len(counts.kept), counts.withheld, counts.written) == (1, {}, 0)
    assert exporter.write(exporter.changed(ArticleFilter()), force=True).written == 1
    assert list(site().changed(ArticleFilter())) == []


def test_changed_gives_all_when_the_configuration_of_the_posts_changed(
    site: OpenSite, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    exporter = site()
    exporter.write(exporter.changed(ArticleFilter()))
    exporter = site(site=Site(base="//other.example.com"))
    assert exporter.write(exporter.changed(ArticleFilter())).written == 1
    assert "other.example.com" in (out / "_posts" / "2022-01-22-sina-1.md").read_text("utf-8")
