"""What a power loss could take: nothing is told of before it is on the disk."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.export import Exporter
from tests.export.builders import CONFIG, PLACE
from tests.export.folders import put
from tests.faults.boundaries import Passage, Plan
from tests.faults.crawls import Crawls, Scenario, passages
from tests.faults.order import followed

WARC = "warc/a.warc.gz"
IN_ORDER = [
    Passage("mkdir", "warc"),
    Passage("fsync", "."),
    Passage("open", WARC),
    Passage("write", WARC),
    Passage("fsync", WARC),
    Passage("fsync", "warc"),
    Passage("commit", "archive.db", tables=("insert captures",)),
    Passage("fsync", "archive.db-wal"),
    Passage("mkdir", "jekyll"),
    Passage("fsync", "."),
    Passage("open", "jekyll/.newscrawl-tmp-1"),
    Passage("write", "jekyll/.newscrawl-tmp-1"),
    Passage("fsync", "jekyll/.newscrawl-tmp-1"),
    Passage("rename", "jekyll/.newscrawl-tmp-1", "jekyll/a.md"),
    Passage("fsync", "jekyll"),
    Passage("commit", "jekyll/.newscrawl-posts.db", tables=("insert files",)),
]


@pytest.mark.parametrize(
    "left_out", [number for number, each in enumerate(IN_ORDER) if each.call == "fsync"]
)
def test_the_check_fails_without_any_one_of_the_syncs(left_out: int) -> None:
    assert followed(IN_ORDER).wrong == []
    assert followed(IN_ORDER[:left_out] + IN_ORDER[left_out + 1 :]).wrong


def test_the_check_fails_for_a_sync_that_comes_too_late() -> None:
    synced = IN_ORDER.pop(4)
    assert followed([*IN_ORDER, synced]).wrong
    IN_ORDER.insert(4, synced)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["eastmoney", "sina_finance"])
@pytest.mark.parametrize("scenario", ["first", "second"])
def test_H117_power_loss_every_file_is_on_the_disk_before_anything_tells_of_it(
    scenario: str, source: str, output: Path, request: pytest.FixtureRequest
) -> None:
    crawls: Crawls = request.getfixturevalue(scenario)
    record = output.parent / "passages"
    with crawls.lane() as zygote, crawls.prepared() as folder:
        ended = zygote.run(
            "crawl", source, "--via", crawls.via, "--output", folder, *Scenario.of(source),
            plan=Plan(str(folder), record=str(record)),
        )  # fmt: skip
    assert ended.code == 0, ended.errors
    disk = followed(passages(record))
    assert not disk.wrong, "\n".join(dict.fromkeys(disk.wrong))
    # Pages as their file is begun and finished; posts of two dialects, claimed and confirmed.
    assert disk.told >= (2 if scenario == "second" else 6)


@pytest.mark.slow
@pytest.mark.parametrize("most", ["one", "all"])
def test_H117_power_loss_no_file_of_pages_goes_before_the_index_of_it(
    first: Crawls, output: Path, most: str
) -> None:
    """Of one article its pages are cut out of their file; of all, the files are to go."""
    shutil.copytree(first.undisturbed, output)
    record = output.parent / "passages"
    plan = Plan(str(output), record=str(record))
    with first.lane() as zygote:
        if most == "one":
            with closing(sqlite3.connect(output / "archive.db")) as archive:
                (url,) = archive.execute("SELECT url FROM articles LIMIT 1").fetchone()
            ended = zygote.run("remove", url, "--reason", "test", "--output", output, plan=plan)
        else:
            config = output.parent / "newscrawl.toml"
            config.write_text("[raw]\nmax_total = 1\n")
            options = ("--via", first.via, "--output", output, "--section", "macro", "--full")
            ended = zygote.run("crawl", *options, "--config", config, plan=plan)
    assert ended.code == 0, ended
    passed = passages(record)
    assert any(each.call == "unlink" and each.kind == "warc" for each in passed)
    wrong = [each for each in followed(passed).wrong if "went before" in each]
    assert not wrong
    synced = [each for each in passed if each.path != "archive.db-wal"]
    assert followed(synced).wrong, "and the check would have seen it"


def test_H117_power_loss_commits_that_it_takes_back_are_exported_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log of the archive goes back to its last sync, the posts stand as they are."""
    path, out = tmp_path / "archive.db", tmp_path / "jekyll"
    wal = Path(f"{path}-wal")
    synced = 0
    real = os.fsync

    def fsync(file: int) -> None:
        nonlocal synced
        real(file)
        if wal.exists() and wal.stat().st_ino == os.fstat(file).st_ino:
            synced = wal.stat().st_size

    def export(archive: Archive) -> None:
        with Exporter(archive, "jekyll", out, place=lambda _: PLACE, config=CONFIG) as posts:
            posts.write(posts.changed(ArticleFilter()))

    monkeypatch.setattr(os, "fsync", fsync)
    with Archive.open(path) as archive:
        put(archive, identity="sina:before")
        export(archive)
    with Archive.open(path) as archive:
        put(archive, identity="sina:last")
        export(archive)
        log = wal.read_bytes()[:synced]  # what is on the disk when the power goes
        database = path.read_bytes()
    path.write_bytes(database)
    wal.write_bytes(log)
    with Archive.open(path) as archive:
        put(archive, identity="sina:next")
        export(archive)
        stored = {each.article.identity for each in archive.articles()}
    with closing(sqlite3.connect(out / ".newscrawl-posts.db")) as manifest:
        posts = manifest.execute("SELECT count(*) FROM files WHERE post_id IS NOT NULL")
        assert posts.fetchone() == (3,), "every article has its post"
    assert stored == {"sina:before", "sina:last", "sina:next"}
