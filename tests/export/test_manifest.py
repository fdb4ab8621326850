"""The record of a folder, and one that an older newscrawl left."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.archive import disk
from newscrawl.export import ExportCounts
from newscrawl.export import manifest as manifests
from newscrawl.export.entries import Entry
from newscrawl.export.files import TEMPORARY
from newscrawl.export.manifest import FILE_NAME, Manifest
from tests.export.folders import OpenSite, many, tree

VERSION_1 = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    owner TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    post_id TEXT UNIQUE COLLATE NOCASE,
    sequence INTEGER,
    rendering TEXT,
    sha256 TEXT,
    claimed TEXT
) WITHOUT ROWID;
CREATE INDEX owed_posts ON files (owner) WHERE sequence IS NULL AND post_id IS NOT NULL;
PRAGMA user_version = 1;
"""


VERSION_2 = (
    VERSION_1.replace(" UNIQUE,\n    post_id", ",\n    post_id").replace(
        "version = 1", "version = 2"
    )
    + "CREATE INDEX paths ON files (path);"
)


def as_version(tables: str, out: Path) -> None:
    """Write the manifest of a folder as an older version had it."""
    new, old = out / FILE_NAME, out / "old.db"
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.executescript(tables)
        db.execute("ATTACH ? AS new", [str(new)])
        db.execute("INSERT INTO main.meta SELECT * FROM new.meta WHERE name <> 'stamped_by'")
        columns = "owner, path, post_id, sequence, rendering, sha256, claimed"
        db.execute(f"INSERT INTO main.files SELECT {columns} FROM new.files")
    old.replace(new)


@pytest.fixture(params=[VERSION_1, VERSION_2], ids=["version 1", "version 2"])
def old_site(request: pytest.FixtureRequest, site: OpenSite, out: Path) -> Path:
    exporter = site()
    exporter.write(many(5))
    exporter.close()
    as_version(request.param, out)
    return out


def test_an_older_manifest_is_brought_forward(site: OpenSite, old_site: Path) -> None:
    assert site().write(many(5)) == ExportCounts(unchanged=5)
    assert site().write(many(5, media="别报")).written == 5
    assert site().write(many(5)).written == 5
    site().close()
    with contextlib.closing(sqlite3.connect(old_site / FILE_NAME)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM files WHERE post_id NOT NULL").fetchone() == (5,)


def test_H133_a_dry_run_reads_an_older_manifest_and_leaves_it(
    site: OpenSite, old_site: Path
) -> None:
    before = tree(old_site)
    assert site().write(many(6), dry_run=True) == ExportCounts(written=1, unchanged=5)
    assert tree(old_site) == before


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    opened = Manifest(tmp_path, "jekyll")
    opened.open_for_writing()
    yield opened
    opened.close()


def entry(path: str, post_id: str | None = "x") -> Entry:
    return Entry(f"of {path}", path, post_id and f"{post_id}{path}")


def test_posts_between_two_paths_come_in_order_without_pages(manifest: Manifest) -> None:
    paths = ["_posts/2022-01-03-a.md", "_posts/2022-01-01-a.md", "old_post/2022-01-01-b.md"]
    manifest.save([*map(entry, paths), entry("_posts/2022-01-02.html", None)])
    found = manifest.posts_between("_posts/", "_posts/2022-01-03")
    assert [each.path for each in found] == ["_posts/2022-01-01-a.md"]
    found = manifest.posts_between("_posts/", "_posts0")
    assert [each.path for each in found] == sorted(paths[:2])


def test_a_moved_post_is_remembered_where_it_went(manifest: Manifest) -> None:
    post = entry("_posts/2022-01-03-a.md")
    manifest.save([post])
    post.path = "old_post/2022-01-03-a.md"
    manifest.save([post])
    known = manifest.entry(post.owner)
    assert known
    assert known.path == post.path


def test_what_was_looked_up_is_what_each_row_says(manifest: Manifest) -> None:
    paths = [f"_posts/2022-01-{n:03d}-a.md" for n in range(300)]
    manifest.save(map(entry, paths))
    owners = [f"of {path}" for path in (*paths, "nobody's")]
    alone = [manifest.entry(owner) for owner in owners]
    manifest.look_up(owners)
    assert [manifest.entry(owner) for owner in owners] == alone
    assert alone[-1] is None
    manifest.drop(owners[0])
    assert manifest.entry(owners[0]) is None


def test_a_row_is_saved_the_same_with_a_new_path_and_without(manifest: Manifest) -> None:
    made = entry("_posts/2022-01-03-a.md")
    manifest.save([made])
    for path in (made.path, "old_post/2022-01-03-a.md"):
        made.path = path
        assert made.confirm("0" * 64, 7, "r", f"stamp of {path}", None)
        manifest.save([made])
        assert manifest.entry(made.owner) == made


def test_what_is_noted_is_known_at_once_and_saved_with_the_next_transaction(
    manifest: Manifest, tmp_path: Path
) -> None:
    made = entry("_posts/2022-01-03-a.md")
    made.claimed = "0" * 64
    manifest.save([made])
    claim = replace(made)
    assert made.confirm("0" * 64, 7, "r", "stamp", None)
    manifest.note([made])
    manifest.look_up([made.owner])
    assert manifest.entry(made.owner) == made

    def on_disk() -> Entry | None:
        with contextlib.closing(Manifest(tmp_path, "jekyll")) as other:
            return other.entry(made.owner)

    manifest.close()
    assert on_disk() == claim, "what was noted and not saved is lost, as by a kill"
    manifest.open_for_writing()
    manifest.note([made])
    manifest.save([entry("_posts/2022-01-04-b.md")])
    manifest.close()
    assert on_disk() == made


def test_H116_the_journal_of_a_killed_export_goes_with_the_next_one_also_without_news(
    manifest: Manifest, tmp_path: Path
) -> None:
    manifest.save([entry("_posts/2022-01-03-a.md")])
    killed = tmp_path / "killed"
    killed.mkdir()
    for path in tmp_path.glob(f"{FILE_NAME}*"):  # what a kill at this moment leaves
        shutil.copyfile(path, killed / path.name)
    assert {path.name for path in killed.iterdir()} == {FILE_NAME, f"{FILE_NAME}-journal"}
    with contextlib.closing(Manifest(killed, "jekyll")) as next_one:
        next_one.open_for_writing()
    assert [path.name for path in killed.iterdir()] == [FILE_NAME]
    with contextlib.closing(Manifest(killed, "jekyll")) as reader:
        assert list(reader.entries()) == list(manifest.entries())


def test_of_two_that_make_the_file_at_once_the_first_ones_is_not_replaced(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    first, second = Manifest(folder, "jekyll"), Manifest(folder, "jekyll")
    real = disk.name_new

    def late(draft: Path, path: Path) -> None:
        monkeypatch.setattr(manifests, "name_new", real)
        first.open_for_writing()
        first.save([Entry("a", "_posts/a.html", "a")])
        first.close()
        for left in folder.glob(f"{TEMPORARY}*"):  # as an export does when it begins
            left.unlink()
        real(draft, path)

    monkeypatch.setattr(manifests, "name_new", late)
    second.open_for_writing()
    assert [entry.owner for entry in second.entries()] == ["a"]
    second.close()
