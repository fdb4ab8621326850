"""One connection for all sources of a process: each opens and closes it for itself."""

from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArchiveError
from newscrawl.archive.sharing import Shared
from newscrawl.outcomes import Outcome

from .builders import NOON, SOURCE, begin, crawl, found, query


def test_sources_share_a_connection_until_the_last_one_leaves(path: Path) -> None:
    one, other = Archive.share(path), Archive.share(path)
    assert one._database.connection is other._database.connection
    crawl(one, begin(one), "china", "a")
    one.close()
    crawl(other, begin(other), "stock", "b")
    assert path.with_name("archive.db-wal").exists()
    other.close()
    assert not path.with_name("archive.db-wal").exists()
    assert query(path, "SELECT count(*) FROM articles") == [(2,)]


def test_what_a_source_has_met_is_its_own(path: Path) -> None:
    with Archive.share(path) as one, Archive.share(path) as other:
        run, theirs = begin(one), begin(other)
        crawl(one, run, "china", "a")
        for archive, number in ((one, run), (other, theirs)):
            archive.discover(number, SOURCE, "china", [found("a")], NOON)
        assert other.counts(theirs) == {"china": {Outcome.UNCHANGED: 1}}
        assert one.counts(run) == {"china": {Outcome.NEW: 1}}


def test_after_the_last_one_the_file_is_opened_anew(path: Path) -> None:
    with Archive.share(path) as before:
        first = before._database
    with Archive.share(path) as again:
        assert again._database is not first
        assert again.last_sequence() == 0


def test_H119_an_archive_that_cannot_be_opened_is_shared_with_nobody(path: Path) -> None:
    path.write_bytes(b"")
    with pytest.raises(ArchiveError, match="empty"):
        Archive.share(path)
    path.unlink()
    Archive.share(path).close()


def test_a_reader_shares_no_connection(path: Path) -> None:
    with pytest.raises(ValueError, match="of its own"):
        Shared.open(path, read_only=True)
