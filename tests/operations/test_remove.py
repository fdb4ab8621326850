"""Taking an article down: nothing of it is left in any file, and it never comes back."""

import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.archive.image_files import ImageFiles, path_of
from newscrawl.archive.lock import Lock, LockedError
from newscrawl.archive.tombstones import FILE, read_file
from newscrawl.archive.warc_reader import read_exchanges
from newscrawl.cleaning.pictures import check_picture
from newscrawl.config import Config, Output
from newscrawl.items import Article
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.importing import ImportRequest, run_import
from newscrawl.operations.remove import RemoveRequest, UnknownArticleError, run_remove
from newscrawl.operations.verify import VerifyRequest, run_verify
from newscrawl.replica.process import ReplicaProcess
from tests.operations.conftest import ARTICLES, SEED, crawl

pytestmark = pytest.mark.slow


@dataclass
class Victim:
    """An article and what tells it in any file."""

    article: Article
    phrases: tuple[str, ...]


class Stopped(BaseException):
    """Stands for a kill."""


class Stop:
    """Calls a function a few times, and is killed in the place of the next call."""

    def __init__(self, function: Callable[[int], None], after: int) -> None:
        self.function, self.left = function, after

    def __call__(self, descriptor: int) -> None:
        self.left -= 1
        if not self.left:
            raise Stopped
        self.function(descriptor)


def configured(output: Path) -> Config:
    return Config(output=Output(directory=str(output)))


def request(output: Path, *names: str, **options: object) -> RemoveRequest:
    return RemoveRequest(
        configured(output),
        output / "archive.db",
        names,
        "asked for",
        **options,  # type: ignore[arg-type]
    )


def victim(output: Path, where: str = "revision = 2 AND source = 'sina_finance'") -> Victim:
    """Return an article, corrected once unless said otherwise, with phrases of all versions."""
    with closing(sqlite3.connect(output / "archive.db")) as database:
        rows = database.execute(
            "SELECT r.article FROM revisions AS r JOIN articles AS a USING (url_hash)"
            f" WHERE a.url_hash = (SELECT url_hash FROM articles WHERE {where} LIMIT 1)"
            " ORDER BY number DESC"
        ).fetchall()
    versions = [msgspec.json.decode(text, type=Article) for (text,) in rows]
    longest = [max((each.body_text or "").split("\n"), key=len)[:40] for each in versions]
    return Victim(versions[0], (*longest, versions[0].title or ""))


