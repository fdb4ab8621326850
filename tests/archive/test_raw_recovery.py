"""What a kill or a power loss leaves of the raw record, and what the next run makes of it."""

import logging
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.raw import RawRecord, read
from newscrawl.archive.raw_limits import Limits
from newscrawl.archive.raw_recovery import Recovered, recover
from newscrawl.archive.warc import begin as head
from newscrawl.archive.warc_reader import read_exchanges

from .builders import SOURCE, begin, later, query
from .exchanges import exchange, listing, warcio_check
from .test_kill import killed
from .test_raw import BIG, captured, content, files

NOTHING = Recovered()
AT = later(60)


@pytest.fixture
def folder(path: Path) -> Path:
    return path.parent / "warc"


def broken_off(archive: Archive, *names: str, flushed: int = 0) -> None:
    """Keep pages in a run that ends without a word; the index has the first ones."""
    raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)
    for n, name in enumerate(names, 1):
        raw.keep(exchange(name, n))
        if n == flushed:
            raw.flush()
    os.close(raw._descriptor or 0)


def urls(archive: Archive) -> str:
    """Return the names of the pages that the index finds, all of which can be read."""
    return "".join(page.url[-1] for page in captured(archive))


@pytest.mark.parametrize("flushed", [0, 1, 2, 3])
def test_H116_pages_that_the_index_lacks_are_indexed(
    archive: Archive, folder: Path, path: Path, flushed: int
) -> None:
    broken_off(archive, *"abc", flushed=flushed)
    assert urls(archive) == "abc"[:flushed]
    assert recover(archive, SOURCE, AT) == Recovered(indexed=3 - flushed)
    assert urls(archive) == "abc"
    assert captured(archive) == content(folder)
    (file,) = archive.warc_files.all()
    assert (file.closed_at, file.bytes) == (AT, files(folder)[0].stat().st_size)
    assert recover(archive, SOURCE, AT) == NOTHING
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_H116_a_file_cut_at_any_byte_keeps_what_is_whole(archive: Archive, folder: Path) -> None:
    broken_off(archive, *"ab", flushed=1)
    (file,) = files(folder)
    whole = file.read_bytes()
    start = archive.warc_files.opened(SOURCE)[0].bytes
    shutil.copy(archive.folder / "archive.db", archive.folder / "copy.db")
    for end in [*range(start, len(whole), 41), len(whole) - 1]:
        file.write_bytes(whole[:end])
        recovered = recover(archive, SOURCE, AT)
        assert (recovered.indexed, recovered.lost) == (0, 0)
        assert recovered.cut == end - start
        assert urls(archive) == "a"
        assert file.stat().st_size == start
        archive._database.execute("UPDATE warc_files SET closed_at = NULL")
    warcio_check(file)


def test_H116_a_revisit_finds_its_page_again(archive: Archive, folder: Path) -> None:
    raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)
    raw.keep(exchange())
    raw.flush()
    raw.keep(exchange(minute=1))
    raw.keep(listing(minute=2, status=304, status_line="HTTP/1.1 304 ", body=b""))
    os.close(raw._descriptor or 0)
    assert recover(archive, SOURCE, AT) == Recovered(indexed=2)
    assert [each.payload for each in archive.captures.between(1, 9)] == [None, 1, 0]
    assert [page.body for page in captured(archive)] == [exchange().body] * 2 + [b""]


def test_a_lost_index_of_a_file_and_all_its_revisits_is_made_again(
    archive: Archive, folder: Path
) -> None:
    raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)
    for minute in range(3):
        raw.keep(exchange(minute=minute))
        raw.flush()
    os.close(raw._descriptor or 0)
    archive._database.execute("DELETE FROM captures")
    archive._database.execute("UPDATE warc_files SET bytes = 0")
    assert recover(archive, SOURCE, AT).indexed == 3
    assert [page.body for page in captured(archive)] == [exchange().body] * 3


