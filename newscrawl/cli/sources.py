"""``newscrawl sources``: what can be crawled."""

from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@options.as_json
@options.common
def sources(names: tuple[str, ...], as_json: bool, config: Config) -> None:
    """List the sources and their sections.

    What `newscrawl crawl SOURCE --section ID` takes. A section with a star is crawled
    when none is named. Besides these, `stock-sh600000` is the news of one stock.

    \b
    Example:  newscrawl sources sina_finance
    """
    from newscrawl.operations.catalogue import choose_sources
    from newscrawl.spiders.registry import spiders

    known = spiders()
    chosen = [known[name] for name in (choose_sources(names, config, known) if names else known)]
    terminal = Terminal()
    if as_json:
        terminal.json([_as_data(spider) for spider in chosen], indent=True)
        return
    for spider in chosen:
        terminal.line(f"{spider.name}  {spider.title}  {spider.home}")
        terminal.table(_table(spider))


def _as_data(spider: "type[SourceSpider]") -> dict[str, Any]:
    return {
        "name": spider.name,
        "title": spider.title,
        "home": spider.home,
        "sections": [
            {
                "id": section.id,
                "name": section.name,
                "kind": section.surface,
                "flash": section.flash,
                "default": section.default,
            }
            for section in spider.sections.values()
        ],
    }


def _table(spider: "type[SourceSpider]") -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "section", "name", "kind"):
        table.add_column(heading)
    for section in spider.sections.values():
        star = "*" if section.default else ""
        table.add_row(star, section.id, section.name, section.surface)
    return table
