"""Pictures in the archive: claimed with their article, tried again, shown by every article."""

import hashlib
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.archive import Archive, schema
from newscrawl.archive.image_files import ImageFiles, path_of
from newscrawl.archive.images import ImageState
from newscrawl.items import Article, Image, Picture

from .builders import SOURCE, article, begin, found, identity, later, query

A, B = "https://img.example.com/a.jpg", "https://img.example.com/b.jpg"
CONTENT = b"the bytes of a picture"
PICTURE = Picture(hashlib.sha256(CONTENT).hexdigest(), "jpg", 8, 6, len(CONTENT))


def store(archive: Archive, run: int, name: str, *urls: str, text: str = "正文。") -> Article:
    """Store an article that shows these pictures."""
    archive.discover(run, SOURCE, "china", [found(name)], later(0), refetch=True)
    made = article(name, text, images=[Image(url) for url in urls])
    archive.store(run, "china", identity(name).url_hash, made, claim_images=True)
    return made


def sequence(archive: Archive, name: str) -> int:
    stored = archive.article(identity(name).url_hash)
    assert stored is not None
    return stored.sequence


def test_pictures_are_pending_as_soon_as_their_article_is_stored(archive: Archive) -> None:
    run = begin(archive)
    made = store(archive, run, "a", B, A, B)
    assert set(archive.images.wanted(made.url_hash or "", run, 3)) == {A, B}


def test_without_the_wish_nothing_is_claimed(archive: Archive, path: Path) -> None:
    run = begin(archive)
    archive.store(run, "china", identity("a").url_hash, article("a"))
    assert query(path, "SELECT * FROM images") == []
    assert archive.images.would_want(article("a"), 3) == [A]


def test_a_stored_picture_is_wanted_no_more_and_every_article_that_shows_it_changes(
    archive: Archive,
) -> None:
    run = begin(archive)
    for name in ("a", "b"):
        store(archive, run, name, A)
    before = [sequence(archive, name) for name in ("a", "b")]
    archive.images.stored(A, run, later(1), PICTURE)
    after = [sequence(archive, name) for name in ("a", "b")]
    assert min(after) > max(before)
    assert archive.images.wanted(identity("b").url_hash, run, 3) == ()
    assert archive.images.of_article(identity("b").url_hash) == {A: PICTURE}


def test_a_failed_picture_is_tried_by_later_runs_and_not_for_ever(archive: Archive) -> None:
    first = begin(archive)
    store(archive, first, "a", A)
    key = identity("a").url_hash
    archive.images.ended(A, first, later(1), ImageState.FAILED, "timeout")
    assert archive.images.wanted(key, first, 2) == ()
    second = begin(archive)
    assert [each.images for each in archive.images.owed(SOURCE, second, 2)] == [(A,)]
    archive.images.ended(A, second, later(2), ImageState.FAILED, "timeout")
    assert list(archive.images.owed(SOURCE, begin(archive), 2)) == []
    assert archive.images.would_want(article("a"), 2) == []


def test_a_refused_picture_is_left_alone(archive: Archive) -> None:
    run = begin(archive)
    store(archive, run, "a", A)
    archive.images.ended(A, run, later(1), ImageState.REFUSED, "tracker")
    assert list(archive.images.owed(SOURCE, begin(archive), 9)) == []


def test_a_corrected_article_shows_the_pictures_it_has_now(archive: Archive) -> None:
    run = begin(archive)
    store(archive, run, "a", A)
    archive.images.stored(A, run, later(1), PICTURE)
    store(archive, begin(archive), "a", B, text="改。")
    assert archive.images.of_article(identity("a").url_hash) == {}
    assert archive.images.wanted(identity("a").url_hash, 99, 3) == (B,)


def test_a_picture_whose_file_is_lost_is_wanted_again(archive: Archive) -> None:
    run = begin(archive)
    store(archive, run, "a", A)
    archive.images.stored(A, run, later(1), PICTURE)
    before = sequence(archive, "a")
    archive.images.lost([A])
    assert archive.images.wanted(identity("a").url_hash, run, 3) == (A,)
    assert sequence(archive, "a") > before


def test_an_archive_of_version_1_gets_the_tables_and_keeps_its_articles(
    path: Path,
) -> None:
    # Built from the first migration alone: what the first release wrote.
    with closing(sqlite3.connect(path)) as old, old:
        for statement in schema.MIGRATIONS[0]:
            old.execute(statement)
        old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
        old.execute(
            "INSERT INTO runs (run, source, asked, started_at) VALUES (1, 'example', '{}', 'x')"
        )
        old.execute("PRAGMA journal_mode = WAL")
    with Archive.open(path) as archive:
        run = begin(archive)
        assert run == 2
        store(archive, run, "a", A)
        assert archive.images.wanted(identity("a").url_hash, run, 3) == (A,)
    assert query(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]


def test_a_picture_is_written_whole_once_and_not_for_others_to_write(tmp_path: Path) -> None:
    files = ImageFiles(tmp_path / "images")
    before = os.umask(0)
    try:
        files.put(PICTURE, CONTENT)
    finally:
        os.umask(before)
    file = tmp_path / "images" / path_of(PICTURE)
    assert file.read_bytes() == CONTENT
    assert file.name == f"{PICTURE.content_hash}.jpg"
    for each in (file, file.parent, file.parent.parent):
        assert not stat.S_IMODE(each.stat().st_mode) & 0o022
    inode = file.stat().st_ino
    files.put(PICTURE, CONTENT)
    assert file.stat().st_ino == inode
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("where", ["images", "images/" + PICTURE.content_hash[:2]])
def test_H120_nothing_is_written_through_a_link(tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / where).parent.mkdir(exist_ok=True)
    (tmp_path / where).symlink_to(outside)
    with pytest.raises(OSError, match=r"symbolic link|Not a directory"):
        ImageFiles(tmp_path / "images").put(PICTURE, CONTENT)
    assert list(outside.iterdir()) == []


def test_H118_a_full_disk_leaves_no_part_of_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    files = ImageFiles(tmp_path / "images")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.put(PICTURE, CONTENT)
    assert [each for each in (tmp_path / "images").rglob("*") if each.is_file()] == []
    assert not files.has(PICTURE)


def test_H116_what_a_killed_run_left_of_a_picture_goes_with_the_next_one_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "images"
    monkeypatch.setattr(os, "replace", killed)
    monkeypatch.setattr(os, "unlink", killed)  # a killed process tidies up nothing
    for source in ("one", "two"):
        with pytest.raises(KeyboardInterrupt):
            ImageFiles(folder, source).put(PICTURE, CONTENT)
    monkeypatch.undo()
    assert len(list(folder.glob(".*"))) == 2
    ImageFiles(folder, "one").sweep()
    assert [each.name.split("-")[2] for each in folder.glob(".*")] == ["two"], "it may be at work"
    ImageFiles(folder, "two").sweep()
    assert not list(folder.glob(".*"))
    ImageFiles(tmp_path / "none", "one").sweep()
    assert not (tmp_path / "none").exists()