def texts(output: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the bytes of every file, those of the raw record as pages too."""
    for path in sorted(output.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        yield path, content
        if path.name.endswith(".warc.gz"):
            yield path, gzip.decompress(content)
            for exchange in read_exchanges(BytesIO(content)):
                body = exchange.body
                yield path, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def forms(phrase: str) -> set[bytes]:
    """Return a phrase as it may stand in a file."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) > 127 else c for c in phrase)
    return {phrase.encode(), phrase.encode("gb18030"), escaped.encode()}


def places(output: Path, phrases: tuple[str, ...]) -> set[str]:
    """Return the files that any of the phrases stands in."""
    needles = {form for phrase in phrases for form in forms(phrase)}
    return {
        str(path.relative_to(output))
        for path, content in texts(output)
        if any(needle in content for needle in needles)
    }


def test_nothing_of_a_removed_article_is_left_in_any_file(kept: Path) -> None:
    gone = victim(kept)
    before = places(kept, gone.phrases)
    assert any(name.endswith("archive.db") for name in before)
    assert any(name.endswith(".warc.gz") for name in before)
    assert any("_posts" in name for name in before)
    (removed,) = run_remove(request(kept, gone.article.url or ""))
    assert (removed.pages, len(removed.posts)) == (2, 2)
    assert removed.listings >= 1
    assert places(kept, gone.phrases) == set()
    assert list(run_verify(VerifyRequest(configured(kept), kept / "archive.db"))) == []


def test_flash_news_without_a_page_goes_with_its_listing(kept: Path) -> None:
    where = "url_hash NOT IN (SELECT article FROM captures WHERE article IS NOT NULL)"
    gone = victim(kept, f"{where} AND length(title) > 10")
    (removed,) = run_remove(request(kept, gone.article.identity or ""))
    assert removed.pages == 0
    assert removed.listings >= 1
    assert places(kept, gone.phrases) == set()


def test_every_other_article_and_capture_is_as_it_was(kept: Path, once_crawled: Path) -> None:
    gone = victim(kept)
    run_remove(request(kept, gone.article.url or ""))
    with (
        Archive.open(kept / "archive.db", read_only=True) as after,
        Archive.open(once_crawled / "archive.db", read_only=True) as before,
    ):
        left = {each.article.url_hash: each for each in after.articles()}
        had = {each.article.url_hash: each for each in before.articles()}
        assert {**left, gone.article.url_hash: had[gone.article.url_hash]} == had
        stayed = [
            each for each in left.values() if after.captures.of_article(each.article.url_hash or "")
        ]
        assert stayed


def test_it_never_comes_back_by_crawl_import_or_recrawl(kept: Path, tmp_path: Path) -> None:
    gone = victim(kept)
    posts = tmp_path / "posts"
    posts.mkdir()
    for number, path in enumerate(sorted(kept.rglob("_posts/*.md"))):
        if any(phrase in path.read_text("utf-8") for phrase in gone.phrases):
            shutil.copy(path, posts / f"{number}.md")  # the name tells no code
    assert list(posts.iterdir())
    run_remove(request(kept, gone.article.url or ""))
    report = run_import(ImportRequest(configured(kept), kept / "archive.db", [posts]))
    assert (report.new, report.known) == (0, 0)
    assert report.removed == len(list(posts.iterdir()))
    with ReplicaProcess(articles=ARTICLES, seed=SEED) as replica:
        replica.advance(articles=6, corrections=6)
        crawl(replica.url, kept)
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        states = database.execute(
            "SELECT DISTINCT state, reason FROM outcomes WHERE url_hash = ?",
            (bytes.fromhex(gone.article.url_hash or ""),),
        ).fetchall()
        stored = database.execute(
            "SELECT count(*) FROM articles WHERE title = ?", (gone.article.title,)
        ).fetchone()
    assert states == [("skipped", "removed")]
    assert stored == (0,)


def test_posts_that_were_edited_go_too_and_other_posts_stay(kept: Path) -> None:
    gone = victim(kept)
    posts = {path: path.read_bytes() for path in kept.rglob("*.md") if "_posts" in path.parts}
    ours = [path for path in posts if gone.phrases[0].encode() in posts[path]]
    assert len(ours) == 2
    ours[0].write_text("edited by hand", "utf-8")
    run_remove(request(kept, gone.article.url or ""))
    left = {path: path.read_bytes() for path in posts if path.exists()}
    assert left == {path: content for path, content in posts.items() if path not in ours}


def test_a_dry_run_says_the_same_and_changes_nothing(kept: Path) -> None:
    gone = victim(kept)
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    (planned,) = run_remove(request(kept, gone.article.url or "", dry_run=True))
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert run_remove(request(kept, gone.article.url or "")) == [planned]


def test_an_unknown_address_is_refused_unless_it_is_to_be_kept_away(kept: Path) -> None:
    url = "https://finance.sina.com.cn/roll/2026-09-01/doc-izzzzzzz1234567.shtml"
    with pytest.raises(UnknownArticleError):
        run_remove(request(kept, url))
    with pytest.raises(UnknownArticleError):
        run_remove(request(kept, "https://finance.sina.com.cn/", even_unknown=True))
    assert not (kept / FILE).exists()
    (removed,) = run_remove(request(kept, url, even_unknown=True))
    assert not removed.known
    (stone,) = read_file(kept).values()
    assert (stone.url, stone.reason) == (url, "asked for")


def test_a_locked_source_is_left_alone(kept: Path) -> None:
    gone = victim(kept)
    with Lock.of(kept, "eastmoney"), pytest.raises(LockedError):
        run_remove(request(kept, gone.article.url or ""))
    assert not (kept / FILE).exists()


@pytest.mark.parametrize("delay", [0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_H116_killed_at_any_moment_and_run_again_it_ends_the_same(kept: Path, delay: float) -> None:
    gone = victim(kept)
    command = [sys.executable, "-m", "newscrawl", "remove", gone.article.url or "",
               "--reason", "asked for", "--output", str(kept)]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert places(kept, gone.phrases) == set()
    assert list(run_verify(VerifyRequest(configured(kept), kept / "archive.db"))) == []
    assert len(read_file(kept)) == 1


def test_H116_stopped_before_any_write_reaches_the_disk_the_next_one_finishes(
    once_crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = victim(once_crawled)
    stops, finished = 0, False
    while not finished:
        stops += 1
        output = Path(shutil.copytree(once_crawled, tmp_path / str(stops)))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", Stop(os.fsync, stops))
            try:
                run_remove(request(output, gone.article.url or ""))
                finished = True
            except Stopped:
                pass
        run_remove(request(output, gone.article.url or ""))
        assert places(output, gone.phrases) == set(), stops
        assert list(run_verify(VerifyRequest(configured(output), output / "archive.db"))) == []
        shutil.rmtree(output)
    assert stops > 6


def test_lines_of_jsonl_and_older_posts_go_too(kept: Path) -> None:
    gone = victim(kept)
    config = configured(kept)
    folders = {name: kept / name for name in ("jsonl", "hugo", "jekyll")}
    first_days = {"jekyll": date(2030, 1, 1), "hugo": date(2030, 1, 1)}
    run_export(ExportRequest(config, kept / "archive.db", folders, ArticleFilter(), first_days))
    assert {"jsonl", "hugo", "jekyll"} <= {
        each.split("/")[0] for each in places(kept, gone.phrases)
    }
    lines = lines_of(kept / "jsonl")
    (removed,) = run_remove(request(kept, gone.article.url or ""))
    assert len(removed.posts) == 4
    assert places(kept, gone.phrases) == set()
    assert lines_of(kept / "jsonl") == lines - 1


def lines_of(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.jsonl"))


def test_posts_are_found_by_their_names_where_the_manifest_is_lost(kept: Path) -> None:
    gone = victim(kept)
    for manifest in kept.rglob(".newscrawl-posts.db"):
        manifest.unlink()
    (removed,) = run_remove(request(kept, gone.article.url or ""))
    assert len(removed.posts) == 2
    assert places(kept, gone.phrases) == set()


def test_a_picture_that_another_article_shows_stays(kept: Path) -> None:
    gone, other = victim(kept), victim(kept, "revision = 1 AND source = 'eastmoney'")
    shared, own = keep_picture(kept, [gone, other], "red"), keep_picture(kept, [gone], "blue")
    (removed,) = run_remove(request(kept, gone.article.url or ""))
    assert removed.pictures == 1
    assert shared.exists()
    assert not own.exists()
    with closing(sqlite3.connect(kept / "archive.db")) as database:
        assert database.execute("SELECT count(*) FROM images").fetchone() == (1,)


def keep_picture(output: Path, articles: list[Victim], colour: str) -> Path:
    """Put one picture into the archive for several articles and return its file."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, "PNG")
    picture = check_picture(buffer.getvalue())
    url = f"https://n.sinaimg.cn/{colour}.png"
    ImageFiles(output / "images").put(picture, buffer.getvalue())
    with Archive.open(output / "archive.db") as archive:
        for each in articles:
            known = list(archive.images.of_article(each.article.url_hash or ""))
            archive.images.claim(each.article.url_hash or "", [*known, url])
        archive.images.stored(url, 1, datetime.now(UTC), picture)
    return output / "images" / path_of(picture)


def test_a_line_that_a_kill_cut_short_is_no_tombstone(kept: Path) -> None:
    gone = victim(kept)
    (kept / FILE).write_bytes(b'{"article":"ab')
    run_remove(request(kept, gone.article.url or ""))
    (stone,) = read_file(kept).values()
    assert stone.article == gone.article.url_hash
    assert datetime.fromisoformat(stone.removed_at).tzinfo == UTC
