"""Archives of any size, made by bulk SQL in the state in which a crawl leaves them.

``tests/archive/test_generated.py`` holds a small one against what the archive's own methods
make of the same listings and articles, row by row, so that this cannot drift.
"""

import hashlib
import random
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newscrawl.archive import Archive, Found
from newscrawl.archive.captures import Placed
from newscrawl.archive.codec import to_article, to_time
from newscrawl.archive.database import Database
from newscrawl.archive.schema import MIGRATIONS
from newscrawl.extraction.article import content_hash
from newscrawl.identity.identities import Identity, hash_url
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome

SOURCE, SECTION = "sina_finance", "china"
PAGE = 50
"""Entries of a listing page."""
RUN = 200
"""Entries that one run meets, so that there are as many runs as in years of cron."""
PER_DAY = 2_000
END = datetime(2026, 9, 28, 4, tzinfo=UTC)
"""When the newest article was published."""
LISTING = "https://feed.mix.sina.com.cn/api/roll/get?page={page}"
SKIPPED = "video"
CACHE_KIB = 1_500_000
REPRINTED = 50
"""Every so many-th article reprints the one ten before it, from which it differs by a word."""
_CHANCE = random.Random(1)
_PHRASES = tuple(
    "".join(map(chr, _CHANCE.choices(range(0x4E00, 0x5800), k=22))) for _ in range(4_096)
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What an archive holds. urls: known addresses; every ``stored_every``-th has an article."""

    urls: int
    stored_every: int = 1

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.urls}-urls-{-(-self.urls // self.stored_every)}-articles"

    def is_stored(self, n: int) -> bool:
        """Whether the n-th address has an article; the others are no articles of ours."""
        return n % self.stored_every == 0

    def published(self, n: int) -> datetime:
        """Return when the n-th article was published: the last ones always in the last days."""
        after = (self.urls - 1 - n) // self.stored_every
        return END - timedelta(seconds=after * 86_400 // PER_DAY)


@dataclass(frozen=True, slots=True)
class Visit:
    """One run: its number, its entries, its times."""

    run: int
    entries: range

    @property
    def began(self) -> datetime:
        """When it began."""
        return END + timedelta(minutes=5 * self.run)

    @property
    def ended(self) -> datetime:
        """When it ended."""
        return self.began + timedelta(minutes=1)

    @property
    def pages(self) -> Iterator[range]:
        """Its listing pages."""
        for start in range(self.entries.start, self.entries.stop, PAGE):
            yield range(start, min(start + PAGE, self.entries.stop))

    @property
    def file(self) -> str:
        """Its file of the raw record."""
        return f"newscrawl-{SOURCE}-{self.began:%Y%m%d%H%M%S}-001.warc.gz"


def fingerprint() -> str:
    """Return what tells archives apart that were made another way, or with another schema."""
    made_by = Path(__file__).read_text(encoding="utf-8")
    return hashlib.sha256(f"{MIGRATIONS}{made_by}".encode()).hexdigest()[:8]


def visits(shape: Shape) -> Iterator[Visit]:
    """Yield the runs, the first one first."""
    for run, start in enumerate(range(0, shape.urls, RUN), 1):
        yield Visit(run, range(start, min(start + RUN, shape.urls)))


def address(n: int) -> str:
    """Return the address of the n-th entry, as its listing shows it."""
    return f"https://finance.sina.com.cn/roll/2026-09-28/doc-inaaaaaa{n:08}.shtml"


def found(shape: Shape, n: int) -> Found:
    """Return the n-th entry; each has a second identity, that of a flash."""
    identity = Identity(
        f"sina:naaaaaa{n:08}", f"https://finance.sina.com.cn/doc-inaaaaaa{n:08}.shtml"
    )
    flash = Identity(f"sina:zhibo-{n}", f"https://finance.sina.com.cn/7x24/?id={n}")
    entry = Entry(address(n), skip="" if shape.is_stored(n) else SKIPPED)
    return Found(entry, identity, (flash,))


def text(n: int) -> str:
    """Return the text of the n-th entry: six phrases, which no other but its reprint has."""
    if n % REPRINTED == 10:
        return f"{text(n - 10)}（完）"
    drawn = hashlib.blake2b(n.to_bytes(8, "big"), digest_size=12).digest()
    phrases = (_PHRASES[each % len(_PHRASES)] for each in struct.unpack(">6H", drawn))
    return f"　　{'，'.join(phrases)}。"


def article(shape: Shape, n: int, fetched_at: datetime) -> Article:
    """Return what the page of the n-th entry says."""
    title, said = f"示例标题：第{n}篇，写给测量用", text(n)
    body, identity = f"<p>{said}</p>", found(shape, n).identity
    return Article(
        source=SOURCE,
        section=SECTION,
        identity=identity.key,
        url=address(n),
        url_hash=identity.url_hash,
        title=title,
        published_at=shape.published(n),
        media=f"示例报{n % 60}",
        editor="甲乙",
        body_html=body,
        body_text=said,
        content_hash=content_hash(title, body),
        extractor="sina_finance/finance2017",
        extractor_version=1,
        fetched_at=fetched_at,
    )


def captures(shape: Shape, visit: Visit) -> list[Placed]:
    """Return what the raw record holds of a run: each listing page, then its articles."""
    placed: list[Placed] = []

    def add(url: str, article: str | None) -> None:
        body = hashlib.sha256(f"{url} in run {visit.run}".encode()).hexdigest()
        placed.append(
            Placed(
                offset=500 + 3_000 * len(placed),
                length=3_000,
                source=SOURCE,
                section=SECTION,
                article=article,
                url=url,
                status=200,
                fetched_at=visit.began,
                digest=body,
            )
        )

    for number, page in enumerate(visit.pages, 1):
        add(LISTING.format(page=number), None)
        for n in page:
            if shape.is_stored(n):
                add(address(n), found(shape, n).identity.url_hash)
    return placed


def make(path: Path, shape: Shape) -> None:
    """Make an archive at ``path``; the file has its name only when it is whole."""
    draft = path.with_name("draft.db")
    draft.unlink(missing_ok=True)
    Archive.open(draft).close()
    with closing(Database.open(draft).connection) as connection:
        database = Database(connection, draft)
        for setting in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "foreign_keys = OFF",
            f"cache_size = -{CACHE_KIB}",
        ):
            database.execute(f"PRAGMA {setting}")
        again = _without_indexes(database)
        with database.transaction():
            for visit in visits(shape):
                _load(database, shape, visit)
            _count(database)
            for sql in again:
                database.execute(sql)
        database.execute("PRAGMA journal_mode = WAL")
    draft.replace(path)


def _without_indexes(database: Database) -> list[str]:
    """Take indexes and triggers away and return the statements that make them again."""
    dropped = list(
        database.rows(
            "SELECT type, name, sql FROM sqlite_master"
            " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid"
        )
    )
    for kind, name, _ in dropped:
        database.execute(f"DROP {kind} {name}")
    return [sql for _, _, sql in dropped]


def _load(database: Database, shape: Shape, visit: Visit) -> None:
    began, ended = to_time(visit.began), to_time(visit.ended)
    ends = Counter(Outcome.NEW if shape.is_stored(n) else Outcome.SKIPPED for n in visit.entries)
    _insert(database, "runs", [(visit.run, SOURCE, "{}", began, ended, 0, "")])
    counts = dict(ends)
    if Outcome.NEW in ends:
        counts[Outcome.PENDING] = 0
    _insert(database, "run_counts", [(visit.run, SECTION, end, n) for end, n in counts.items()])
    outcomes, aliases, articles, revisions = [], [], [], []
    sequence = (visit.entries.start + shape.stored_every - 1) // shape.stored_every
    for n in visit.entries:
        item = found(shape, n)
        key = bytes.fromhex(item.identity.url_hash)
        stored = shape.is_stored(n)
        how = (Outcome.NEW, "") if stored else (Outcome.SKIPPED, SKIPPED)
        outcomes.append(
            (n + 1, SOURCE, SECTION, key, address(n), *how, 0, visit.run, began, began, None)
        )
        aliases.append((_digest(item.aliases[0].url), key, item.aliases[0].url))
        if stored:
            sequence += 1
            made = article(shape, n, visit.began)
            aliases.append((_digest(address(n)), key, address(n)))
            articles.append(_article_row(key, made, sequence, began))
            revisions.append(
                (key, 1, visit.run, began, made.title, made.content_hash, to_article(made).decode())
            )
    _insert(database, "outcomes", outcomes)
    _insert(database, "aliases", aliases)
    _insert(database, "articles", articles)
    _insert(database, "revisions", revisions)
    placed = captures(shape, visit)
    size = placed[-1].offset + placed[-1].length
    _insert(
        database, "warc_files", [(visit.run, visit.file, SOURCE, visit.run, began, ended, size)]
    )
    before = database.value("SELECT max(capture) FROM captures") or 0
    _insert(
        database,
        "captures",
        [_capture_row(number, visit.run, each) for number, each in enumerate(placed, before + 1)],
    )


def _article_row(key: bytes, made: Article, sequence: int, at: str) -> tuple[Any, ...]:
    return (
        key,
        made.identity,
        made.source,
        made.url,
        made.title,
        to_time(made.published_at or END),
        None,
        made.media,
        None,
        made.editor,
        made.content_hash,
        1,
        sequence,
        at,
        at,
        None,
    )


def _capture_row(number: int, file: int, placed: Placed) -> tuple[Any, ...]:
    return (
        number,
        file,
        placed.offset,
        placed.length,
        placed.source,
        placed.section,
        bytes.fromhex(placed.article) if placed.article else None,
        _digest(placed.url),
        placed.url,
        placed.status,
        to_time(placed.fetched_at),
        bytes.fromhex(placed.digest),
        None,
    )


def _count(database: Database) -> None:
    """Do what the triggers would have done, and leave the counters as they would be."""
    database.execute(
        "INSERT INTO totals SELECT source, section, state, count(*) FROM outcomes GROUP BY 1, 2, 3"
    )
    database.execute("INSERT OR IGNORE INTO totals VALUES (?, ?, 'pending', 0)", (SOURCE, SECTION))
    database.execute("INSERT INTO article_totals SELECT source, count(*) FROM articles GROUP BY 1")
    database.execute(
        "UPDATE counters SET value = (SELECT count(*) FROM articles) WHERE name = 'sequence'"
    )


def _insert(database: Database, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        database.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _digest(url: str) -> bytes:
    return bytes.fromhex(hash_url(url))