def test_a_file_shorter_than_its_index_loses_what_is_not_there(
    archive: Archive, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken_off(archive, *"abc", flushed=3)
    first, second, _ = archive.captures.between(1, 9)
    (file,) = files(folder)
    os.truncate(file, second.offset + second.length + 10)
    with caplog.at_level(logging.WARNING):
        assert recover(archive, SOURCE, AT) == Recovered(lost=1, cut=10)
    assert "1 pages are lost" in caplog.text
    assert urls(archive) == "ab"
    assert file.stat().st_size == second.offset + second.length
    assert recover(archive, SOURCE, AT) == NOTHING
    archive._database.execute("UPDATE warc_files SET closed_at = NULL")
    os.truncate(file, first.offset + 1)
    assert recover(archive, SOURCE, AT) == Recovered(lost=2, cut=first.offset + 1)
    assert (files(folder), archive.warc_files.all()) == ([], [])


def test_a_row_without_its_file_goes_with_its_pages(
    archive: Archive, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken_off(archive, *"ab", flushed=2)
    files(folder)[0].unlink()
    with caplog.at_level(logging.WARNING):
        assert recover(archive, SOURCE, AT) == Recovered(lost=2)
    assert "2 pages are lost" in caplog.text
    assert archive.captures.last() == 0
    assert recover(archive, SOURCE, AT) == NOTHING


def unknown(folder: Path, stamp: str, *names: str, source: str = SOURCE) -> Path:
    """Write a file that the index has never heard of."""
    folder.mkdir(exist_ok=True)
    file = folder / f"newscrawl-{source}-{stamp}-001.warc.gz"
    data = head(file.name, later(0))
    with Archive.open(folder / "other" / "archive.db") as other:
        raw = RawRecord(other, SOURCE, begin(other), max_bytes=BIG)
        for name in names:
            raw.keep(exchange(name, 30))
        raw.close(later(30))
        for made in other.folder.glob("warc/*"):
            data = made.read_bytes()
    shutil.rmtree(folder / "other")
    file.write_bytes(data)
    return file


def test_H116_a_file_that_was_only_begun_is_removed(archive: Archive, folder: Path) -> None:
    broken_off(archive, "a")
    empty = unknown(folder, "20260928100000")
    half = unknown(folder, "20260928100001")
    half.write_bytes(half.read_bytes()[:20])
    assert recover(archive, SOURCE, AT) == Recovered(indexed=1)
    assert not empty.exists()
    assert not half.exists()


def test_a_file_that_a_power_loss_took_out_of_the_index_is_taken_in_again(
    archive: Archive, folder: Path
) -> None:
    broken_off(archive, "a")
    unknown(folder, "20260928100000", "b", "c")
    assert recover(archive, SOURCE, AT) == Recovered(indexed=3)
    assert urls(archive) == "abc"
    assert recover(archive, SOURCE, AT) == NOTHING


def test_files_of_an_archive_that_is_gone_are_left_and_told(
    archive: Archive, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = unknown(folder, "20250101000000", "x")
    unknown(folder, "20250101000000", "y", source="other_source")
    content = old.read_bytes()
    for _ in range(2):
        with caplog.at_level(logging.WARNING):
            assert recover(archive, SOURCE, AT) == Recovered(unknown=1)
    assert "1 files in warc/ are not in the archive; `newscrawl rebuild`" in caplog.text
    assert old.read_bytes() == content
    broken_off(archive, "a")
    assert recover(archive, SOURCE, AT) == Recovered(indexed=1, unknown=1)


def test_what_a_cut_has_left_is_not_taken_in(archive: Archive, folder: Path) -> None:
    broken_off(archive, "a", "b")
    (old,) = files(folder)
    recover(archive, SOURCE, AT)
    cut = f"{old.name.removesuffix('.warc.gz')}.cut1.warc.gz"
    shutil.copy(old, folder / cut)
    assert recover(archive, SOURCE, AT) == NOTHING  # killed before the index has the new one
    archive._database.execute("UPDATE warc_files SET name = ?", (cut,))
    assert recover(archive, SOURCE, AT) == NOTHING  # killed before the old one is removed
    assert [file.name for file in archive.warc_files.all()] == [cut]


def test_another_source_is_left_alone(archive: Archive, folder: Path) -> None:
    broken_off(archive, "a", "b")
    with files(folder)[0].open("ab") as file:
        file.write(b"half a record")
    assert recover(archive, "other", AT) == NOTHING
    assert urls(archive) == ""
    assert recover(archive, SOURCE, AT) == Recovered(indexed=2, cut=13)


def test_H116_a_removal_that_was_killed_is_finished(archive: Archive, folder: Path) -> None:
    broken_off(archive, "a", "b", flushed=2)
    recover(archive, SOURCE, AT)
    (file,) = archive.warc_files.all()
    assert archive.warc_files.give_up(file.file) == 2
    assert archive.warc_files.all() == []
    for _ in range(2):
        assert recover(archive, SOURCE, AT) == NOTHING
        assert files(folder) == []
    assert query(archive.folder / "archive.db", "SELECT * FROM warc_files") == []


STEPS = 120


@pytest.mark.parametrize("limits", [Limits(), Limits(total=4_000)], ids=["all", "limited"])
def test_H116_killed_between_any_two_calls_nothing_but_whole_pages_is_left(
    tmp_path: Path, limits: Limits
) -> None:
    """The child is killed at its n-th call of the system or of the index, for every n."""
    for step in range(STEPS):
        path = tmp_path / str(step) / "archive.db"
        was_killed = killed(partial(_keep_until, path, limits, step))
        with Archive.open(path) as archive:
            recover(archive, SOURCE, AT)
            pages = captured(archive)
            folder = path.parent / "warc"
            found = content(folder) if folder.is_dir() else []
            assert sorted(p.url for p in pages) == sorted(p.url for p in found)
            assert recover(archive, SOURCE, AT) == NOTHING
            raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)
            raw.keep(exchange("z", 100))
            raw.close(later(100))
            assert exchange("z", 100) in captured(archive)
        if not was_killed:
            assert step > 20
            return
    pytest.fail("there are more steps than were tried")


def _keep_until(path: Path, limits: Limits, step: int) -> None:
    """Keep pages in three files, and die at a step."""
    left = [step]

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if not left[0]:
                os.kill(os.getpid(), 9)
            left[0] -= 1
            return real(*arguments, **named)

        return call

    with Archive.open(path) as archive:
        run = begin(archive)
        database = type(archive._database)
        for name in ("open", "write", "fsync", "fdatasync", "unlink"):
            setattr(os, name, dying(getattr(os, name)))
        database.execute = dying(database.execute)  # type: ignore[method-assign]
        raw = RawRecord(archive, SOURCE, run, max_bytes=2_500, limits=limits)
        for n in range(5):
            raw.keep(exchange(str(n), n, body=os.urandom(600)))
        raw.close(later(6))


def test_a_page_is_there_as_soon_as_it_is_kept(archive: Archive, folder: Path) -> None:
    broken_off(archive, "a")
    with files(folder)[0].open("rb") as file:
        assert list(read_exchanges(file)) == [exchange("a", 1)]
    recover(archive, SOURCE, AT)
    (capture,) = archive.captures.between(1, 9)
    assert read(archive, capture) == exchange("a", 1)
