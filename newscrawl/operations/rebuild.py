"""A new archive from the raw record and the posts (``newscrawl rebuild``)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from time import monotonic

from newscrawl.archive import Archive, ImportedPost
from newscrawl.archive.imports import RUN
from newscrawl.archive.lock import hold
from newscrawl.archive.raw import FOLDER
from newscrawl.archive.restoring import Restoring, old_sequence, old_tombstones
from newscrawl.archive.salvage import Condition, Old, begin_draft, condition_of, discard, promote
from newscrawl.archive.tombstones import append, read_file
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.export.dialects import dialect_named
from newscrawl.export.manifest import Manifest
from newscrawl.export.removal import site_folders
from newscrawl.importing import Broken, Origin, find_documents, read_post
from newscrawl.importing.categories import read_category, read_slug
from newscrawl.importing.jsonl import read_lines
from newscrawl.operations.importing import origins_of
from newscrawl.operations.replay import Replay
from newscrawl.operations.replay_files import raw_files
from newscrawl.operations.replay_reading import Span, Stretch, reader
from newscrawl.operations.replay_run import Replayed
from newscrawl.operations.workers import Workers
from newscrawl.outcomes import Outcome

Progress = Callable[[str, int, int], None]
_BATCH = 256
_READABLE = ("jsonl", "jekyll", "hexo")
"""Dialects whose posts can be read back, those that tell most first."""
_SHOWS_SLUGS = "jekyll"
"""The dialect whose posts show the slugs of names, also where their article is there already."""


@dataclass(frozen=True, slots=True)
class RebuildRequest:
    """What to make anew.

    archive: its path, whether it is there or not; raw record and posts stand beside it.
    sites: folders of posts elsewhere. force: also in the place of a sound or newer archive.
    wait: seconds for other runs. progress: called with what is read, how much of it was,
    and how much there is. jobs: processes that read pages.
    """

    config: Config
    archive: Path
    sites: Sequence[Path] = ()
    force: bool = False
    dry_run: bool = False
    wait: float | None = None
    progress: Progress | None = None
    jobs: int = 1


@dataclass(slots=True)
class RebuildReport:
    """What the new archive has, and where from.

    condition: of the old one. aside: where that is now. raw: what the raw record gave.
    from_raw, from_old, from_posts: articles. salvaged: table of the old archive -> rows.
    lost_tables: of the old archive, not readable to their end. broken_posts: files that no
    post could be read from.
    """

    condition: Condition
    aside: Path | None = None
    raw: Replayed = field(default_factory=Replayed)
    from_raw: int = 0
    from_old: int = 0
    from_posts: int = 0
    removals: int = 0
    salvaged: dict[str, int] = field(default_factory=dict)
    lost_tables: list[str] = field(default_factory=list)
    broken_posts: list[Path] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def articles(self) -> int:
        """All that the new archive has."""
        return self.from_raw + self.from_old + self.from_posts

    @property
    def exit_code(self) -> ExitCode:
        """``LOOK`` where something could not be read, ``NOTHING_MATCHED`` without anything."""
        if self.raw.damaged or self.raw.bugs or self.broken_posts:
            return ExitCode.LOOK
        return ExitCode.OK if self.articles or self.raw.captures else ExitCode.NOTHING_MATCHED


class NotNeededError(Exception):
    """The archive is not broken; nothing was done. ``condition``: what it is like."""

    def __init__(self, condition: Condition) -> None:
        super().__init__(condition.value)
        self.condition = condition


def run_rebuild(request: RebuildRequest) -> RebuildReport:
    """Make a new archive and put it in the place of the old one, which is kept beside it.

    While it lasts no source can be crawled. A kill before the end leaves everything as it
    was. With ``dry_run`` the new archive is made, counted, and thrown away. Raises
    ``NotNeededError``, ``LockedError``, ``ArchiveError`` and ``OSError``.
    """
    from newscrawl.spiders.registry import spiders

    begun = monotonic()
    with ExitStack() as stack:
        sources, arguments = spiders(), (request.config.crawl.max_size,)
        workers = stack.enter_context(Workers(reader, arguments, request.jobs, is_early=True))
        stack.enter_context(hold(request.archive.parent, sources, request.wait))
        condition = condition_of(request.archive)
        if condition in {Condition.SOUND, Condition.NEWER} and not request.force:
            raise NotNeededError(condition)
        report = RebuildReport(condition)
        draft = begin_draft(request.archive)
        try:
            with closing(Old(request.archive)) as old:
                steps = _Rebuild(request, Archive(draft), Restoring(draft), old, report)
                steps.carry_out(workers)
            if not request.dry_run and report.exit_code is not ExitCode.NOTHING_MATCHED:
                report.aside = promote(draft, request.archive)
        finally:
            discard(draft)
    report.seconds = monotonic() - begun
    return report


class _Rebuild:
    """The steps, each of which knows what the ones before it have brought."""

    def __init__(
        self,
        request: RebuildRequest,
        archive: Archive,
        restoring: Restoring,
        old: Old,
        report: RebuildReport,
    ) -> None:
        self._request = request
        self._archive = archive
        self._restoring = restoring
        self._old = old
        self._report = report
        self._folder = request.archive.parent
        self._sites = site_folders(self._folder, request.sites)
        self._fresh: set[str] = set()
        self._progress = request.progress or (lambda _what, _done, _of: None)

    def carry_out(self, workers: Workers[Span, Stretch]) -> None:
        """Tombstones first, so that nothing of theirs comes back; what is surest next.

        workers: read pages.
        """
        report = self._report
        self._tombstones()
        self._restoring.begin_sequence(self._last_sequence())
        self._restoring.runs(self._old)
        self._restoring.slugs(self._old)
        self._replay(workers)
        report.from_raw = self._count()
        self._take_old()
        report.from_old = self._count() - report.from_raw
        self._posts()
        report.from_posts = self._count() - report.from_raw - report.from_old
        report.salvaged = self._restoring.rest(self._old)
        report.lost_tables = sorted(self._old.damaged)

    def _count(self) -> int:
        return self._restoring.articles()

    def _tombstones(self) -> None:
        """Take the tombstones of the file and of the old archive; the file gets them all."""
        known = read_file(self._folder)
        for article, stone in old_tombstones(self._old).items():
            if article not in known:
                known[article] = stone
                if not self._request.dry_run:
                    append(self._folder, stone)
        self._report.removals = self._restoring.tombstones(known)

    def _last_sequence(self) -> int:
        """Return a number behind every sequence that any post was written for.

        Below it, a change would count as exported already. Where the old archive cannot tell
        and a site stands elsewhere, the microseconds since 1970 are behind any of them.
        """
        last = [old_sequence(self._old)]
        for root, dialect in self._sites.items():
            with closing(Manifest(root, dialect)) as manifest:
                last.append(manifest.last_sequence())
        if not last[0]:
            last.append(int(datetime.now(UTC).timestamp() * 1_000_000))
        return max(last)

    def _replay(self, workers: Workers[Span, Stretch]) -> None:
        files = raw_files(self._folder / FOLDER)
        replay = Replay(self._archive, self._restoring, self._request.config)
        self._report.raw = replay.done
        replay.play(files, workers, partial(self._progress, "raw"))

    def _take_old(self) -> None:
        """Take the articles that only the old archive has: their pages are no longer kept."""
        run: int | None = None
        for article in self._restoring.unknown_articles(self._old):
            if run is None:
                run = self._archive.begin_run(RUN, {"rebuild": "old archive"}, datetime.now(UTC))
            try:
                self._archive.store(run, article.section or "", article.url_hash or "", article)
            except ValueError:
                self._report.lost_tables.append("revisions")
        if run is not None:
            self._archive.end_run(run, finished_at=datetime.now(UTC), exit_code=0)

    def _posts(self) -> None:
        """Take what the posts tell: slugs of all, and the articles that nobody has."""
        slugs: dict[str, str] = {}
        run: int | None = None
        for batch in self._read_posts(slugs):
            wanted = [post for post in batch if self._is_wanted(post)]
            if wanted:
                if run is None:
                    run = self._archive.begin_run(RUN, {"rebuild": "posts"}, datetime.now(UTC))
                self._archive.imports.take(run, wanted)
        self._restoring.adopt_slugs(slugs)
        if run is not None:
            self._archive.end_run(run, finished_at=datetime.now(UTC), exit_code=0)

    def _is_wanted(self, post: ImportedPost) -> bool:
        """Whether a post is to be taken: of an article that only posts tell of.

        Its other forms are taken, too: each tells what the others do not.
        """
        key = self._archive.imports.article_of(post)
        if key is not None:
            return key in self._fresh
        self._fresh.add(post.written.hashes[0].hex())
        return self._archive.imports.outcome_of(post) is Outcome.NEW

    def _read_posts(self, slugs: dict[str, str]) -> Iterator[list[ImportedPost]]:
        """Yield the posts of all sites in batches; ``slugs`` takes the names of categories."""
        origins, now = origins_of(self._request.config), datetime.now(UTC)
        for root, name in sorted(
            (each for each in self._sites.items() if each[1] in _READABLE),
            key=lambda each: (_READABLE.index(each[1]), each[0]),
        ):
            dialect = dialect_named(name)
            for folder in dialect.page_folders:
                for path in find_documents([root / folder]) if (root / folder).is_dir() else ():
                    if category := read_category(path, origins):
                        slugs.setdefault(*category)
            if dialect.collected:
                yield from self._read_collected(root / dialect.folder, now)
                continue
            paths = find_documents(_there(root, (dialect.folder, dialect.old_folder)))
            with closing(Manifest(root, name)) as manifest:
                known = partial(self._is_known, manifest, root)
                for done in range(0, len(paths), _BATCH):
                    self._progress(f"{name} posts", done, len(paths))
                    some = paths[done : done + _BATCH]
                    if name != _SHOWS_SLUGS:
                        some = [path for path in some if not known(path)]
                    yield list(self._read_some(some, known, origins, slugs, now))

    def _read_some(
        self,
        paths: Sequence[Path],
        is_known: Callable[[Path], bool],
        origins: Sequence[Origin],
        slugs: dict[str, str],
        now: datetime,
    ) -> Iterator[ImportedPost]:
        """Yield posts; of one whose article is there already only the slug is read."""
        for path in paths:
            try:
                if is_known(path):
                    if told := read_slug(path, origins):
                        slugs.setdefault(*told)
                    continue
                post = read_post(path, origins, now=now)
            except Broken:
                self._report.broken_posts.append(path)
                continue
            if post.slug is not None:
                slugs.setdefault(*post.slug)
            yield post

    def _is_known(self, manifest: Manifest, root: Path, path: Path) -> bool:
        """Whether a file is the post of an article that the archive has not from posts."""
        owners = manifest.owners_at(PurePosixPath(path.relative_to(root)))
        return any(
            self._archive.sequence_of(owner) is not None and owner not in self._fresh
            for owner in owners
        )

    def _read_collected(self, folder: Path, now: datetime) -> Iterator[list[ImportedPost]]:
        paths = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
        for done, path in enumerate(paths, 1):
            self._progress("jsonl posts", done, len(paths))
            try:
                yield read_lines(path, now=now)
            except Broken:
                self._report.broken_posts.append(path)


def _there(root: Path, folders: Sequence[PurePosixPath | None]) -> list[Path]:
    return [root / each for each in folders if each is not None and (root / each).is_dir()]
