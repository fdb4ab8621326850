"""``newscrawl runs``: what the last runs did."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal, printable
from newscrawl.cli.words import lasted, when
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.runs import RunReport


@click.command()
@click.option("--source", help="Only runs of this source; `import`: imports.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most this many, the newest first.",
)
@options.output
@options.as_json
@options.common
def runs(source: str | None, limit: int, output: Path | None, as_json: bool, config: Config) -> int:
    """List the last runs: crawls, recrawls, imports and re-extractions.

    When they began (in Shanghai), how long they took, how they ended, and what became of
    the entries that they met. A run that was killed is shown as such.

    \b
    Examples:  newscrawl runs
               newscrawl runs --source sina_finance --limit 100 --json
    """
    from newscrawl.archive import Archive
    from newscrawl.operations.runs import last_runs

    terminal = Terminal()
    if not (path := options.archive_in(output, config)).exists():
        return options.say_no_archive(terminal, path)
    with Archive.open(path, read_only=True) as archive:
        if source is not None:
            options.check_known_source(source, archive.overview.sources())
        reports = last_runs(archive, source, limit)
    if as_json:
        terminal.json([as_data(each) for each in reports], indent=True)
    elif sys.stdout.isatty():
        terminal.table(_table(reports))
    else:
        for each in reports:
            terminal.line(_line(each))
    return ExitCode.OK


def as_data(report: "RunReport") -> dict[str, Any]:
    """Return one run as plain data; times are UTC, the duration is in seconds."""
    run = report.run
    return {
        "run": run.run,
        "source": run.source,
        "kind": run.kind,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "seconds": report.duration.total_seconds() if report.duration else None,
        "exit_code": run.exit_code,
        "end": report.end,
        "error": run.error,
        "entries": sum(run.counts.values()),
        "counts": run.counts,
        "asked": run.asked,
    }


def counts_in_words(report: "RunReport") -> str:
    """Return what became of a run's entries: ``12 new, 3 failed``."""
    return ", ".join(f"{n} {outcome}" for outcome, n in report.run.counts.items()) or "nothing met"


def _line(report: "RunReport") -> str:
    run = report.run
    line = (
        f"{run.run}  {when(run.started_at)}  {run.source}  {run.kind}  {lasted(report.duration)}"
        f"  {report.end}: {counts_in_words(report)}"
    )
    return f"{line}; {run.error}" if run.error else line


def _table(reports: "Sequence[RunReport]") -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("run", justify="right", no_wrap=True)
    for heading in ("began", "what", "took"):
        table.add_column(heading, no_wrap=True)
    table.add_column("end")
    for report in reports:
        run = report.run
        what = run.source if run.kind in ("crawl", run.source) else f"{run.source} {run.kind}"
        end = Text(report.end, style="" if run.exit_code == 0 else "red")
        end.append(f": {counts_in_words(report)}", style="default")
        if run.error:
            end.append(f"; {printable(run.error)}", style="default")
        table.add_row(str(run.run), when(run.started_at), what, lasted(report.duration), end)
    return table
