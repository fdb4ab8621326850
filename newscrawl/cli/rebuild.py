"""``newscrawl rebuild``: a new archive from the raw record and the posts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bars
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.rebuild import RebuildReport


@click.command()
@click.option(
    "--force", is_flag=True, help="Also in the place of a sound archive, or of a newer one."
)
@options.sites
@options.reading_jobs
@options.output
@options.wait
@options.dry_run
@options.as_json
@options.common
def rebuild(
    force: bool,
    sites: tuple[Path, ...],
    jobs: int | None,
    output: Path | None,
    wait: float | None,
    dry_run: bool,
    as_json: bool,
    config: Config,
) -> int:
    """Make a new archive where the old one is broken, empty or gone.

    Pages of the raw record are read by today's rules, as the crawl did it; articles that
    it no longer has come from the posts (jekyll, hexo, jsonl). What was taken down stays
    away, posts keep their paths and addresses. The old file is kept as archive.db.broken-1
    with what can still be read of it taken over; it is never changed. Nothing is fetched.

    \b
    Examples:  newscrawl rebuild --dry-run
               newscrawl rebuild && newscrawl export
    """
    from newscrawl.archive.salvage import Condition
    from newscrawl.operations.rebuild import NotNeededError, RebuildRequest, run_rebuild
    from newscrawl.operations.workers import cores

    terminal = Terminal()
    archive = options.archive_in(output, config)
    if not archive.parent.is_dir():
        terminal.error(f"newscrawl: {archive.parent}: there is no such folder")
        return ExitCode.NOTHING_MATCHED
    with progress_bars(shown=sys.stderr.isatty() and not as_json) as progress:
        request = RebuildRequest(
            config, archive, sites, force, dry_run, wait, progress, jobs or cores()
        )
        try:
            report = run_rebuild(request)
        except NotNeededError as error:
            newer = error.condition is Condition.NEWER
            hint = "install that one, or " if newer else "`newscrawl verify` looks it over; "
            terminal.error(
                f"newscrawl: {archive}: {error.condition.value}: {hint}"
                "--force makes a new one all the same"
            )
            return ExitCode.USAGE
    if as_json:
        terminal.json(_as_data(report), indent=True)
    else:
        _show(terminal, report, archive, dry_run=dry_run)
    return report.exit_code


def _show(terminal: Terminal, report: "RebuildReport", archive: Path, *, dry_run: bool) -> None:
    made = "would be made" if dry_run else "made"
    terminal.line(
        f"newscrawl: {archive} {made}: {report.articles} articles, {report.from_raw} from "
        f"{report.raw.captures} raw pages, {report.from_old} from the old archive, "
        f"{report.from_posts} from posts; {report.removals} taken down stay away; "
        f"{report.seconds:.1f} s"
    )
    if report.aside is not None:
        terminal.line(f"the old one is {report.aside}")
    for name, places in sorted(report.raw.damaged.items()):
        terminal.line(f"damaged: {name}: {places} places cannot be read")
    for reason, number in sorted(report.raw.unread.items()):
        terminal.line(f"not taken: {number} pages: {reason}")
    for bug in report.raw.bugs:
        terminal.error(f"newscrawl: {bug}")
    for path in report.broken_posts:
        terminal.line(f"not read: {path}")
    if report.exit_code is ExitCode.NOTHING_MATCHED:
        terminal.error("newscrawl: there is neither a raw record nor a post; nothing was changed")


def _as_data(report: "RebuildReport") -> dict[str, Any]:
    return {
        "exit_code": int(report.exit_code),
        "seconds": round(report.seconds, 3),
        "old": report.condition.name.lower(),
        "old_kept_as": str(report.aside) if report.aside else None,
        "articles": {
            "raw": report.from_raw,
            "old": report.from_old,
            "posts": report.from_posts,
        },
        "removals": report.removals,
        "raw": {
            "files": report.raw.files,
            "captures": report.raw.captures,
            "damaged": report.raw.damaged,
            "unread": report.raw.unread,
            "bugs": report.raw.bugs,
        },
        "salvaged": report.salvaged,
        "lost_tables": report.lost_tables,
        "broken_posts": [str(path) for path in report.broken_posts],
    }
