"""Which redirects are followed: few, never down to plain HTTP, no page's off the site."""

import re
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newscrawl.identity.urls import UnsafeURL, check_url, host_of
from newscrawl.middlewares.errors import RequestRefused
from newscrawl.middlewares.guard import is_inner
from newscrawl.middlewares.site import site_of
from newscrawl.outcomes import Blocked

LOGIN = re.compile(r"//(?:login|passport|sso)\.|/(?:login|signin|passport)\b", re.IGNORECASE)
ANY_HOST = "newscrawl_any_host"
"""Key of ``Request.meta``: the answer may lie off the site, as pictures do."""
STATUSES = frozenset({301, 302, 303, 307, 308})


class BoundedRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects with our bounds (faults H23, H25, H29, H30, H73)."""

    def process_response(  # type: ignore[override]  # without the deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow a redirect, or raise the reason why it is not followed."""
        if response.status not in STATUSES:
            return response  # as the class upstream does, without its look at the headers
        location = response.headers.get("Location")
        if location is not None:
            self._check(request, urljoin(request.url, location.decode("latin-1").strip()))
        try:
            followed: Request | Response = super().process_response(request, response)
        except IgnoreRequest as error:
            raise RequestRefused("redirects", request.url) from error
        return followed

    def handle_referer(self, request: Request, response: Response) -> None:
        """Keep the Referer that the source set: it is the site's own page, not ours."""

    def _check(self, request: Request, target: str) -> None:
        try:
            scheme = urlsplit(check_url(target)).scheme
        except UnsafeURL as error:
            raise RequestRefused("redirect_unsafe", str(error)) from error
        if LOGIN.search(target):
            raise Blocked("login", target)
        if urlsplit(request.url).scheme == "https" and scheme != "https":
            raise RequestRefused("redirect_downgrade", target)
        anywhere = request.meta.get("robots_request") or request.meta.get(ANY_HOST)
        if not anywhere and not site_of(self.crawler).owns(target):
            raise RequestRefused("redirect_offsite", target)
        if is_inner(host_of(target)):
            raise RequestRefused("redirect_unsafe", target)
