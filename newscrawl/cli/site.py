"""``newscrawl site``: begin a site around the posts, and look over one."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal, printable
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.sites import Checked, Started

_NAMES = ("jekyll", "hexo", "hugo")
_SHOWN = 100
"""Rows of a table that a person still reads; --json has all."""


@click.group()
def site() -> None:
    """Begin a site around the posts, or look over one.

    \b
    Examples:  newscrawl site init --generator hexo ~/my-site
               newscrawl site check ~/my-site
    """


@site.command()
@click.option("--generator", type=click.Choice(_NAMES), required=True, help="What builds the site.")
@click.option("--title", help="Name of the site; default from the configuration.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@options.dry_run
@options.common
def init(generator: str, title: str | None, folder: Path, dry_run: bool, config: Config) -> None:
    """Write a small complete site into DIR.

    It builds at once with the posts, and is yours from then on: a file that is there
    already is never overwritten. Addresses and name come from [site] of the
    configuration. DIR may hold posts already, such as output/hexo after a crawl.

    \b
    Examples:  newscrawl site init --generator hexo output/hexo
               newscrawl site init --generator jekyll ~/my-site --title 远山财经
    """
    from newscrawl.operations.site import run_start
    from newscrawl.sites import SiteError

    try:
        started = run_start(config, generator, folder, title=title, dry_run=dry_run)
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    terminal = Terminal()
    for line in _told(started, folder, dry_run):
        terminal.line(line)
    if not dry_run:
        terminal.block(_next_steps(generator, folder, config))


@site.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@options.as_json
@options.debug
def check(folder: Path, as_json: bool) -> int:
    """Find what would break the site in DIR, or mislead its readers.

    Time zones, posts that the generator leaves out or that share an address, broken
    front matter, wrong and future dates, text that the generator takes for a command.
    Reads files only; ends with 7 where a person should look.

    \b
    Example:  newscrawl site check output/hexo
    """
    from newscrawl.sites import SiteError, check_site

    try:
        checked = check_site(folder)
    except SiteError as error:
        raise click.UsageError(str(error)) from error
    terminal = Terminal()
    if as_json:
        terminal.json(checked, indent=True)
    else:
        _show(checked, terminal)
    return ExitCode.LOOK if checked.findings else ExitCode.OK


def _told(started: "Started", folder: Path, dry_run: bool) -> list[str]:
    """Return the lines about what was written and what was left."""
    verb = "would be written" if dry_run else "written"
    lines = [f"  {path}" for path in started.written]
    lines += [f"  {path}  (there already, left alone)" for path in started.kept]
    return [f"{len(started.written)} files {verb} to {folder}:", *lines]


def _next_steps(generator: str, folder: Path, config: Config) -> str:
    """Return what to do next: posts, build, look."""
    from newscrawl.sites import GENERATORS

    there, where = shlex.quote(str(folder)), config.directory / generator
    if folder.resolve() == where.resolve():
        posts = "newscrawl crawl                # every crawl writes its posts here"
        if generator not in config.output.dialects:
            named = [*config.output.dialects, generator]
            posts = f"newscrawl crawl                # with [output] dialects = {named}"
    else:
        posts = f"newscrawl export --dialect {generator} --out {there}"
    lines = [
        "",
        "Next:",
        f"  {posts}",
        f"  newscrawl site check {there}",
        f"  cd {there} && {' && '.join(GENERATORS[generator].build)}",
        "",
        f"A crawl writes its posts to <output>/{generator}/: where the site is that folder",
        "(--output, or [output] directory), no export is needed.",
    ]
    return "\n".join(lines)


def _show(checked: "Checked", terminal: Terminal) -> None:
    where = f"{checked.generator}, {_counted(checked.posts, 'post')}"
    if not checked.findings:
        terminal.line(f"{where}: nothing to mend")
        return
    number = len(checked.findings)
    terminal.line(f"{where}, {_counted(number, 'finding')}")
    terminal.table(_table(checked))
    if number > _SHOWN:
        terminal.line(f"and {number - _SHOWN} more: --json shows all")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _table(checked: "Checked") -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("file", "what", "why", "what to do"):
        table.add_column(heading, overflow="fold")
    for each in checked.findings[:_SHOWN]:
        file = f"{each.file}:{each.line}" if each.line else each.file
        table.add_row(*map(printable, (file, each.what, each.why, each.advice)))
    return table
