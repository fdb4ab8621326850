"""Which stored articles are reprints of one another (``newscrawl similar``).

Fingerprints are made here, when somebody asks, and never by a crawl.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.fingerprints import Made, Near
from newscrawl.config import Config
from newscrawl.identity.fingerprints import RADIUS
from newscrawl.identity.nearness import groups
from newscrawl.operations.lookup import Named, look_up
from newscrawl.operations.workers import in_order

_ALONE = 4_000
"""Articles up to which another process would not be there before the work is done."""

Progress = Callable[[str, int, int], None]
"""Called with what is worked on, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Reprints:
    """What is near to one article.

    url_hash: the hash that it is stored under, None where nothing is known of the name.
    stored: whether there is a text. near: with the article itself, the earliest first; None
    where its text is too short to be compared.
    """

    named: Named
    url_hash: str | None
    stored: bool = False
    near: list[Near] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which groups of reprints to list.

    since, until: aware; only what was published in that time is compared. source: name;
    groups that hold an article of it, whoever has the others. radius: bits, 0 to 11. newest:
    the group with the latest article first, else the largest. limit: at most so many groups.
    """

    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    radius: int = RADIUS
    newest: bool = False
    limit: int | None = None


def make_fingerprints(
    archive: Archive, path: Path, jobs: int = 1, progress: Progress | None = None
) -> int:
    """Make the fingerprints of what is new or was changed; return of how many articles.

    path: of the archive. jobs: processes that make them, where there are enough articles. A
    crawl may go on meanwhile. Raises ``ArchiveError``, and ``ChildProcessError`` where one of
    the processes was killed. Whatever ends it, what was kept is whole, and the next time goes
    on from there.
    """
    due, done = archive.fingerprints.due(), 0
    spans = archive.fingerprints.spans()
    if due < _ALONE or jobs == 1:
        batches: Iterator[Made] = map(archive.fingerprints.make, spans)
    else:
        batches = in_order(_maker, (path,), spans, jobs)
    for made in batches:
        archive.fingerprints.keep(made)
        done += len(made.rows)
        if progress is not None:
            progress("fingerprints", min(done, due), due)
    return done


def _maker(path: Path) -> Callable[[tuple[int, int]], Made]:
    return Archive.open(path, read_only=True).fingerprints.make


def reprints_of(archive: Archive, name: str, config: Config, radius: int = RADIUS) -> Reprints:
    """Return what is within ``radius`` of an article, by the fingerprints that there are.

    name: as for ``explain`` (``operations.lookup``). Raises ``AmbiguousNameError`` and
    ``ArchiveError``.
    """
    named, key = look_up(name, archive, config)
    if key is None or archive.answers.stored(key) is None:
        return Reprints(named, key)
    near = archive.fingerprints.near_to(key, radius)
    return Reprints(named, key, stored=True, near=near)


def all_reprints(
    archive: Archive, wanted: Wanted, progress: Progress | None = None
) -> list[list[Near]]:
    """Return groups of articles of which each is near to another, by the fingerprints there are.

    In a group the earliest is first, and distances are from it. Raises ``ArchiveError``.
    """
    ids, values = archive.fingerprints.all(wanted.since, wanted.until)

    def compared(done: int, of: int) -> None:
        if progress is not None:
            progress("comparing", done, of)

    found = [
        archive.fingerprints.group(ids[place] for place in places)
        for places in groups(values, wanted.radius, compared)
    ]
    found = [each for each in found if _is_wanted(each, wanted.source)]
    found.sort(key=lambda each: each[-1].published_at, reverse=True)
    if not wanted.newest:
        found.sort(key=len, reverse=True)
    return found[: wanted.limit]


def _is_wanted(group: list[Near], source: str | None) -> bool:
    """Whether a group is still one, if something was removed meanwhile, and has the source."""
    return len(group) > 1 and (source is None or any(each.source == source for each in group))
