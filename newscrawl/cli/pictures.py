"""``newscrawl pictures``: fetch the pictures of what is in the archive."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.pictures import PicturePlan
    from newscrawl.operations.report import CrawlReport


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@options.sections
@options.since
@options.until
@options.limit
@options.via
@options.output
@options.dialects
@options.log_level
@options.dry_run
@options.as_json
@options.common
def pictures(
    sources: tuple[str, ...],
    sections: tuple[str, ...],
    output: Path | None,
    via: str | None,
    dialects: tuple[str, ...],
    log_level: str,
    dry_run: bool,
    as_json: bool,
    config: Config,
    **span: Any,
) -> int:
    """Fetch the pictures of archived articles and show them in the posts.

    For articles that were crawled while pictures stayed at the publisher, and to try
    again what failed; no listing and no article is asked for. Posts whose pictures came
    are written anew, with --dialect only those of that form.

    \b
    Examples:  newscrawl pictures --since 2026-01-01
               newscrawl pictures sina_finance --dry-run
    """
    from newscrawl.export.choice import choose_dialects
    from newscrawl.operations.catalogue import choose

    options.check_span(span["since"], span["until"])
    chosen = choose(sources, sections, config)
    written = choose_dialects(dialects, config.output.dialects)
    terminal = Terminal()
    archive = options.archive_in(output, config)
    if not archive.exists():
        return options.say_no_archive(terminal, archive)
    if dry_run:
        from newscrawl.operations.pictures import plan_pictures

        plan = plan_pictures(archive, chosen, config.crawl.attempts, **span)
        return _show_plan(terminal, plan, as_json)

    from newscrawl.operations.crawl import CrawlRequest, run_crawl

    report = run_crawl(
        CrawlRequest(
            config=config,
            sources=tuple(chosen),
            sections=tuple(dict.fromkeys(each for ids in chosen.values() for each in ids)),
            via=via,
            output=output,
            dialects=written,
            images="local",
            pictures=True,
            progress=sys.stderr.isatty() and not as_json,
            log_level=log_level,
            **span,
        )
    )
    _show(terminal, report, as_json)
    return report.exit_code


def _show_plan(terminal: Terminal, plan: "PicturePlan", as_json: bool) -> int:
    """Say what would be asked for; nothing is asked or written (H133)."""
    if as_json:
        terminal.json(plan, indent=True)
        return ExitCode.OK
    for host, number in plan.hosts.items():
        terminal.line(f"{host}  {number}")
    total = sum(plan.hosts.values())
    terminal.line(f"{total} pictures of {plan.articles} articles would be asked for; none was")
    return ExitCode.OK


def _show(terminal: Terminal, report: "CrawlReport", as_json: bool) -> None:
    from newscrawl.cli.summary import as_data, image_words, post_words

    if as_json:
        data = as_data(report)
        kept = ("exit_code", "seconds", "failures", "images", "posts")
        terminal.json({key: data[key] for key in kept}, indent=True)
        return
    what = image_words(report.images) if report.images else "no picture was wanted"
    terminal.line(f"newscrawl: {what}; {report.seconds:.1f} s")
    for dialect, post in report.posts.items():
        terminal.line(post_words(dialect, post))
    for failure in report.failures:
        terminal.line(f"failed: {failure}")
