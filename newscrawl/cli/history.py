"""``newscrawl history``: the revisions of an article and what changed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal, printable
from newscrawl.cli.words import when
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.history import Step

_STYLES = {"-": "red", "+": "green", "…": "dim"}
_HASH = 12


@click.command()
@click.argument("name", metavar="URL")
@click.option("--diff/--no-diff", default=True, help="Show what changed, or only its fields.")
@options.output
@options.as_json
@options.common
def history(name: str, diff: bool, output: Path | None, as_json: bool, config: Config) -> int:
    """Show the revisions of an article, and what changed from one to the next.

    URL is any address of the article, its identity (sina:…, em:…), an NW code, the first
    eight or more digits of its hash, or the path of a post. Times are those of Shanghai.

    \b
    Examples:  newscrawl history https://finance.sina.com.cn/doc-inaaaaaa1234567.shtml
               newscrawl history output/hexo/source/_posts/2026-01-22-sina-naaaaaa1234567.md
    """
    from newscrawl.archive import Archive
    from newscrawl.operations.history import history as steps_of
    from newscrawl.operations.lookup import AmbiguousNameError, look_up

    terminal = Terminal()
    if not (path := options.archive_in(output, config)).exists():
        return options.say_no_archive(terminal, path)
    with Archive.open(path, read_only=True) as archive:
        try:
            _, key = look_up(name, archive, config)
        except AmbiguousNameError as error:
            raise click.UsageError(str(error)) from error
        steps = steps_of(archive, key) if key else []
    if not steps:
        known = "nothing of it is stored; `newscrawl explain` says why" if key else "not known"
        terminal.error(f"newscrawl: {name}: {known}")
        return ExitCode.NOTHING_MATCHED
    if as_json:
        terminal.json([_as_data(step, diff=diff) for step in steps], indent=True)
        return ExitCode.OK
    for step in steps:
        _show(terminal, step, diff=diff)
    return ExitCode.OK


def _as_data(step: "Step", *, diff: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "revision": step.number,
        "stored_at": step.stored_at,
        "run": step.run,
        "content_hash": step.content_hash,
        "title": step.title,
        "extractor": step.extractor,
        "changed": step.changed,
    }
    return {**data, "diff": step.diff} if diff else data


def _show(terminal: Terminal, step: "Step", *, diff: bool) -> None:
    changed = f"changed: {', '.join(step.changed)}" if step.number > 1 else "first stored"
    terminal.line(
        f"revision {step.number}  {when(step.stored_at)}  run {step.run}"
        f"  {step.content_hash[:_HASH]}  {step.extractor}"
    )
    terminal.line(f"  {step.title}")
    terminal.line(f"  {changed}")
    for line in step.diff if diff else ():
        _show_change(terminal, line)


def _show_change(terminal: Terminal, line: str) -> None:
    """Write one line of a diff; coloured, and broken where the screen ends, on a terminal."""
    shown = f"  {line}"
    if not sys.stdout.isatty():
        terminal.line(shown)
        return
    from rich.padding import Padding
    from rich.text import Text

    text = Text(printable(line), style=_STYLES.get(line[:1], ""), overflow="fold")
    terminal.table(Padding(text, (0, 0, 0, 2)))
