"""Reprints: fingerprints made in processes, groups over sources, what repair leaves of them."""

import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks import generated
from benchmarks.generated import Shape
from newscrawl.archive import Archive
from newscrawl.archive import fingerprints as archived
from newscrawl.archive.fingerprints import Made
from newscrawl.config import Config
from newscrawl.operations import similar
from newscrawl.operations.rebuild import RebuildRequest, run_rebuild
from newscrawl.operations.remove import run_remove
from newscrawl.operations.similar import (
    Wanted,
    all_reprints,
    make_fingerprints,
    reprints_of,
)
from newscrawl.operations.verify import VerifyRequest, run_verify
from tests.operations.test_remove import configured, request

from ..archive.builders import NOON, article, begin, found, identity
from ..archive.test_fingerprints import text

MADE = "SELECT hex(url_hash), value FROM fingerprints ORDER BY 1"


def rows(path: Path, sql: str = MADE) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def store(
    archive: Archive, name: str, words: str, at: datetime = NOON, source: str = "example"
) -> None:
    """Store an article of a source."""
    run = archive.begin_run(source, {}, NOON)
    archive.discover(run, source, "china", [found(name)], NOON)
    read = replace(article(name, words), source=source, published_at=at)
    archive.store(run, "china", identity(name).url_hash, read)


def with_reprints(path: Path) -> Archive:
    """Return an archive of two stories, one reprinted three times and one twice, and others."""
    archive = Archive.open(path)
    story, other = text("story"), text("other")
    store(archive, "late", f"{story}（完）", NOON + timedelta(hours=5), "second")
    store(archive, "first", story, NOON)
    store(archive, "next", story.replace("，", " ，", 1), NOON + timedelta(hours=1), "third")
    store(archive, "alone", text("alone"), NOON + timedelta(days=1))
    store(archive, "two", other, NOON + timedelta(days=2))
    store(
        archive,
        "again",
        f"本报记者远山报道，{other}更多消息，请看下一版。",
        NOON + timedelta(days=3),
    )
    store(archive, "flash", "沪指涨1.2%。", NOON)
    store(archive, "flash2", "沪指涨1.2%。", NOON)
    make_fingerprints(archive, path)
    return archive


def names(groups: list[list[archived.Near]]) -> list[list[str]]:
    return [[each.title.removeprefix("标题 ") for each in group] for group in groups]


class TestGroups:
    """Reprints of the whole archive."""

    def test_the_largest_group_is_first_and_in_it_the_earliest(self, path: Path) -> None:
        with with_reprints(path) as archive:
            groups = all_reprints(archive, Wanted())
        assert names(groups) == [["first", "next", "late"], ["two", "again"]]
        assert [each.distance for each in groups[0]][:2] == [0, 0]
        assert 0 < groups[0][2].distance <= 8

    def test_or_the_newest(self, path: Path) -> None:
        with with_reprints(path) as archive:
            assert names(all_reprints(archive, Wanted(newest=True, limit=1))) == [["two", "again"]]

    def test_of_some_days(self, path: Path) -> None:
        with with_reprints(path) as archive:
            since = Wanted(since=NOON + timedelta(hours=1))
            assert names(all_reprints(archive, since)) == [["two", "again"], ["next", "late"]]
            until = Wanted(until=NOON + timedelta(hours=2))
            assert names(all_reprints(archive, until)) == [["first", "next"]]

    def test_that_hold_an_article_of_a_source(self, path: Path) -> None:
        with with_reprints(path) as archive:
            assert names(all_reprints(archive, Wanted(source="third"))) == [
                ["first", "next", "late"]
            ]
            assert all_reprints(archive, Wanted(source="fourth")) == []

    def test_within_a_radius(self, path: Path) -> None:
        with with_reprints(path) as archive:
            assert names(all_reprints(archive, Wanted(radius=0))) == [["first", "next"]]

    def test_progress_is_told_of_both_steps(self, path: Path) -> None:
        told: list[tuple[str, int, int]] = []
        with with_reprints(path) as archive:
            store(archive, "more", text("more"))
            make_fingerprints(archive, path, 1, lambda *each: told.append(each))
            all_reprints(archive, Wanted(), lambda *each: told.append(each))
        assert told[0] == ("fingerprints", 1, 1)
        assert told[-1] == ("comparing", 3, 3)


