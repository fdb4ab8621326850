"""``newscrawl remove``: take an article down, for good."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bar
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.remove import Removed


@click.command()
@click.argument("names", metavar="URL...", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why; it is kept with the address.")
@click.option("--even-unknown", is_flag=True, help="Keep away also what the archive has never met.")
@options.sites
@options.output
@options.wait
@options.dry_run
@options.as_json
@options.common
def remove(
    names: tuple[str, ...],
    reason: str,
    output: Path | None,
    dry_run: bool,
    as_json: bool,
    config: Config,
    **how: Any,
) -> int:
    """Take articles down: text, revisions, raw pages, pictures and posts, also edited ones.

    URL is any address of the article, or its identity (sina:…, em:…). What stays is its
    address with the reason, so that no crawl, import or rebuild brings it back. Listings
    kept in the raw record that show it go, too. There is no way back. Backups and sites
    that were built elsewhere are not touched.

    \b
    Examples:  newscrawl remove https://finance.sina.com.cn/doc-inaaaaaa1234567.shtml \\
                   --reason "asked by the publisher" --dry-run
               newscrawl remove sina:naaaaaa1234567 --reason "wrong person"
    """
    from newscrawl.operations.remove import RemoveRequest, UnknownArticleError, run_remove

    if not reason.strip():
        raise click.BadParameter("say why; it is all that will be left", param_hint="--reason")
    terminal = Terminal()
    archive = options.archive_in(output, config)
    if not archive.exists():
        return options.say_no_archive(terminal, archive)
    with progress_bar("listings", shown=sys.stderr.isatty() and not as_json) as progress:
        request = RemoveRequest(
            config,
            archive,
            tuple(dict.fromkeys(names)),
            reason.strip(),
            dry_run=dry_run,
            progress=progress,
            **how,
        )
        try:
            removed = run_remove(request)
        except UnknownArticleError as error:
            for name in error.names:
                terminal.error(
                    f"newscrawl: {name}: the archive knows no such article; nothing was removed "
                    "(--even-unknown keeps it away all the same)"
                )
            return ExitCode.NOTHING_MATCHED
    if as_json:
        terminal.json([_as_data(each) for each in removed], indent=True)
        return ExitCode.OK
    for each in removed:
        terminal.line(f"{each.url}: {_words(each, dry_run=dry_run)}")
        for post in each.posts:
            terminal.line(f"  {post}")
    return ExitCode.OK


def _words(removed: "Removed", *, dry_run: bool) -> str:
    if not removed.known:
        return "would be kept away" if dry_run else "kept away"
    verb = "would be removed" if dry_run else "removed"
    again = " again" if removed.earlier else ""
    return (
        f"{verb}{again}: {len(removed.posts)} files of posts, {removed.pages} raw pages, "
        f"{removed.listings} raw listings, {removed.pictures} pictures"
    )


def _as_data(removed: "Removed") -> dict[str, Any]:
    return {
        "name": removed.name,
        "url": removed.url,
        "title": removed.title,
        "known": removed.known,
        "removed_before": removed.earlier,
        "posts": [str(path) for path in removed.posts],
        "raw_pages": removed.pages,
        "raw_listings": removed.listings,
        "pictures": removed.pictures,
    }
