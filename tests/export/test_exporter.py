"""The folder of posts: written once, kept where edited, never renamed."""

import time
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.export import (
    ExportCounts,
    Exporter,
    Reason,
    Why,
)
from newscrawl.export.manifest import FILE_NAME
from tests.export.builders import CONFIG, NIGHT, PLACE, stored
from tests.export.folders import OpenSite, many, posts, put, tree


def test_first_export_writes_posts_and_category_pages(site: OpenSite, out: Path) -> None:
    counts = site().write(many(3))
    assert counts == ExportCounts(written=3, pages=1)
    assert posts(out) == [f"2022-01-22-sina-x{n}.md" for n in range(3)]
    assert (out / "category" / "shilizhengquanbao.html").is_file()


def test_H113_C8_second_export_touches_no_file(site: OpenSite, out: Path) -> None:
    site().write(many(40))
    before = tree(out)
    assert site().write(many(40)) == ExportCounts(unchanged=40)
    assert tree(out) == before


def test_H91_a_corrected_article_rewrites_its_one_file(site: OpenSite, out: Path) -> None:
    site().write(many(3))
    before = tree(out)
    corrected = stored(9, identity="sina:x1", title="更正", published_at=NIGHT - timedelta(days=3))
    assert site().write([corrected]).written == 1
    after = tree(out)
    assert before.keys() == after.keys()
    (changed,) = (name for name in after if after[name] != before[name] and "_posts" in name)
    assert changed == "_posts/2022-01-22-sina-x1.md"
    assert "更正" in (out / changed).read_text(encoding="utf-8")


def test_H91_an_article_known_by_another_name_keeps_its_path(site: OpenSite, out: Path) -> None:
    site().write([stored(identity="em-nw:NW202201220000000001")])
    both = stored(2, identity="em:202201220000000009", aliases=["em-nw:NW202201220000000001"])
    assert site().write([both]).unchanged == 1
    assert posts(out) == ["2022-01-22-NW202201220000000001.md"]


def test_H92_C4_a_taken_name_gets_longer_and_nothing_is_overwritten(
    site: OpenSite, out: Path
) -> None:
    same = [
        stored(identity="sina:Abc", title="甲"),
        stored(identity="sina:aBC", title="乙"),
        stored(identity="em:202201220000000001", title="丙"),
        stored(identity="other:202201220000000001", title="丁", published_at=NIGHT.replace(day=21)),
    ]
    assert site().write(same).written == 4
    hashes = [each.article.url_hash or "" for each in same]
    expected = [
        "2022-01-21-202201220000000001-" + hashes[3][:12],
        "2022-01-22-202201220000000001",
        "2022-01-22-sina-Abc",
        "2022-01-22-sina-aBC-" + hashes[1][:12],
    ]
    assert posts(out) == [f"{name}.md" for name in expected]
    assert site().write(same).unchanged == 4


def test_H90_same_title_same_day_are_two_posts(site: OpenSite, out: Path) -> None:
    early = [stored(identity=f"sina:{n}", title="早报") for n in range(2)]
    assert site().write(early).written == 2
    assert len(posts(out)) == 2


def test_H114_an_edited_post_is_kept_and_reported_until_forced(site: OpenSite, out: Path) -> None:
    site().write(many(2))
    edited = out / "_posts" / "2022-01-22-sina-x1.md"
    edited.write_text("mine", encoding="utf-8")
    corrected = many(2, media="别报")
    counts = site().write(corrected)
    assert counts.kept == [PurePosixPath("_posts/2022-01-22-sina-x1.md")]
    assert counts.written == 1
    assert edited.read_text(encoding="utf-8") == "mine"
    assert site().write(corrected).kept, "it is reported every time"
    assert site().write(corrected, force=True).written == 1
    assert "别报" in edited.read_text(encoding="utf-8")
    assert site().write(corrected) == ExportCounts(unchanged=2)


def test_H114_an_edited_category_page_is_kept(site: OpenSite, out: Path) -> None:
    site().write(many(1))
    page = out / "category" / "shilizhengquanbao.html"
    page.write_text("mine", encoding="utf-8")
    counts = site().write(many(2))
    assert counts.kept == [PurePosixPath("category/shilizhengquanbao.html")]
    assert page.read_text(encoding="utf-8") == "mine"


def test_stray_files_are_never_touched(site: OpenSite, out: Path) -> None:
    (out / "_posts").mkdir(parents=True)
    strays = {
        "_posts/2022-01-22-sina-x0.md": "a post of somebody else under our name",
        "_posts/2020-01-01-mine.md": "mine",
        "index.html": "mine",
        ".hidden": "mine",
    }
    for name, text in strays.items():
        (out / name).write_text(text, encoding="utf-8")
    counts = site().write(many(2))
    assert (counts.written, len(counts.kept)) == (1, 1)
    for name, text in strays.items():
        assert (out / name).read_text(encoding="utf-8") == text


def test_a_post_that_the_user_removed_stays_so_until_restored(site: OpenSite, out: Path) -> None:
    site().write(many(3))
    gone = PurePosixPath("_posts/2022-01-22-sina-x1.md")
    (out / gone).unlink()
    assert site().write(many(3)) == ExportCounts(unchanged=2, removed=[gone])
    assert site().write(many(3), force=True).removed == [gone]
    assert not (out / gone).exists()
    corrected = many(3, body_html="<p>更正</p>")
    assert site().write(corrected, restore=True) == ExportCounts(written=3)
    assert "更正" in (out / gone).read_text("utf-8")


