"""The end of a crawl in words: one line for a log, tables for a person, JSON for a program."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.cli.terminal import Terminal, printable
from newscrawl.exit_codes import ExitCode
from newscrawl.outcomes import Outcome

if TYPE_CHECKING:
    from newscrawl.operations.report import BackfillReport, CrawlReport, SectionReport
    from newscrawl.pipelines.posts import Written

ALWAYS = (
    Outcome.NEW,
    Outcome.UPDATED,
    Outcome.UNCHANGED,
    Outcome.DUPLICATE,
    Outcome.FAILED,
)
"""Outcomes that every summary states; the others only where there are any."""
FAILURES_IN_A_LINE = 3
BACKFILLS_IN_A_LINE = 5
BACKFILL_WORDS: Mapping[str | None, str] = {
    None: "further back with the next run",
    "complete": "all the way back",
    "end of listing": "the listing ends before that day",
    "source limit": "the source shows no more than this",
}
WIDE = 100
"""Columns of a screen that has room for the outcomes that nothing ended in."""


def show(report: "CrawlReport", terminal: Terminal, *, as_json: bool, full: bool) -> None:
    """Write the report: as JSON, as tables (``full``), or as one line."""
    if as_json:
        terminal.json(as_data(report), indent=True)
    elif full:
        _show_tables(report, terminal)
    else:
        terminal.line(one_line(report))


def totals(sections: "Iterable[SectionReport]") -> dict[Outcome, int]:
    """Return how many entries of the sections ended in each outcome, in the order of §2."""
    found = list(sections)
    return {outcome: sum(each.counts.get(outcome, 0) for each in found) for outcome in Outcome}


def as_data(report: "CrawlReport") -> dict[str, Any]:
    """Return the whole report as plain data."""
    return {
        "exit_code": int(report.exit_code),
        "seconds": round(report.seconds, 3),
        "entries": sum(each.entries for each in report.sections),
        "counts": totals(report.sections),
        "failures": report.failures,
        "sections": [
            {
                "source": each.source,
                "section": each.section,
                "name": each.name,
                "entries": each.entries,
                "counts": {outcome: each.counts.get(outcome, 0) for outcome in Outcome},
                "failure": each.failure,
                "not_modified": each.not_modified,
                "backfill": _backfill_data(each.backfill) if each.backfill else None,
            }
            for each in report.sections
        ],
        "posts": {
            dialect: {
                "folder": str(posts_folder(dialect, post)),
                "written": post.written,
                "dated_back": post.dated_back,
                "kept": post.kept,
                "moved": post.moved,
                "removed": post.removed,
                "withheld": post.withheld,
            }
            for dialect, post in report.posts.items()
        },
        "images": report.images,
    }


def _backfill_data(backfill: "BackfillReport") -> dict[str, Any]:
    return {
        "since": backfill.since.date().isoformat(),
        "pages": backfill.pages,
        "oldest": backfill.oldest.isoformat() if backfill.oldest else None,
        "ended": backfill.ended,
    }


def one_line(report: "CrawlReport") -> str:
    """Return the whole run as one line of a log."""
    counts = totals(report.sections)
    parts = [f"{sum(counts.values())} entries", *_count_words(counts)]
    line = f"newscrawl: {_headline(report, counts)}: {', '.join(parts)}; {report.seconds:.1f} s"
    line += "".join(f"; {post_words(*item)}" for item in report.posts.items())
    line += f"; {image_words(report.images)}" if report.images else ""
    unmodified = sum(each.not_modified for each in report.sections)
    line += f"; not modified since the last run: {unmodified}" if unmodified else ""
    line += "".join(f"; {backfill_words(*item)}" for item in _backfills(report).items())
    if report.failures:
        shown = "; ".join(report.failures[:FAILURES_IN_A_LINE])
        more = len(report.failures) - FAILURES_IN_A_LINE
        line += f"; failed: {shown}" + (f"; and {more} more" if more > 0 else "")
    return line


def _headline(report: "CrawlReport", counts: dict[Outcome, int]) -> str:
    fresh = counts[Outcome.NEW] + counts[Outcome.UPDATED]
    words = f"{fresh} new or updated articles" if fresh else "nothing new"
    if report.failures and not any(counts.values()):
        words = "nothing could be read"
    return f"interrupted, {words}" if report.exit_code == ExitCode.INTERRUPTED else words


def _count_words(counts: dict[Outcome, int]) -> list[str]:
    shown = (outcome for outcome in Outcome if outcome in ALWAYS or counts[outcome])
    return [f"{counts[outcome]} {outcome}" for outcome in shown]


def post_words(dialect: str, post: "Written") -> str:
    """Return what became of the posts of one dialect."""
    words = f"{dialect} posts in {posts_folder(dialect, post)}: "
    words += f"{post.written} written"
    if post.moved:
        words += f", {post.moved} moved by the window"
    if post.removed:
        words += f", {post.removed} removed by hand and left so"
    if post.kept:
        words += f", {post.kept} kept as edited by hand"
    if post.dated_back:
        words += f", {post.dated_back} dated in the future, given the time of the fetch"
    for reason, count in sorted(post.withheld.items()):
        words += f", {count} withheld ({reason})"
    return words


def _backfills(report: "CrawlReport") -> dict[str | None, list["SectionReport"]]:
    """Return the sections that were walked back, by why their walk ended."""
    found: dict[str | None, list[SectionReport]] = {}
    for each in report.sections:
        if each.backfill:
            found.setdefault(each.backfill.ended, []).append(each)
    return found


def backfill_words(ended: str | None, sections: "Sequence[SectionReport]") -> str:
    """Return how far the walks back came that ended in one way (None: not yet)."""
    shown = ", ".join(_reach(each) for each in sections[:BACKFILLS_IN_A_LINE])
    more = len(sections) - BACKFILLS_IN_A_LINE
    return f"{BACKFILL_WORDS[ended]}: {shown}" + (f" and {more} more" if more > 0 else "")


def _reach(section: "SectionReport") -> str:
    backfill = section.backfill
    if backfill is None or backfill.oldest is None:
        return section.section
    pages = "1 page" if backfill.pages == 1 else f"{backfill.pages} pages"
    return f"{section.section} ({backfill.oldest:%Y-%m-%d %H:%M}, {pages})"


def image_words(images: Mapping[str, int]) -> str:
    """Return what became of the pictures that were asked for."""
    return f"pictures: {', '.join(f'{number} {what}' for what, number in images.items())}"


def posts_folder(dialect: str, post: "Written") -> Path:
    """Return the folder that holds the posts themselves."""
    from newscrawl.export.dialects import dialect_named

    return post.folder / dialect_named(dialect).folder


def _show_tables(report: "CrawlReport", terminal: Terminal) -> None:
    columns = _columns(report.sections, everything=terminal.width >= WIDE)
    for source, group in groupby(report.sections, key=lambda each: each.source):
        sections = list(group)
        terminal.table(_table(source, sections, columns))
        quiet = [each for each in sections if not each.entries and not each.failure]
        empty = [each.section for each in quiet if not each.not_modified]
        if empty:
            sections_are = "1 section" if len(empty) == 1 else f"{len(empty)} sections"
            terminal.sentence(f"Nothing listed in {sections_are}: {', '.join(empty)}.")
    if unmodified := [each.section for each in report.sections if each.not_modified]:
        terminal.sentence(f"Not modified since the last run: {', '.join(unmodified)}.")
    for ended, walked in _backfills(report).items():
        words = backfill_words(ended, walked)
        terminal.sentence(f"{words[0].upper()}{words[1:]}.")
    for failure in report.failures:
        terminal.sentence(f"failed: {failure}")
    counts = totals(report.sections)
    terminal.line()
    terminal.sentence(
        f"{_headline(report, counts).capitalize()}: {sum(counts.values())} entries, "
        f"{', '.join(_count_words(counts))}. It took {report.seconds:.1f} s."
    )
    for dialect, post in report.posts.items():
        words = post_words(dialect, post)
        terminal.line(f"{words[0].upper()}{words[1:]}.")
    if report.images:
        terminal.line(f"{image_words(report.images).capitalize()}.")


def _columns(sections: "Iterable[SectionReport]", *, everything: bool) -> list[Outcome]:
    """Return the outcomes that the tables show: on a narrow screen names come before zeros."""
    counts = totals(sections)
    always = ALWAYS if everything else (Outcome.NEW, Outcome.FAILED)
    return [outcome for outcome in Outcome if outcome in always or counts[outcome]]


def _table(source: str, sections: "list[SectionReport]", columns: list[Outcome]) -> Any:
    """Return a row for each section with entries; the names give way on a narrow screen."""
    from rich.table import Table
    from rich.text import Text

    def name(text: str) -> Text:
        return Text(printable(text), no_wrap=True, overflow="ellipsis")

    counts = totals(sections)
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", show_footer=True)
    table.add_column(name(source), footer=name("all sections"))
    table.add_column("entries", justify="right", no_wrap=True, footer=str(sum(counts.values())))
    for outcome in columns:
        total = str(counts[outcome])
        table.add_column(outcome.value, justify="right", no_wrap=True, footer=total)
    for each in sections:
        if each.entries or each.failure:
            cells = [str(each.counts.get(outcome, 0) or "·") for outcome in columns]
            section = name(f"{each.section}  {each.name}")
            style = "red" if each.failure else ""
            table.add_row(section, str(each.entries), *cells, style=style)
    return table
