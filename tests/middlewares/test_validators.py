"""Versions of listings: what is kept of a publisher's word, and when it is asked about."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Response

from newscrawl.archive.walks import Validators
from newscrawl.middlewares.validators import conditions, validators_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL = "https://toy.test/list?page=1&trace=5f"
DATE = "Sun, 22 Nov 2026 07:00:00 GMT"


def validators(**headers: str | list[str]) -> Validators | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return validators_of(Response(URL, headers=named), URL, NOW)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', '"a,b"', f'"{"a" * 256}"'])
def test_an_etag_goes_back_as_it_came(etag: str) -> None:
    known = validators(ETag=etag, Last_Modified=DATE)
    assert known == Validators(URL, etag, DATE, NOW)
    assert conditions(known, URL, NOW) == {"If-None-Match": etag, "If-Modified-Since": DATE}


@pytest.mark.parametrize(
    "etag",
    ["a", '"a"b"', '"', '""', "*", '"a", "b"', '"a b"', '"a\tb"', '"版本"', f'"{"a" * 65536}"'],
)
def test_H14_an_etag_that_is_none_is_not_kept(etag: str) -> None:
    assert validators(ETag=etag.encode().decode("latin-1")) is None


@pytest.mark.parametrize("date", ["yesterday", "", f"{DATE}{' ' * 99}x", "Sun, 99 Nov 2026", "版"])
def test_H14_a_date_that_is_none_is_not_kept(date: str) -> None:
    assert validators(Last_Modified=date.encode().decode("latin-1")) is None


def test_a_header_that_comes_twice_says_nothing() -> None:
    assert validators(ETag=['"a"', '"b"']) is None


def test_a_page_is_known_by_its_path_since_queries_defeat_caches() -> None:
    known = Validators(URL, '"a"', None, NOW)
    assert conditions(known, URL.replace("5f", "60"), NOW) == {"If-None-Match": '"a"'}
    assert conditions(known, "https://toy.test/other?page=1", NOW) == {}
    assert conditions(None, URL, NOW) == {}


@pytest.mark.parametrize("away", [timedelta(days=1), timedelta(days=-1), timedelta(days=900)])
def test_a_version_of_another_day_is_not_asked_about(away: timedelta) -> None:
    known = Validators(URL, '"a"', DATE, NOW)
    assert conditions(known, URL, NOW + away) == {}
