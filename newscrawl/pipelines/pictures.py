"""Pictures of stored articles -> files and the archive, where ``images = "local"``."""
# ruff: noqa: ARG002  (Scrapy hands its hooks more than ours need)

import logging
import sqlite3
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.pipelines.media import FileInfo, MediaPipeline
from twisted.python.failure import Failure

from newscrawl.archive import STORAGE_ERRORS, ArchiveError, OwedImages
from newscrawl.archive.image_files import ImageFiles, path_of
from newscrawl.archive.images import ImageState
from newscrawl.cleaning.pictures import NoPicture, check_picture
from newscrawl.extensions.run_record import RunRecord
from newscrawl.identity.urls import UnsafeURL, check_url, host_of
from newscrawl.items import Article, Picture
from newscrawl.middlewares.errors import RequestRefused, reason_of
from newscrawl.middlewares.guard import is_inner
from newscrawl.middlewares.redirects import ANY_HOST
from newscrawl.middlewares.responses import check_status
from newscrawl.outcomes import Gone, Skipped
from newscrawl.spiders.base import SourceSpider

logger = logging.getLogger(__name__)

ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif"
FOR_GOOD = (NoPicture, Gone, Skipped, RequestRefused)
"""Ends after which a picture is not asked for again; after all others it is (bounded)."""
TOO_LARGE = "too_large"
"""Reason, by any of several errors of Scrapy's, that is for good as well (H10)."""
_ADDRESS = "picture"
"""Key of ``Request.meta``: the address as the archive has it, which Scrapy may respell."""


class PicturePipeline(MediaPipeline):
    """Fetches the pictures of an article after it was stored.

    Scrapy's media pipeline asks for each address once a run, through the same handler,
    robots.txt and delays as pages. Whatever comes of a picture, its article goes on; what
    became of the pictures of this run is in ``counts``: state, or ``state (reason)``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.record = RunRecord.of(crawler)
        self.counts: Counter[str] = Counter()
        self._spider = SourceSpider.of(crawler)
        self._images = self.record.archive.images
        self._files = ImageFiles(self.record.archive.images_folder, self._spider.name)
        self._files.sweep()
        self._attempts = self.record.config.crawl.attempts
        super().__init__(crawler=crawler)
        self._spider.crawl.fetch_pictures = self.process_item

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PicturePipeline":
        """Scrapy's entry point; raises ``NotConfigured`` where pictures stay remote."""
        asked_for = SourceSpider.of(crawler).options.pictures
        if not asked_for and RunRecord.of(crawler).config.output.images != "local":
            raise NotConfigured
        return cls(crawler)

    def get_media_requests(
        self, item: Article | OwedImages, info: MediaPipeline.SpiderInfo
    ) -> list[Request]:
        """Return a request for every picture of the article that is wanted."""
        article = item.url_hash or ""
        try:
            wanted = self._images.wanted(article, self.record.run, self._attempts)
        except (sqlite3.Error, ArchiveError) as error:
            self.record.fail_storage(error)
            return []
        headers = {"Accept": ACCEPT, "Referer": self._spider.picture_referer(item.url or "")}
        requests = []
        for url in wanted:
            if reason := _unsafe(url):
                self._end(url, ImageState.REFUSED, reason)
            else:
                meta = {_ADDRESS: url, ANY_HOST: True}
                requests.append(Request(url, headers=headers, meta=meta))
        return requests

    def media_to_download(
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> None:
        """Have every wanted picture downloaded: what is stored was not wanted."""

    def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> FileInfo:
        """Store what was answered, where it is a picture; raise the reason where it is none."""
        check_status(response)
        picture = check_picture(response.body)
        self._store(request.meta[_ADDRESS], picture, response.body)
        return FileInfo(
            url=request.url,
            path=str(path_of(picture)),
            checksum=picture.content_hash,
            status="downloaded",
        )

    def media_failed(  # type: ignore[override]  # see below
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> None:
        """Record why a picture did not come.

        Without a failure to return: Scrapy would log its traceback, once for every picture
        that some publisher has lost.
        """
        error = failure.value or RuntimeError("failure without a cause")
        reason = error.reason if isinstance(error, NoPicture) else reason_of(error)
        final = isinstance(error, FOR_GOOD) or reason == TOO_LARGE
        state = ImageState.REFUSED if final else ImageState.FAILED
        logger.info("%s: %s %s", request.url, state, error)
        self._end(request.meta[_ADDRESS], state, reason)

    def _store(self, url: str, picture: Picture, content: bytes) -> None:
        """Keep a picture; where the storage fails it stays wanted and the run ends (H118)."""
        try:
            self._files.put(picture, content)
            self._images.stored(url, self.record.run, datetime.now(UTC), picture)
        except STORAGE_ERRORS as error:
            self.record.fail_storage(error)
        else:
            self._count(ImageState.STORED)

    def _end(self, url: str, state: ImageState, reason: str) -> None:
        try:
            self._images.ended(url, self.record.run, datetime.now(UTC), state, reason)
        except (sqlite3.Error, ArchiveError) as error:
            self.record.fail_storage(error)
        else:
            self._count(f"{state} ({reason})")

    def _count(self, what: str) -> None:
        self.counts[what] += 1
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"newscrawl/images/{what}")

    def file_path(
        self,
        request: Request,
        response: Response | None = None,
        info: MediaPipeline.SpiderInfo | None = None,
        *,
        item: Any = None,
    ) -> str:
        """Not asked for: where a picture stands follows from its content."""
        raise NotImplementedError


def _unsafe(url: str) -> str:
    """Return why a picture's host is not even asked for its robots.txt, "" where it is (H32).

    What only its name's address tells is refused when the connection is made.
    """
    try:
        host = host_of(check_url(url))
    except UnsafeURL:
        return "unsafe_url"
    return "address_refused" if is_inner(host) else ""
