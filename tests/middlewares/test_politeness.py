"""Retry-After: seconds, dates, and junk, never longer than an hour."""

from datetime import UTC, datetime

import pytest

from newscrawl.middlewares.politeness import DEFAULT_PAUSE, MAX_PAUSE, retry_after

NOW = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 22 Nov 2026 08:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0),
        ("999999999", MAX_PAUSE),
        ("Mon, 22 Nov 2027 08:00:00 GMT", MAX_PAUSE),
        ("soon", DEFAULT_PAUSE),
        ("-5", DEFAULT_PAUSE),
        ("١٢", DEFAULT_PAUSE),
        ("", DEFAULT_PAUSE),
    ],
)
def test_H20_retry_after_is_read_and_bounded(value: str, seconds: float) -> None:
    assert retry_after(value, NOW) == seconds
