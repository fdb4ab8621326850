"""``newscrawl crawl``: fetch what is new and write it into posts."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.cli.words import when
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.plan import Planned


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@options.sections
@options.since
@options.until
@options.limit
@click.option("--full", is_flag=True, help="Walk whole listings, past what is known.")
@click.option("--due", is_flag=True, help="Leave out sources that are not due by `every` yet.")
@options.wait
@options.jobs
@options.via
@options.output
@options.dialects
@options.images
@options.no_raw
@options.log_level
@options.dry_run
@options.as_json
@options.common
def crawl(
    sources: tuple[str, ...],
    sections: tuple[str, ...],
    since: date | None,
    until: date | None,
    due: bool,
    jobs: int | None,
    dialects: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    config: Config,
    **how: Any,
) -> int:
    """Fetch what is new and write it into posts.

    Without SOURCE all sources that the configuration enables. What is known is not
    fetched again; a second run finishes what an interrupted one left. With --since the
    listings are walked back to that day, as many pages a run as [crawl] max_pages says;
    the next run with the same days goes on. With --due cron may call as often as it
    likes: a source is left out until `every` of the configuration has passed. With --jobs
    the sources are shared out over processes: for a first crawl of everything and for long
    spans of days, where reading the pages takes longer than waiting for them; a host is
    asked as politely as ever.

    \b
    Examples:  newscrawl crawl sina_finance --section china --limit 20
               newscrawl crawl --dry-run
               newscrawl crawl --due
               newscrawl crawl --since 2026-01-01 --until 2026-01-31 --json
               newscrawl crawl --wait 600
               newscrawl crawl --full --jobs 2
    """
    options.check_span(since, until)
    if due and (sections or since or until or how["limit"]):
        raise click.UsageError("--due is about whole sources, not sections, days or a limit")
    terminal = Terminal()
    how["jobs"] = config.crawl.jobs if jobs is None else jobs
    if due:
        sources = _due(sources, how["output"], config, terminal, as_json=as_json, dry_run=dry_run)
        if not sources:
            return ExitCode.OK
    chosen, written, planned = prepared(sources, sections, dialects, config)
    if dry_run:
        return _show_plan(terminal, planned, as_json)
    span = {"since": since, "until": until}
    return carried_out(terminal, config, chosen, written, as_json=as_json, **span, **how)


def _due(
    sources: Sequence[str],
    output: Path | None,
    config: Config,
    terminal: Terminal,
    *,
    as_json: bool,
    dry_run: bool,
) -> tuple[str, ...]:
    """Return the sources that are due; where none is, say when the first one will be."""
    from newscrawl.operations.catalogue import choose
    from newscrawl.operations.due import not_due

    asked = tuple(choose(sources, (), config))
    path = options.archive_in(output, config)
    waiting = not_due(path, asked, config, datetime.now(UTC), read_only=dry_run)
    left = tuple(name for name in asked if name not in waiting)
    if not left and as_json:
        terminal.json({"exit_code": int(ExitCode.OK), "due_at": waiting}, indent=True)
    elif not left:
        name, moment = min(waiting.items(), key=lambda each: each[1])
        terminal.line(f"newscrawl: nothing is due; {name} is the next, {when(moment)}")
    return left


def prepared(
    sources: Sequence[str], sections: Sequence[str], dialects: Sequence[str], config: Config
) -> "tuple[Mapping[str, Sequence[str]], tuple[str, ...], Sequence[Planned]]":
    """Return source -> sections, the dialects, and the listings that would be asked.

    Whatever is wrong with them, or with the configuration's, is said before anything is
    asked for: raises ``ConfigError`` or ``UnknownNameError``.
    """
    from newscrawl.export.choice import choose_dialects, choose_windows
    from newscrawl.operations.catalogue import choose
    from newscrawl.operations.plan import plan

    chosen = choose(sources, sections, config)
    written = choose_dialects(dialects, config.output.dialects)
    choose_windows(written, config)
    return chosen, written, plan(chosen, config)


def carried_out(
    terminal: Terminal,
    config: Config,
    chosen: Mapping[str, Sequence[str]],
    dialects: tuple[str, ...],
    *,
    as_json: bool,
    **how: Any,
) -> int:
    """Crawl, show the report and return the exit code; ``how``: of the ``CrawlRequest``."""
    from newscrawl.cli.summary import show
    from newscrawl.operations.crawl import CrawlRequest, run_crawl

    request = CrawlRequest(
        config=config,
        sources=tuple(chosen),
        sections=tuple(dict.fromkeys(each for ids in chosen.values() for each in ids)),
        dialects=dialects,
        progress=sys.stderr.isatty() and not as_json,
        **how,
    )
    if request.jobs > 1:
        from newscrawl.operations.jobs import crawl_all

        report = crawl_all(request)
    else:
        report = run_crawl(request)
    show(report, terminal, as_json=as_json, full=sys.stdout.isatty())
    return report.exit_code


def _show_plan(terminal: Terminal, planned: "Sequence[Planned]", as_json: bool) -> int:
    """Say which listings a crawl would ask for first; nothing is asked or written (H133)."""
    if as_json:
        terminal.json(planned, indent=True)
        return ExitCode.OK
    show_listings(terminal, planned)
    sites = len({each.source for each in planned})
    asked = f"{number(len(planned), 'section')} of {number(sites, 'source')}"
    terminal.line(f"{asked} would be asked; nothing was")
    return ExitCode.OK


def show_listings(terminal: Terminal, planned: "Sequence[Planned]") -> None:
    """Write a line for each listing."""
    for each in planned:
        terminal.line(f"{each.source}  {each.section}  {each.name}  {each.url}")


def number(count: int, noun: str) -> str:
    """Return ``1 section``, ``2 sections``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
