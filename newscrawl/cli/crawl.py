"""``newscrawl crawl``: fetch what is new and write it into posts."""

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.plan import Planned


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--section", "sections", multiple=True, help="Only this section; may be repeated.")
@options.since
@options.until
@click.option(
    "--limit", type=click.IntRange(min=1), help="At most this many articles of each section."
)
@click.option("--full", is_flag=True, help="Walk whole listings, past what is known.")
@options.via
@options.output
@options.dialects
@options.images
@options.log_level
@options.dry_run
@options.as_json
@options.common
def crawl(
    sources: tuple[str, ...],
    sections: tuple[str, ...],
    since: date | None,
    until: date | None,
    dialects: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    config: Config,
    **how: Any,
) -> int:
    """Fetch what is new and write it into posts.

    Without SOURCE all sources that the configuration enables. What is known is not
    fetched again; a second run finishes what an interrupted one left.

    \b
    Examples:  newscrawl crawl sina_finance --section china --limit 20
               newscrawl crawl --dry-run
               newscrawl crawl --since 2026-01-01 --until 2026-01-31 --json
    """
    from newscrawl.export.choice import choose_dialects, choose_windows
    from newscrawl.operations.catalogue import choose
    from newscrawl.operations.plan import plan

    options.check_span(since, until)
    chosen = choose(sources, sections, config)
    written = choose_dialects(dialects, config.output.dialects)
    choose_windows(written, config)  # a wrong one is said before anything is asked
    planned = plan(chosen, config)  # checks the sections that the configuration names, too
    terminal = Terminal()
    if dry_run:
        return _show_plan(terminal, planned, as_json)

    from newscrawl.cli.summary import show
    from newscrawl.operations.crawl import CrawlRequest, run_crawl

    report = run_crawl(
        CrawlRequest(
            config=config,
            sources=tuple(chosen),
            sections=tuple(dict.fromkeys(each for ids in chosen.values() for each in ids)),
            since=since,
            until=until,
            dialects=written,
            progress=sys.stderr.isatty() and not as_json,
            **how,
        )
    )
    show(report, terminal, as_json=as_json, full=sys.stdout.isatty())
    return report.exit_code


def _show_plan(terminal: Terminal, planned: "Sequence[Planned]", as_json: bool) -> int:
    """Say which listings a crawl would ask for first; nothing is asked or written (H133)."""
    if as_json:
        terminal.json(planned, indent=True)
        return ExitCode.OK
    for each in planned:
        terminal.line(f"{each.source}  {each.section}  {each.name}  {each.url}")
    sites = len({each.source for each in planned})
    asked = f"{_number(len(planned), 'section')} of {_number(sites, 'source')}"
    terminal.line(f"{asked} would be asked; nothing was")
    return ExitCode.OK


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
