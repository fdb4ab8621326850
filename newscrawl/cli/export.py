"""``newscrawl export``: write posts from the archive."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config, Images
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.archive import ArticleFilter
    from newscrawl.export import ExportCounts, FileChange


@click.command()
@options.dialects
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the site, for one dialect; default <output>/<dialect>.",
)
@click.option(
    "--archive",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The archive to read; default <output>/archive.db.",
)
@click.option("--source", help="Only articles of this source; `imported`: of none of ours.")
@click.option("--section", help="Only articles of this section.")
@click.option("--media", help="Only articles of this outlet, by its exact name.")
@options.since
@options.until
@click.option(
    "--limit", type=click.IntRange(min=1), help="At most this many, the first published first."
)
@options.window
@options.images
@click.option("--force", is_flag=True, help="Overwrite posts that were edited by hand.")
@click.option("--restore", is_flag=True, help="Write posts again that were removed by hand.")
@click.option(
    "--verbatim", is_flag=True, help="Write back what `import --verbatim` kept, byte for byte."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes that share much work; default one a processor, at most two.",
)
@options.dry_run
@options.as_json
@options.common
def export(
    dialects: tuple[str, ...],
    out: Path | None,
    archive: Path | None,
    window: str | None,
    images: Images | None,
    force: bool,
    restore: bool,
    verbatim: bool,
    jobs: int | None,
    dry_run: bool,
    as_json: bool,
    config: Config,
    **where: Any,
) -> int:
    """Write posts from the archive; nothing is fetched.

    A post that is there already is left alone, one whose article was corrected is
    written anew, one that you edited is kept (--force overwrites it), one that you removed
    stays so (--restore writes it again). With --window 3d only the posts of three days, up
    to today or --until, stay where they are built; all older ones of the site are moved to
    old_post/, whatever the other options choose. --dry-run lists each file and why.

    \b
    Examples:  newscrawl export --dialect hexo --since 2026-01-01
               newscrawl export --dialect jekyll --out ~/my-site --window 3d --dry-run
    """
    from newscrawl.export.choice import choose_dialects, choose_windows
    from newscrawl.operations.export import PROCESSES, ExportRequest, run_export
    from newscrawl.operations.workers import cores

    config = config.with_images(images)
    chosen = choose_dialects(dialects, config.output.dialects)
    if out and len(chosen) != 1:
        raise click.UsageError("--out is the folder of one site: name one --dialect with it")
    wanted = _filter(config, **where)
    first_days = choose_windows(chosen, config, window, where["until"])
    archive = archive or config.directory / "archive.db"
    terminal = Terminal()
    if not archive.exists():
        return options.say_no_archive(terminal, archive)
    counts = run_export(
        ExportRequest(
            config=config,
            archive=archive,
            folders={each: out or config.directory / each for each in chosen},
            where=wanted,
            first_days=first_days,
            force=force,
            restore=restore,
            verbatim=verbatim,
            dry_run=dry_run,
            jobs=jobs or min(cores(), PROCESSES),
        )
    )
    if as_json:
        data = {each: _as_data(counts[each], dry_run=dry_run) for each in chosen}
        terminal.json(data, indent=True)
    else:
        for each in chosen:
            words = _words(counts[each], dry_run=dry_run)
            terminal.line(f"{each}: {words} in {out or config.directory / each}")
            _list(counts[each].changes, terminal)
    if any(each.posts for each in counts.values()):
        return ExitCode.OK
    terminal.error("newscrawl: no article in the archive matches")
    return ExitCode.NOTHING_MATCHED


def _filter(
    config: Config,
    *,
    source: str | None,
    section: str | None,
    media: str | None,
    since: date | None,
    until: date | None,
    limit: int | None,
) -> "ArticleFilter":
    """Return the filter of the archive; names are checked, days become instants."""
    from newscrawl.archive import ArticleFilter
    from newscrawl.identity.posts import IMPORTED
    from newscrawl.operations.catalogue import choose_sections, choose_sources
    from newscrawl.spiders.registry import spiders

    first, end = options.instants(since, until)
    known = spiders()
    sources = tuple(known)
    if source and source != IMPORTED:
        sources = choose_sources((source,), config, known)
    if section:
        found = choose_sections(sources, (section,), known)
        section = next(iter(found.values()))[0]
    return ArticleFilter(
        source=source,
        section=section,
        media=media,
        since=first,
        until=end,
        limit=limit,
    )


def _list(changes: "Sequence[FileChange]", terminal: Terminal) -> None:
    """Write a line for each file of a dry run: why, which, and where it would go."""
    for change in changes:
        to = f" -> {change.to}" if change.to else ""
        terminal.line(f"  {change.why:15}{change.path}{to}")


def _words(counts: "ExportCounts", *, dry_run: bool) -> str:
    written = "would be written" if dry_run else "written"
    parts = [f"{counts.written} posts {written}", f"{counts.unchanged} unchanged"]
    if counts.moved:
        parts.append(f"{counts.moved} {'would be moved' if dry_run else 'moved'} by the window")
    if counts.removed:
        parts.append(f"{len(counts.removed)} removed by hand and left so")
    if counts.kept:
        parts.append(f"{len(counts.kept)} kept as edited by hand")
    parts += [f"{n} withheld ({reason})" for reason, n in sorted(counts.withheld.items())]
    if counts.dated_back:
        parts.append(f"{counts.dated_back} dated in the future, given the time of the fetch")
    return ", ".join(parts)


def _as_data(counts: "ExportCounts", *, dry_run: bool) -> dict[str, Any]:
    data = {
        "written": counts.written,
        "unchanged": counts.unchanged,
        "pages": counts.pages,
        "moved": counts.moved,
        "dated_back": counts.dated_back,
        "kept": [str(path) for path in counts.kept],
        "removed": [str(path) for path in counts.removed],
        "withheld": counts.withheld,
    }
    if dry_run:
        data["changes"] = [
            {"path": str(each.path), "why": each.why, "to": str(each.to) if each.to else None}
            for each in counts.changes
        ]
    return data
