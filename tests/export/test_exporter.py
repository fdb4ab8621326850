"""The folder of posts: written once, kept where edited, whole after any end."""

import contextlib
import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from newscrawl.archive import Archive, ArticleFilter, Found, StoredArticle
from newscrawl.config import Site
from newscrawl.export import (
    ExportCounts,
    Exporter,
    ExportError,
    ExportLocked,
    Placement,
    Reason,
)
from newscrawl.export.files import TEMPORARY, Tree
from newscrawl.export.manifest import FILE_NAME
from newscrawl.identity.identities import Identity
from newscrawl.listings import Entry
from tests.export.builders import CONFIG, NIGHT, PLACE, article, configured, stored

Site_ = Callable[..., Exporter]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "output" / "jekyll"


@pytest.fixture
def site(archive: Archive, out: Path) -> Iterator[Site_]:
    """Return a function that opens an exporter; all are closed in the end."""
    opened: list[Exporter] = []

    def open_site(
        dialect: str = "jekyll", folder: Path = out, place: Placement = PLACE, **config: Any
    ) -> Exporter:
        while opened:
            opened.pop().close()
        opened.append(
            Exporter(archive, dialect, folder, place=lambda _: place, config=configured(**config))
        )
        return opened[-1]

    yield open_site
    for exporter in opened:
        exporter.close()


def put(archive: Archive, **fields: Any) -> StoredArticle:
    """Store an article as a crawl does, and return it."""
    made = article(**fields)
    identity = Identity(made.identity or "", made.identity or "")
    made = replace(made, content_hash=hashlib.sha256(repr(made).encode()).hexdigest())
    run = archive.begin_run("sina_finance", {}, NIGHT)
    found = Found(Entry(made.url or ""), identity)
    archive.discover(run, "sina_finance", "china", [found], NIGHT, refetch=True)
    archive.store(run, "china", identity.url_hash, made)
    kept = archive.article(identity.url_hash)
    assert kept
    return kept


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Return every file below a folder with its digest and inode."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_ino,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("-journal")  # of an exporter still open
    }


def posts(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "_posts").iterdir())


def many(number: int, **fields: Any) -> list[StoredArticle]:
    return [stored(n + 1, identity=f"sina:x{n}", title=f"第{n}篇", **fields) for n in range(number)]


def test_first_export_writes_posts_and_category_pages(site: Site_, out: Path) -> None:
    counts = site().write(many(3))
    assert counts == ExportCounts(written=3, pages=1)
    assert posts(out) == [f"2022-01-22-sina-x{n}.md" for n in range(3)]
    assert (out / "category" / "shilizhengquanbao.html").is_file()


def test_H113_C8_second_export_touches_no_file(site: Site_, out: Path) -> None:
    site().write(many(40))
    before = tree(out)
    assert site().write(many(40)) == ExportCounts(unchanged=40)
    assert tree(out) == before


def test_H91_a_corrected_article_rewrites_its_one_file(site: Site_, out: Path) -> None:
    site().write(many(3))
    before = tree(out)
    corrected = stored(9, identity="sina:x1", title="更正", published_at=NIGHT - timedelta(days=3))
    assert site().write([corrected]).written == 1
    after = tree(out)
    assert before.keys() == after.keys()
    (changed,) = (name for name in after if after[name] != before[name] and "_posts" in name)
    assert changed == "_posts/2022-01-22-sina-x1.md"
    assert "更正" in (out / changed).read_text(encoding="utf-8")


def test_H91_an_article_known_by_another_name_keeps_its_path(site: Site_, out: Path) -> None:
    site().write([stored(identity="em-nw:NW202201220000000001")])
    both = stored(2, identity="em:202201220000000009", aliases=["em-nw:NW202201220000000001"])
    assert site().write([both]).unchanged == 1
    assert posts(out) == ["2022-01-22-NW202201220000000001.md"]


def test_H92_C4_a_taken_name_gets_longer_and_nothing_is_overwritten(site: Site_, out: Path) -> None:
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


def test_H90_same_title_same_day_are_two_posts(site: Site_, out: Path) -> None:
    early = [stored(identity=f"sina:{n}", title="早报") for n in range(2)]
    assert site().write(early).written == 2
    assert len(posts(out)) == 2


def test_H114_an_edited_post_is_kept_and_reported_until_forced(site: Site_, out: Path) -> None:
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


def test_H114_an_edited_category_page_is_kept(site: Site_, out: Path) -> None:
    site().write(many(1))
    page = out / "category" / "shilizhengquanbao.html"
    page.write_text("mine", encoding="utf-8")
    counts = site().write(many(2))
    assert counts.kept == [PurePosixPath("category/shilizhengquanbao.html")]
    assert page.read_text(encoding="utf-8") == "mine"


def test_stray_files_are_never_touched(site: Site_, out: Path) -> None:
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


