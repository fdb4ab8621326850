"""Taking articles down (``newscrawl remove``)."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.archive import Archive
from newscrawl.archive.image_files import path_of
from newscrawl.archive.lock import hold
from newscrawl.archive.pages import page_of_capture
from newscrawl.archive.raw import FOLDER
from newscrawl.archive.raw_recovery import recover
from newscrawl.archive.removals import Target
from newscrawl.config import Config
from newscrawl.export.removal import Unwanted, remove_posts, site_folders
from newscrawl.identity.identities import hash_url, identify
from newscrawl.identity.urls import UnsafeURL, canonical_url, comparison_url
from newscrawl.importing.identity import by_code, by_name, by_title
from newscrawl.importing.origins import Origin
from newscrawl.operations.importing import origins_of
from newscrawl.outcomes import Failed


@dataclass(frozen=True, slots=True)
class RemoveRequest:
    """What to take down.

    archive: its SQLite file. names: addresses or identities. reason: kept with the
    tombstone. sites: folders of posts besides those beside the archive. even_unknown: a
    tombstone also for what the archive does not know. wait: seconds for other runs.
    progress: called with the number of listings looked at so far and of all.
    """

    config: Config
    archive: Path
    names: Sequence[str]
    reason: str
    sites: Sequence[Path] = ()
    even_unknown: bool = False
    dry_run: bool = False
    wait: float | None = None
    progress: Callable[[int, int], None] | None = None


@dataclass(slots=True)
class Removed:
    """What went of one article, or would go; numbers are 0 for what there was none of.

    known: whether the archive had it. earlier: whether it was taken down before. posts:
    files that went, or from which a line went. pages, listings: captures of the raw record.
    """

    name: str
    url: str
    title: str = ""
    known: bool = True
    earlier: bool = False
    posts: list[Path] = field(default_factory=list)
    pages: int = 0
    listings: int = 0
    pictures: int = 0


class UnknownArticleError(LookupError):
    """The archive knows nothing under these names; nothing was done. ``names``: which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def run_remove(request: RemoveRequest) -> list[Removed]:
    """Take the articles down and return what went of each.

    Nothing is done unless all are known, or may be unknown. While it lasts no source can be
    crawled. Raises ``UnknownArticleError``, ``LockedError``, ``ArchiveError``,
    ``ExportError`` and ``OSError``; after a failure the same request goes on from there.
    """
    from newscrawl.spiders.registry import spiders

    if request.dry_run:
        with Archive.open(request.archive, read_only=True) as archive:
            targets = _targets(request, archive)
            return [_Removal(request, archive, *each).preview() for each in targets.items()]
    with (
        hold(request.archive.parent, spiders(), request.wait),
        Archive.open(request.archive) as archive,
    ):
        for source in spiders():  # what a killed run wrote is in no index yet
            recover(archive, source, datetime.now(UTC))
        targets = _targets(request, archive)
        removals = [_Removal(request, archive, *each) for each in targets.items()]
        for each in removals:  # first of all: whatever happens, nothing comes back
            each.bury()
        done = [each.carry_out() for each in removals]
        archive.removals.sweep(archive.folder / FOLDER)
        archive.removals.purge()
    return done


def _targets(request: RemoveRequest, archive: Archive) -> dict[str, Target]:
    """Return what each name means; raise ``UnknownArticleError``."""
    origins = origins_of(request.config)
    found, unknown = {}, []
    for name in request.names:
        hashes = hashes_of(name, origins)
        target = archive.removals.find(hashes) if hashes else None
        if target is None and hashes and request.even_unknown:
            target = Target(hashes[0], frozenset(hashes), "", name)
        if target is None:
            unknown.append(name)
        else:
            found[name] = target
    if unknown:
        raise UnknownArticleError(unknown)
    return found


