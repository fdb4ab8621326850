"""What the files of the raw record tell of their runs, so that a rebuild knows what was asked."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.warc_reader import read_run
from newscrawl.config import Config
from newscrawl.listings import Entry
from newscrawl.operations.ingest import IngestRequest, run_ingest
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.operations.conftest import ARTICLES, SEED
from tests.operations.foreign_files import Response, after, write
from tests.operations.test_rebuild import (
    delete,
    export,
    posts,
    rebuild,
    scramble,
    told,
    verify,
)

pytestmark = pytest.mark.slow

DAY = "2026-11-20"
"""Of the pages in files of other tools: before any crawl of these tests."""


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    """A site whose articles are of four days."""
    with ReplicaProcess(articles=ARTICLES, seed=SEED, interval=6000) as process:
        yield process


def crawl(replica: ReplicaProcess, output: Path, *options: str) -> None:
    """Crawl one source as a user does."""
    command = [sys.executable, "-m", "newscrawl", "crawl", "sina_finance", *options,
               "--via", replica.url, "--output", str(output)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def get(replica: ReplicaProcess, url: str) -> bytes:
    parts = urlsplit(url)
    with closing(HTTPConnection(urlsplit(replica.url).netloc)) as connection:
        connection.request(
            "GET", f"{parts.path}?{parts.query}".rstrip("?"), headers={"Host": parts.netloc}
        )
        return connection.getresponse().read()


def days(output: Path) -> list[str]:
    """Return the days in Shanghai on which articles were published, in their order."""
    with Archive.open(output / "archive.db", read_only=True) as archive:
        times = (each.article.published_at for each in archive.articles())
        return sorted({f"{time:%Y-%m-%d}" for time in times if time})


# ---- options of a run ------------------------------------------------------------------


@pytest.mark.parametrize("damage", [delete, scramble])
def test_a_run_with_a_limit_is_not_made_to_have_found_more(
    tmp_path: Path, replica: ReplicaProcess, damage: Callable[[Path], None]
) -> None:
    crawl(replica, tmp_path, "--limit", "1")
    before = told(tmp_path)
    assert 0 < len(before["articles"]) < len(stored_at(replica))
    damage(tmp_path / "archive.db")
    rebuild(tmp_path)
    assert told(tmp_path) == before
    assert export(tmp_path) == 0
    assert verify(tmp_path) == []


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_nor_is_one_that_wanted_some_days_only(
    tmp_path: Path, replica: ReplicaProcess, option: str
) -> None:
    crawl(replica, tmp_path / "all")
    middle = days(tmp_path / "all")[len(days(tmp_path / "all")) // 2]
    some = tmp_path / "some"
    crawl(replica, some, option, middle)
    before = told(some)
    assert 0 < len(before["articles"]) < len(told(tmp_path / "all")["articles"])
    delete(some / "archive.db")
    rebuild(some)
    assert told(some) == before


def test_a_run_is_one_run_however_many_files_it_has(
    tmp_path: Path, replica: ReplicaProcess
) -> None:
    (tmp_path / "newscrawl.toml").write_text("[raw]\nmax_file = 20000\n")
    crawl(replica, tmp_path, "--limit", "9", "--config", str(tmp_path / "newscrawl.toml"))
    before = told(tmp_path)
    files = list(tmp_path.glob("warc/*.warc.gz"))
    assert len(files) >= 3
    delete(tmp_path / "archive.db")
    rebuild(tmp_path)
    assert told(tmp_path) == before
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        (run,) = archive.overview.runs("sina_finance")
    assert run.asked["limit"] == 9
    assert run.asked["rebuilt"] is True
    assert run.finished_at is not None


def test_a_file_whose_first_record_is_broken_is_a_run_of_its_own(
    tmp_path: Path, replica: ReplicaProcess
) -> None:
    crawl(replica, tmp_path)
    before = told(tmp_path)
    (path,) = tmp_path.glob("warc/*.warc.gz")
    content = bytearray(path.read_bytes())
    content[40:60] = bytes(20)
    path.write_bytes(content)
    delete(tmp_path / "archive.db")
    report = rebuild(tmp_path)
    assert report.raw.damaged == {path.name: 1}
    assert told(tmp_path)["articles"] == before["articles"]
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        (run,) = archive.overview.runs("sina_finance")
    assert run.asked == {"rebuilt": True}


# ---- captures of other tools -----------------------------------------------------------


def stored_at(replica: ReplicaProcess) -> list[str]:
    """Return the addresses of a source's articles, the oldest last."""
    return [
        each["url"] for each in replica.expected()
        if each["outcome"] == "stored" and each["source"] == "sina_finance"
    ]  # fmt: skip