def test_a_deleted_post_is_written_again_by_a_full_export(site: Site_, out: Path) -> None:
    site().write(many(3))
    (out / "_posts" / "2022-01-22-sina-x1.md").unlink()
    assert site().write(many(3)) == ExportCounts(written=1, unchanged=2)


def test_C5_what_is_withheld_is_counted_with_its_reason(site: Site_) -> None:
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


def test_H111_a_post_from_the_future_is_counted(site: Site_) -> None:
    counts = site().write([stored(fetched_at=NIGHT - timedelta(hours=3))])
    assert (counts.written, counts.dated_back) == (1, 1)


def test_changed_gives_what_the_folder_lacks(site: Site_, archive: Archive, out: Path) -> None:
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


def test_changed_does_not_lose_what_was_not_written(site: Site_, archive: Archive) -> None:
    for n in range(5):
        put(archive, identity=f"sina:{n}")
    exporter = site()
    exporter.write(list(exporter.changed(ArticleFilter()))[:2])
    assert len(list(site().changed(ArticleFilter()))) == 3
    assert len(list(site().changed(ArticleFilter(source="sina_finance")))) == 3


def test_changed_gives_a_kept_post_every_time_and_a_withheld_one_once(
    site: Site_, archive: Archive, out: Path
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
    site: Site_, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    exporter = site()
    exporter.write(exporter.changed(ArticleFilter()))
    exporter = site(site=Site(base="//other.example.com"))
    assert exporter.write(exporter.changed(ArticleFilter())).written == 1
    assert "other.example.com" in (out / "_posts" / "2022-01-22-sina-1.md").read_text("utf-8")


def test_S5_two_names_never_share_a_slug(site: Site_, out: Path) -> None:
    site().write(
        [stored(identity="sina:1", media="甲-报"), stored(identity="sina:2", media="甲报")]
    )
    pages = {page.name: page.read_text("utf-8") for page in (out / "category").iterdir()}
    assert "title: 甲-报新闻\n" in pages["jiabao.html"]
    assert "title: 甲报新闻\n" in pages["jiabao_2.html"]


def test_H133_a_dry_run_writes_nothing_at_all(
    tmp_path: Path, site: Site_, archive: Archive, out: Path
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
    site: Site_, out: Path
) -> None:
    site().write(many(5))
    before = tree(out)
    counts = site().write([*many(5), stored(identity="sina:new")], dry_run=True)
    assert counts == ExportCounts(written=1, unchanged=5)
    assert tree(out) == before
    assert site().write([*many(5), stored(identity="sina:new")]) == counts


class Killed(BaseException):
    """Stands for the end of the process: no handler of ours may catch it."""


@pytest.mark.parametrize("step", ["stage", "sync", "replace", "sync_folders", "save", "settle"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_H116_H117_killed_at_any_step_the_rerun_ends_the_same(
    site: Site_,
    archive: Archive,
    out: Path,
    tmp_path: Path,
    step: str,
    after: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for n in range(4):
        put(archive, identity=f"sina:{n}")
    first = site()
    first.write(first.changed(ArticleFilter()))
    put(archive, identity="sina:1", title="更正")
    put(archive, identity="sina:7")

    exporter = site()
    victim: Any = exporter._manifest if hasattr(exporter._manifest, step) else exporter._tree
    real, calls = getattr(victim, step), iter(range(100))

    def killed(*arguments: Any) -> Any:
        if next(calls) >= after:
            raise Killed
        return real(*arguments)

    monkeypatch.setattr(victim, step, killed)
    # A killed process tidies up nothing.
    monkeypatch.setattr(Tree, "discard", lambda *_: None)
    with contextlib.suppress(Killed):
        exporter.write(exporter.changed(ArticleFilter()))
    monkeypatch.undo()
    # The publisher corrects it once more before the next run.
    put(archive, identity="sina:1", title="再更正")
    exporter = site()
    counts = exporter.write(exporter.changed(ArticleFilter()))
    assert not counts.kept
    assert list(site().changed(ArticleFilter())) == []

    undisturbed = site(folder=tmp_path / "other")
    undisturbed.write(undisturbed.changed(ArticleFilter()))
    contents = [
        {name: digest for name, (digest, _) in tree(folder).items() if name != FILE_NAME}
        for folder in (out, tmp_path / "other")
    ]
    assert contents[0] == contents[1]


def test_H118_a_full_disk_leaves_no_half_file(
    site: Site_, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site().write(many(2))
    before = tree(out)
    exporter = site()
    real = exporter._tree.stage
    calls = iter(range(100))

    def full(path: PurePosixPath, content: bytes) -> PurePosixPath:
        if next(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(exporter._tree, "stage", full)
    with pytest.raises(ExportError, match="No space left"):
        exporter.write([stored(identity=f"sina:y{n}") for n in range(5)])
    assert tree(out) == before
    monkeypatch.undo()
    assert site().write([stored(identity=f"sina:y{n}") for n in range(5)]).written == 5


@pytest.mark.parametrize("make", ["file", "link", "broken link"])
def test_H119_H120_a_folder_that_is_none_is_refused_at_once(
    site: Site_, tmp_path: Path, make: str
) -> None:
    target = tmp_path / "target"
    if make == "file":
        target.write_text("mine")
    else:
        (tmp_path / "real").mkdir()
        target.symlink_to(tmp_path / ("real" if make == "link" else "nowhere"))
    with pytest.raises(ExportError, match=r"symbolic link|not a folder"):
        site(folder=target)


def test_H120_a_relative_path_through_a_link_is_refused(
    site: Site_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output").symlink_to("elsewhere")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExportError, match="symbolic link"):
        site(folder=Path("output/jekyll"))


@pytest.mark.parametrize("name", ["_posts", "category"])
def test_H120_a_linked_folder_inside_is_refused(
    site: Site_, out: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    out.mkdir(parents=True)
    (out / name).symlink_to(outside)
    with pytest.raises(ExportError, match="symbolic link"):
        site().write(many(1))
    assert list(outside.iterdir()) == []


def test_H120_a_linked_file_is_not_ours_even_when_forced(
    site: Site_, out: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    (out / "_posts").mkdir(parents=True)
    (out / "_posts" / "2022-01-22-sina-x0.md").symlink_to(outside)
    assert len(site().write(many(1), force=True).kept) == 1
    assert outside.read_text() == "mine"


def test_H120_a_linked_manifest_is_refused(site: Site_, out: Path, tmp_path: Path) -> None:
    out.mkdir(parents=True)
    (out / FILE_NAME).symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(ExportError, match="symbolic link"):
        site().write(many(1))
    assert not (tmp_path / "elsewhere.db").exists()


def test_H121_a_planted_temporary_name_is_not_written_through(
    site: Site_, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = site()
    exporter.write(many(1))
    outside = tmp_path / "outside"
    outside.write_text("mine")
    monkeypatch.setattr("newscrawl.export.files.secrets.token_hex", lambda _: "guessed")
    (out / "_posts" / f"{TEMPORARY}guessed").symlink_to(outside)
    with pytest.raises(ExportError, match="exists"):
        exporter.write(many(2))
    assert outside.read_text() == "mine"


def test_H126_nothing_is_writable_for_others(site: Site_, out: Path) -> None:
    before = os.umask(0)
    try:
        site().write(many(2))
    finally:
        os.umask(before)
    for path in [out.parent, out, *out.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IWOTH | stat.S_IWGRP), path


def test_H122_a_second_export_into_the_folder_is_refused(
    archive: Archive, site: Site_, out: Path
) -> None:
    site().write(many(1))
    with (
        Exporter(archive, "jekyll", out, place=lambda _: PLACE, config=CONFIG) as second,
        pytest.raises(ExportLocked, match="another export"),
    ):
        second.write(many(1))


@pytest.mark.parametrize("broken", [b"", b"not a database, but long enough to be looked at" * 50])
def test_H123_a_broken_manifest_is_refused_and_not_replaced(
    site: Site_, out: Path, broken: bytes
) -> None:
    out.mkdir(parents=True)
    (out / FILE_NAME).write_bytes(broken)
    with pytest.raises(ExportError, match="put it aside"):
        site().write(many(1))
    assert (out / FILE_NAME).read_bytes() == broken


def test_H123_a_newer_manifest_is_refused(site: Site_, out: Path) -> None:
    site().write(many(1))
    site("hexo", out.parent / "hexo")
    with sqlite3.connect(out / FILE_NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ExportError, match="newer"):
        site().write(many(1))


def test_a_folder_holds_one_dialect(site: Site_, out: Path) -> None:
    site().write(many(1))
    with pytest.raises(ExportError, match="of the dialect jekyll, not of hexo"):
        site("hexo").write(many(1))


def test_H124_without_the_manifest_the_posts_are_taken_over(site: Site_, out: Path) -> None:
    site().write(many(20))
    before = {name: digest for name, digest in tree(out).items() if name != FILE_NAME}
    site().close()
    (out / FILE_NAME).unlink()
    assert site().write(many(20)) == ExportCounts(unchanged=20)
    assert {name: digest for name, digest in tree(out).items() if name != FILE_NAME} == before
    assert site().write(many(20, media="别报")).written == 20


def test_X8_hexo_posts_go_to_source(site: Site_, tmp_path: Path) -> None:
    out = tmp_path / "hexo"
    site("hexo", out).write(many(1))
    assert (out / "source" / "_posts" / "2022-01-22-sina-x0.md").is_file()
    assert {name.split("/")[0] for name in tree(out)} == {"source", FILE_NAME}
    assert [path.name for path in (out / "source").iterdir()] == ["_posts"]


def test_H112_the_machine_zone_changes_no_byte(
    site: Site_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

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
