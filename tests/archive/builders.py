"""Listings and articles as short as a test can state them."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.archive import Archive, Found
from newscrawl.identity.identities import Identity
from newscrawl.items import Article, Image
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

NOON = datetime(2026, 9, 28, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
SOURCE = "example"
SCHEMAS = Path(__file__).parent / "schemas"
"""What newscrawl of each earlier version of the schema wrote: ``N.sql``."""


def later(minutes: float) -> datetime:
    """Return a time after noon."""
    return NOON + timedelta(minutes=minutes)


def identity(name: str) -> Identity:
    """Return the identity of the article called ``name``."""
    return Identity(f"ex:{name}", f"https://news.example.com/{name}")


def found(name: str, *aliases: str, **entry: Any) -> Found:
    """Return a listing row that shows the article ``name``."""
    url = f"http://stock.example.com/x/{name}.html"
    return Found(Entry(url, **entry), identity(name), tuple(identity(a) for a in aliases))


def article(name: str, text: str = "正文。", **fields: Any) -> Article:
    """Return what a page of the article ``name`` says."""
    body = f"<p>{text}</p>"
    known = Article(
        source=SOURCE,
        section="china",
        identity=identity(name).key,
        url=identity(name).url,
        url_hash=identity(name).url_hash,
        title=f"标题 {name}",
        published_at=NOON,
        media="示例报",
        body_html=body,
        body_text=text,
        content_hash=hashlib.sha256(body.encode()).hexdigest(),
        images=[Image("https://img.example.com/a.jpg", "图")],
        fetched_at=later(1),
    )
    return replace(known, **fields)


def begin(archive: Archive) -> int:
    """Begin a run."""
    return archive.begin_run(SOURCE, {"sections": ["china"]}, NOON)


def crawl(archive: Archive, run: int, section: str, *names: str) -> list[Outcome]:
    """Crawl one listing page whose articles all can be read."""
    page = archive.discover(run, SOURCE, section, [found(name) for name in names], NOON)
    by_hash = {identity(name).url_hash: name for name in names}
    return [
        archive.store(run, work.section, work.url_hash, article(by_hash[work.url_hash]))
        for work in page.fetch
    ]


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask the file as a person would, with any SQLite client."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def old_archive(path: Path, version: int) -> Path:
    """Make an archive as newscrawl of an earlier version of the schema left it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / f"{version}.sql").read_text(encoding="utf-8"))
    return path
