"""``newscrawl status``: how the archive and its sources stand."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.runs import as_data as run_as_data
from newscrawl.cli.terminal import Terminal, printable
from newscrawl.cli.words import NEVER, ago, counted, size, when
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.outcomes import Outcome

if TYPE_CHECKING:
    from newscrawl.operations.status import SectionStatus, Size, SourceStatus, Status

_OPEN = (Outcome.PENDING, Outcome.FAILED, Outcome.BLOCKED)
"""States in which something is left to do."""
_ENDED = tuple(outcome for outcome in Outcome if outcome not in _OPEN)


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--sections", is_flag=True, help="Show each section, as with a SOURCE.")
@click.option("--measure", is_flag=True, help="Measure large folders to the last file.")
@options.output
@options.as_json
@options.common
def status(
    sources: tuple[str, ...],
    sections: bool,
    measure: bool,
    output: Path | None,
    as_json: bool,
    config: Config,
) -> int:
    """Say how each source stands: articles, last run and success, what is left, when it is due.

    With SOURCE, or --sections, also each section: its addresses by state and when its
    listing was last read. A source is due as often as `every` of the configuration says.

    \b
    Examples:  newscrawl status
               newscrawl status sina_finance --json
    """
    from newscrawl.archive import Archive
    from newscrawl.operations.status import status as status_of

    terminal = Terminal()
    if not (path := options.archive_in(output, config)).exists():
        return options.say_no_archive(terminal, path)
    with Archive.open(path, read_only=True) as archive:
        for name in sources:
            options.check_known_source(name, archive.overview.sources())
        found = status_of(archive, config, tuple(dict.fromkeys(sources)), measure=measure)
    if as_json:
        terminal.json(_as_data(found), indent=True)
        return ExitCode.OK
    for each in found.sources:
        _show_source(terminal, each, sections=sections or bool(sources))
    _show_sizes(terminal, found)
    return ExitCode.OK


# ---- for programs ----------------------------------------------------------------------


def _as_data(found: "Status") -> dict[str, Any]:
    return {
        "archive": str(found.archive),
        "articles": sum(each.articles for each in found.sources),
        "sources": [_source_data(each) for each in found.sources],
        "sizes": [
            {
                "name": each.name,
                "path": str(each.path),
                "files": each.files,
                "bytes": each.bytes,
                "whole": each.whole,
            }
            for each in found.sizes
        ],
    }


def _source_data(each: "SourceStatus") -> dict[str, Any]:
    return {
        "source": each.source,
        "title": each.title,
        "articles": each.articles,
        "states": each.states,
        "last_run": run_as_data(each.last) if each.last else None,
        "last_success": each.last_success,
        "every_seconds": each.every.total_seconds() if each.every else None,
        "due_at": each.due_at,
        "sections": [
            {
                "section": section.section,
                "name": section.name,
                "states": section.states,
                "last_read": section.read_at,
                "failing": section.failing or None,
            }
            for section in each.sections
        ],
    }


# ---- for people ------------------------------------------------------------------------


def _show_source(terminal: Terminal, each: "SourceStatus", *, sections: bool) -> None:
    terminal.line(f"{each.source}  {each.title}".rstrip())
    for name, words in _facts(each):
        terminal.line(f"  {name:<12}  {words}")
    if sections and each.sections:
        if sys.stdout.isatty():
            terminal.table(_table(each.sections))
        else:
            for section in each.sections:
                terminal.line(f"  {_section_line(section)}")
    terminal.line()


def _facts(each: "SourceStatus") -> Iterable[tuple[str, str]]:
    yield "articles", f"{each.articles:,}"
    if each.sections:
        yield "addresses", _counts(each.states, _ENDED) or "none"
    yield "left to do", _counts(each.states, _OPEN) or "nothing"
    if each.last:
        run = each.last.run
        words = f"{when(run.started_at)}, {ago(run.started_at)}: {each.last.end} (run {run.run})"
        yield "last run", words if run.kind == "crawl" else f"{words}, {run.kind}"
    if each.last_success:
        yield "last success", f"{when(each.last_success)}, {ago(each.last_success)}"
    elif each.last:
        yield "last success", f"{NEVER} in the recent runs"
    if each.due_at:
        yield "next due", f"{when(each.due_at)}, {ago(each.due_at)}"
    elif each.every:
        yield "next due", "now"
    for section in each.failing:
        yield "failing", f"{section.section}: {section.failing}"


def _counts(states: dict[Outcome, int], among: Iterable[Outcome]) -> str:
    return ", ".join(f"{states[each]:,} {each}" for each in among if states.get(each))


def _section_line(section: "SectionStatus") -> str:
    counts = _counts(section.states, Outcome) or "nothing met"
    line = f"{section.section}  {section.name}  read {when(section.read_at)}: {counts}"
    return f"{line}; failing: {section.failing}" if section.failing else line


def _table(sections: "Iterable[SectionStatus]") -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 2), header_style="bold")
    table.add_column("section", no_wrap=True, overflow="ellipsis")
    table.add_column("listing read", no_wrap=True)
    table.add_column("addresses")
    for section in sections:
        name = Text(printable(f"{section.section}  {section.name}"))
        counts = _counts(section.states, Outcome) or "nothing met"
        style = "red" if section.failing else ""
        table.add_row(name, when(section.read_at), Text(counts, style=style))
    return table


def _show_sizes(terminal: Terminal, found: "Status") -> None:
    for each in found.sizes:
        terminal.line(f"{each.name:<14}{_size_words(each)}  {each.path}")
    total = sum(each.bytes for each in found.sizes)
    more = "" if all(each.whole for each in found.sizes) else "at least "
    terminal.line(f"{'together':<14}{more}{size(total)}")


def _size_words(each: "Size") -> str:
    more = "" if each.whole else "more than "
    return f"{more}{size(each.bytes)} in {more}{counted(each.files, 'file')}"
