"""Pictures fetched for real: from the stand-ins, traps included, and never from inside."""

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.images import ImageState
from newscrawl.exit_codes import ExitCode
from newscrawl.items import Image
from newscrawl.replica.pictures import trap_of
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import Command, article, command, tree
from tests.hostile.server import HostileServer

__all__ = ["command"]  # a fixture of the command's own tests

ADDRESS = "https://finance.sina.com.cn/roll/2026-09-28/doc-inaaaaaa0000001.shtml"
NOON = datetime(2026, 9, 28, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
FOLDERS = ("jekyll/images", "hexo/source/images")
POSTS = ("jekyll/_posts", "hexo/source/_posts")
WANTED = {
    "": "stored ",
    "inner": "refused redirect_unsafe",
    "page": "refused not_a_picture",
    "drawing": "refused not_a_picture",
    "huge": "refused too_many_points",
    "tracker": "refused tracker",
    "cut": "refused broken_picture",
    "gone": "refused http_404",
}
"""Trap of the stand-ins -> what must become of the picture."""


def archived(folder: Path, *urls: str) -> None:
    """Make an archive of one article of 新浪财经 that shows these pictures."""
    made = article(1, ADDRESS, NOON)
    made.images = [Image(url) for url in urls]
    with Archive.open(folder / "archive.db") as archive:
        run = archive.begin_run("sina_finance", {}, NOON)
        archive.store(run, "china", made.url_hash or "", made)


def ends(folder: Path) -> dict[str, str]:
    """Return ``state reason`` of every picture by its address."""
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        rows = database.execute("SELECT url, state, reason FROM images")
        return {url: f"{state} {reason}" for url, state, reason in rows}


def test_H32_an_inner_address_gets_no_byte_of_ours(command: Command, tmp_path: Path) -> None:
    with HostileServer() as server:
        unsafe = {
            f"{server.url}/ok": "refused unsafe_url",
            "https://127.0.0.1/a.jpg": "refused address_refused",
            "http://169.254.169.254/latest/a.jpg": "refused address_refused",
            "https://[::1]/a.jpg": "refused address_refused",
        }
        archived(tmp_path / "output", *unsafe, "file:///etc/passwd")
        done = command("pictures", "sina_finance", "--json")
        assert done.returncode == ExitCode.OK, done.stderr
        assert not server.seen
    assert ends(tmp_path / "output") == unsafe
    assert json.loads(done.stdout)["images"] == {
        "refused (address_refused)": 3,
        "refused (unsafe_url)": 1,
    }


def test_H133_a_dry_run_says_what_is_missing_and_writes_nothing(
    command: Command, tmp_path: Path
) -> None:
    archived(tmp_path / "output", "https://n.sinaimg.cn/a.png", "https://n.sinaimg.cn/b.png")
    before = tree(tmp_path)
    done = command("pictures", "--dry-run")
    assert done.returncode == ExitCode.OK, done.stderr
    assert done.stdout.splitlines() == [
        "n.sinaimg.cn  2",
        "2 pictures of 1 articles would be asked for; none was",
    ]
    assert tree(tmp_path) == before
    assert not (tmp_path / "output" / "images").exists()


def test_without_an_archive_there_is_nothing_to_fetch(command: Command, tmp_path: Path) -> None:
    assert command("pictures").returncode == ExitCode.NOTHING_MATCHED
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(articles=400, seed="pictures") as process:
        yield process


def honest(number: int) -> list[str]:
    """Return addresses of pictures that are no traps."""
    paths = (f"/finance/replica/{name}.jpg" for name in range(1000))
    chosen = [path for path in paths if not trap_of(path)][:number]
    return [f"https://n.sinaimg.cn{path}" for path in chosen]


def test_H118_a_store_that_cannot_be_written_ends_the_run_and_loses_nothing(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    urls = honest(2)
    archived(tmp_path / "output", *urls)
    (tmp_path / "output" / "images").write_text("in the way", "utf-8")
    failed = command("pictures", "sina_finance", "--via", replica.url)
    assert failed.returncode == ExitCode.STORAGE
    assert "storage" in failed.stdout
    assert set(ends(tmp_path / "output").values()) == {"pending "}
    (tmp_path / "output" / "images").unlink()
    assert command("pictures", "sina_finance", "--via", replica.url).returncode == ExitCode.OK
    assert set(ends(tmp_path / "output").values()) == {"stored "}


def test_a_picture_that_could_not_be_had_is_tried_by_the_next_crawl(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    (url,) = honest(1)
    archived(tmp_path / "output", url)
    with Archive.open(tmp_path / "output" / "archive.db") as archive:
        key = spiders()["sina_finance"].identify(ADDRESS).url_hash
        archive.images.claim(key, [url])
        archive.images.ended(url, 1, NOON, ImageState.FAILED, "timeout")
    asked = ("crawl", "sina_finance", "--section", "china", "--limit", "1", "--images", "local")
    done = command(*asked, "--via", replica.url)
    assert done.returncode == ExitCode.OK, done.stderr
    assert ends(tmp_path / "output")[url] == "stored "


@pytest.fixture(scope="module")
def crawled(
    replica: ReplicaProcess, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """A crawl of both stand-ins with local pictures: its folder, report, and who was asked."""
    output = tmp_path_factory.mktemp("pictures")
    report = crawl(replica, output)
    return output, report, replica.stats()["hosts"]


@pytest.mark.slow
def test_every_picture_ends_as_its_trap_says(crawled: Any) -> None:
    output, report, hosts = crawled
    found = ends(output)
    assert {trap_of(urlsplit(url).path) for url in found} == WANTED.keys()
    for url, end in found.items():
        assert end == WANTED[trap_of(urlsplit(url).path)], url
    assert sum(report["images"].values()) == len(found)
    assert not any("hotlink" in host["kinds"] for host in hosts.values())


@pytest.mark.slow
def test_H99_H10_only_pictures_are_stored_under_the_hash_of_their_content(crawled: Any) -> None:
    output, _, _ = crawled
    files = [file for file in (output / "images").rglob("*") if file.is_file()]
    assert Counter(file.suffix for file in files).keys() <= {".jpg", ".png"}
    for file in files:
        assert file.stem == hashlib.sha256(file.read_bytes()).hexdigest()
        assert file.parent.name == file.stem[:2]
    for folder in FOLDERS:
        assert tree(output / folder) == tree(output / "images")


@pytest.mark.slow
@pytest.mark.parametrize("folder", POSTS)
def test_posts_show_what_is_stored_and_leave_the_rest_where_it_is(
    crawled: Any, folder: str
) -> None:
    output, _, _ = crawled
    text = "\n".join(path.read_text("utf-8") for path in (output / folder).iterdir())
    for file in (output / "images").rglob("*.jpg"):
        assert f'src="/images/{file.parent.name}/{file.name}"' in text
    for url, end in ends(output).items():
        assert (f'src="{url}"' in text) == (not end.startswith("stored")), url


@pytest.mark.slow
def test_a_second_crawl_asks_for_no_picture_and_writes_nothing(
    crawled: Any, replica: ReplicaProcess
) -> None:
    output, _, _ = crawled
    before, asked = tree(output / "hexo"), pictures_asked(replica)
    again = crawl(replica, output)
    assert again["images"] == {}
    assert pictures_asked(replica) == asked
    assert all(posts["written"] == 0 for posts in again["posts"].values())
    manifests = {name for name in before if name.startswith(".newscrawl")}
    after = tree(output / "hexo")
    assert {n: h for n, h in after.items() if n not in manifests} == {
        n: h for n, h in before.items() if n not in manifests
    }


def crawl(replica: ReplicaProcess, output: Path) -> dict[str, Any]:
    """Crawl the default sections with local pictures; return the report."""
    command = [sys.executable, "-m", "newscrawl", "crawl", "--via", replica.url, "--json"]
    done = subprocess.run(
        [*command, "--images", "local", "--output", str(output)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == ExitCode.OK, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def pictures_asked(replica: ReplicaProcess) -> int:
    """Return how many pictures, traps included, the stand-ins were asked for."""
    kinds = sum((Counter(host["kinds"]) for host in replica.stats()["hosts"].values()), Counter())
    return kinds["image"] + kinds["trap"]
