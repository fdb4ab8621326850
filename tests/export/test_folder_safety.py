"""Links, locks, modes, and manifests that are not ours."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.export import (
    ExportCounts,
    Exporter,
    ExportError,
    ExportLocked,
)
from newscrawl.export.files import TEMPORARY
from newscrawl.export.manifest import FILE_NAME
from tests.export.builders import CONFIG, PLACE
from tests.export.folders import OpenSite, many, tree


@pytest.mark.parametrize("make", ["file", "link", "broken link"])
def test_H119_H120_a_folder_that_is_none_is_refused_at_once(
    site: OpenSite, tmp_path: Path, make: str
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
    site: OpenSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output").symlink_to("elsewhere")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExportError, match="symbolic link"):
        site(folder=Path("output/jekyll"))


@pytest.mark.parametrize("name", ["_posts", "category"])
def test_H120_a_linked_folder_inside_is_refused(
    site: OpenSite, out: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    out.mkdir(parents=True)
    (out / name).symlink_to(outside)
    with pytest.raises(ExportError, match="symbolic link"):
        site().write(many(1))
    assert list(outside.iterdir()) == []


def test_H120_a_linked_file_is_not_ours_even_when_forced(
    site: OpenSite, out: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    (out / "_posts").mkdir(parents=True)
    (out / "_posts" / "2022-01-22-sina-x0.md").symlink_to(outside)
    assert len(site().write(many(1), force=True).kept) == 1
    assert outside.read_text() == "mine"


def test_H120_a_linked_manifest_is_refused(site: OpenSite, out: Path, tmp_path: Path) -> None:
    out.mkdir(parents=True)
    (out / FILE_NAME).symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(ExportError, match="symbolic link"):
        site().write(many(1))
    assert not (tmp_path / "elsewhere.db").exists()


def test_H120_a_file_of_a_day_that_became_a_link_is_kept_and_not_read(
    site: OpenSite, out: Path, tmp_path: Path
) -> None:
    site("jsonl").write(many(2))
    (path,) = (out / "articles").iterdir()
    outside = path.rename(tmp_path / "outside")
    path.symlink_to(outside)
    before = outside.read_bytes()
    counts = site("jsonl").write(many(3, media="别报"))
    assert (counts.written, [each.name for each in counts.kept]) == (0, [path.name])
    assert outside.read_bytes() == before


def test_H121_a_planted_temporary_name_is_not_written_through(
    site: OpenSite, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = site()
    exporter.write(many(1))
    outside = tmp_path / "outside"
    outside.write_text("mine")
    monkeypatch.setattr(exporter._tree, "_temporary", repeat(f"{TEMPORARY}guessed"))
    (out / "_posts" / f"{TEMPORARY}guessed").symlink_to(outside)
    with pytest.raises(ExportError, match="exists"):
        exporter.write(many(2))
    assert outside.read_text() == "mine"


def test_H126_nothing_is_writable_for_others(site: OpenSite, out: Path) -> None:
    before = os.umask(0)
    try:
        site().write(many(2))
    finally:
        os.umask(before)
    for path in [out.parent, out, *out.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IWOTH | stat.S_IWGRP), path


def test_H122_a_second_export_into_the_folder_is_refused(
    archive: Archive, site: OpenSite, out: Path
) -> None:
    site().write(many(1))
    with (
        Exporter(archive, "jekyll", out, place=lambda _: PLACE, config=CONFIG) as second,
        pytest.raises(ExportLocked, match="another export"),
    ):
        second.write(many(1))


def test_H122_an_export_waits_for_another_one_as_long_as_it_is_told(
    archive: Archive, site: OpenSite, out: Path
) -> None:
    first = site()
    first.write(many(1))

    def second() -> int:
        path = archive.folder / "archive.db"
        with (
            Archive.open(path) as opened,
            Exporter(
                opened, "jekyll", out, place=lambda _: PLACE, config=CONFIG, wait=60.0
            ) as exporter,
        ):
            return exporter.write(many(2)).written

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        first.close()
        assert waiting.result() == 1


@pytest.mark.parametrize("broken", [b"", b"not a database, but long enough to be looked at" * 50])
def test_H123_a_broken_manifest_is_refused_and_not_replaced(
    site: OpenSite, out: Path, broken: bytes
) -> None:
    out.mkdir(parents=True)
    (out / FILE_NAME).write_bytes(broken)
    with pytest.raises(ExportError, match="put it aside"):
        site().write(many(1))
    assert (out / FILE_NAME).read_bytes() == broken


def test_H123_a_newer_manifest_is_refused(site: OpenSite, out: Path) -> None:
    site().write(many(1))
    site("hexo", out.parent / "hexo")
    with sqlite3.connect(out / FILE_NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ExportError, match="newer"):
        site().write(many(1))


def test_a_folder_holds_one_dialect(site: OpenSite, out: Path) -> None:
    site().write(many(1))
    with pytest.raises(ExportError, match="of the dialect jekyll, not of hexo"):
        site("hexo").write(many(1))


def test_H124_without_the_manifest_the_posts_are_taken_over(site: OpenSite, out: Path) -> None:
    site().write(many(20))
    before = {name: digest for name, digest in tree(out).items() if name != FILE_NAME}
    site().close()
    (out / FILE_NAME).unlink()
    assert site().write(many(20)) == ExportCounts(unchanged=20)
    assert {name: digest for name, digest in tree(out).items() if name != FILE_NAME} == before
    assert site().write(many(20, media="别报")).written == 20