def hashes_of(name: str, origins: Sequence[Origin]) -> list[str]:
    """Return the hashes that an address or identity may be known under, the likeliest first.

    None for what can be no article's: a site's home page, or words.
    """
    urls: list[str] = []
    if "://" not in name:
        named = by_name(f"0000-00-00-{name.replace(':', '-')}", origins)
        return [named[1].url_hash] if named else []
    with suppress(UnsafeURL):
        parts = urlsplit(canonical_url(name))
        if not parts.path.strip("/") and not parts.query:
            return []
        coded = by_code(name, origins)
        owner = next((each for each in origins if each.owns(name)), None)
        if coded is not None:
            urls.append(coded[1].url)
        if owner is not None:
            urls.append(identify(name, owner.rules, owner.drop_parameters).url)
        urls += [comparison_url(name), canonical_url(name), name]
    return list(dict.fromkeys(map(hash_url, urls)))


class _Removal:
    """The way of one article out of everything."""

    def __init__(self, request: RemoveRequest, archive: Archive, name: str, target: Target) -> None:
        self._request = request
        self._archive = archive
        self._target = target
        newest = next(iter(target.articles), None)
        self._removed = Removed(
            name,
            target.url,
            title=(newest.title or "") if newest else "",
            known=bool(target.articles or target.source),
            earlier=target.tombstone is not None,
            pictures=len(target.pictures),
        )

    def preview(self) -> Removed:
        """Return what would go."""
        pages, listings = self._captures()
        self._removed.pages, self._removed.listings = len(pages), len(listings)
        self._posts(dry_run=True)
        return self._removed

    def bury(self) -> None:
        """Set the tombstone."""
        target = self._target
        self._target = replace(target, hashes=target.hashes | self._as_posts())
        self._archive.removals.bury(self._target, self._request.reason, datetime.now(UTC))

    def carry_out(self) -> Removed:
        """Remove posts, raw pages, pictures and rows, those last that name the others."""
        self._posts(dry_run=False)
        pages, listings = self._captures()
        self._removed.pages, self._removed.listings = len(pages), len(listings)
        removals = self._archive.removals
        removals.cut(pages | listings, self._archive.folder / FOLDER)
        removals.forget(self._target, self._archive.images_folder)
        return self._removed

    def _as_posts(self) -> frozenset[str]:
        """Return the hashes of posts of the article that tell neither address nor code."""
        origins = {each.name: each for each in origins_of(self._request.config)}
        found = set()
        for article in self._target.articles:
            origin = origins.get(article.source or "")
            if origin and article.title and article.published_at:
                moment = article.published_at.replace(microsecond=0)
                found.add(by_title(origin, origin.site, article.title, moment).url_hash)
        return frozenset(found)

    def _posts(self, *, dry_run: bool) -> None:
        names: dict[str, tuple[str, ...]] = {}
        for dialect, name in self._target.documents:
            names[dialect] = (*names.get(dialect, ()), name)
        unwanted = Unwanted(
            self._target.hashes,
            self._target.articles,
            names,
            tuple(path_of(each) for each in self._target.pictures),
        )
        folders = site_folders(self._request.archive.parent, self._request.sites)
        for root, dialect in folders.items():
            gone = remove_posts(root, dialect, unwanted, dry_run=dry_run)
            self._removed.posts += [root / path for path in gone]

    def _captures(self) -> tuple[set[int], set[int]]:
        """Return the captures of its pages, and those of listings that show it."""
        removals = self._archive.removals
        pages = removals.with_repeats(removals.captures(self._target))
        shown = removals.with_repeats(self._listings())
        return pages, shown - pages

    def _listings(self) -> list[int]:
        """Return the listings that show it.

        All of its source are looked at: one that is older may have shown it to a run that
        did not take it, and a walk back in time shows it in a later one.
        """
        needles = self._target.needles
        if not self._target.source or not needles:
            return []
        captures = list(self._archive.captures.listings(self._target.source))
        found = []
        for number, capture in enumerate(captures, 1):
            if capture.payload is None:
                try:
                    body = page_of_capture(self._archive, capture).body
                except (OSError, ValueError, Failed):
                    continue  # of a damaged record nothing can be read; verify names it
                if any(needle in body for needle in needles):
                    found.append(capture.capture)
            if self._request.progress is not None:
                self._request.progress(number, len(captures))
        return found
