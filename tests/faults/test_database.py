"""A database that is broken, empty, newer or gone: the whole story, by the command line."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.exit_codes import ExitCode
from tests.faults.comparing import differences, faults, kept
from tests.faults.crawls import Crawls

pytestmark = pytest.mark.slow


def configured(output: Path) -> Path:
    """Return a configuration that says what the options of the crawl say."""
    path = output.parent / "newscrawl.toml"
    path.write_text('[output]\nimages = "local"\ndialects = ["jekyll", "jsonl"]\n')
    return path


def corrupt(archive: Path) -> None:
    """Overwrite pages in the middle, where the articles are."""
    content = bytearray(archive.read_bytes())
    middle = len(content) // 8192 * 4096
    content[4096:middle] = b"\xa5" * (middle - 4096)
    archive.write_bytes(content)


def empty(archive: Path) -> None:
    archive.write_bytes(b"")


def no_database(archive: Path) -> None:
    archive.write_bytes(b"not a database " * 1000)


def truncated(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 3])


def newer(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as database:
        database.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("damage", [corrupt, empty, no_database, truncated, newer])
def test_H123_a_broken_archive_is_refused_and_rebuild_brings_it_back(
    first: Crawls, output: Path, damage: Callable[[Path], None]
) -> None:
    shutil.copytree(first.undisturbed, output)
    archive = output / "archive.db"
    damage(archive)
    damaged = archive.read_bytes()
    with first.lane() as zygote:
        refused = first.crawl(zygote, output)
        assert refused.code == ExitCode.STORAGE, refused
        told = refused.said + refused.errors
        assert str(archive) in told
        assert "newscrawl rebuild" in told
        assert "Traceback" not in told
        assert archive.read_bytes() == damaged, "it was not touched"
        force = ["--force"] if damage is newer else []
        rebuilt = zygote.run("rebuild", *force, "--config", configured(output), "--output", output)
        assert rebuilt.code == 0, rebuilt
        assert (output / "archive.db.broken-1").read_bytes() == damaged
        first.finish(zygote, output, damage)


def test_H124_a_deleted_archive_is_made_of_pages_and_posts_and_nothing_is_fetched_again(
    first: Crawls, output: Path
) -> None:
    shutil.copytree(first.undisturbed, output)
    for left in output.glob("archive.db*"):
        left.unlink()
    with first.lane() as zygote:
        rebuilt = zygote.run("rebuild", "--config", configured(output), "--output", output)
        assert rebuilt.code == 0, rebuilt
        found = differences(first.end, kept(output))
        assert set(found) <= {"images", "article_images"}, "pictures are no part of the raw record"
        first.finish(zygote, output, "deleted")


def test_H124_a_crawl_without_the_archive_does_not_hide_what_is_there(
    first: Crawls, output: Path
) -> None:
    """Whoever crawls before they rebuild is told of it, and can still rebuild."""
    shutil.copytree(first.undisturbed, output)
    for left in output.glob("archive.db*"):
        left.unlink()
    with first.lane() as zygote:
        ended = first.crawl(zygote, output)
        assert ended.code == 0, ended
        assert "newscrawl rebuild" in ended.errors
        rebuilt = zygote.run(
            "rebuild", "--force", "--config", configured(output), "--output", output
        )
        assert rebuilt.code == 0, rebuilt
        first.finish(zygote, output, "crawled before it was rebuilt")
        assert not faults(output)
