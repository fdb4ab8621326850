"""Every way in which the sites write a time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newscrawl.extraction.dates import parse_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 1, 10, 0, 30, tzinfo=SHANGHAI)


def read(value: Any, now: datetime = NOW) -> str | None:
    found = parse_time(value, zone=SHANGHAI, now=now)
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年05月16日 17:02", "2024-05-16T17:02:00+08:00"),
        ("2016年05月25日10:10 某财经", "2016-05-25T10:10:00+08:00"),  # no space before the hour
        ("2015年6月19日 星期五 11:20", "2015-06-19T11:20:00+08:00"),
        ("2025年9月3日7时05分", "2025-09-03T07:05:00+08:00"),
        ("2025/9/3 7:05", "2025-09-03T07:05:00+08:00"),
        ("2024 05/09 22:27:02", "2024-05-09T22:27:02+08:00"),  # three spans, joined by spaces
        ("2005.08.26 05:39", "2005-08-26T05:39:00+08:00"),
        ("2005.08.26", "2005-08-26T00:00:00+08:00"),
        ("05/25/2015 10:10:09", "2015-05-25T10:10:09+08:00"),
        ("时间：2015年06月19日11:20:07来源：某报", "2015-06-19T11:20:07+08:00"),
        ("(2025-09-03 10:10)", "2025-09-03T10:10:00+08:00"),
        ("20121219", "2012-12-19T00:00:00+08:00"),
        ("201212190124", "2012-12-19T01:24:00+08:00"),
        ("20121219012405", "2012-12-19T01:24:05+08:00"),
    ],
)
def test_dates_with_a_year(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-16T17:02:38+08:00", "2024-05-16T17:02:38+08:00"),
        ("2024-05-16T09:02:38Z", "2024-05-16T17:02:38+08:00"),
        ("2024-05-16T09:02:38.123456Z", "2024-05-16T17:02:38+08:00"),
        ("2024-05-16T17:02:38+0800", "2024-05-16T17:02:38+08:00"),
        ("2024-05-15T23:02:38-10:00", "2024-05-16T17:02:38+08:00"),
        ("Fri, 21 Jan 2022 16:30:05 GMT", "2022-01-22T00:30:05+08:00"),
        ("Tue Sep 29 00:39:35 +0800 2025", "2025-09-29T00:39:35+08:00"),
    ],
)
def test_dates_with_an_offset(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("刚刚", "2026-01-01T10:00:30+08:00"),
        ("30秒前", "2026-01-01T10:00:00+08:00"),
        ("5分钟前", "2026-01-01T09:55:30+08:00"),
        ("半小时前", "2026-01-01T09:30:30+08:00"),
        ("12小时前", "2025-12-31T22:00:30+08:00"),
        ("3天前", "2025-12-29T10:00:30+08:00"),
        ("今天 08:30", "2026-01-01T08:30:00+08:00"),
        ("昨天", "2025-12-31T00:00:00+08:00"),
        ("昨天08:30", "2025-12-31T08:30:00+08:00"),
        ("前天 23:59", "2025-12-30T23:59:00+08:00"),
        ("1月2日 09:00", "2026-01-02T09:00:00+08:00"),  # a day ahead at most: clocks differ
        ("12月31日 23:00", "2025-12-31T23:00:00+08:00"),  # across new year
        ("(09月28日 23:54)", "2025-09-28T23:54:00+08:00"),
        ("11-22 22:26", "2025-11-22T22:26:00+08:00"),
        ("02月29日", "2024-02-29T00:00:00+08:00"),
    ],
)
def test_H76_relative_and_yearless_dates_count_from_the_fetch(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1700000000, "2023-11-15T06:13:20+08:00"),
        ("1700000000", "2023-11-15T06:13:20+08:00"),
        (1700000000.5, "2023-11-15T06:13:20+08:00"),
        (1700000000123, "2023-11-15T06:13:20+08:00"),
        ("1700000000123456", "2023-11-15T06:13:20+08:00"),
        *((value, None) for value in (0, -1, "0", "-1", 1, "1970-01-01 08:00:00", 10**18, True)),
    ],
)
def test_H77_epochs_in_any_unit_are_never_1970(value: Any, expected: str | None) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-45", "0000-00-00", "20226-01-01", "2025-02-30", "2025-09-03 25:61",
        "2025-09-03-05", "20251340", "13/45/2025", "13月45日", "99999999999999999999",
        "Fri, 41 Jan 2022 16:30:05 GMT", "", "暂无", None,
    ],
)  # fmt: skip
def test_H78_impossible_dates_are_missing(text: str | None) -> None:
    assert read(text) is None


def test_H79_the_future_begins_a_day_ahead() -> None:
    assert read("2026-01-02 10:00") is not None
    assert read("2026-01-02 10:01") is None
    assert read(int((NOW + timedelta(days=2)).timestamp())) is None


def test_H80_a_time_without_zone_is_that_of_the_site_wherever_we_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for machine in ("UTC", "Asia/Shanghai", "America/New_York"):
        monkeypatch.setenv("TZ", machine)
        time.tzset()
        assert read("2025-09-03 00:30") == "2025-09-03T00:30:00+08:00"
        assert read("今天 08:30", NOW.astimezone(UTC)) == "2026-01-01T08:30:00+08:00"
        assert read(1700000000) == "2023-11-15T06:13:20+08:00"
    monkeypatch.undo()
    time.tzset()


def test_H82_the_summers_of_1986_to_1991_were_an_hour_ahead() -> None:
    assert read("1988-07-01 12:00") == "1988-07-01T12:00:00+09:00"
    assert read("1988-12-01 12:00") == "1988-12-01T12:00:00+08:00"


@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000, "(" * 200_000, "1" * 200_000, "2025-" * 40_000, "2025年 " * 40_000,
        "1:" * 100_000, "12月 " * 50_000, "2025-01-01" + " " * 200_000, "1 " * 100_000,
        "2025年1月1日" + "（" * 200_000,
    ],
)  # fmt: skip
def test_H66_hostile_text_costs_nothing(text: str) -> None:
    started = time.perf_counter()
    read(text)
    assert time.perf_counter() - started < 0.05


@pytest.mark.parametrize("clock", ["", " 07:05", " 07:05:09", " 23:59:59", " 24:00:00", " 07:60"])
@pytest.mark.parametrize(
    "day", ["2025-09-03", "1988-07-01", "2025-02-29", "2025-13-01", "0000-01-01", "1979-12-31"]
)
def test_the_form_of_publishing_systems_is_read_as_in_a_sentence(day: str, clock: str) -> None:
    """It has a way of its own, which spares the search for the form."""
    assert read(day + clock) == read(f"时间：{day}{clock}")
