"""File names of posts."""

import re
from datetime import UTC, datetime

import pytest

from newscrawl.export.names import post_ids
from tests.export.builders import article, name_of, offset


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("em:202201220000000001", "2022-01-22-202201220000000001.md"),
        ("em-nw:NW202201220000000001", "2022-01-22-NW202201220000000001.md"),
        ("sina:naaaaaa1234567", "2022-01-22-sina-naaaaaa1234567.md"),
        ("sina-live:4500001", "2022-01-22-sina-live-4500001.md"),
    ],
)
def test_J9_X8_name_is_date_and_code(identity: str, name: str) -> None:
    assert name_of(identity=identity) == name


def test_C3_an_address_is_named_by_its_hash() -> None:
    url = "https://finance.example.com/china/20121219/012414044470.shtml"
    made = article(identity=url)
    assert made.url_hash
    assert name_of(identity=url) == f"2022-01-22-sina_finance-{made.url_hash[:12]}.md"


@pytest.mark.parametrize(
    "identity",
    ["sina:" + "a" * 300, "sina:a/../b", "sina:甲", "x:" + "9" * 90, "a:..", "CON", "x:"],
)
def test_H109_C3_every_name_is_short_ascii_and_safe(identity: str) -> None:
    made = article(identity=identity)
    for post_id in post_ids(made):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", post_id)
        assert len(f"2022-01-22-{post_id}.html".encode()) <= 100
    assert len(set(post_ids(made))) == 4


@pytest.mark.parametrize("title", ["全是中文", "😀", "/", "..", "CON", "长" * 300])
def test_H109_the_title_is_not_in_the_name(title: str) -> None:
    assert name_of(title=title) == name_of()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2022, 1, 21, 16, 30, tzinfo=UTC), "2022-01-22"),
        (datetime(2022, 1, 21, 15, 59, 59, tzinfo=UTC), "2022-01-21"),
        (datetime(2021, 12, 31, 16, 0, tzinfo=UTC), "2022-01-01"),
        (datetime(2021, 12, 31, 11, 0, tzinfo=offset(-5)), "2022-01-01"),
        (datetime(1988, 7, 1, 16, 30, tzinfo=UTC), "1988-07-02"),
    ],
)
def test_H112_H82_X8_the_date_is_that_of_0800(instant: datetime, day: str) -> None:
    assert name_of(published_at=instant).startswith(day)
