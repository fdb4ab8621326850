"""What becomes a post, and with which names and time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newscrawl.export.posts import Reason, Record, Withheld
from tests.export.builders import NIGHT, PLACE, article


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": None}, Reason.NO_TITLE),
        ({"title": " \u3000\x00\n"}, Reason.NO_TITLE),
        ({"published_at": None}, Reason.NO_TIME),
        ({"body_html": None}, Reason.NO_BODY),
        ({"body_html": "\n "}, Reason.NO_BODY),
        ({"url": None}, Reason.NO_ADDRESS),
        ({"url": ""}, Reason.NO_ADDRESS),
        ({"url": "javascript:alert(1)"}, Reason.NO_ADDRESS),
        ({"flags": ["flash", "paid"]}, Reason.PAID),
    ],
)
def test_C5_H74_what_is_withheld_says_why(fields: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(Withheld) as end:
        Record.of(article(**fields), PLACE)
    assert end.value.reason is reason


def test_C6_the_title_keeps_its_characters_and_folds_white_space() -> None:
    record = Record.of(article(title=' 甲\u3000\t乙: "丙"/丁?|*&amp;\n'), PLACE)
    assert record.title == '甲 乙: "丙"/丁?|*&amp;'


def test_C7_H111_a_time_after_the_fetch_becomes_that_of_the_fetch() -> None:
    fetched = NIGHT - timedelta(hours=7)
    record = Record.of(article(fetched_at=fetched.astimezone(UTC)), PLACE)
    assert record.when == fetched
    assert record.dated_back
    assert not Record.of(article(), PLACE).dated_back


def test_C7_to_the_second_and_0800_in_years_with_summer_time_too() -> None:
    instant = datetime(1988, 7, 1, 4, 0, 0, 999_999, tzinfo=UTC)
    record = Record.of(article(published_at=instant), PLACE)
    assert record.when.isoformat() == "1988-07-01T12:00:00+08:00"
