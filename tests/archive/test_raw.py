"""The raw record on the disk: files, their index, limits, and what a fault leaves of them."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive, ArchiveError
from newscrawl.archive.captures import NOT_KEPT, Placed
from newscrawl.archive.database import Database
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.raw import BATCH, NotKeptError, RawRecord, read
from newscrawl.archive.raw_limits import Limits
from newscrawl.archive.warc_reader import read_exchanges
from newscrawl.identity.identities import hash_url

from .builders import SOURCE, begin, later, query
from .exchanges import PAGE, exchange, listing, warcio_check

BIG = 1 << 30


@pytest.fixture
def raw(archive: Archive) -> RawRecord:
    return RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)


@pytest.fixture
def folder(path: Path) -> Path:
    return path.parent / "warc"


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def content(folder: Path) -> list[Exchange]:
    """Return every exchange of every file; each file must be whole."""
    found: list[Exchange] = []
    for file in files(folder):
        with file.open("rb") as stream:
            found += read_exchanges(stream)
    return found


def captured(archive: Archive) -> list[Exchange]:
    """Return every exchange that the index finds."""
    return [read(archive, capture) for capture in archive.captures.between(1, 10_000)]


def test_nothing_is_written_before_the_first_page(
    raw: RawRecord, archive: Archive, folder: Path
) -> None:
    raw.close(later(1))
    assert not folder.exists()
    assert archive.warc_files.all() == []


def test_what_was_kept_is_found_by_article_and_by_listing(
    raw: RawRecord, archive: Archive, folder: Path
) -> None:
    pages = [listing(), exchange("a", 1), exchange("b", 2)]
    for page in pages:
        raw.keep(page)
    raw.close(later(3))
    assert captured(archive) == pages == content(folder)
    (capture,) = archive.captures.of_article(hash_url(pages[1].url))
    assert (capture.url, capture.status, capture.payload) == (pages[1].url, 200, None)
    assert read(archive, capture) == pages[1]
    assert [read(archive, each) for each in archive.captures.listings(SOURCE)] == pages[:1]
    (file,) = archive.warc_files.all()
    assert file.bytes == (folder / file.name).stat().st_size
    assert file.closed_at == later(3)
    warcio_check(*files(folder))


def test_pages_are_indexed_in_batches(raw: RawRecord, archive: Archive) -> None:
    for n in range(BATCH):
        assert archive.captures.last() == 0
        raw.keep(exchange(str(n)))
    assert archive.captures.last() == BATCH
    raw.keep(exchange("x"))
    raw.flush()
    assert archive.captures.last() == BATCH + 1
    raw.close(later(1))


def indexed(archive: Archive, *placed: Placed) -> list[int | None]:
    """Index records of one file, and return which capture holds the bytes of each."""
    file = archive.warc_files.add("a.warc.gz", SOURCE, begin(archive), later(0))
    archive.captures.add(file, placed, len(placed))
    return [each.payload for each in archive.captures.between(1, 100)]


def placed(offset: int, **changes: Any) -> Placed:
    page = exchange()
    digest = sha256(page.body).hexdigest()
    made = Placed(offset, 1, SOURCE, "china", None, page.url, 200, page.fetched_at, digest)
    return made._replace(**changes)


def test_a_repeat_may_be_of_the_record_before_it(archive: Archive) -> None:
    first = placed(0)
    repeat = placed(1, repeats=(first.url, first.fetched_at))
    stray = placed(2, repeats=(first.url, later(9)))
    assert indexed(archive, first, repeat, stray) == [None, 1, NOT_KEPT]


def test_of_a_batch_that_cannot_be_indexed_nothing_is(archive: Archive) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        indexed(archive, placed(0), placed(0))
    assert archive.captures.last() == 0


def test_a_file_is_as_large_as_it_may_be_and_then_there_is_another(
    archive: Archive, folder: Path
) -> None:
    raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=2_000)
    pages = [exchange(str(n), n) for n in range(9)]
    for page in pages:
        raw.keep(page)
    raw.close(later(9))
    assert len(files(folder)) > 2
    assert all(file.stat().st_size < 4_000 for file in files(folder))
    assert captured(archive) == pages
    assert [file.bytes for file in archive.warc_files.all()] == [
        file.stat().st_size for file in files(folder)
    ]
    warcio_check(*files(folder))


def test_an_archive_begun_anew_overwrites_no_file(path: Path, folder: Path) -> None:
    for n in range(3):
        with Archive.open(path) as archive:
            raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)
            raw.keep(exchange(str(n)))
            raw.close(later(1))
        for part in path.parent.glob("archive.db*"):
            part.unlink()
    assert {page.url[-1] for page in content(folder)} == set("012")
    assert len(files(folder)) == 3


def test_a_name_that_the_index_has_is_not_given_again(archive: Archive, folder: Path) -> None:
    for n in range(2):
        raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG)
        raw.keep(exchange(str(n)))
        raw.close(later(1))
        if not n:
            files(folder)[0].unlink()
    assert len({file.name for file in archive.warc_files.all()}) == 2


def test_a_page_that_did_not_change_is_a_revisit(
    raw: RawRecord, archive: Archive, folder: Path
) -> None:
    for minute in range(3):
        raw.keep(exchange(minute=minute))
        raw.flush()
    raw.keep(exchange(minute=3, body=PAGE * 2))
    raw.flush()
    raw.keep(exchange(minute=4))
    raw.close(later(5))
    captures = archive.captures.between(1, 9)
    assert [each.payload for each in captures] == [None, 1, 1, None, None]
    assert [read(archive, each).body for each in captures] == [PAGE, PAGE, PAGE, PAGE * 2, PAGE]
    assert [page.body for page in content(folder)] == [PAGE, b"", b"", PAGE * 2, PAGE]
    warcio_check(*files(folder))


def test_neither_another_status_nor_an_empty_body_is_a_revisit(
    raw: RawRecord, archive: Archive
) -> None:
    for minute, page in enumerate(
        [exchange(), exchange(status=404), exchange("e", body=b""), exchange("e", body=b"")]
    ):
        raw.keep(replace(page, fetched_at=later(minute)))
        raw.flush()
    raw.close(later(9))
    assert [each.payload for each in archive.captures.between(1, 9)] == [None] * 4


def test_H17_a_304_refers_to_the_last_page_and_is_empty_itself(
    raw: RawRecord, archive: Archive
) -> None:
    line = "HTTP/1.1 304 Not Modified"
    pages = [
        listing(),
        listing(minute=1, status=500, status_line="HTTP/1.1 500 Oops", body=b"oops"),
        listing(minute=2, status=304, status_line=line, body=b""),
        listing("other", minute=3, status=304, status_line=line, body=b""),
        listing(minute=4),
    ]
    for page in pages:
        raw.keep(page)
        raw.flush()
    raw.close(later(9))
    captures = archive.captures.between(1, 9)
    assert [each.payload for each in captures] == [None, None, 1, 0, None]
    assert [read(archive, each) for each in captures] == pages


# ---- limits ------------------------------------------------------------------------


def runs(archive: Archive, limits: Limits, days: int) -> list[RawRecord]:
    """Keep a page a day, each in a file of its own; every other day the page of the day before."""
    made = []
    for day in range(days):
        raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG, limits=limits)
        raw.keep(exchange(str(day // 2), day * 24 * 60, body=os.urandom(5_000)))
        raw.close(later(day * 24 * 60 + 1))
        made.append(raw)
    return made


def test_files_past_their_age_are_removed(archive: Archive, folder: Path) -> None:
    made = runs(archive, Limits(age=timedelta(days=2)), 5)
    assert [raw.expired.files for raw in made] == [0, 0, 0, 1, 1]
    assert made[-1].expired.captures == 1
    assert made[-1].expired.bytes > 5_000
    assert len(files(folder)) == len(archive.warc_files.all()) == 3
    assert [page.fetched_at for page in captured(archive)] == [
        page.fetched_at for page in content(folder)
    ]


def test_the_oldest_files_make_room(archive: Archive, folder: Path) -> None:
    runs(archive, Limits(total=14_000), 5)
    assert len(files(folder)) == 2
    assert sum(file.stat().st_size for file in files(folder)) <= 14_000
    assert [page.url[-1] for page in captured(archive)] == ["1", "2"]


def test_without_limits_all_is_kept(archive: Archive, folder: Path) -> None:
    runs(archive, Limits(), 4)
    assert len(files(folder)) == 4


def test_a_file_that_is_still_written_stays(archive: Archive, folder: Path) -> None:
    other = RawRecord(archive, "other", begin(archive), max_bytes=BIG)
    other.keep(exchange("open"))
    runs(archive, Limits(total=1, age=timedelta(days=1)), 3)
    assert len(files(folder)) == 1
    other.close(later(10))
    assert [page.url[-4:] for page in captured(archive)] == ["open"]


def test_a_revisit_of_bytes_that_are_gone_says_so_and_the_next_fetch_is_whole(
    archive: Archive,
) -> None:
    for minute, limits in ((0, Limits()), (50, Limits()), (70, Limits(age=timedelta(hours=1)))):
        raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG, limits=limits)
        raw.keep(exchange("b" if limits.age else "a", minute))
        raw.close(later(minute))
    (repeat, _) = archive.captures.between(1, 9)
    assert (repeat.fetched_at, repeat.payload) == (later(50), 0)
    with pytest.raises(NotKeptError, match="no longer kept"):
        read(archive, repeat)
    raw.keep(exchange(minute=71))
    raw.close(later(71))
    last = archive.captures.latest(repeat.url)
    assert last is not None
    assert read(archive, last) == exchange(minute=71)


def test_an_old_page_is_written_again_before_its_age_takes_it(archive: Archive) -> None:
    limits = Limits(age=timedelta(days=4))
    for day in range(4):
        raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=BIG, limits=limits)
        raw.keep(exchange(minute=day * 24 * 60))
        raw.close(later(day * 24 * 60))
    assert [each.payload for each in archive.captures.between(1, 9)] == [None, 1, 1, None]


# ---- faults ------------------------------------------------------------------------


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let one function of ``os`` fail at its n-th call from now on."""

    def refuse(name: str, error: int, *, after: int = 0, some: bool = False) -> None:
        real, calls = getattr(os, name), [0]

        def failing(*arguments: Any) -> Any:
            calls[0] += 1
            if calls[0] <= after:
                return real(*arguments)
            if some:  # as a disk does that becomes full within a record
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            raise OSError(error, os.strerror(error))

        monkeypatch.setattr(os, name, failing)

    yield refuse
    monkeypatch.undo()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("some", [False, True])
