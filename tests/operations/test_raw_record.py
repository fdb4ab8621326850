"""The raw record of whole crawls: every article can be read again from it, to the letter."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.pages import page_of_capture
from newscrawl.archive.raw import read
from newscrawl.archive.warc_reader import read_kept
from newscrawl.exit_codes import ExitCode
from newscrawl.items import Article
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.archive.exchanges import by_fastwarc, warcio_check

ROOT = Path(__file__).parents[2]
ARTICLES = 80
ADOPTED = {"identity", "section", "url_hash", "aliases"}
"""Fields that an article has from where it was listed, and not from its page."""
FULL_DISK = """
import errno, os, sys
real, left = os.write, [int(sys.argv.pop(1))]
def write(file, data):
    if len(data) > 1000:
        left[0] -= 1
        if left[0] < 0:
            real(file, data[:500])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return real(file, data)
os.write = write
from newscrawl.cli import main
main()
"""
"""The command on a disk that takes so many records, and half of the next one."""


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(articles=ARTICLES, seed="raw") as process:
        yield process


def crawl(replica: ReplicaProcess, output: Path, *options: str) -> None:
    """Crawl both sources' default sections to the end."""
    done = run("-m", "newscrawl", "crawl", "--via", replica.url, "--output", str(output), *options)
    assert done.returncode == 0, done.stderr


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def output(replica: ReplicaProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    crawl(replica, folder)
    return folder


@pytest.fixture(scope="module")
def archive(output: Path) -> Iterator[Archive]:
    with Archive.open(output / "archive.db", read_only=True) as opened:
        yield opened


def with_pages(archive: Archive) -> set[str]:
    """Return the articles whose own page, of the time they bear, is in the raw record."""
    return {
        stored.article.url or ""
        for stored in archive.articles()
        for each in archive.captures.of_article(stored.article.url_hash or "")
        if each.fetched_at == stored.article.fetched_at
    }


def of_page(article: Article) -> dict[str, object]:
    """Return what an article has from its page."""
    return {
        field.name: getattr(article, field.name)
        for field in fields(Article)
        if field.name not in ADOPTED
    }


def test_every_article_is_read_again_from_its_page_to_the_letter(archive: Archive) -> None:
    again = 0
    for stored in archive.articles():
        found = [
            each
            for each in archive.captures.of_article(stored.article.url_hash or "")
            if each.fetched_at == stored.article.fetched_at
        ]
        if not found:  # its text stood in its listing
            continue
        (capture,) = found
        page, entry = page_of_capture(archive, capture), read(archive, capture).purpose.entry
        article = spiders()[capture.source].parse_article(page, entry)
        assert of_page(article) == of_page(stored.article)
        again += 1
    assert again > ARTICLES / 2


def test_the_index_and_the_files_say_the_same(archive: Archive, output: Path) -> None:
    for file in archive.warc_files.all():
        path = output / "warc" / file.name
        assert path.stat().st_size == file.bytes
        assert file.closed_at is not None
        with path.open("rb") as stream:
            kept = list(read_kept(stream))
        indexed = [each for each in archive.captures.between(1, 99_999) if each.file == file.name]
        assert [(each.offset, each.length, each.url) for each in indexed] == [
            (each.offset, each.length, each.exchange.url) for each in kept
        ]


def test_other_tools_find_every_page(archive: Archive, output: Path) -> None:
    files = sorted((output / "warc").iterdir())
    warcio_check(*files)
    records = [record for file in files for record in by_fastwarc(file.read_bytes())]
    responses = {headers["warc-target-uri"] for kind, headers, _ in records if kind == "response"}
    assert responses == {each.url for each in archive.captures.between(1, 99_999)}
    assert all("127.0.0.1" not in url for url in responses)


def test_a_second_crawl_has_files_of_its_own(replica: ReplicaProcess, tmp_path: Path) -> None:
    crawl(replica, tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "warc").iterdir()}
    crawl(replica, tmp_path)
    after = {path: path.read_bytes() for path in (tmp_path / "warc").iterdir()}
    assert len(after) == 2 * len(before)
    assert {path: after[path] for path in before} == before


def test_without_a_raw_record_nothing_of_it_is_written(
    replica: ReplicaProcess, tmp_path: Path
) -> None:
    crawl(replica, tmp_path, "--no-raw")
    assert not (tmp_path / "warc").exists()
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert archive.captures.last() == 0
        assert len(list(archive.articles())) > ARTICLES / 2


def test_scrapy_crawl_can_do_without_it_too(replica: ReplicaProcess, tmp_path: Path) -> None:
    (tmp_path / "newscrawl.toml").write_text(f'[output]\ndirectory = "{tmp_path}/out"\n')
    command = ("-m", "scrapy", "crawl", "sina_finance", "-a", "limit=3", "-a", "section=china")
    for number, expected in (("0", False), ("1", True)):
        done = run(
            *command, "-s", f"NEWSCRAWL_VIA={replica.url}", "-s", f"NEWSCRAWL_RAW={number}",
            NEWSCRAWL_CONFIG=str(tmp_path / "newscrawl.toml"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "out" / "warc").exists() is expected


def test_the_limits_of_the_configuration_are_kept(replica: ReplicaProcess, tmp_path: Path) -> None:
    config = tmp_path / "limits.toml"
    config.write_text("[raw]\nmax_file = 100_000\nmax_total = 200_000\nmax_age = 30\n")
    crawl(replica, tmp_path, "--config", str(config))
    sizes = [path.stat().st_size for path in (tmp_path / "warc").iterdir()]
    assert len(sizes) > 1
    assert sum(sizes) <= 200_000
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert archive.warc_files.size() == sum(sizes)
        for capture in archive.captures.between(1, 99_999):
            assert read(archive, capture).url == capture.url


@pytest.mark.parametrize("records", [0, 1, 25])
def test_H118_a_disk_that_becomes_full_ends_the_run_and_the_next_one_goes_on(
    replica: ReplicaProcess, output: Path, tmp_path: Path, records: int
) -> None:
    broken = run(
        "-c", FULL_DISK, str(records), "crawl", "--via", replica.url, "--output", str(tmp_path)
    )
    assert broken.returncode == ExitCode.STORAGE, broken.stderr
    assert "No space left on device" in broken.stdout + broken.stderr
    assert "Traceback" not in broken.stderr
    for file in (tmp_path / "warc").iterdir():
        with file.open("rb") as stream:
            list(read_kept(stream))  # raises for half a record
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database:
        ends = dict(database.execute("SELECT state, count(*) FROM outcomes GROUP BY state"))
    assert set(ends) <= {"pending", "new", "duplicate", "skipped", "gone"}
    assert records == 0 or ends["pending"]
    crawl(replica, tmp_path)
    with (
        Archive.open(tmp_path / "archive.db") as archive,
        Archive.open(output / "archive.db", read_only=True) as whole,
    ):
        assert {each.article.url: each.article.content_hash for each in archive.articles()} == {
            each.article.url: each.article.content_hash for each in whole.articles()
        }
        assert not any(map(archive.warc_files.opened, spiders()))
        assert with_pages(archive) == with_pages(whole)
    warcio_check(*(tmp_path / "warc").iterdir())
