"""Old posts lie beside what is built, and come back."""

from datetime import date, timedelta
from pathlib import Path, PurePosixPath

import pytest

from newscrawl.archive import Archive, ArticleFilter, StoredArticle
from newscrawl.export import ExportCounts, ExportError, FileChange, Why, first_day
from newscrawl.export.window import Window
from tests.export.builders import NIGHT, stored
from tests.export.folders import OpenSite, put, tree

TODAY = date(2022, 1, 22)


def days(number: int, **fields: str) -> list[StoredArticle]:
    """Return an article of today and one of each day before."""
    return [
        stored(n + 1, identity=f"sina:d{n}", published_at=NIGHT - timedelta(days=n), **fields)
        for n in range(number)
    ]


def built(out: Path, folder: str = "_posts") -> list[str]:
    """Return the days of the posts in a folder."""
    if not (out / folder).is_dir():
        return []
    return sorted(path.name[8:10] for path in (out / folder).iterdir())


@pytest.mark.parametrize(
    ("window", "first"),
    [("1d", TODAY), ("3d", date(2022, 1, 20)), ("400d", date(2020, 12, 19)), ("all", date.min)],
)
def test_a_window_is_the_last_day_and_those_before_it(window: str, first: date) -> None:
    assert first_day(window, TODAY) == first


@pytest.mark.parametrize("window", ["", "3", "0d", "-1d", "3h", "999999d", "3d ", "everything"])
def test_H131_another_window_is_refused(window: str) -> None:
    with pytest.raises(ValueError, match="such as 3d"):
        first_day(window)


def test_posts_older_than_the_window_are_moved_and_come_back_when_it_grows(
    site: OpenSite, out: Path
) -> None:
    site().write(days(5))
    before = {Path(name).name: digest for name, digest in tree(out).items() if "-sina-" in name}
    counts = site(first_day=date(2022, 1, 20)).write([])
    assert counts == ExportCounts(moved=2)
    assert (built(out), built(out, "old_post")) == (["20", "21", "22"], ["18", "19"])
    assert site(first_day=date(2022, 1, 20)).write(days(5)) == ExportCounts(unchanged=5)
    assert site(first_day=date(2022, 1, 19)).write([]) == ExportCounts(moved=1)
    assert (built(out), built(out, "old_post")) == (["19", "20", "21", "22"], ["18"])
    assert site(first_day=date.min).write([]) == ExportCounts(moved=1)
    after = {Path(name).name: digest for name, digest in tree(out).items() if "-sina-" in name}
    assert after == before, "the same files under the same inodes"


def test_without_a_window_every_post_stays_where_it_lies(site: OpenSite, out: Path) -> None:
    site(first_day=TODAY).write(days(3))
    assert site().write(days(4)) == ExportCounts(written=1, unchanged=3)
    assert (built(out), built(out, "old_post")) == (["19", "22"], ["20", "21"])


def test_a_new_post_older_than_the_window_is_never_built(site: OpenSite, out: Path) -> None:
    assert site(first_day=TODAY).write(days(3)).written == 3
    assert (built(out), built(out, "old_post")) == (["22"], ["20", "21"])


def test_H91_a_corrected_old_article_rewrites_its_file_where_it_lies(
    site: OpenSite, out: Path
) -> None:
    site(first_day=TODAY).write(days(2))
    assert site(first_day=TODAY).write(days(2, title="更正")).written == 2
    assert built(out, "old_post") == ["21"]
    assert "更正" in (out / "old_post" / "2022-01-21-sina-d1.md").read_text("utf-8")


def test_H114_an_edited_post_is_moved_with_its_edits(site: OpenSite, out: Path) -> None:
    site().write(days(2))
    (out / "_posts" / "2022-01-21-sina-d1.md").write_text("mine", "utf-8")
    counts = site(first_day=TODAY).write(days(2))
    moved = PurePosixPath("old_post/2022-01-21-sina-d1.md")
    assert (counts.moved, counts.kept, counts.unchanged) == (1, [moved], 1)
    assert (out / moved).read_text("utf-8") == "mine"


