"""``newscrawl ingest``: captures of other tools into the archive."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bar
from newscrawl.cli.summary import post_words
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.ingest import IngestReport

_NAMES = {
    "not_ours": "of no source",
    "other_status": "with another status than 200",
    "not_an_article": "no articles",
    "listing": "listings",
    "older": "older than what is stored",
}


@click.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@click.option(
    "--source", "sources", multiple=True, help="Only pages of this source; may be repeated."
)
@options.output
@options.wait
@options.dry_run
@options.as_json
@options.common
def ingest(
    files: tuple[Path, ...],
    sources: tuple[str, ...],
    output: Path | None,
    wait: float | None,
    dry_run: bool,
    as_json: bool,
    config: Config,
) -> int:
    """Take articles from WARC files that other tools made: browsers, wget, crawlers.

    FILE is a .warc or .warc.gz. Its pages of known sources are read by the same rules as
    those of a crawl, and kept in the raw record. A page that is older than what is stored
    changes nothing, a newer one with other content is a revision. Taking in a file twice
    takes nothing the second time. A damaged file is taken as far as it is whole, with code 3.

    \b
    Examples:  newscrawl ingest crawl.warc.gz --dry-run
               wget --warc-file=page URL && newscrawl ingest page.warc.gz
    """
    from newscrawl.operations.catalogue import choose_sources
    from newscrawl.operations.ingest import IngestRequest, run_ingest
    from newscrawl.spiders.registry import spiders

    chosen = choose_sources(sources, config, spiders())
    terminal = Terminal()
    with progress_bar("bytes", shown=sys.stderr.isatty() and not as_json) as progress:
        report = run_ingest(
            IngestRequest(
                config=config.with_directory(output),
                files=files,
                sources=chosen,
                dry_run=dry_run,
                wait=wait,
                progress=progress,
            )
        )
    if as_json:
        terminal.json(_as_data(report), indent=True)
    else:
        terminal.line(_words(report, dry_run=dry_run))
    for path, why in report.damaged.items():
        terminal.error(f"newscrawl: {path}: {why}; what stands before it was taken")
    if report.bug:
        terminal.error(f"newscrawl: a fault of ours, and perhaps not the only one: {report.bug}")
    if report.posts_waiting:
        terminal.error(f"newscrawl: {report.posts_waiting}")
    if report.exit_code == ExitCode.NOTHING_MATCHED:
        terminal.error("newscrawl: there is no page of a known source in these files")
    return report.exit_code


def _words(report: "IngestReport", *, dry_run: bool) -> str:
    parts = [f"{number} {_NAMES.get(name, name)}" for name, number in report.counts.most_common()]
    would = "would be taken: " if dry_run else ""
    line = f"newscrawl: {would}{report.responses} responses: {', '.join(parts) or 'none'}"
    if report.rows:
        rows = ", ".join(f"{number} {name}" for name, number in report.rows.most_common())
        line += f"; in the listings: {rows}"
    if report.reasons:
        why = ", ".join(f"{number} {name}" for name, number in report.reasons.most_common())
        line += f"; why: {why}"
    line += f"; {report.seconds:.1f} s"
    return line + "".join(f"; {post_words(*item)}" for item in report.posts.items())


def _as_data(report: "IngestReport") -> dict[str, Any]:
    return {
        "exit_code": int(report.exit_code),
        "seconds": round(report.seconds, 3),
        "responses": report.responses,
        "counts": dict(report.counts),
        "reasons": dict(report.reasons),
        "rows": dict(report.rows),
        "damaged": {str(path): why for path, why in report.damaged.items()},
        "posts": {dialect: {"written": each.written} for dialect, each in report.posts.items()},
    }
