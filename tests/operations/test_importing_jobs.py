"""Posts that several processes read: the same archive, and nothing left of them."""

import os
import signal
import subprocess
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from newscrawl.config import Config
from newscrawl.operations import importing, workers
from newscrawl.operations.importing import ImportReport, ImportRequest, run_import
from tests.importing import documents
from tests.importing.documents import put
from tests.operations.processes import end, end_without_another, start, workers_of
from tests.operations.test_importing_killed import remove, stored, write_site

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
POSTS = 600
"""Twice as many files."""


class Clock:
    """A clock that stands: an archive says when its runs began and ended."""

    @staticmethod
    def now(zone: tzinfo) -> datetime:
        return NOW.astimezone(zone)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Posts of both forms, and among them what is no post, of which one cannot be opened."""
    folder = write_site(tmp_path / "site", 90)
    for n in range(0, 90, 17):
        put(folder, f"jekyll/_posts/2022-01-22-2022012200{n:08d}a.md", documents.hexo(date="none"))
    (folder / "jekyll" / "link.md").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "hexo" / "pipe.md")
    return folder


def take(archive: Path, site: Path, jobs: int, **how: Any) -> ImportReport:
    return run_import(ImportRequest(Config(), archive, [site], jobs=jobs, **how))


@pytest.mark.parametrize("verbatim", [False, True])
def test_any_number_of_processes_makes_the_same_archive(
    tmp_path: Path, site: Path, verbatim: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte: posts are stored in the order of their files, whoever has read them."""
    monkeypatch.setattr(importing, "datetime", Clock)
    monkeypatch.setattr(importing, "_WORTH", 0)
    monkeypatch.setattr(importing, "_BATCH", 25)  # neither is a multiple of the other
    monkeypatch.setattr(importing, "_SPAN", 7)
    archive = tmp_path / "archive.db"
    made, reports = [], []
    for jobs in (1, 2, 3):
        remove(archive)
        report = take(archive, site, jobs, verbatim=verbatim)
        again = take(archive, site, jobs, verbatim=verbatim)
        assert (again.new, again.known) == (0, report.new + report.known)
        made.append(archive.read_bytes())
        reports.append((report.files, report.new, report.known, report.broken))
    assert reports[0] == reports[1] == reports[2]
    files, new, known, broken = reports[0]
    assert files == new + known + len(broken) == 188
    assert (new, len(broken)) == (150, 8)
    assert made[0] == made[1] == made[2]


def test_readers_have_more_to_do_than_a_batch_while_one_is_stored() -> None:
    ahead = importing.READERS * workers.AHEAD * importing._SPAN
    assert ahead >= importing._BATCH + importing.READERS * importing._SPAN


def test_a_dry_run_of_several_processes_counts_the_same(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_WORTH", 0)
    archive = tmp_path / "archive.db"
    expected = take(tmp_path / "other.db", site, 1)
    for _ in range(2):
        report = take(archive, site, 2, dry_run=True)
        assert (report.new, report.known) == (expected.new, expected.known)
        assert report.broken == expected.broken
        assert not archive.exists()


@pytest.mark.parametrize(("worth", "expected"), [(188, 2), (189, 1)])
def test_few_documents_are_read_in_this_process(
    tmp_path: Path, site: Path, worth: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = workers_of(importing, monkeypatch)
    monkeypatch.setattr(importing, "_WORTH", worth)
    assert take(tmp_path / "archive.db", site, 2).files == 188
    assert begun == [expected]


def begin(archive: Path, site: Path) -> "subprocess.Popen[str]":
    return start("import", "--archive", str(archive), str(site), "--jobs", "2", processes=3)


def is_as_undisturbed(tmp_path: Path, site: Path, archive: Path) -> bool:
    """Whether another import ends what one that was disturbed has begun."""
    report = take(archive, site, 1)
    expected = take(tmp_path / "undisturbed.db", site, 1)
    assert report.files == report.new + report.known == expected.files
    return stored(archive) == stored(tmp_path / "undisturbed.db")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_H125_ended_by_a_signal_it_leaves_no_process_and_the_next_run_does_the_rest(
    tmp_path: Path, number: signal.Signals
) -> None:
    site, archive = write_site(tmp_path / "site", POSTS), tmp_path / "archive.db"
    end(begin(archive, site), number)
    assert is_as_undisturbed(tmp_path, site, archive)


@pytest.mark.slow
def test_H116_a_reader_that_is_killed_ends_the_import_and_the_next_run_does_the_rest(
    tmp_path: Path,
) -> None:
    site, archive = write_site(tmp_path / "site", POSTS), tmp_path / "archive.db"
    end_without_another(begin(archive, site))
    assert is_as_undisturbed(tmp_path, site, archive)
