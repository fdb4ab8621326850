"""Why a request came to nothing, in the few words that counts and people read."""

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest

from newscrawl.outcomes import Ended


class SiteUnavailable(IgnoreRequest):
    """The host may not be asked in this run; says nothing of any one article.

    host: the host name. reason: such as ``robots_unreachable``. cause: in one word why.
    """

    def __init__(self, host: str, reason: str, cause: str = "") -> None:
        super().__init__(f"{reason} ({cause})" if cause else reason)
        self.host = host
        self.reason = reason


class RequestRefused(IgnoreRequest):
    """We do not send this request: address, port, scheme, or redirect out of bounds."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (scrapy_errors.CannotResolveHostError, "dns"),
    (scrapy_errors.DownloadConnectionRefusedError, "connect"),
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (scrapy_errors.ResponseDataLossError, "truncated"),
    (scrapy_errors.DownloadCancelledError, "too_large"),
    (scrapy_errors.UnsupportedURLSchemeError, "unsafe_url"),
    (scrapy_errors.DownloadFailedError, "connection"),
    (OSError, "connection"),
    (IgnoreRequest, "too_large"),  # what Scrapy raises when inflating passes the bound
)
"""Scrapy's own download errors -> reason; the first match counts (faults H01 to H14)."""


def reason_of(error: BaseException) -> str:
    """Return the reason word for a failed request."""
    if isinstance(error, Ended | SiteUnavailable | RequestRefused):
        return error.reason
    for kind, reason in REASONS:
        if isinstance(error, kind):
            return reason
    return type(error).__name__
