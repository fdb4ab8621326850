"""``newscrawl demo``: the whole thing, end to end, without a network."""

import sys
from pathlib import Path

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal


@click.command()
@click.option(
    "--articles",
    type=click.IntRange(min=1),
    default=400,
    show_default=True,
    help="How many articles the stand-ins have.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("output"),
    show_default=True,
    help="Folder of archive and posts.",
)
@options.no_raw
@options.as_json
@options.debug
def demo(articles: int, output: Path, no_raw: bool, as_json: bool) -> int:
    """Crawl stand-ins of all sources into posts, without a network.

    Starts the replica on loopback and crawls every section of every source through the
    same code as the live sites. The stand-ins are the same each time: a second demo
    brings nothing new.

    \b
    Example:  newscrawl demo --articles 1000 --output /tmp/demo
    """
    from newscrawl.cli.summary import show
    from newscrawl.operations.demo import run_demo

    terminal = Terminal()
    if not as_json:
        terminal.error(f"Crawling {articles} invented articles of all sources on loopback ...")
    report = run_demo(articles, output, no_raw=no_raw, progress=sys.stderr.isatty() and not as_json)
    show(report, terminal, as_json=as_json, full=True)
    return report.exit_code
