"""Which stored articles have pictures to fetch, and the fetching of them one by one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator

from newscrawl.archive import Archive, ArticleFilter, OwedImages
from newscrawl.archive.image_files import ImageFiles
from newscrawl.archive.images import addresses_of
from newscrawl.spiders.options import CrawlOptions


def of_stored(
    archive: Archive, source: str, options: CrawlOptions, run: int, attempts: int
) -> Iterator[OwedImages]:
    """Yield the articles of the options' span whose pictures are wanted, oldest first.

    The articles need not have been stored for that (``images = "remote"`` then), and a
    picture whose file is gone is wanted again.
    """
    files, images = ImageFiles(archive.images_folder), archive.images
    # All is read before anything is written: a cursor left open over a change that another
    # crawl makes meanwhile would keep this one from ever writing again.
    shown = [
        (stored.article.url_hash or "", stored.article.url or "", addresses_of(stored.article))
        for where in filters(source, options)
        for stored in archive.articles(where)
    ]
    for url_hash, url, addresses in shown:
        if addresses:
            images.claim(url_hash, addresses)
            images.lost(lost_images(archive, files, url_hash))
            if wanted := images.wanted(url_hash, run, attempts):
                yield OwedImages(url_hash, url, wanted)


def filters(source: str, options: CrawlOptions) -> Iterator[ArticleFilter]:
    """Yield what to look at in the archive: the span, in each section that was asked for."""
    sections: list[str | None] = [section.id for section in options.sections]
    for section in sections or [None]:
        yield ArticleFilter(
            source=source,
            section=section,
            since=options.since,
            until=options.until,
            limit=options.limit,
        )


def lost_images(archive: Archive, files: ImageFiles, url_hash: str) -> list[str]:
    """Return the addresses of an article's stored pictures whose files are gone."""
    known = archive.images.of_article(url_hash)
    return [url for url, picture in known.items() if not files.has(picture)]


async def in_parallel(
    fetch: Callable[[OwedImages], Awaitable[object]], owed: Iterable[OwedImages], room: int
) -> None:
    """Fetch the pictures of articles, at most ``room`` articles at a time.

    Not as items of the spider's start: those would keep it from closing when it is told to.
    """
    running: set[asyncio.Future[object]] = set()
    for each in owed:
        running.add(asyncio.ensure_future(fetch(each)))
        if len(running) >= room:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    await asyncio.gather(*running)
