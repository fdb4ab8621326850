"""Which pictures a run would ask for, without asking (``pictures --dry-run``)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.archive import Archive
from newscrawl.archive.image_files import ImageFiles

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class PicturePlan:
    """What is missing. articles: how many lack a picture. hosts: host -> pictures."""

    articles: int
    hosts: dict[str, int]


def plan_pictures(
    archive: "Path",
    chosen: Mapping[str, Sequence[str]],
    attempts: int,
    *,
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
) -> PicturePlan:
    """Return what a run over ``chosen`` (source -> section ids) would ask for.

    since, until: days, both included; limit: articles of each section. Reads only; raises
    ``ArchiveError`` where that is impossible.
    """
    from newscrawl.spiders.options import CrawlOptions
    from newscrawl.spiders.pictures import filters, lost_images
    from newscrawl.spiders.registry import spiders

    missing: dict[str, set[str]] = {}
    with Archive.open(archive, read_only=True) as store:
        files = ImageFiles(store.images_folder)
        for name, sections in chosen.items():
            asked = {"section": ",".join(sections), "since": since, "until": until, "limit": limit}
            for where in filters(name, CrawlOptions.of_arguments(spiders()[name], asked)):
                for each in store.articles(where):
                    article = each.article
                    wanted = store.images.would_want(article, attempts)
                    wanted += lost_images(store, files, article.url_hash or "")
                    missing.setdefault(article.url_hash or "", set()).update(wanted)
    pictures = set().union(*missing.values())
    hosts = Counter(urlsplit(url).hostname or "" for url in pictures)
    return PicturePlan(sum(map(bool, missing.values())), dict(sorted(hosts.items())))
