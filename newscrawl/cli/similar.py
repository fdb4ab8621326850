"""``newscrawl similar``: which articles are reprints of one another."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bars
from newscrawl.cli.terminal import Terminal
from newscrawl.cli.words import counted, when
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.archive.fingerprints import Near
    from newscrawl.operations.similar import Reprints


def _check_radius(_ctx: click.Context, _param: click.Parameter, value: int | None) -> int:
    """Accept what can be looked up; without a number, what reprints differ in."""
    from newscrawl.identity.fingerprints import RADIUS, WIDEST

    if value is None:
        return RADIUS
    if not 0 <= value <= WIDEST:
        raise click.BadParameter(f"{value} is not in 0 to {WIDEST}; what is farther is unrelated")
    return value


@click.command()
@click.argument("names", metavar="[URL]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All groups of reprints.")
@click.option("--source", help="Only groups with an article of this source, whoever has the rest.")
@options.since
@options.until
@click.option("--newest", is_flag=True, help="The newest group first, not the largest.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many groups.")
@click.option(
    "--radius",
    type=int,
    metavar="BITS",
    callback=_check_radius,
    help="How many of the 64 bits of a fingerprint may differ, 0 to 11; default 8.",
)
@options.reading_jobs
@options.output
@options.as_json
@options.common
def similar(
    names: tuple[str, ...],
    everything: bool,
    source: str | None,
    since: date | None,
    until: date | None,
    newest: bool,
    limit: int | None,
    radius: int,
    jobs: int | None,
    output: Path | None,
    as_json: bool,
    config: Config,
) -> int:
    """Show which articles say nearly the same: reprints of one story.

    URL is any address of an article, its identity (sina:…, em:…), an NW code, the first eight
    or more digits of its hash, or the path of a post. With --all every group there is, or
    those of the days from --since to --until. The number is the distance from URL, or from
    the first of a group: 0 for the same text, to 8 for a reprint that was edited a little.
    Texts below 100 letters are not compared. The archive keeps all of them.

    \b
    Examples:  newscrawl similar https://finance.sina.com.cn/doc-inaaaaaa1234567.shtml
               newscrawl similar --all --since 2026-09-01 --limit 20
    """
    from newscrawl.archive import Archive
    from newscrawl.operations.lookup import AmbiguousNameError
    from newscrawl.operations.similar import Wanted, all_reprints, make_fingerprints, reprints_of
    from newscrawl.operations.workers import cores

    first, end = options.instants(since, until)
    wanted = Wanted(first, end, source, radius, newest, limit)
    if everything == bool(names):
        raise click.UsageError("give a URL, or --all")
    if not everything and wanted != Wanted(radius=radius):
        raise click.UsageError("--source, --since, --until, --newest and --limit go with --all")
    terminal = Terminal()
    if not (path := options.archive_in(output, config)).exists():
        return options.say_no_archive(terminal, path)
    shown = sys.stderr.isatty() and not as_json
    with Archive.open(path) as archive, progress_bars(shown=shown) as progress:
        if source is not None:
            options.check_known_source(source, archive.overview.sources())
        make_fingerprints(archive, path, jobs or cores(), progress)
        groups = all_reprints(archive, wanted, progress) if everything else []
        try:
            found = [reprints_of(archive, name, config, radius) for name in names]
        except AmbiguousNameError as error:
            raise click.UsageError(str(error)) from error
    if everything:
        _show_groups(terminal, groups, as_json=as_json)
        filtered = source is not None or first is not None or end is not None
        return ExitCode.NOTHING_MATCHED if filtered and not groups else ExitCode.OK
    return _show_each(terminal, found, as_json=as_json)


def _show_groups(terminal: Terminal, groups: "Sequence[Sequence[Near]]", *, as_json: bool) -> None:
    if as_json:
        terminal.json([_as_data(each) for each in groups], indent=True)
        return
    for each in groups:
        sources = counted(len({one.source for one in each}), "source")
        terminal.line(f"{counted(len(each), 'article')} of {sources}")
        for line in _lines(each):
            terminal.line(line)
    if not groups:
        terminal.line("no two articles are near to each other")


def _show_each(terminal: Terminal, found: "Sequence[Reprints]", *, as_json: bool) -> int:
    compared = [each for each in found if each.near is not None]
    if as_json:
        terminal.json(
            [
                {
                    "asked": each.named.name,
                    "url_hash": each.url_hash,
                    "articles": _as_data(each.near or (), each.url_hash),
                }
                for each in compared
            ],
            indent=True,
        )
    for each in found:
        if each.near is None:
            terminal.error(f"newscrawl: {each.named.name}: {_why_not(each)}")
        elif not as_json:
            others = len(each.near) - 1
            number = counted(others, "other article") if others else "no other article"
            terminal.line(f"{each.named.name}: {number}")
            for line in _lines(each.near, each.url_hash):
                terminal.line(line)
    return ExitCode.OK if len(compared) == len(found) else ExitCode.NOTHING_MATCHED


def _why_not(reprints: "Reprints") -> str:
    if reprints.url_hash is None:
        return "not known"
    if not reprints.stored:
        return "nothing of it is stored; `newscrawl explain` says why"
    return "its text is too short to be compared"


def _lines(near: "Sequence[Near]", asked: str | None = None) -> "Iterator[str]":
    """Yield a line for each article; the first of all, and the one asked about, are marked."""
    for number, each in enumerate(near):
        mark = "first" if number == 0 else "asked" if each.url_hash == asked else ""
        at = when(each.published_at)
        yield f"  {mark:<5}  {each.distance:>2}  {at}  {each.source}  {each.title}  {each.url}"


def _as_data(near: "Sequence[Near]", asked: str | None = None) -> list[dict[str, Any]]:
    """Return articles as plain data; times are UTC."""
    return [
        {
            "first": number == 0,
            "asked": each.url_hash == asked,
            "distance": each.distance,
            "published_at": each.published_at,
            "source": each.source,
            "title": each.title,
            "url": each.url,
            "url_hash": each.url_hash,
        }
        for number, each in enumerate(near)
    ]
