"""``newscrawl export``: write posts from the archive."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.archive import ArticleFilter
    from newscrawl.export import ExportCounts

SHANGHAI = ZoneInfo("Asia/Shanghai")


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
@click.option("--source", help="Only articles of this source.")
@click.option("--section", help="Only articles of this section.")
@click.option("--media", help="Only articles of this outlet, by its exact name.")
@options.since
@options.until
@click.option(
    "--limit", type=click.IntRange(min=1), help="At most this many, the first published first."
)
@click.option("--force", is_flag=True, help="Overwrite posts that were edited by hand.")
@options.dry_run
@options.as_json
@options.common
def export(
    dialects: tuple[str, ...],
    out: Path | None,
    archive: Path | None,
    force: bool,
    dry_run: bool,
    as_json: bool,
    config: Config,
    **where: Any,
) -> int:
    """Write posts from the archive; nothing is fetched.

    A post that is there already is left alone, one whose article was corrected is
    written anew, one that you edited is kept (--force overwrites it).

    \b
    Examples:  newscrawl export --dialect hexo --since 2026-01-01
               newscrawl export --dialect jekyll --out ~/my-site --dry-run
    """
    from newscrawl.export import dialects as known_dialects
    from newscrawl.operations.catalogue import choose_dialects
    from newscrawl.operations.export import ExportRequest, run_export

    chosen = choose_dialects(dialects, config.output.dialects, known_dialects())
    if out and len(chosen) != 1:
        raise click.UsageError("--out is the folder of one site: name one --dialect with it")
    wanted = _filter(config, **where)
    archive = archive or config.directory / "archive.db"
    terminal = Terminal()
    if not archive.exists():
        terminal.error(f"newscrawl: {archive}: there is no archive here; crawl first")
        return ExitCode.NOTHING_MATCHED
    counts = run_export(
        ExportRequest(
            config=config,
            archive=archive,
            folders={each: out or config.directory / each for each in chosen},
            where=wanted,
            force=force,
            dry_run=dry_run,
        )
    )
    if as_json:
        terminal.json({each: _as_data(counts[each]) for each in chosen}, indent=True)
    else:
        for each in chosen:
            terminal.line(
                f"{each}: {_words(counts[each], dry_run)} in {out or config.directory / each}"
            )
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
    from newscrawl.operations.catalogue import choose_sections, choose_sources
    from newscrawl.spiders.registry import spiders

    options.check_span(since, until)
    known = spiders()
    sources = choose_sources((source,), config, known) if source else tuple(known)
    if section:
        found = choose_sections(sources, (section,), known)
        section = next(iter(found.values()))[0]
    return ArticleFilter(
        source=source,
        section=section,
        media=media,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        limit=limit,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _words(counts: "ExportCounts", dry_run: bool) -> str:
    written = "would be written" if dry_run else "written"
    parts = [f"{counts.written} posts {written}", f"{counts.unchanged} unchanged"]
    if counts.kept:
        parts.append(f"{len(counts.kept)} kept as edited by hand")
    parts += [f"{n} withheld ({reason})" for reason, n in sorted(counts.withheld.items())]
    if counts.dated_back:
        parts.append(f"{counts.dated_back} dated in the future, given the time of the fetch")
    return ", ".join(parts)


def _as_data(counts: "ExportCounts") -> dict[str, Any]:
    return {
        "written": counts.written,
        "unchanged": counts.unchanged,
        "pages": counts.pages,
        "dated_back": counts.dated_back,
        "kept": [str(path) for path in counts.kept],
        "withheld": counts.withheld,
    }
