"""``newscrawl verify``: whether everything that is kept agrees."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newscrawl.cli import options
from newscrawl.cli.bar import progress_bars
from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.archive.findings import Finding


@click.command()
@click.option(
    "--quick", is_flag=True, help="Read no texts, pages, pictures and posts; compare what is said."
)
@options.sites
@options.output
@options.as_json
@options.common
def verify(
    quick: bool,
    sites: tuple[Path, ...],
    output: Path | None,
    as_json: bool,
    config: Config,
) -> int:
    """Check that database, raw record, pictures and posts agree, and that hashes match.

    Nothing is changed, and a crawl may run meanwhile. Each finding says what is wrong
    where, and which command repairs it. The code is 0 where nothing is wrong (notes are
    no faults), 7 where something is, 6 where the archive cannot be opened.

    \b
    Examples:  newscrawl verify
               newscrawl verify --quick --json
    """
    from newscrawl.operations.verify import VerifyRequest, exit_code, run_verify

    terminal = Terminal()
    archive = options.archive_in(output, config)
    if not archive.exists():
        terminal.error(
            f"newscrawl: {archive}: there is no archive here; `newscrawl rebuild` makes one of "
            "the raw record and the posts beside it"
        )
        return ExitCode.NOTHING_MATCHED
    findings: list[Finding] = []
    with progress_bars(shown=sys.stderr.isatty() and not as_json) as progress:
        for finding in run_verify(VerifyRequest(config, archive, sites, quick, progress)):
            findings.append(finding)
            if not as_json:
                terminal.line(f"{finding.severity}: {finding.where}: {finding.what}")
                terminal.line(f"  {finding.remedy}")
    code = exit_code(findings)
    if as_json:
        terminal.json({"exit_code": int(code), "findings": findings}, indent=True)
    else:
        terminal.line(f"newscrawl: {archive}: {_words(findings)}")
    return code


def _words(findings: "Sequence[Finding]") -> str:
    counts = Counter(str(each.severity) for each in findings)
    found = [f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in sorted(counts.items())]
    return ", ".join(found) or "nothing is wrong"