class TestOne:
    """What is near to one article."""

    def test_by_any_of_its_names(self, path: Path) -> None:
        with with_reprints(path) as archive:
            hashed = reprints_of(archive, identity("late").url_hash[:10], Config())
            assert hashed.near is not None
            assert names([hashed.near]) == [["first", "next", "late"]]
            assert [each.distance for each in hashed.near][2] == 0

    def test_what_cannot_be_compared(self, path: Path) -> None:
        with with_reprints(path) as archive:
            unknown = reprints_of(archive, "https://news.example.com/nobody", Config())
            assert (unknown.url_hash, unknown.stored, unknown.near) == (None, False, None)
            short = reprints_of(archive, identity("flash").url_hash, Config())
            assert (short.stored, short.near) == (True, None)
            archive.discover(begin(archive), "example", "china", [found("listed")], NOON)
            listed = reprints_of(archive, identity("listed").url_hash, Config())
            assert (listed.url_hash, listed.stored) == (identity("listed").url_hash, False)


class TestMaking:
    """In as many processes as there are, and never half."""

    @pytest.fixture
    def large(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """An archive that is worth several processes."""
        generated.make(path, Shape(1_200))
        monkeypatch.setattr(similar, "_ALONE", 1_000)
        monkeypatch.setattr(archived, "SPAN", 100)
        return path

    def test_two_processes_make_what_one_makes(self, large: Path, tmp_path: Path) -> None:
        with Archive.open(large) as archive:
            assert make_fingerprints(archive, large, 2) == 1_200
        generated.make(tmp_path / "other.db", Shape(1_200))
        with Archive.open(tmp_path / "other.db") as archive:
            assert make_fingerprints(archive, tmp_path / "other.db", 1) == 1_200
        assert rows(large) == rows(tmp_path / "other.db")
        assert len(rows(large)) == 1_200

    def test_H116_what_was_kept_before_an_interrupt_is_whole(
        self, large: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = archived.Fingerprints.keep

        def interrupted(self: archived.Fingerprints, made: Made) -> None:
            if made.upto > 500:
                raise KeyboardInterrupt
            kept(self, made)

        with Archive.open(large) as archive:
            with monkeypatch.context() as patch:
                patch.setattr(archived.Fingerprints, "keep", interrupted)
                with pytest.raises(KeyboardInterrupt):
                    make_fingerprints(archive, large, 2)
            assert len(rows(large)) == 500
            assert make_fingerprints(archive, large, 2) == 700

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
    def test_H116_a_kill_in_the_middle_of_a_span_leaves_whole_spans(self, large: Path) -> None:
        child = os.fork()
        if not child:
            try:
                killed_at(350, large)
            finally:
                os._exit(1)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        assert len(rows(large)) == 300
        assert rows(large, "SELECT value FROM counters WHERE name = 'fingerprinted'") == [(300,)]
        with Archive.open(large) as archive:
            assert make_fingerprints(archive, large) == 900


def killed_at(row: int, path: Path) -> None:
    """Make fingerprints until so many rows are written, some of them not committed."""
    with Archive.open(path) as archive:
        written = 0

        def trace(sql: str) -> None:
            nonlocal written
            written += "INSERT INTO fingerprints" in sql
            if written == row:
                os.kill(os.getpid(), signal.SIGKILL)

        archive._database.connection.set_trace_callback(trace)
        make_fingerprints(archive, path)


@pytest.mark.slow
class TestRepair:
    """A crawled folder, looked over, cut and rebuilt."""

    @staticmethod
    def make(output: Path) -> None:
        with Archive.open(output / "archive.db") as archive:
            make_fingerprints(archive, output / "archive.db")

    def test_nothing_is_wrong_with_an_archive_that_has_them(self, kept: Path) -> None:
        self.make(kept)
        assert rows(kept / "archive.db")
        looked = run_verify(VerifyRequest(configured(kept), kept / "archive.db"))
        assert list(looked) == []

    def test_an_article_that_is_taken_down_takes_its_own_along(self, kept: Path) -> None:
        self.make(kept)
        before = rows(kept / "archive.db")
        with Archive.open(kept / "archive.db") as archive:
            hashed = str(before[0][0]).lower()
            stored = archive.article(hashed)
            assert stored is not None
            assert archive.fingerprints.near_to(hashed, 0)
        run_remove(request(kept, stored.article.url or ""))
        assert rows(kept / "archive.db") == before[1:]

    def test_a_rebuild_leaves_them_to_whoever_asks(self, kept: Path) -> None:
        self.make(kept)
        before = rows(kept / "archive.db")
        run_rebuild(RebuildRequest(configured(kept), kept / "archive.db", force=True))
        assert rows(kept / "archive.db") == []
        self.make(kept)
        assert rows(kept / "archive.db") == before
