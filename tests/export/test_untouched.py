"""Posts that nobody touched are not read again, and whatever was touched is seen all the same."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

import newscrawl.export.manifest
from newscrawl.archive import Archive, ArticleFilter
from newscrawl.config import Output, Site
from newscrawl.export import ExportCounts
from newscrawl.export.files import Tree
from newscrawl.export.manifest import FILE_NAME
from newscrawl.identity.identities import hash_url
from tests.export.builders import NIGHT
from tests.export.folders import OpenSite, put, tree

ALL = ArticleFilter()
PAGE = PurePosixPath("category/shilizhengquanbao.html")
DIALECTS = pytest.mark.parametrize("dialect", ["jekyll", "hexo", "hugo", "jsonl"])


@pytest.fixture
def three(archive: Archive) -> None:
    for n in range(3):
        put(archive, identity=f"sina:x{n}", title=f"第{n}篇")


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes every further look into a file or an article a failure."""

    def never(*_: Any) -> None:
        pytest.fail("was read")

    def begin() -> None:
        monkeypatch.setattr(Tree, "read", never)
        monkeypatch.setattr("newscrawl.archive.reading._read", never)

    return begin


def watch_reading(monkeypatch: pytest.MonkeyPatch) -> list[PurePosixPath]:
    """Return the list that the paths of all files which are read are added to."""
    paths: list[PurePosixPath] = []
    real = Tree.read

    def read(tree: Tree, path: PurePosixPath) -> bytes | None:
        paths.append(path)
        return real(tree, path)

    monkeypatch.setattr(Tree, "read", read)
    return paths


@DIALECTS
@pytest.mark.usefixtures("three")
def test_H113_untouched_posts_are_not_read(
    site: OpenSite, out: Path, dialect: str, blind: Callable[[], None]
) -> None:
    site(dialect).write_all(ALL)
    before = tree(out)
    blind()
    assert site(dialect).write_all(ALL) == ExportCounts(unchanged=3)
    dry = site(dialect).write_all(ALL, dry_run=True)
    assert (dry, dry.posts, dry.changes) == (ExportCounts(unchanged=3), 3, [])
    assert tree(out) == before


def test_lines_of_one_day_that_came_in_several_exports_are_not_read_again(
    site: OpenSite, archive: Archive, blind: Callable[[], None]
) -> None:
    for n in range(3):
        put(archive, identity=f"sina:x{n}")
        site("jsonl").write_all(ALL)
    blind()
    assert site("jsonl").write_all(ALL) == ExportCounts(unchanged=3)


@DIALECTS
@pytest.mark.usefixtures("three")
def test_what_changed_is_written(
    site: OpenSite, archive: Archive, out: Path, dialect: str, tmp_path: Path
) -> None:
    site(dialect).write_all(ALL)
    put(archive, identity="sina:x1", title="更正")
    put(archive, identity="sina:x9")
    assert site(dialect).write_all(ALL) == ExportCounts(written=2, unchanged=2)
    site(dialect, tmp_path / "other").write_all(ALL)
    digests = [
        {name: digest for name, (digest, _) in tree(folder).items() if name != FILE_NAME}
        for folder in (out, tmp_path / "other")
    ]
    assert digests[0] == digests[1]


def in_place(file: Path) -> None:
    """Write the same number of bytes into the same file."""
    with file.open("r+b") as opened:
        opened.write(b"X")


def in_its_place(file: Path) -> None:
    """Put another file of the same size and time there, as a restored copy would be."""
    status, text = file.stat(), file.read_bytes()
    file.with_suffix(".new").write_bytes(b"X" + text[1:])
    os.utime(file.with_suffix(".new"), ns=(status.st_atime_ns, status.st_mtime_ns))
    file.with_suffix(".new").replace(file)


@DIALECTS
@pytest.mark.parametrize("edit", [in_place, in_its_place])
@pytest.mark.usefixtures("three")
def test_H114_an_edited_file_is_kept_and_reported_each_time(
    site: OpenSite, out: Path, dialect: str, edit: Callable[[Path], None]
) -> None:
    site(dialect).write_all(ALL)
    folder = {"hexo": "source/_posts", "hugo": "content/posts", "jsonl": "articles"}
    file = min((out / folder.get(dialect, "_posts")).iterdir())
    edit(file)
    edited = file.read_bytes()
    for _ in range(2):
        counts = site(dialect).write_all(ALL)
        # A line that cannot be read any more is nobody's, and ours is gone from the file.
        left = counts.removed if dialect == "jsonl" else counts.kept
        assert (left, file.read_bytes()) == ([PurePosixPath(file.relative_to(out))], edited)


@pytest.mark.usefixtures("three")
def test_a_removed_file_is_reported_each_time(site: OpenSite, out: Path) -> None:
    site().write_all(ALL)
    gone = PurePosixPath("_posts/2022-01-22-sina-x1.md")
    (out / gone).unlink()
    for _ in range(2):
        assert site().write_all(ALL) == ExportCounts(unchanged=2, removed=[gone])
    assert site().write_all(ALL, restore=True) == ExportCounts(written=1, unchanged=2)


@pytest.mark.usefixtures("three")
def test_a_page_that_was_touched_is_reported_though_its_posts_stand(
    site: OpenSite, out: Path
) -> None:
    site().write_all(ALL)
    (out / PAGE).write_text("mine", "utf-8")
    for _ in range(2):
        assert site().write_all(ALL) == ExportCounts(unchanged=3, kept=[PAGE])
    (out / PAGE).unlink()
    for _ in range(2):
        assert site().write_all(ALL) == ExportCounts(unchanged=3, removed=[PAGE])
    assert site().write_all(ALL, restore=True) == ExportCounts(unchanged=3, pages=1)


@pytest.mark.usefixtures("three")
def test_another_configuration_or_version_is_looked_at(
    site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site().write_all(ALL)
    other = Site(base="//other.example.com")
    assert site(site=other).write_all(ALL) == ExportCounts(written=3)
    monkeypatch.setattr(newscrawl.export.manifest, "__version__", "next")
    read = watch_reading(monkeypatch)
    assert site(site=other).write_all(ALL) == ExportCounts(unchanged=3)
    assert len(read) == 4
    assert site(site=other).write_all(ALL) == ExportCounts(unchanged=3)
    assert len(read) == 4


def test_H111_a_time_that_lay_ahead_is_put_right_once_it_has_come(
    site: OpenSite, archive: Archive
) -> None:
    ahead = {"identity": "sina:1", "published_at": NIGHT + timedelta(hours=1)}
    put(archive, fetched_at=NIGHT, **ahead)
    for _ in range(2):
        assert site().write_all(ALL).dated_back == 1
    run = archive.begin_run("sina_finance", {}, NIGHT)
    stored = next(archive.articles()).article
    stored.fetched_at = NIGHT + timedelta(hours=2)
    archive.store(run, "china", hash_url("sina:1"), stored)
    assert site().write_all(ALL) == ExportCounts(written=1)


def test_a_picture_that_may_come_is_looked_for_each_time(
    site: OpenSite, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(archive, identity="sina:1")
    local = {"output": Output(images="local")}
    site(**local).write_all(ALL)
    read = watch_reading(monkeypatch)
    assert site(**local).write_all(ALL) == ExportCounts(unchanged=1)
    assert read