def test_H118_a_refused_write_leaves_whole_records(
    raw: RawRecord, archive: Archive, folder: Path, refusing: Any, error: int, some: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    raw.keep(exchange("a"))
    refusing("write", error, some=some)
    with pytest.raises(OSError, match=os.strerror(error)):
        raw.keep(exchange("b"))
    monkeypatch.undo()
    assert content(folder) == [exchange("a")]
    raw.keep(exchange("c"))
    raw.close(later(1))
    assert captured(archive) == content(folder) == [exchange("a"), exchange("c")]


def test_a_short_write_is_gone_on_with(
    raw: RawRecord, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:100]))
    raw.keep(exchange("a"))
    raw.close(later(1))
    assert captured(archive) == [exchange("a")]


def test_H118_a_disk_that_refuses_to_cut_off_a_half_record_is_left_to_the_next_run(
    raw: RawRecord, archive: Archive, folder: Path, refusing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.keep(exchange("a"))
    refusing("write", errno.EIO, some=True)
    refusing("ftruncate", errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        raw.keep(exchange("b"))
    monkeypatch.undo()
    raw.keep(exchange("c"))
    raw.close(later(1))
    assert captured(archive) == [exchange("c")]
    assert len(archive.warc_files.opened(SOURCE)) == 1


@pytest.mark.parametrize(("name", "after"), [("write", 0), ("fsync", 0), ("fsync", 1)])
def test_H118_a_file_that_cannot_be_begun_is_not_there(
    raw: RawRecord, archive: Archive, folder: Path, refusing: Any, name: str, after: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    refusing(name, errno.ENOSPC, after=after)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        raw.keep(exchange("a"))
    monkeypatch.undo()
    assert (files(folder), archive.warc_files.all()) == ([], [])
    raw.keep(exchange("b"))
    raw.close(later(1))
    assert captured(archive) == [exchange("b")]


def test_H118_a_file_that_cannot_be_indexed_is_not_there(
    raw: RawRecord, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ArchiveError("database or disk is full")

    monkeypatch.setattr(Database, "execute", refuse)
    with pytest.raises(ArchiveError):
        raw.keep(exchange("a"))
    assert files(folder) == []


def test_H118_an_index_that_fails_later_leaves_the_pages_in_their_file(
    raw: RawRecord, archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.keep(exchange("a"))

    def refuse(*_: object) -> None:
        raise ArchiveError("database or disk is full")

    monkeypatch.setattr(Database, "execute", refuse)
    with pytest.raises(ArchiveError):
        raw.close(later(1))
    monkeypatch.undo()
    assert content(folder) == [exchange("a")]
    assert captured(archive) == []


def test_H120_a_folder_that_leads_elsewhere_is_refused(
    raw: RawRecord, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    folder.symlink_to(elsewhere)
    with pytest.raises(OSError, match="Not a directory"):
        raw.keep(exchange())
    assert list(elsewhere.iterdir()) == []


def test_H126_nothing_is_writable_for_others(raw: RawRecord, folder: Path) -> None:
    old = os.umask(0)
    try:
        raw.keep(exchange())
        raw.close(later(1))
    finally:
        os.umask(old)
    assert [path.stat().st_mode & 0o022 for path in (folder, *files(folder))] == [0, 0]


def test_a_place_that_holds_another_page_is_refused(
    raw: RawRecord, archive: Archive, path: Path
) -> None:
    raw.keep(exchange("a"))
    raw.keep(exchange("b"))
    raw.close(later(1))
    first, second = archive.captures.between(1, 9)
    with pytest.raises(ValueError, match="another record at byte"):
        read(archive, replace(first, offset=second.offset, length=second.length))
    assert query(path, "PRAGMA foreign_key_check") == []
