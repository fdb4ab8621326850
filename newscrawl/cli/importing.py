"""``newscrawl import``: take existing posts into the archive."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bar
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config

if TYPE_CHECKING:
    from newscrawl.operations.importing import ImportReport


@click.command("import")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--verbatim", is_flag=True, help="Keep the bytes of every post, too.")
@click.option(
    "--archive",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The archive to write to; default <output>/archive.db.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes that read, where there is much; default one a processor, at most two.",
)
@options.dry_run
@options.as_json
@options.common
def import_posts(
    paths: tuple[Path, ...],
    verbatim: bool,
    archive: Path | None,
    jobs: int | None,
    dry_run: bool,
    as_json: bool,
    config: Config,
) -> int:
    """Take existing Jekyll and Hexo posts into the archive; no file is changed.

    PATH is a post, or a folder that is searched for .md and .html files. Which article a
    post is stands in its link, its file name, or its title and time; a later crawl takes
    it for known. What the archive has already stays as it is. A document that is no post
    is listed with the reason, and the code is 3.

    \b
    Examples:  newscrawl import ~/my-site/_posts --dry-run
               newscrawl import --verbatim ~/my-site/source/_posts
    """
    from newscrawl.operations.importing import READERS, ImportRequest, run_import
    from newscrawl.operations.workers import cores

    for path in paths:
        if not path.is_symlink() and not path.exists():
            raise click.BadParameter(f"{path}: there is no such file or folder")
    terminal = Terminal()
    with progress_bar("posts", shown=sys.stderr.isatty() and not as_json) as progress:
        report = run_import(
            ImportRequest(
                config=config,
                archive=archive or config.directory / "archive.db",
                paths=paths,
                verbatim=verbatim,
                dry_run=dry_run,
                progress=progress,
                jobs=jobs or min(cores(), READERS),
            )
        )
    if as_json:
        terminal.json(_as_data(report), indent=True)
        return report.exit_code
    for each in report.broken:
        detail = f" ({each.detail})" if each.detail else ""
        terminal.error(f"newscrawl: {each.file}: {each.reason}{detail}")
    if not report.files:
        terminal.error("newscrawl: there is no .md or .html file in these folders")
    terminal.line(_words(report, dry_run=dry_run))
    return report.exit_code


def _words(report: "ImportReport", *, dry_run: bool) -> str:
    taken = "would be taken" if dry_run else "taken"
    removed = f"{report.removed} taken down and left out, " if report.removed else ""
    return (
        f"newscrawl: {report.files} files: {report.new} posts {taken}, {report.known} known, "
        f"{removed}{len(report.broken)} broken; {report.seconds:.1f} s"
    )


def _as_data(report: "ImportReport") -> dict[str, Any]:
    return {
        "exit_code": int(report.exit_code),
        "seconds": round(report.seconds, 3),
        "files": report.files,
        "new": report.new,
        "known": report.known,
        "removed": report.removed,
        "broken": [
            {
                "file": os.fsencode(each.file).decode("utf-8", "replace"),
                "reason": each.reason,
                "detail": each.detail,
            }
            for each in report.broken
        ],
    }
