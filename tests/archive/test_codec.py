"""How values stand in the tables: an entry as JSON, in one spelling."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.codec import from_entry, from_time, to_entry, to_time
from newscrawl.listings import Entry

URL = "https://news.example.com/a?b=\\\"'"
WHEN = datetime(2026, 9, 28, 12, 0, 0, 5000, tzinfo=ZoneInfo("Asia/Shanghai"))
RECORD = {"n": 1, "price": 7.5, "none": None, "list": ["文", {"深": True}], "nan": float("nan")}


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        pytest.param(Entry(URL), {"url": URL}, id="an address alone"),
        pytest.param(Entry("", title=""), {"url": "", "title": ""}, id="empty and not absent"),
        pytest.param(
            Entry(URL, title="标题\n\x7f\ud83d", published_at=WHEN, listed_at=WHEN.astimezone(UTC)),
            {"url": URL, "title": "标题\n\x7f\ud83d",
             "published_at": "2026-09-28T12:00:00.005000+08:00",
             "listed_at": "2026-09-28T04:00:00.005000Z"},
            id="H52 half a character, and times",
        ),
        pytest.param(
            Entry(URL, keywords=("股", "a"), aliases=(URL,), record=RECORD, skip="video"),
            {"url": URL, "keywords": ["股", "a"], "aliases": [URL], "record": RECORD,
             "skip": "video"},
            id="lists and a record",
        ),
    ],
)  # fmt: skip
def test_an_entry_is_the_json_of_what_it_tells(entry: Entry, values: dict[str, object]) -> None:
    text = to_entry(entry)
    assert text == json.dumps(values)
    assert text.isascii()
    assert to_entry(from_entry(text)) == text


@given(
    moment=st.datetimes(
        min_value=datetime(1, 1, 3),  # noqa: DTZ001  (they are given their zone)
        max_value=datetime(9999, 12, 29),  # noqa: DTZ001
        timezones=st.sampled_from((UTC, ZoneInfo("Asia/Shanghai"), timezone(timedelta(hours=-9)))),
    ),
    microsecond=st.sampled_from((None, 0, 5, 100_000)),
)
def test_a_time_is_utc_of_fixed_width(moment: datetime, microsecond: int | None) -> None:
    if microsecond is not None:
        moment = moment.replace(microsecond=microsecond)
    text = to_time(moment)
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    assert text == f"{utc.isoformat(timespec='microseconds')}Z"
    assert from_time(text) == moment.astimezone(UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_time(datetime(2026, 9, 28))  # noqa: DTZ001  (that is the fault)
