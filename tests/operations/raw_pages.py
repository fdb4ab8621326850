"""A crawl of the replica with its raw record, for the commands that read it."""

import shutil
import subprocess
import sys
from pathlib import Path

from newscrawl.archive import Archive, ArticleFilter, StoredArticle
from newscrawl.config import Config
from newscrawl.replica.process import ReplicaProcess


def crawl(output: Path, *, articles: int = 200, seed: str = "raw") -> None:
    """Crawl every default section of the replica into a folder."""
    with ReplicaProcess(articles=articles, seed=seed) as replica:
        command = [sys.executable, "-m", "newscrawl", "crawl", "--via", replica.url]
        done = subprocess.run(
            [*command, "--output", str(output)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr


def copied(crawled: Path, to: Path) -> Config:
    """Return the configuration of a copy that a test may change."""
    shutil.copytree(crawled, to)
    return Config().with_directory(to)


def stored(config: Config, source: str | None = None) -> list[StoredArticle]:
    """Return all articles of an archive."""
    with Archive.open(config.directory / "archive.db", read_only=True) as archive:
        return list(archive.articles(ArticleFilter(source=source)))


def posts(config: Config) -> dict[str, bytes]:
    """Return every post by its path."""
    folders = (config.directory / "jekyll/_posts", config.directory / "hexo/source/_posts")
    return {
        str(path.relative_to(config.directory)): path.read_bytes()
        for folder in folders
        for path in sorted(folder.glob("*.*"))
    }
