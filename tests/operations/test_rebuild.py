"""A lost archive made anew: the same articles, names, addresses and posts as before."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArchiveError, ArticleFilter
from newscrawl.archive.lock import Lock, LockedError
from newscrawl.archive.salvage import Condition
from newscrawl.config import Config, Output
from newscrawl.exit_codes import ExitCode
from newscrawl.operations import replay_files
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.rebuild import (
    NotNeededError,
    RebuildReport,
    RebuildRequest,
    run_rebuild,
)
from newscrawl.operations.remove import run_remove
from newscrawl.operations.verify import VerifyRequest, run_verify
from newscrawl.replica.process import ReplicaProcess
from tests.operations.conftest import ARTICLES, SEED, crawl
from tests.operations.test_remove import configured, places, request, victim

pytestmark = pytest.mark.slow

TOLD = {
    "articles": "hex(url_hash), identity, source, url, title, published_at, updated_at, media,"
    " author, editor, content_hash, revision, fetched_at",
    "revisions": "hex(url_hash), number, title, content_hash, article, stored_at",
    "aliases": "hex(url_hash), hex(article), url",
    "slugs": "name, slug, folded",
    "outcomes": "source, section, hex(url_hash), url, state, reason, attempts",
    "captures": "source, section, hex(article), url, status, fetched_at, hex(digest), offset,"
    " length, payload IS NULL",
    "warc_files": "name, source, bytes",
    "walks": "source, section",
    "totals": "source, section, state, n",
    "article_totals": "source, n",
}
"""Everything but numbers of rows and runs, and times that only the archive knew."""


def told(output: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what the archive says."""
    with closing(sqlite3.connect(output / "archive.db")) as database:
        return {
            table: sorted(map(tuple, database.execute(f"SELECT {columns} FROM {table}")), key=repr)
            for table, columns in TOLD.items()
        }


def posts(output: Path) -> dict[str, bytes]:
    files = [*output.rglob("*.md"), *output.rglob("*.html"), *output.rglob("*.jsonl")]
    return {str(path.relative_to(output)): path.read_bytes() for path in files}


