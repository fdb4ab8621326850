"""The few words for why a request came to nothing."""

import pytest
from scrapy import exceptions

from newscrawl.middlewares.errors import RequestRefused, SiteUnavailable, reason_of
from newscrawl.outcomes import Blocked


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(exceptions.CannotResolveHostError("no such name"), "dns", id="H02"),
        pytest.param(exceptions.DownloadConnectionRefusedError("closed"), "connect", id="H01"),
        pytest.param(exceptions.DownloadTimeoutError("30 s"), "timeout", id="H03"),
        pytest.param(ConnectionResetError("gone"), "connection", id="H07"),
        pytest.param(exceptions.UnsupportedURLSchemeError("ftp:"), "unsafe_url", id="H29"),
        pytest.param(RequestRefused("redirects", "https://a.test"), "redirects", id="H25"),
        pytest.param(Blocked("login"), "login", id="H73"),
        pytest.param(SiteUnavailable("a.test", "overloaded"), "overloaded", id="H21"),
        pytest.param(KeyError("x"), "KeyError", id="unknown"),
    ],
)
def test_every_error_has_its_word(error: BaseException, reason: str) -> None:
    assert reason_of(error) == reason


def test_a_site_that_cannot_be_asked_says_why() -> None:
    error = SiteUnavailable("a.test", "robots_unreachable", "dns")
    assert (error.host, str(error)) == ("a.test", "robots_unreachable (dns)")
