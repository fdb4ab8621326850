"""The file: made whole or not at all, and never taken for what it is not."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from newscrawl.archive import Archive, ArchiveError, database, disk, schema
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, crawl, found, identity, query


@pytest.fixture
def stored(path: Path) -> Path:
    """An archive with one article, closed."""
    with Archive.open(path) as archive:
        crawl(archive, begin(archive), "china", "a")
    return path


@contextmanager
def refused(path: Path, message: str, *, read_only: bool = False) -> Iterator[None]:
    """Opening fails with this message, and the file stays as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ArchiveError, match=message) as failure:
        Archive.open(path, read_only=read_only)
    assert str(path.name) in str(failure.value)
    yield
    assert (path.read_bytes() if path.is_file() else None) == before


def set_pragma(path: Path, pragma: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA {pragma}")


def test_H119_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "output" / "news" / "archive.db"
    Archive.open(path).close()
    assert [entry.name for entry in path.parent.iterdir()] == ["archive.db"]


def test_H116_a_new_archive_can_be_opened_while_another_process_reads_it(path: Path) -> None:
    database._create(path)  # as one of two crawls that begin at the same moment
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM runs").fetchone() == (0,)
        Archive.open(path).close()


def test_H119_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("mine")
    with pytest.raises(ArchiveError, match="output"):
        Archive.open(tmp_path / "output" / "archive.db")
    assert (tmp_path / "output").read_text() == "mine"


def test_H119_a_folder_in_the_place_of_the_file(path: Path) -> None:
    path.mkdir()
    with refused(path, "is not a file"):
        pass


AS_ANOTHER_USER = """
import os, pathlib, sys
from newscrawl.archive import Archive, ArchiveError
if os.getuid() == 0:  # root may write anywhere
    os.setuid(65534)
path = pathlib.Path(sys.argv[1])
with Archive.open(path, read_only=True) as archive:
    print(len(list(archive.articles())))
try:
    Archive.open(path)
except ArchiveError as error:
    print(error)
"""


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o666, 0o555)])
def test_H119_what_can_not_be_written_is_refused_but_can_be_read(
    stored: Path, file_mode: int, folder_mode: int
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(stored, folder))
        path.chmod(file_mode)
        path.parent.chmod(folder_mode)
        command = [sys.executable, "-c", AS_ANOTHER_USER, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert [file.name for file in path.parent.iterdir()] == [path.name]
        path.parent.chmod(0o700)
    assert done.stdout.splitlines() == ["1", f"{path}: not writable"]


def test_H120_a_symbolic_link_is_not_followed(tmp_path: Path, stored: Path) -> None:
    for target in (stored, tmp_path / "nowhere"):
        link = tmp_path / "link.db"
        link.symlink_to(target)
        with pytest.raises(ArchiveError, match="symbolic link"):
            Archive.open(link)
        link.unlink()


@pytest.mark.parametrize("read_only", [False, True])
class TestBroken:
    """H123: each is refused with a message, touched by nobody."""

    def test_H123_an_empty_file(self, path: Path, read_only: bool) -> None:
        path.touch()
        with refused(path, "is empty.*restore a backup", read_only=read_only):
            pass

    def test_H123_something_else(self, path: Path, read_only: bool) -> None:
        path.write_text("# notes\n" * 1000)
        with refused(path, "not an SQLite file", read_only=read_only):
            pass

    def test_H123_another_programs_database(self, path: Path, read_only: bool) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE articles (id)")
        with refused(path, "not an archive of newscrawl", read_only=read_only):
            pass

    def test_H123_a_newer_schema(self, stored: Path, read_only: bool) -> None:
        set_pragma(stored, f"user_version = {len(schema.MIGRATIONS) + 1}")
        with refused(stored, "newer newscrawl", read_only=read_only):
            pass

    def test_H123_a_truncated_file(self, stored: Path, read_only: bool) -> None:
        os.truncate(stored, stored.stat().st_size // 2)
        with refused(stored, "malformed", read_only=read_only):
            pass

    def test_H123_a_file_overwritten_in_the_middle(self, stored: Path, read_only: bool) -> None:
        size = stored.stat().st_size
        with stored.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(size - 4096))
        with refused(stored, "malformed", read_only=read_only):
            pass


READING = """
import sys
from pathlib import Path
from newscrawl.archive import Archive
Archive.open(Path(sys.argv[1]), read_only=True).close()
"""


def test_H123_two_connections_of_a_process_keep_their_locks(path: Path) -> None:
    """A reader that leaves does not take itself for the last one, and leaves the log to them."""
    with Archive.open(path) as first, Archive.open(path) as second:
        for archive, name in ((first, "a"), (second, "b"), (first, "c"), (second, "d")):
            crawl(archive, begin(archive), "china", name)
            log = path.with_name(f"{path.name}-wal").stat()
            subprocess.run([sys.executable, "-c", READING, str(path)], check=True)
            assert path.with_name(f"{path.name}-wal").stat().st_ino == log.st_ino
    with Archive.open(path) as archive:
        assert len(list(archive.articles())) == 4
        assert archive._database.value("PRAGMA integrity_check") == "ok"


def test_a_reader_creates_nothing(path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such archive"):
        Archive.open(path, read_only=True)
    assert list(path.parent.iterdir()) == []


def test_H133_a_reader_writes_nothing(stored: Path) -> None:
    before = {file: file.read_bytes() for file in stored.parent.iterdir()}
    with Archive.open(stored, read_only=True) as archive:
        assert len(list(archive.articles())) == 1
        assert archive.claim_slug("甲报", "jiabao") == "jiabao"
        with pytest.raises(ArchiveError, match="readonly"):
            begin(archive)
    assert {file: file.read_bytes() for file in stored.parent.iterdir()} == before


def test_H126_files_and_folders_are_not_world_writable(tmp_path: Path) -> None:
    path = tmp_path / "output" / "news" / "archive.db"
    umask = os.umask(0)
    try:
        with Archive.open(path) as archive:
            crawl(archive, begin(archive), "china", "a")
            made = [path.parent, path.parent.parent, *path.parent.iterdir()]
            modes = {entry.name: entry.stat().st_mode & 0o777 for entry in made}
    finally:
        os.umask(umask)
    assert "archive.db-wal" in modes
    assert {mode & 0o022 for mode in modes.values()} == {0}


def test_H121_a_draft_that_is_there_already_is_not_written_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscrawl.archive.database.secrets.token_hex", lambda _: "guessed")
    outside = path.parent / "victim"
    outside.write_text("mine")
    (path.parent / ".archive.db.guessed").symlink_to(outside)
    with pytest.raises(ArchiveError):
        Archive.open(path)
    assert outside.read_text() == "mine"


def test_H118_a_full_disk_stops_with_our_error_and_loses_nothing(stored: Path) -> None:
    with Archive.open(stored) as archive:
        pages = archive._database.value("PRAGMA page_count")
        archive._database.execute(f"PRAGMA max_page_count = {pages}")
        run = begin(archive)
        archive.discover(run, SOURCE, "china", [found("b")], NOON)
        with pytest.raises(ArchiveError, match="full"):
            archive.store(run, "china", identity("b").url_hash, article("b", "长" * 100_000))
        assert archive.counts(run) == {"china": {Outcome.PENDING: 1}}
    with Archive.open(stored) as archive:
        assert [read.article.title for read in archive.articles()] == ["标题 a"]


def test_a_file_locked_by_another_process_is_our_error(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ("PRAGMA busy_timeout = 1", *database._SETTINGS[1:])
    monkeypatch.setattr(database, "_SETTINGS", settings)
    with closing(sqlite3.connect(stored, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="locked"):
            Archive.open(stored)
        with Archive.open(stored, read_only=True) as reader:
            assert len(list(reader.articles())) == 1


def test_an_older_schema_is_migrated_in_order(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = (
        ("ALTER TABLE runs ADD COLUMN host TEXT",),
        ("UPDATE runs SET host = 'here'", "CREATE INDEX runs_host ON runs (host)"),
    )
    monkeypatch.setattr(database, "MIGRATIONS", (*schema.MIGRATIONS, *added))
    with refused(stored, "is old", read_only=True):
        pass
    Archive.open(stored).close()
    assert query(stored, "SELECT host FROM runs") == [("here",)]
    assert query(stored, "PRAGMA user_version") == [(len(schema.MIGRATIONS) + 2,)]


def test_a_migration_that_fails_changes_nothing(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ("ALTER TABLE runs ADD COLUMN host TEXT", "UPDATE nowhere SET x = 1")
    monkeypatch.setattr(database, "MIGRATIONS", (*schema.MIGRATIONS, broken))
    with pytest.raises(ArchiveError, match="nowhere"):
        Archive.open(stored)
    monkeypatch.undo()
    with Archive.open(stored) as archive:
        assert len(list(archive.articles())) == 1


def test_H116_a_kill_while_the_file_is_made_leaves_none(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(database, "migrate", killed)
    with pytest.raises(KeyboardInterrupt):
        Archive.open(path)
    assert not path.exists()
    monkeypatch.undo()
    Archive.open(path).close()


def test_H116_the_draft_of_a_killed_one_is_removed_and_nothing_else(path: Path) -> None:
    draft = path.with_name(".archive.db.0123456789abcdef")
    companions = [path.with_name(f"{draft.name}-{end}") for end in ("journal", "wal", "shm")]
    others = [path.with_name(name) for name in ("archive.db.rebuild", ".archive.db.mine")]
    for each in (draft, *companions, *others):
        each.write_bytes(b"half")
    Archive.open(path).close()
    assert not any(each.exists() for each in (draft, *companions))
    for each in others:
        assert each.read_bytes() == b"half"


def test_of_two_that_name_the_file_at_once_the_first_ones_is_not_replaced(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = disk.name_new

    def slow(draft: Path, path: Path) -> None:
        monkeypatch.setattr(database, "name_new", real)
        with Archive.open(path) as winner:
            begin(winner)
        real(draft, path)

    monkeypatch.setattr(database, "name_new", slow)
    with Archive.open(path) as archive:
        assert begin(archive) == 2


def test_of_two_that_make_the_file_at_once_the_second_takes_the_first_ones(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = database.migrate

    def slow(draft: database.Database) -> None:
        monkeypatch.setattr(database, "migrate", real)
        with Archive.open(path) as winner:
            begin(winner)
        real(draft)

    monkeypatch.setattr(database, "migrate", slow)
    with Archive.open(path) as archive:
        assert begin(archive) == 2


def test_runs_are_recorded(archive: Archive, path: Path) -> None:
    run = archive.begin_run(SOURCE, {"sections": ["china"], "limit": 20}, NOON)
    archive.end_run(run, finished_at=datetime(2026, 9, 28, 5, tzinfo=UTC), exit_code=3, error="x")
    assert query(
        path, "SELECT run, asked, started_at, finished_at, exit_code, error FROM runs"
    ) == [
        (
            1,
            '{"sections": ["china"], "limit": 20}',
            "2026-09-28T04:00:00.000000Z",
            "2026-09-28T05:00:00.000000Z",
            3,
            "x",
        )
    ]


def test_H94_a_large_archive_opens_at_once(path: Path) -> None:
    with Archive.open(path) as archive:
        begin(archive)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " INSERT INTO outcomes (source, section, url_hash, url, state, run, first_seen_at)"
            " SELECT 'example', 'china', randomblob(32), 'https://news.example.com/' || i,"
            " 'new', 1, '2026-09-28T04:00:00.000000Z' FROM n"
        )
    started = time.monotonic()
    with Archive.open(path) as archive:
        run = begin(archive)
        assert list(archive.resume(run, SOURCE, None, attempts=5)) == []
        archive.discover(run, SOURCE, "stock", [found(f"a{n}") for n in range(50)], NOON)
    assert time.monotonic() - started < 2
