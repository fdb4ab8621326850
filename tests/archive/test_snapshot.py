"""A listing page is read at once, and means what its entries mean one after another."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.archive import Archive, Discovery, Found
from newscrawl.archive.codec import digest
from newscrawl.archive.ledger import count
from newscrawl.archive.snapshot import Snapshot
from newscrawl.archive.tombstones import Tombstone, bury
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, article, begin, crawl, found, identity, later

NAMES = "abcdef"
TABLES = {
    "aliases": "url_hash, article, url",
    "outcomes": "id, source, section, url_hash, url, state, reason, attempts, run, entry",
    "run_counts": "run, section, outcome, n",
    "articles": "url_hash, sequence, listed_modified_at",
    "totals": "source, section, state, n",
}

names = st.sampled_from(NAMES)
histories = st.lists(
    st.tuples(st.sampled_from(["store", "fail", "list", "remove"]), names, names), max_size=6
)
entries = st.builds(
    lambda name, aliases, minute, skip: found(
        name, *aliases, skip=skip, modified_at=later(minute) if minute else None
    ),
    names,
    st.lists(names, max_size=2),
    st.sampled_from([0, 9]),
    st.sampled_from([None, None, "video"]),
)


@contextmanager
def archive_after(history: Sequence[tuple[str, str, str]]) -> Iterator[Archive]:
    """Give an archive in which this has happened, each time in a run of its own."""
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db") as archive:
        for what, name, other in history:
            run, url_hash = begin(archive), identity(name).url_hash
            if what == "remove":
                with archive._database.transaction():
                    tombstone = Tombstone.of(url_hash, [], SOURCE, "", "asked", NOON)
                    bury(archive._database, tombstone)
                continue
            archive.discover(run, SOURCE, "stock", [found(name, other)], NOON)
            if what == "fail":
                archive.end(run, SOURCE, "stock", url_hash, Outcome.FAILED, "timeout", later(1))
            elif what == "store":
                archive.store(run, "stock", url_hash, article(name))
        yield archive


def held(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted(archive._database.rows(f"SELECT {columns} FROM {table}"), key=repr)
        for table, columns in TABLES.items()
    }


@settings(max_examples=60, deadline=None)
@given(histories, st.lists(entries, max_size=7), st.booleans())
def test_a_page_means_what_its_entries_mean_one_by_one(
    history: list[tuple[str, str, str]], page: list[Found], refetch: bool
) -> None:
    with archive_after(history) as one, archive_after(history) as other:
        runs = begin(one), begin(other)
        whole = one.discover(runs[0], SOURCE, "china", page, NOON, refetch=refetch)
        single = [
            other.discover(runs[1], SOURCE, "china", [item], NOON, refetch=refetch) for item in page
        ]
        assert whole == Discovery(
            tuple(work for each in single for work in each.fetch),
            sum(each.fresh for each in single),
            sum(each.added for each in single),
        )
        assert held(one) == held(other)
        assert one.counts(runs[0]) == other.counts(runs[1])


@pytest.mark.parametrize("known", [False, True])
def test_a_page_is_looked_up_with_a_handful_of_statements(archive: Archive, known: bool) -> None:
    page = [f"{n}" for n in range(60)]
    if known:
        crawl(archive, begin(archive), "china", *page)
    run = begin(archive)
    asked: list[str] = []
    archive._database.connection.set_trace_callback(asked.append)
    archive.discover(run, SOURCE, "china", [found(name) for name in page], NOON)
    archive._database.connection.set_trace_callback(None)
    assert sum(sql.startswith("SELECT") for sql in asked) <= 5
    assert len(asked) <= (10 if known else 10 + 4 * len(page))  # its INSERT and triggers


def test_any_number_of_hashes_is_looked_up(archive: Archive) -> None:
    page = [f"{n}" for n in range(700)]
    archive.discover(begin(archive), SOURCE, "china", [found(name) for name in page], NOON)
    hashes = [digest(identity(name).url_hash) for name in page]
    for number in (0, 1, 3, 255, 256, 257, 700):
        snapshot = Snapshot(archive._database, hashes[:number])
        assert [bool(snapshot.look_up([each])) for each in hashes] == [
            position < number for position in range(len(hashes))
        ]


def test_no_count_falls_below_what_was_counted(archive: Archive) -> None:
    run = begin(archive)
    with pytest.raises(LookupError, match="nothing was counted"):
        count(archive._database, run, "china", Outcome.PENDING, -1)
    assert archive.counts(run) == {}
