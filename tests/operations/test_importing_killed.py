"""An import that is killed at any moment and started again ends as an undisturbed one (H116)."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.database import Database
from newscrawl.config import Config
from newscrawl.operations import importing
from newscrawl.operations.importing import ImportRequest, run_import
from tests.importing import documents
from tests.importing.documents import CORE, put

POSTS = 600
KILLS = 8
SEED = 1161

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL"),
]

TABLES = {
    "articles": "*",
    "revisions": "hex(url_hash), number, stored_at, title, content_hash, article",
    "aliases": "*",
    "outcomes": "id, source, section, hex(url_hash), url, state, reason, attempts, first_seen_at,"
    " ended_at, entry",
    "placements": "*",
    "documents": "*",
    "slugs": "*",
    "counters": "*",
}
"""All that an import stores, without the numbers of its runs."""


def write_site(folder: Path, posts: int) -> Path:
    """Write posts of both forms: some are one article twice, some tell no identity."""
    for n in range(posts):
        code = f"2022012200{n:08d}"
        link = f"<http://finance.eastmoney.com/news/1355,{code}.html>"
        time = f"2022-01-22 {n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d} +0800"
        post = documents.flash(title=f'"第{n}篇"', date=time, link=link)
        put(folder, f"jekyll/_posts/2022-01-22-{code}.md", post)
        if n % 3 == 0:  # its other form
            other = documents.hexo(title=f"'第{n}篇'", date=time, body="<p>　　示例正文。</p>")
            put(folder, f"hexo/source/_posts/2022-01-22-{code}.md", other)
        elif n % 3 == 1:
            other = documents.hexo(title=f"'新浪第{n}篇'", date=time)
            put(folder, f"hexo/source/_posts/2022-01-22-sina-{CORE[:-6]}{n:06d}.md", other)
        else:
            other = documents.hexo(title=f"'无名第{n}篇'", date=time)
            put(folder, f"hexo/source/_posts/post {n}.md", other)
    return folder


def stored(archive: Path) -> dict[str, list[Any]]:
    """Return the rows of every table; check that the file is whole and its counts balance."""
    with closing(sqlite3.connect(archive)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        new = "SELECT sum(n) FROM run_counts WHERE outcome = 'new'"
        articles = "SELECT nullif(count(*), 0) FROM articles"
        assert database.execute(new).fetchone() == database.execute(articles).fetchone()
        return {
            table: sorted(database.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in TABLES.items()
        }


def remove(archive: Path) -> None:
    for file in archive.parent.glob(f"{archive.name}*"):
        file.unlink()


@pytest.mark.parametrize("verbatim", [False, True])
def test_H116_an_import_killed_between_any_two_statements_ends_the_same(
    tmp_path: Path, verbatim: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = write_site(tmp_path / "site", 4)
    monkeypatch.setattr(importing, "_BATCH", 3)
    empty, archive = tmp_path / "empty.db", tmp_path / "archive.db"
    Archive.open(empty).close()

    def take() -> None:
        run_import(ImportRequest(Config(), archive, [site], verbatim=verbatim))

    def take_until(statement: int) -> None:
        """Import in a process that ends itself before a statement."""
        left = iter(range(statement))
        real = Database.execute

        def counted(*arguments: Any) -> sqlite3.Cursor:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)

        monkeypatch.setattr(Database, "execute", counted)
        take()

    shutil.copy(empty, archive)
    take()
    expected = stored(archive)
    assert len(expected["articles"]) == 6
    statement, killed = 0, True
    while killed:
        remove(archive)
        shutil.copy(empty, archive)
        child = os.fork()
        if not child:
            try:
                take_until(statement)
            finally:
                os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        stored(archive)
        take()
        assert stored(archive) == expected, f"killed before statement {statement}"
        statement += 1
    assert statement > 60


def test_H116_newscrawl_import_killed_at_random_moments_ends_the_same(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", POSTS)
    archive, undisturbed = tmp_path / "archive.db", tmp_path / "undisturbed.db"

    def start(into: Path) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "newscrawl", "import", "--archive", str(into), str(site)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_for_batch(child: "subprocess.Popen[bytes]", articles: int) -> None:
        """Return when more is stored than before, or when it has ended."""
        while child.poll() is None:
            if archive.exists():
                with closing(sqlite3.connect(f"{archive.as_uri()}?mode=ro", uri=True)) as database:
                    if database.execute("SELECT count(*) FROM articles").fetchone()[0] > articles:
                        return

    assert start(undisturbed).wait() == 0
    chance = random.Random(SEED)
    ends, sizes = [], [0]
    for kill in range(KILLS):
        child = start(archive)
        after = chance.uniform(0, 0.8)
        if kill % 2 == 0:  # the first, which else may be done before it is killed
            wait_for_batch(child, sizes[-1])
            after = 0.0
        try:
            child.wait(timeout=after)
        except subprocess.TimeoutExpired:
            child.kill()
        ends.append(child.wait())
        sizes.append(len(stored(archive)["articles"]) if archive.exists() else 0)
    assert ends.count(-signal.SIGKILL) > 1
    assert sizes == sorted(sizes)
    assert start(archive).wait() == 0
    expected = stored(undisturbed)
    assert any(0 < size < len(expected["articles"]) for size in sizes)
    assert stored(archive) == expected
    assert start(archive).wait() == 0
    assert stored(archive) == expected