def pages(replica: ReplicaProcess, number: int) -> list[Response]:
    """Return article pages, the oldest first, captured one minute after the other."""
    urls = [url for url in reversed(stored_at(replica)) if re.search(r"/doc-\w+\.shtml", url)]
    assert len(urls) >= number
    return [
        Response(url, get(replica, url), date=after(f"{DAY}T08:00:00Z", minutes=minute))
        for minute, url in enumerate(urls[:number])
    ]


def listing(replica: ReplicaProcess, *, of_rows: bool) -> Response:
    """Return the first page of a listing: one whose rows are articles, or one of addresses."""
    spider = spiders()["sina_finance"]
    wanted = {section.id for section in spider.sections.values() if section.flash is of_rows}
    section = spider.sections[min(wanted)]
    url = spider.listing_request(section, None).url
    return Response(
        url, get(replica, url), headers=(("Content-Type", "application/json"),),
        date=f"{DAY}T07:00:00Z",
    )  # fmt: skip


def ingest(output: Path, *files: Path) -> dict[str, int]:
    config = Config().with_directory(output)
    return dict(run_ingest(IngestRequest(config, files, tuple(spiders()))).counts)


def check(output: Path) -> None:
    """Lose the archive, make it anew, and find everything as it was."""
    before, standing = told(output), posts(output)
    delete(output / "archive.db")
    report = rebuild(output)
    assert told(output) == before
    assert (report.from_raw, report.from_posts) == (len(before["articles"]), 0)
    assert export(output) == 0
    assert posts(output) == standing
    assert verify(output) == []


def test_pages_that_were_taken_in_come_back(tmp_path: Path, replica: ReplicaProcess) -> None:
    file = write(tmp_path / "other.warc.gz", pages(replica, 4))
    assert ingest(tmp_path / "output", file) == {"new": 4}
    shutil.move(file, tmp_path / "gone")
    check(tmp_path / "output")


def test_a_listing_that_was_taken_in_makes_nothing_pending(
    tmp_path: Path, replica: ReplicaProcess
) -> None:
    output = tmp_path / "output"
    both = [listing(replica, of_rows=True), listing(replica, of_rows=False)]
    assert ingest(output, write(tmp_path / "lists.warc.gz", both)) == {"listing": 2}
    assert told(output)["articles"]
    assert not told(output)["walks"]
    check(output)


def test_what_a_crawl_and_an_ingest_brought_comes_back_in_its_order(
    tmp_path: Path, replica: ReplicaProcess
) -> None:
    """The pages are older than the crawl that came before them, and one is read anew after it."""
    output = tmp_path / "output"
    crawl(replica, output, "--limit", "1")
    found = pages(replica, 6)
    newer = replace(
        found[0],
        body=found[0].body.replace("。".encode(), "，更正。".encode()),
        date=after(f"{DAY}T08:00:00Z", days=4000),
    )
    file = write(tmp_path / "other.warc.gz", [*found, listing(replica, of_rows=True), found[1]])
    counts = ingest(output, file)
    assert counts["new"] >= 2
    ingest(output, write(tmp_path / "future.warc.gz", [newer]))
    crawl(replica, output, "--limit", "4")
    check(output)


def test_the_same_article_under_another_address_comes_back_too(
    tmp_path: Path, replica: ReplicaProcess
) -> None:
    """A page that turns out to be a stored article is kept, since it tells another name of it."""
    output = tmp_path / "output"
    source = spiders()["eastmoney"]
    expected = next(each for each in replica.expected() if each["aliases"])
    urls = [
        source.article_requests(Entry(url))[0].url
        for url in (expected["url"], *expected["aliases"])
    ]
    records = [
        Response(
            url, get(replica, url), headers=(("Content-Type", "application/json"),),
            date=after(f"{DAY}T08:00:00Z", hours=hours),
        )
        for hours, url in enumerate(urls)
    ]  # fmt: skip
    file = write(tmp_path / "same.warc.gz", records)
    assert ingest(output, file) == {"new": 1, "duplicate": 1}
    before = told(output)
    assert (len(before["aliases"]), len(before["captures"])) == (1, 2)
    assert ingest(output, file) == {"unchanged": 2}
    assert told(output) == before
    check(output)


def test_a_file_does_not_tell_where_the_captures_lay(
    tmp_path: Path, replica: ReplicaProcess
) -> None:
    file = write(tmp_path / "secret place.warc.gz", pages(replica, 1))
    ingest(tmp_path / "output", file)
    (kept,) = (tmp_path / "output/warc").iterdir()
    with kept.open("rb") as stream:
        run = read_run(stream)
    assert run is not None
    assert (run.source, run.part, dict(run.asked)) == ("sina_finance", 1, {"command": "ingest"})
