"""Which answers are redirects: by their status and an address, and none without either."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newscrawl.middlewares.errors import RequestRefused
from newscrawl.middlewares.redirects import STATUSES, BoundedRedirectMiddleware

PAGE = Request("https://www.fault.test/old", headers={"Referer": "https://www.fault.test/"})
NEW = "https://www.fault.test/new"


def answered(status: int, **headers: str) -> Request | Response:
    """Return what becomes of an answer of the site."""
    crawler = get_crawler()
    site: Any = SimpleNamespace(owns=lambda url: "fault.test" in url)
    crawler.spider = site
    response = Response(PAGE.url, status=status, headers=headers)
    return BoundedRedirectMiddleware.from_crawler(crawler).process_response(PAGE, response)


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_redirect_on_the_site_is_followed(status: int) -> None:
    followed = answered(status, Location="/new")
    assert isinstance(followed, Request)
    assert followed.url == NEW
    assert followed.headers.getlist("Referer") == [b"https://www.fault.test/"]


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 404, 503])
def test_another_status_is_no_redirect_whatever_address_it_tells(status: int) -> None:
    answer = answered(status, Location="http://127.0.0.1/")
    assert isinstance(answer, Response)
    assert answer.status == status


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_redirect_to_nowhere_is_an_answer(status: int) -> None:
    assert isinstance(answered(status), Response)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        pytest.param("http://www.fault.test/new", "redirect_downgrade", id="H23"),
        pytest.param("https://other.test/", "redirect_offsite", id="off the site"),
        pytest.param("https://user@www.fault.test/", "redirect_unsafe", id="H29"),
    ],
)
def test_a_redirect_out_of_bounds_is_refused(target: str, reason: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        answered(302, Location=target)
    assert refused.value.reason == reason