def test_a_category_page_that_the_user_removed_stays_so_until_restored(
    site: OpenSite, out: Path
) -> None:
    site().write(many(1))
    page = PurePosixPath("category/shilizhengquanbao.html")
    (out / page).unlink()
    assert site().write(many(2)) == ExportCounts(written=1, unchanged=1, removed=[page])
    assert site().write(many(2), restore=True) == ExportCounts(unchanged=2, pages=1)


def test_a_removed_post_is_reported_once_by_a_crawl(
    site: OpenSite, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    exporter = site()
    exporter.write(exporter.changed(ArticleFilter()))
    (out / "_posts" / "2022-01-22-sina-1.md").unlink()
    put(archive, identity="sina:1", title="更正")
    assert len(exporter.write(exporter.changed(ArticleFilter())).removed) == 1
    assert list(site().changed(ArticleFilter())) == []


def test_H133_a_dry_run_lists_every_file_that_is_not_as_it_should_be(
    site: OpenSite, out: Path
) -> None:
    site().write(many(4))
    (out / "_posts" / "2022-01-22-sina-x0.md").unlink()
    (out / "_posts" / "2022-01-22-sina-x1.md").write_text("mine", encoding="utf-8")
    given = [*many(3), stored(identity="sina:x3", media="别报"), stored(identity="sina:x4")]
    counts = site().write(given, dry_run=True)
    assert {str(each.path): each.why for each in counts.changes} == {
        "_posts/2022-01-22-sina-x0.md": Why.REMOVED,
        "_posts/2022-01-22-sina-x1.md": Why.EDITED,
        "_posts/2022-01-22-sina-x3.md": Why.CHANGED,
        "category/biebao.html": Why.NEW,
        "_posts/2022-01-22-sina-x4.md": Why.NEW,
    }
    assert site().write(given).changes == [], "only a dry run lists"


def test_C5_what_is_withheld_is_counted_with_its_reason(site: OpenSite) -> None:
    counts = site().write(
        [
            stored(identity="sina:1", title=""),
            stored(identity="sina:2", body_html="<p>{{</p>"),
            stored(identity="sina:3", flags=["paid"]),
            stored(identity="sina:4", flags=["paid"]),
            stored(identity="sina:5"),
        ]
    )
    assert counts.withheld == {Reason.NO_TITLE: 1, Reason.UNSAFE_BODY: 1, Reason.PAID: 2}
    assert counts.written == 1
    assert counts.posts == 5


def test_H111_a_post_from_the_future_is_counted(site: OpenSite) -> None:
    counts = site().write([stored(fetched_at=NIGHT - timedelta(hours=3))])
    assert (counts.written, counts.dated_back) == (1, 1)


def test_S5_two_names_never_share_a_slug(site: OpenSite, out: Path) -> None:
    site().write(
        [stored(identity="sina:1", media="甲-报"), stored(identity="sina:2", media="甲报")]
    )
    pages = {page.name: page.read_text("utf-8") for page in (out / "category").iterdir()}
    assert "title: 甲-报新闻\n" in pages["jiabao.html"]
    assert "title: 甲报新闻\n" in pages["jiabao_2.html"]


def test_H133_a_dry_run_writes_nothing_at_all(
    tmp_path: Path, site: OpenSite, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    archive.close()
    before = tree(tmp_path)
    with (
        Archive.open(tmp_path / "archive.db", read_only=True) as reading,
        Exporter(reading, "jekyll", out, place=lambda _: PLACE, config=CONFIG) as exporter,
    ):
        counts = exporter.write(reading.articles(), dry_run=True)
        assert counts == ExportCounts(written=1, pages=1)
        assert not out.exists()
    assert tree(tmp_path) == before


def test_H133_a_dry_run_over_an_existing_site_counts_as_the_export_does(
    site: OpenSite, out: Path
) -> None:
    site().write(many(5))
    before = tree(out)
    counts = site().write([*many(5), stored(identity="sina:new")], dry_run=True)
    assert counts == ExportCounts(written=1, unchanged=5)
    assert tree(out) == before
    assert site().write([*many(5), stored(identity="sina:new")]) == counts


def test_X8_hexo_posts_go_to_source(site: OpenSite, tmp_path: Path) -> None:
    out = tmp_path / "hexo"
    site("hexo", out).write(many(1))
    assert (out / "source" / "_posts" / "2022-01-22-sina-x0.md").is_file()
    assert {name.split("/")[0] for name in tree(out)} == {"source", FILE_NAME}
    assert [path.name for path in (out / "source").iterdir()] == ["_posts"]


def test_H112_the_machine_zone_changes_no_byte(
    site: OpenSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = set()
    for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        out = tmp_path / zone.replace("/", "-")
        site(folder=out).write(many(2, published_at=datetime.fromisoformat("2021-12-31T16:00:00Z")))
        digests.add(
            tuple((name, digest) for name, (digest, _) in tree(out).items() if name != FILE_NAME)
        )
    monkeypatch.undo()
    time.tzset()
    assert len(digests) == 1