def files(output: Path) -> dict[Path, bytes]:
    """Return every file but the locks, which say who held them last."""
    return {
        path: path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def rebuild(output: Path, **options: object) -> RebuildReport:
    return run_rebuild(
        RebuildRequest(configured(output), output / "archive.db", **options)  # type: ignore[arg-type]
    )


def export(output: Path, *dialects: str) -> int:
    """Export everything and return how many posts were written."""
    folders = {name: output / name for name in dialects or ("jekyll", "hexo")}
    counts = run_export(
        ExportRequest(configured(output), output / "archive.db", folders, ArticleFilter())
    )
    return sum(each.written + each.pages for each in counts.values())


def verify(output: Path) -> list[str]:
    config = Config(output=Output(directory=str(output)))
    found = run_verify(VerifyRequest(config, output / "archive.db"))
    return [f"{each.where}: {each.what}" for each in found]


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def scramble(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(30, len(content) // 4096, 5):
        content[page * 4096 : page * 4096 + 256] = b"\xa5" * 256
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [delete, empty, truncate, scramble, flip])
def test_H124_what_was_lost_is_as_it_was(kept: Path, damage: Callable[[Path], None]) -> None:
    before, standing = told(kept), posts(kept)
    damage(kept / "archive.db")
    report = rebuild(kept)
    assert report.condition is (Condition.MISSING if damage is delete else Condition.BROKEN)
    assert told(kept) == before
    assert export(kept) == 0
    assert posts(kept) == standing
    assert verify(kept) == []


def test_the_next_crawl_takes_nothing_twice(kept: Path) -> None:
    before, standing = told(kept), posts(kept)
    delete(kept / "archive.db")
    rebuild(kept)
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        replica.advance(articles=6, corrections=6)
        asked = replica.stats()
        crawl(replica.url, kept)
        assert asked is not None
    after = told(kept)
    assert after["articles"] == before["articles"]
    assert after["revisions"] == before["revisions"]
    assert posts(kept) == standing


def test_what_is_new_after_a_rebuild_becomes_a_post(kept: Path) -> None:
    delete(kept / "archive.db")
    rebuild(kept)
    export(kept)
    before = posts(kept)
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        replica.advance(articles=16, corrections=6)
        crawl(replica.url, kept)
    fresh = posts(kept).keys() - before.keys()
    with Archive.open(kept / "archive.db", read_only=True) as archive:
        stored = sum(1 for _ in archive.articles())
    assert len([path for path in fresh if "jekyll/_posts" in path]) >= 5
    assert len([path for path in posts(kept) if "jekyll/_posts" in path]) == stored


def test_the_old_file_is_kept_and_never_changed(kept: Path) -> None:
    for number, damage in enumerate((truncate, scramble), 1):
        damage(kept / "archive.db")
        broken = (kept / "archive.db").read_bytes()
        report = rebuild(kept)
        assert report.aside == kept / f"archive.db.broken-{number}"
        assert report.aside.read_bytes() == broken
    assert sorted(path.name for path in kept.glob("archive.db*")) == [
        "archive.db",
        "archive.db.broken-1",
        "archive.db.broken-2",
    ]


def test_a_sound_archive_is_left_alone_without_force(kept: Path) -> None:
    before = told(kept)
    with pytest.raises(NotNeededError) as refused:
        rebuild(kept)
    assert refused.value.condition is Condition.SOUND
    report = rebuild(kept, force=True)
    assert report.aside is not None
    assert told(kept) == before


def test_a_newer_archive_is_left_alone_without_force(kept: Path) -> None:
    before = told(kept)
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        database.execute("PRAGMA user_version = 999")
    with pytest.raises(ArchiveError, match="rebuild --force"):
        Archive.open(kept / "archive.db")
    with pytest.raises(NotNeededError) as refused:
        rebuild(kept)
    assert refused.value.condition is Condition.NEWER
    rebuild(kept, force=True)
    assert told(kept) == before


@pytest.mark.parametrize("damage", [empty, scramble])
def test_the_message_about_a_broken_archive_names_the_way_out(
    kept: Path, damage: Callable[[Path], None]
) -> None:
    damage(kept / "archive.db")
    with pytest.raises(ArchiveError, match="newscrawl rebuild"):
        Archive.open(kept / "archive.db")


def test_runs_of_an_archive_that_can_be_read_keep_their_numbers(kept: Path) -> None:
    runs = "SELECT run, source, asked, started_at, finished_at, exit_code FROM runs ORDER BY run"
    counts = "SELECT * FROM run_counts WHERE n > 0 ORDER BY run, section, outcome"
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        before = [database.execute(sql).fetchall() for sql in (runs, counts)]
    rebuild(kept, force=True)
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        assert [database.execute(sql).fetchall() for sql in (runs, counts)] == before


@pytest.mark.parametrize("lost", ["archive", "archive and tombstones"])
def test_what_was_taken_down_stays_away(kept: Path, lost: str) -> None:
    gone = victim(kept)
    listed = shutil.copytree(kept / "warc", kept.parent / "warc")
    run_remove(request(kept, gone.article.url or ""))
    shutil.rmtree(kept / "warc")
    shutil.copytree(listed, kept / "warc")  # as a backup would bring it back
    if lost == "archive":
        delete(kept / "archive.db")
    else:
        (kept / "removed.jsonl").unlink()
    report = rebuild(kept, force=True)
    assert report.removals == 1
    with Archive.open(kept / "archive.db", read_only=True) as archive:
        assert archive.article(gone.article.url_hash or "") is None
    assert any("its page is in the raw record" in each for each in verify(kept))
    run_remove(request(kept, gone.article.url or ""))
    export(kept)
    assert verify(kept) == []
    assert {path for path in places(kept, gone.phrases) if "broken" not in path} == set()


def test_without_a_raw_record_posts_are_enough(kept: Path) -> None:
    before, standing = told(kept), posts(kept)
    shutil.rmtree(kept / "warc")
    delete(kept / "archive.db")
    report = rebuild(kept)
    assert (report.from_raw, report.from_posts) == (0, len(before["articles"]))
    after = told(kept)
    assert [row[:2] for row in after["articles"]] == [row[:2] for row in before["articles"]]
    assert after["slugs"] == before["slugs"]
    assert export(kept) == 0
    assert posts(kept) == standing


def test_lines_of_jsonl_are_articles_too(kept: Path) -> None:
    export(kept, "jsonl")
    before, standing = told(kept), posts(kept)
    for name in ("warc", "jekyll", "hexo"):
        shutil.rmtree(kept / name)
    delete(kept / "archive.db")
    report = rebuild(kept)
    assert report.from_posts == len(before["articles"])
    assert export(kept, "jsonl") == 0
    assert {path: text for path, text in standing.items() if "jsonl" in path} == posts(kept)


def test_what_only_the_old_archive_has_is_taken_over(kept: Path) -> None:
    before = told(kept)
    for name in ("warc", "jekyll", "hexo"):
        shutil.rmtree(kept / name)
    report = rebuild(kept, force=True)
    assert report.from_old == len(before["articles"])
    strip = [row[:-2] for row in before["articles"]]
    assert [row[:-2] for row in told(kept)["articles"]] == strip
    assert told(kept)["slugs"] == before["slugs"]


def test_a_damaged_record_costs_no_other(kept: Path) -> None:
    before = told(kept)
    path = min(kept.glob("warc/*.warc.gz"))
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        offset, length = database.execute(
            "SELECT offset, length FROM captures WHERE file = 1 ORDER BY offset LIMIT 1 OFFSET 9"
        ).fetchone()
    content = bytearray(path.read_bytes())
    content[offset + length // 3] ^= 0x55
    path.write_bytes(content)
    delete(kept / "archive.db")
    report = rebuild(kept)
    assert report.raw.damaged == {path.name: 1}
    assert report.exit_code is ExitCode.LOOK
    assert len(told(kept)["captures"]) == len(before["captures"]) - 1
    assert len(told(kept)["articles"]) == len(before["articles"])  # of its post, if not of a page


def test_the_half_record_of_a_killed_run_is_left_for_the_next_crawl(kept: Path) -> None:
    path = max(kept.glob("warc/*sina*.warc.gz"))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    delete(kept / "archive.db")
    assert rebuild(kept).raw.damaged == {}
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        (bytes_, closed_at) = database.execute(
            "SELECT bytes, closed_at FROM warc_files WHERE name = ?", (path.name,)
        ).fetchone()
    assert (bytes_, closed_at) == (len(whole), None)


def test_a_dry_run_counts_and_changes_nothing(kept: Path) -> None:
    truncate(kept / "archive.db")
    before = files(kept)
    planned = rebuild(kept, dry_run=True)
    assert files(kept) == before
    done = rebuild(kept)
    assert (done.articles, done.raw.captures) == (planned.articles, planned.raw.captures)


def test_a_locked_source_is_left_alone(kept: Path) -> None:
    delete(kept / "archive.db")
    with Lock.of(kept, "eastmoney"), pytest.raises(LockedError):
        rebuild(kept)
    assert not (kept / "archive.db").exists()


def test_nothing_to_rebuild_from_leaves_everything(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"")
    assert rebuild(tmp_path).exit_code is ExitCode.NOTHING_MATCHED
    assert (tmp_path / "archive.db").read_bytes() == b""
    assert [path.name for path in tmp_path.glob("archive*")] == ["archive.db"]


def test_a_run_that_took_only_some_is_not_made_to_have_found_more(tmp_path: Path) -> None:
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        command = [sys.executable, "-m", "newscrawl", "crawl", "sina_finance", "--limit", "3",
                   "--via", replica.url, "--output", str(tmp_path)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    before = told(tmp_path)
    rebuild(tmp_path, force=True)
    assert told(tmp_path) == before


@pytest.mark.parametrize("delay", [0.6, 0.8, 1.0, 1.2, 1.4, 1.6])
def test_H116_killed_at_any_moment_and_run_again_it_ends_the_same(kept: Path, delay: float) -> None:
    before = told(kept)
    truncate(kept / "archive.db")
    command = [sys.executable, "-m", "newscrawl", "rebuild", "--output", str(kept), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or "sound" in done.stderr
        if done.stdout:
            assert json.loads(done.stdout)["old"] == "broken"
    assert told(kept) == before
    assert [path.name for path in kept.glob("archive.db.rebuild*")] == []


def test_any_number_of_processes_makes_the_same_archive(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte: pages are taken in in the order of the files, whoever has read them."""
    monkeypatch.setattr(replay_files, "_SPAN", 30_000)
    made, old = [], (kept / "archive.db").read_bytes()
    for jobs in (1, 2, 3):
        (kept / "archive.db").write_bytes(old)  # else changes are numbered by the time
        report = rebuild(kept, jobs=jobs, force=True)
        made.append((kept / "archive.db").read_bytes())
        assert report.raw.captures > 50
    assert made[0] == made[1] == made[2]
