"""Whether the tables of an archive say the same thing, and what they say is true."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from newscrawl.archive.codec import from_article
from newscrawl.archive.database import Database
from newscrawl.archive.findings import REBUILD, Area, Finding, Severity
from newscrawl.archive.known import resolve
from newscrawl.archive.slugs import fold
from newscrawl.archive.tombstones import FILE, all_buried, read_file
from newscrawl.extraction.article import content_hash
from newscrawl.items import Article

Progress = Callable[[str, int, int], None]
"""Called with what is looked at, how much of it was, and how much there is."""
HashOf = Callable[[str, str], str | None]
"""(source, identity) -> the hash that the identity should have, None where nobody can tell."""

_RECOUNT = "newscrawl rebuild --force, or leave it: only what is shown is wrong"
_PENDING = """
SELECT run, section, sum(counted), sum(there) FROM (
    SELECT run, section, n AS counted, 0 AS there FROM run_counts WHERE outcome = 'pending'
    UNION ALL SELECT run, section, 0, count(*) FROM outcomes WHERE state = 'pending'
    GROUP BY run, section
) GROUP BY run, section HAVING sum(counted) <> sum(there) ORDER BY run, section
"""
_TOTALS = """
SELECT source, section, state, sum(counted), sum(there) FROM (
    SELECT source, section, state, n AS counted, 0 AS there FROM totals
    UNION ALL SELECT source, section, state, 0, count(*) FROM outcomes
    GROUP BY source, section, state
) GROUP BY source, section, state HAVING sum(counted) <> sum(there) ORDER BY source, section, state
"""
_ARTICLE_TOTALS = """
SELECT source, sum(counted), sum(there) FROM (
    SELECT source, n AS counted, 0 AS there FROM article_totals
    UNION ALL SELECT source, 0, count(*) FROM articles GROUP BY source
) GROUP BY source HAVING sum(counted) <> sum(there) ORDER BY source
"""
_CHAINS = """
SELECT a.url_hash, a.url FROM aliases AS a
WHERE EXISTS (SELECT 1 FROM aliases AS b WHERE b.url_hash = a.article)
   OR EXISTS (SELECT 1 FROM articles WHERE articles.url_hash = a.url_hash)
"""
_LOOSE = """
SELECT a.url_hash, a.url FROM aliases AS a
WHERE NOT EXISTS (SELECT 1 FROM articles WHERE articles.url_hash = a.article)
  AND NOT EXISTS (SELECT 1 FROM outcomes WHERE outcomes.url_hash = a.article)
  AND NOT EXISTS (SELECT 1 FROM removals WHERE removals.url_hash = a.article)
"""
_NOT_CURRENT = """
SELECT url, revision, newest FROM (
    SELECT a.*, (SELECT max(number) FROM revisions AS n WHERE n.url_hash = a.url_hash) AS newest
    FROM articles AS a
) AS a LEFT JOIN revisions AS r ON r.url_hash = a.url_hash AND r.number = a.revision
WHERE revision IS NOT newest OR r.title IS NOT a.title OR r.content_hash IS NOT a.content_hash
"""
_UNSTORED = """
SELECT o.source, o.section, o.state, o.url FROM outcomes AS o
LEFT JOIN aliases AS a USING (url_hash)
WHERE o.state IN ('new', 'updated', 'unchanged') AND NOT EXISTS
    (SELECT 1 FROM articles WHERE articles.url_hash = coalesce(a.article, o.url_hash))
