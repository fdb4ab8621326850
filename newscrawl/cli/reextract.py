"""``newscrawl reextract``: today's rules over the raw record."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bar
from newscrawl.cli.summary import post_words
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.readings import Changed, Rescued
    from newscrawl.operations.reextract import ReextractReport

_QUIET = frozenset({"content_hash", "body_html"})
"""Fields whose change follows from others that are shown, where those changed."""


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--section", help="Only articles of this section, by its id or Chinese name.")
@options.since
@options.until
@options.reading_jobs
@click.option("--verbose", is_flag=True, help="List every article that is read in another way.")
@options.output
@options.wait
@options.dry_run
@options.as_json
@options.common
def reextract(
    sources: tuple[str, ...],
    section: str | None,
    since: date | None,
    until: date | None,
    jobs: int | None,
    verbose: bool,
    output: Path | None,
    wait: float | None,
    dry_run: bool,
    as_json: bool,
    config: Config,
) -> int:
    """Read the stored articles again, by today's rules, from the raw record.

    Nothing is fetched. What is read in another way now replaces what is stored of the same
    revision, and its posts follow; what today's rules cannot read stays as it is. Articles
    that could not be read when they were fetched are stored if they can be read now.
    --dry-run lists every change, old and new, and writes nothing. With --json each article
    is one line, where they are listed, and the last line is the report.

    \b
    Examples:  newscrawl reextract --dry-run
               newscrawl reextract sina_finance --since 2026-01-01
    """
    from newscrawl.operations.catalogue import choose_sections, choose_sources
    from newscrawl.operations.reextract import ReextractRequest, run_reextract
    from newscrawl.operations.workers import cores
    from newscrawl.spiders.registry import spiders

    first, end = options.instants(since, until)
    config = config.with_directory(output)
    chosen = choose_sources(sources, config, spiders())
    if section:
        found = choose_sections(chosen, (section,), spiders())
        chosen, section = tuple(found), next(iter(found.values()))[0]
    terminal = Terminal()
    listed = verbose or dry_run
    with progress_bar("raw pages", shown=sys.stderr.isatty() and not as_json) as progress:
        request = ReextractRequest(
            config=config,
            sources=chosen,
            section=section,
            since=first,
            until=end,
            jobs=jobs or cores(),
            dry_run=dry_run,
            details=listed,
            wait=wait,
            progress=progress,
            tell=_teller(terminal, as_json=as_json) if listed else None,
        )
        if not request.archive.exists():
            return options.say_no_archive(terminal, request.archive)
        report = run_reextract(request)
    if as_json:
        terminal.json(_as_data(report))
    else:
        terminal.line(_words(report, dry_run=dry_run))
    for problem in _problems(report):
        terminal.error(f"newscrawl: {problem}")
    return report.exit_code


def _teller(terminal: Terminal, *, as_json: bool) -> "Callable[[Changed | Rescued], None]":
    """Return the function that writes one article that is read in another way."""
    from newscrawl.operations.readings import Rescued

    def tell(each: "Changed | Rescued") -> None:
        if isinstance(each, Rescued):
            _tell_rescued(each, terminal, as_json=as_json)
        else:
            _tell_changed(each, terminal, as_json=as_json)

    return tell


def _tell_rescued(each: "Rescued", terminal: Terminal, *, as_json: bool) -> None:
    url, title = each.article.url or "", each.article.title or ""
    if as_json:
        terminal.json({"url": url, "title": title, "rescued": True, "changes": []})
    else:
        terminal.line(f"{url}  {title}")
        terminal.line("  could not be read before")


def _tell_changed(each: "Changed", terminal: Terminal, *, as_json: bool) -> None:
    from newscrawl.operations.differences import cut

    article = each.reading.article
    if as_json:
        changes = [
            {"field": change.field, "diff": change.lines}
            if change.lines
            else {"field": change.field, "old": change.old, "new": change.new}
            for change in each.changes
        ]
        terminal.json(
            {"url": article.url, "title": article.title, "rescued": False, "changes": changes}
        )
        return
    if not each.reading.shows:
        return
    terminal.line(f"{article.url}  {article.title}")
    hidden = _QUIET if "body_text" in each.names else frozenset({"content_hash"})
    for change in each.changes:
        if change.field in hidden:
            continue
        if change.lines:
            terminal.line(f"  {change.field}:")
            for line in change.lines:
                terminal.line(f"    {line}")
        else:
            terminal.line(f"  {change.field}: {cut(_said(change.old))} -> {cut(_said(change.new))}")


def _said(value: Any) -> str:
    """Return a value as a person reads it; ``-`` where there is none."""
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "-"
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    return "-" if value is None else str(value)


def _words(report: "ReextractReport", *, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    parts = [
        f"{report.read} articles read again: {report.changed} {would}changed",
        f"{report.unchanged + report.relabelled} unchanged",
    ]
    if report.rescued:
        parts.append(f"{report.rescued} {would}stored that could not be read before")
    if report.kept:
        parts.append(f"{report.kept.total()} kept as stored: {_listed(report.kept)}")
    if report.unread:
        parts.append(f"{report.unread.total()} still not readable: {_listed(report.unread)}")
    if report.without_raw:
        parts.append(f"{report.without_raw} without a raw page")
    line = f"newscrawl: {', '.join(parts)}; {report.seconds:.1f} s"
    if report.changed:
        line += f"; fields: {_listed(report.fields)}"
    return line + "".join(f"; {post_words(*item)}" for item in report.posts.items())


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())


def _problems(report: "ReextractReport") -> list[str]:
    """Return a line for all that a person should know besides."""
    lines = [
        f"{name}: {number} records are not what the index says; see `newscrawl verify`"
        for name, number in sorted(report.damaged.items())
    ]
    if report.bug:
        lines.append(f"a fault of ours, and perhaps not the only one: {report.bug}")
    if report.posts_waiting:
        lines.append(report.posts_waiting)
    if report.exit_code == ExitCode.NOTHING_MATCHED:
        lines.append("no article with a raw page matches")
    return lines


def _as_data(report: "ReextractReport") -> dict[str, Any]:
    return {
        "exit_code": int(report.exit_code),
        "seconds": round(report.seconds, 3),
        "captures": report.captures,
        "read": report.read,
        "changed": report.changed,
        "relabelled": report.relabelled,
        "unchanged": report.unchanged,
        "kept": dict(report.kept),
        "rescued": report.rescued,
        "unread": dict(report.unread),
        "without_raw": report.without_raw,
        "fields": dict(report.fields.most_common()),
        "damaged": dict(report.damaged),
        "posts": {dialect: {"written": each.written} for dialect, each in report.posts.items()},
    }
