"""Files of the raw record read in spans: they give what one reading from end to end gives."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from newscrawl.archive import warc
from newscrawl.archive.exchange import Exchange, FileRun
from newscrawl.archive.warc_reader import find_exchange, read_kept
from newscrawl.operations import replay_files
from newscrawl.operations.replay_files import Pages, RawFile, raw_files
from newscrawl.operations.replay_reading import Rules, Seen, reader
from tests.archive.builders import NOON, later
from tests.archive.exchanges import exchange

MAX_SIZE = 1 << 20
PACKED = (("Content-Type", "text/html"), ("Content-Encoding", "identity"))
"""Headers of a body that is kept as it came, without another compression."""


def members(made: Exchange) -> bytes:
    return warc.members(made, sha256(made.body).hexdigest())


def noise(number: int, size: int = 900) -> bytes:
    """Return bytes that nothing makes smaller."""
    return Random(number).randbytes(size)


def made(number: int = 40) -> list[bytes]:
    """Return the records of pages; in the bodies of some stands what looks like a record."""
    fake = members(exchange("fake", 500))
    return [
        members(
            exchange(
                f"page{each}",
                each,
                headers=PACKED,
                body=noise(each) + (fake * 2 + noise(-each) if each % 3 == 0 else b""),
            )
        )
        for each in range(number)
    ]


def seen(path: Path, span: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Seen], int]:
    """Return what a file holds, read in spans of so many bytes, and its broken places."""
    monkeypatch.setattr(replay_files, "_SPAN", span)
    file = RawFile(path, path.stat().st_size, None)
    read = reader(MAX_SIZE)
    with path.open("rb") as stream:
        pages = Pages(file, stream, Rules(MAX_SIZE).read)
        return list(pages.all(map(read, file.spans()))), pages.damaged


def told(found: list[Seen]) -> list[tuple[int, int, str, str]]:
    return [
        (each.placed.offset, each.placed.length, each.placed.url, repr(each.result))
        for each in found
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "newscrawl-example-20260928040000-001.warc.gz"


@pytest.mark.parametrize("span", [200, 1_000, 1_777, 9_999, 1 << 20])
def test_spans_of_any_size_give_every_exchange_once_and_in_order(
    path: Path, span: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(warc.begin(path.name, NOON) + b"".join(made()))
    with path.open("rb") as stream:
        whole = [(kept.offset, kept.length, kept.exchange.url) for kept in read_kept(stream)]
    found, damaged = seen(path, span, monkeypatch)
    assert [each[:3] for each in told(found)] == whole
    assert len(whole) == 40
    assert damaged == 0


def test_H07_what_a_publisher_sent_is_never_taken_for_a_record(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = warc.begin(path.name, NOON) + members(exchange("before"))
    fake = members(exchange("fake"))
    page = members(exchange("page", headers=PACKED, body=noise(1) + fake * 9 + noise(2)))
    path.write_bytes(first + page + members(exchange("after")))
    with path.open("rb") as stream:
        start = find_exchange(stream, len(first) + 400, len(first) + len(page))
        assert start is not None, "it looks like one"
        assert start > len(first)
    for span in range(300, 2_300, 250):
        found, damaged = seen(path, span, monkeypatch)
        assert [each.placed.url[-6:] for each in found] == [
            exchange(name).url[-6:] for name in ("before", "page", "after")
        ]
        assert damaged == 0


@pytest.mark.parametrize("span", [500, 3_000, 20_000])
@pytest.mark.parametrize("seed", range(6))
def test_H118_broken_places_cost_the_same_however_the_file_is_read(
    path: Path, span: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(warc.begin(path.name, NOON) + b"".join(made()))
    chance = Random(seed)
    for _ in range(seed):
        at = chance.randrange(len(content) - 50)
        content[at : at + 50] = chance.randbytes(50)
    path.write_bytes(bytes(content[: len(content) - 70 * seed]))  # and a tail that is not whole
    whole, damaged = seen(path, 1 << 30, monkeypatch)
    found, also = seen(path, span, monkeypatch)
    assert told(found) == told(whole)
    assert also == damaged
    assert len(whole) >= 40 - 3 * (seed + 1)


def test_files_come_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    ingest, crawl = {"command": "ingest"}, {"limit": 3}

    def put(name: str, first: int, run: FileRun | None) -> None:
        content = warc.begin(name, NOON, run) + members(exchange("a", first))
        (tmp_path / f"{name}.warc.gz").write_bytes(content)

    put("old-pages-taken-in-late-2", 5, FileRun("example", later(90), ingest, 2))
    put("old-pages-taken-in-late-1", 6, FileRun("example", later(90), ingest, 1))
    put("crawl-2", 40, FileRun("example", later(20), crawl, 2))
    put("crawl-1", 21, FileRun("example", later(20), crawl, 1))
    # A clock that was a year ahead: its pages are dated by what the site says.
    put("crawl-0", 3, FileRun("example", NOON + timedelta(days=365), crawl, 1))
    put("untold", 30, None)
    assert [file.path.name.removesuffix(".warc.gz") for file in raw_files(tmp_path)] == [
        "crawl-0",
        "crawl-1",
        "untold",
        "crawl-2",
        "old-pages-taken-in-late-1",
        "old-pages-taken-in-late-2",
    ]
