"""The archive that a command writes into, and in a dry run the one that it is compared with."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from newscrawl.archive import Archive


@contextmanager
def opened_archives(path: Path, *, dry_run: bool) -> Iterator[tuple[Archive, Archive | None]]:
    """Yield the archive that is written, and in a dry run the real one, if there is any.

    A dry run writes what the archive lacks into one that is thrown away, so that several
    files of one article are counted as they would be. Raises ``ArchiveError``.
    """
    with ExitStack() as opened:
        real = None
        if dry_run:
            if path.exists():
                real = opened.enter_context(Archive.open(path, read_only=True))
            path = Path(opened.enter_context(TemporaryDirectory())) / "archive.db"
        yield opened.enter_context(Archive.open(path)), real
