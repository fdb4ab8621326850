"""What a recrawl would fetch again, without asking (``recrawl --dry-run``)."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.recall import Recall
from newscrawl.extensions.run_record import DATABASE
from newscrawl.spiders.options import CrawlOptions
from newscrawl.spiders.registry import spiders


def count_stored(
    folder: Path, source: str, sections: Iterable[str], since: date | None, until: date | None
) -> int:
    """Return how many articles of a source are stored in these sections and days.

    No sections mean all; the days are the source's own, ``until`` included. A folder
    without an archive holds none. Raises ``ArchiveError`` for a broken one.
    """
    path = folder / DATABASE
    if not path.exists():
        return 0
    asked = {"section": ",".join(sections), "since": since, "until": until}
    options = CrawlOptions.of_arguments(spiders()[source], asked)
    chosen = frozenset(section.id for section in options.sections)
    with Archive.open(path, read_only=True) as archive:
        return archive.count_recall(Recall(source, chosen, options.since, options.until))
