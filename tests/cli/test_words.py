"""Times, durations and sizes as a person reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.cli.words import ago, counted, lasted, size, when

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_times_are_those_of_shanghai() -> None:
    assert when(NOW) == "2026-01-01 20:00:00"
    assert when(None) == "never"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (90, "90 s"), (180, "3 min"), (7_200, "2 h"),
     (86_400, "24 h"), (400_000, "5 d")],
)  # fmt: skip
def test_how_long_it_took(seconds: float, words: str) -> None:
    assert lasted(timedelta(seconds=seconds)) == words


def test_how_long_ago() -> None:
    assert ago(NOW - timedelta(minutes=5), NOW) == "5 min ago"
    assert ago(NOW + timedelta(hours=3), NOW) == "in 3 h"
    assert (ago(None), lasted(None)) == ("never", "-")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_024, "1.0 KiB"),
        (150_000, "146 KiB"),
        (5 * 1024**4, "5.0 TiB"),
    ],
)
def test_sizes(number: int, words: str) -> None:
    assert size(number) == words


def test_numbers_of_things() -> None:
    assert (counted(1, "file"), counted(12_000, "file")) == ("1 file", "12,000 files")
