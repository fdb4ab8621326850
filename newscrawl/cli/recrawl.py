"""``newscrawl recrawl``: fetch again what is known, and keep every version."""

from datetime import date
from typing import Any

import click

from newscrawl.cli import options
from newscrawl.cli.crawl import carried_out, number, prepared, show_listings
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode


@click.command()
@click.argument("source")
@options.sections
@options.since
@options.until
@options.limit
@options.wait
@options.via
@options.output
@options.dialects
@options.images
@options.no_raw
@options.log_level
@options.dry_run
@options.as_json
@options.common
def recrawl(
    source: str,
    sections: tuple[str, ...],
    since: date | None,
    until: date | None,
    dialects: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    config: Config,
    **how: Any,
) -> int:
    """Fetch again what is known of SOURCE, and keep every version.

    All that its listings show, and what is stored and listed no more by its own address.
    A changed article gets a new revision and its post is rewritten; one that is gone,
    blocked or broken keeps its last good copy. --since and --until are days of
    publication. An interrupted recrawl is finished by the next run.

    \b
    Examples:  newscrawl recrawl sina_finance --section china --since 2026-09-01
               newscrawl recrawl eastmoney --dry-run
    """
    options.check_span(since, until)
    terminal = Terminal()
    chosen, written, planned = prepared([source], sections, dialects, config)
    if not dry_run:
        span = {"since": since, "until": until}
        how["recrawl"] = True
        return carried_out(terminal, config, chosen, written, as_json=as_json, **span, **how)

    from newscrawl.operations.recrawl import count_stored

    folder = how["output"] or config.directory
    stored = count_stored(folder, source, chosen[source], since, until)
    if as_json:
        terminal.json({"stored": stored, "listings": planned}, indent=True)
        return ExitCode.OK
    show_listings(terminal, planned)
    again = f"{number(stored, 'stored article')} and {number(len(planned), 'listing')}"
    terminal.line(f"{again} would be asked for again; nothing was")
    return ExitCode.OK