"""


class Checks:
    """Looks over one archive and changes nothing. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See one state of the archive throughout, whatever a crawl writes meanwhile."""
        self._database.execute("BEGIN")
        try:
            self._database.value("SELECT 1 FROM runs LIMIT 1")  # only now it is taken
            yield
        finally:
            self._database.execute("COMMIT")

    def tables(self, *, quick: bool, hash_of: HashOf, progress: Progress) -> Iterator[Finding]:
        """Yield what is wrong with the tables; ``quick`` reads no text."""
        yield from self._structure(quick=quick)
        yield from self._counts()
        yield from self._names()
        yield from self._current()
        yield from self._identities(hash_of)
        yield from self._removed()
        if not quick:
            yield from self._texts(progress)

    def _structure(self, *, quick: bool) -> Iterator[Finding]:
        check = "quick_check" if quick else "integrity_check"
        for (said,) in self._database.rows(f"PRAGMA {check}"):
            if said != "ok":
                yield _error(Area.DATABASE, "archive.db", said)
        for table, row, parent, _ in self._database.rows("PRAGMA foreign_key_check"):
            yield _error(Area.DATABASE, f"{table} row {row}", f"refers to no row of {parent}")

    def _counts(self) -> Iterator[Finding]:
        rows = self._database.rows
        for run, section, counted, there in rows(_PENDING):
            what = f"{counted} pending are counted, there are {there}"
            yield _warning(Area.COUNTS, f"run {run}, section {section}", what, _RECOUNT)
        for source, section, state, counted, there in rows(_TOTALS):
            what = f"{counted} {state} are counted, there are {there}"
            yield _warning(Area.COUNTS, f"totals of {source} {section}", what, _RECOUNT)
        for source, counted, there in rows(_ARTICLE_TOTALS):
            what = f"{counted} articles are counted, there are {there}"
            yield _warning(Area.COUNTS, f"article_totals of {source}", what, _RECOUNT)

    def _names(self) -> Iterator[Finding]:
        rows = self._database.rows
        for url_hash, url in rows(_CHAINS):
            yield _error(Area.ARTICLES, _alias(url_hash, url), "is an alias and no alias as well")
        for url_hash, url in rows(_LOOSE):
            yield _error(Area.ARTICLES, _alias(url_hash, url), "stands for nothing that is known")
        for name, slug, folded in rows("SELECT name, slug, folded FROM slugs"):
            if folded != fold(slug):
                what = f"{slug} is compared as {folded}: two addresses could be one"
                yield _error(Area.DATABASE, f"slugs {name}", what)

    def _current(self) -> Iterator[Finding]:
        """Yield what articles say of their current revision that is not so."""
        for url, revision, newest in self._database.rows(_NOT_CURRENT):
            if revision == newest:
                what = "has another title or hash than its revision"
            else:
                said = "there is none" if newest is None else f"the newest is {newest}"
                what = f"is at revision {revision}, but {said}"
            yield _error(Area.ARTICLES, url, what)
        for source, section, state, url in self._database.rows(_UNSTORED):
            what = f"is {state} in {source} {section}, but no article is stored"
            yield _error(Area.ARTICLES, url, what)
        highest = self._database.value("SELECT max(sequence) FROM articles") or 0
        counter = self._database.value("SELECT value FROM counters WHERE name = 'sequence'")
        if counter is None or counter < highest:
            what = f"is {counter}, but there is an article with {highest}: posts would be missed"
            yield _error(Area.DATABASE, "counters sequence", what)

    def _identities(self, hash_of: HashOf) -> Iterator[Finding]:
        for url_hash, source, identity, url in self._database.rows(
            "SELECT url_hash, source, identity, url FROM articles"
        ):
            wanted = hash_of(source, identity)
            if wanted is not None and wanted != url_hash.hex():
                meant = resolve(self._database, bytes.fromhex(wanted))
                if meant != url_hash:
                    yield _error(Area.ARTICLES, url, f"is not stored as {identity}, which it is")

    def _removed(self) -> Iterator[Finding]:
        folder = self._database.path.parent
        table, file = all_buried(self._database), read_file(folder)
        for article in file.keys() - table.keys():
            stone = file[article]
            what = f"is in {FILE} as taken down, but the archive does not know it"
            yield _error(Area.REMOVALS, stone.url, what, _remove(stone.url, stone.reason))
        for article in table.keys() - file.keys():
            stone = table[article]
            what = f"was taken down, but is not in {FILE}: a rebuild could bring it back"
            yield _error(Area.REMOVALS, stone.url, what, _remove(stone.url, stone.reason))
        for url, reason in self._database.rows(
            "SELECT DISTINCT r.url, r.reason FROM removals AS r JOIN articles USING (url_hash)"
        ):
            what = "was taken down, but is stored"
            yield _error(Area.REMOVALS, url, what, _remove(url, reason))
        for url, reason in self._database.rows(
            "SELECT DISTINCT r.url, r.reason FROM removals AS r"
            " JOIN captures AS c ON c.article = r.url_hash"
        ):
            what = "was taken down, but its page is in the raw record"
            yield _error(Area.REMOVALS, url, what, _remove(url, reason))

    def _texts(self, progress: Progress) -> Iterator[Finding]:
        """Yield the revisions whose text is not what its hash says."""
        total = self._database.value("SELECT count(*) FROM revisions")
        rows = self._database.rows(
            "SELECT a.url, r.number, r.content_hash, r.title, r.article FROM revisions AS r"
            " LEFT JOIN articles AS a USING (url_hash)"
        )
        for done, (url, number, wanted, title, text) in enumerate(rows, 1):
            progress("articles", done, total)
            if what := _fault_of_text(wanted, title, text):
                yield _error(Area.ARTICLES, f"{url} revision {number}", what)


def _fault_of_text(wanted: str, title: str, text: Any) -> str:
    """Return what is wrong with a revision, "" for a sound one."""
    try:
        article: Article = from_article(text)
    except (msgspec.DecodeError, TypeError) as error:
        return f"cannot be read: {error}"
    if article.title != title:
        return "has another title than its row says"
    if content_hash(article.title or "", article.body_html or "") != wanted:
        return "is not the text that its hash was made of"
    return ""


def _alias(url_hash: bytes, url: str) -> str:
    return f"aliases {url or url_hash.hex()}"


def _remove(url: str, reason: str) -> str:
    return f"newscrawl remove --even-unknown --reason {reason!r} {url}"


def _error(area: Area, where: str, what: str, remedy: str = REBUILD) -> Finding:
    return Finding(Severity.ERROR, area, where, what, remedy)


def _warning(area: Area, where: str, what: str, remedy: str) -> Finding:
    return Finding(Severity.WARNING, area, where, what, remedy)
