"""An archive with articles, for the commands that read one; and how to run a command."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from newscrawl.archive import Archive, Found
from newscrawl.cli.root import newscrawl
from newscrawl.extraction.article import content_hash
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 1, 10, 9, 30, tzinfo=SHANGHAI)

Run = Callable[..., Result]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder; its output folder is ``output`` there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSCRAWL_CONFIG", raising=False)
    return lambda *arguments: CliRunner().invoke(newscrawl, list(arguments))


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run ``newscrawl`` as a process of its own in an empty folder; a crawl needs one.

    Further environment variables are keyword arguments.
    """

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "newscrawl", *arguments],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    """A replica with a few articles, the same for all tests of a module."""
    with ReplicaProcess(articles=300) as process:
        yield process


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive of three articles of 新浪财经, section china, one a day."""
    path = tmp_path / "output" / "archive.db"
    path.parent.mkdir()
    spider = spiders()["sina_finance"]
    with Archive.open(path) as store:
        run = store.begin_run(spider.name, {}, FIRST)
        for number in range(3):
            when = FIRST + timedelta(days=number)
            url = f"https://finance.sina.com.cn/roll/2026-01-1{number}/doc-inaaaaaa000000{number}.shtml"
            identity = spider.identify(url)
            found = Found(Entry(url), identity, ())
            store.discover(run, spider.name, "china", [found], when)
            store.store(run, "china", identity.url_hash, article(number, url, when))
        store.end_run(run, finished_at=FIRST, exit_code=0)
    return path


def article(number: int, url: str, when: datetime) -> Article:
    """Return one invented article."""
    identity = spiders()["sina_finance"].identify(url)
    title, body = f"远山银行第{number}号公告", f"<p>公告正文{number}。</p>"
    return Article(
        source="sina_finance",
        section="china",
        identity=identity.key,
        url=url,
        url_hash=identity.url_hash,
        title=title,
        published_at=when,
        media="远山证券报",
        body_html=body,
        body_text=f"公告正文{number}。",
        content_hash=content_hash(title, body),
        extractor="sina_finance/test",
        extractor_version=1,
        fetched_at=when,
    )


def tree(folder: Path) -> dict[str, str]:
    """Return a hash of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