def test_a_stray_file_in_the_way_is_never_touched(site: OpenSite, out: Path) -> None:
    site().write(days(2))
    (out / "old_post").mkdir()
    stray = out / "old_post" / "2022-01-21-sina-d1.md"
    stray.write_text("mine", "utf-8")
    (out / "old_post" / "2020-01-01-mine.md").write_text("mine", "utf-8")
    counts = site(first_day=TODAY).write([])
    assert (counts.moved, counts.kept) == (0, [PurePosixPath("old_post/2022-01-21-sina-d1.md")])
    assert stray.read_text("utf-8") == "mine"
    assert built(out) == ["21", "22"]
    assert site(first_day=date.min).write([]) == ExportCounts()
    assert (out / "old_post" / "2020-01-01-mine.md").is_file()


def test_a_removed_post_is_not_moved(site: OpenSite, out: Path) -> None:
    site().write(days(2))
    (out / "_posts" / "2022-01-21-sina-d1.md").unlink()
    assert site(first_day=TODAY).write([]) == ExportCounts()
    assert site(first_day=TODAY).write(days(2)).removed == [
        PurePosixPath("_posts/2022-01-21-sina-d1.md")
    ]


def test_a_post_that_the_user_moved_by_hand_is_known_there(site: OpenSite, out: Path) -> None:
    site().write(days(2))
    (out / "old_post").mkdir()
    name = "2022-01-21-sina-d1.md"
    (out / "_posts" / name).rename(out / "old_post" / name)
    assert site().write(days(2, title="更正")).written == 2
    assert (built(out), built(out, "old_post")) == (["22"], ["21"])
    assert site(first_day=date.min).write([]) == ExportCounts(moved=1)


def test_H124_without_the_manifest_old_posts_are_taken_over_too(site: OpenSite, out: Path) -> None:
    site(first_day=TODAY).write(days(3))
    site().close()
    (out / ".newscrawl-posts.db").unlink()
    assert site().write(days(3)) == ExportCounts(unchanged=3)
    assert (built(out), built(out, "old_post")) == (["22"], ["20", "21"])


def test_H117_killed_between_a_move_and_its_record(
    site: OpenSite, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site().write(days(4))
    exporter = site(first_day=TODAY)
    monkeypatch.setattr(exporter._manifest, "save", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        exporter.write([])
    monkeypatch.undo()
    assert built(out) == ["22"]
    assert site(first_day=TODAY).write([]) == ExportCounts(), "only the record was missing"
    assert site(first_day=date.min).write([]) == ExportCounts(moved=3)
    assert site().write(days(4)) == ExportCounts(unchanged=4)


def test_H118_a_disk_that_refuses_a_move_ends_the_export(
    site: OpenSite, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site().write(days(2))
    exporter = site(first_day=TODAY)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporter._tree, "move", refuse)
    with pytest.raises(ExportError, match="No space left"):
        exporter.write([])
    monkeypatch.undo()
    assert site(first_day=TODAY).write(days(2)) == ExportCounts(moved=1, unchanged=2)


def test_H120_a_linked_folder_of_old_posts_is_refused(
    site: OpenSite, out: Path, tmp_path: Path
) -> None:
    site().write(days(2))
    (tmp_path / "outside").mkdir()
    (out / "old_post").symlink_to(tmp_path / "outside")
    with pytest.raises(ExportError, match="symbolic link"):
        site(first_day=TODAY).write([])
    assert list((tmp_path / "outside").iterdir()) == []


def test_H133_a_dry_run_says_what_would_be_moved(site: OpenSite, out: Path) -> None:
    site().write(days(2))
    before = tree(out)
    counts = site(first_day=TODAY).write(days(2), dry_run=True)
    assert counts == ExportCounts(moved=1, unchanged=2)
    assert counts.changes == [
        FileChange(
            PurePosixPath("_posts/2022-01-21-sina-d1.md"),
            Why.MOVED,
            PurePosixPath("old_post/2022-01-21-sina-d1.md"),
        )
    ]
    assert tree(out) == before


def test_a_crawl_moves_what_has_aged_though_nothing_is_new(
    site: OpenSite, archive: Archive, out: Path
) -> None:
    put(archive, identity="sina:1")
    exporter = site(first_day=TODAY)
    assert exporter.write(exporter.changed(ArticleFilter())).written == 1
    exporter = site(first_day=TODAY + timedelta(days=1))
    assert exporter.write(exporter.changed(ArticleFilter())) == ExportCounts(moved=1)
    assert built(out, "old_post") == ["22"]


def test_nothing_is_asked_of_the_disk_when_nothing_has_aged(
    site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site(first_day=TODAY).write(days(3))
    monkeypatch.setattr(Window, "_stands", lambda *_, **__: 1 / 0)
    assert site(first_day=TODAY).write([]) == ExportCounts()
