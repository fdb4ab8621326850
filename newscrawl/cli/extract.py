"""``newscrawl extract``: what we read from a saved page."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.items import Article

STDIN = "-"


@click.command()
@click.argument("file", metavar="FILE|-", required=False)
@click.option("--url", help="Where the page was; else the page itself must tell.")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help='Many pages: a file of lines {"file": ..., "url": ...}; paths are relative to it.',
)
@options.as_json
@options.debug
def extract(file: str | None, url: str | None, manifest: Path | None, as_json: bool) -> int:
    """Show what is read from a saved article page, without a crawl.

    Pages of a known source are read by its own rules, all others by general ones (flag
    `generic`). With --manifest one JSON object a line is written, in the same order; a
    page that cannot be read becomes {"file": ..., "error": ...} and the code 3.

    \b
    Examples:  newscrawl extract page.html --json
               curl -s URL | newscrawl extract - --url URL
               newscrawl extract --manifest pages.jsonl --json
    """
    if (file is None) == (manifest is None):
        raise click.UsageError("give one FILE, - for standard input, or --manifest")
    if manifest is not None:
        if url:
            raise click.UsageError("--url is of one page; a manifest has its own addresses")
        return _extract_many(manifest)
    return _extract_one(file or "", url, as_json)


def _extract_many(manifest: Path) -> int:
    from newscrawl.operations.extract import extract_manifest

    terminal = Terminal()
    code = ExitCode.OK
    for result in extract_manifest(manifest):
        terminal.json(result)
        if "error" in result:
            code = ExitCode.PARTIAL
        if terminal.closed:
            break
    return code


def _extract_one(file: str, url: str | None, as_json: bool) -> int:
    from newscrawl.operations.extract import (
        UnreadableError,
        as_data,
        extract_bytes,
        extract_file,
    )

    if re.match(r"https?://", file):
        raise click.UsageError(
            "extract reads a saved page and asks no site; "
            f"save it first:  curl -o page.html '{file}' && "
            f"newscrawl extract page.html --url '{file}'"
        )
    terminal = Terminal()
    try:
        if file == STDIN:
            article = extract_bytes(sys.stdin.buffer.read(), url)
        else:
            article = extract_file(Path(file), url)
    except UnreadableError as error:
        if as_json:
            terminal.json({"file": file, "error": str(error)})
        terminal.error(f"newscrawl: {file}: {error}")
        return ExitCode.PARTIAL
    if as_json:
        terminal.json(as_data(article))
    else:
        _show(article, terminal)
    return ExitCode.OK


def _show(article: "Article", terminal: Terminal) -> None:
    """Write the fields that are set, one a line, and then the text."""
    fields = {
        "title": article.title,
        "published": article.published_at and article.published_at.isoformat(sep=" "),
        "media": article.media,
        "author": article.author,
        "editor": article.editor,
        "tags": "、".join(article.keywords),
        "images": str(len(article.images) or ""),
        "url": article.url,
        "identity": article.identity if article.identity != article.url else None,
        "extractor": article.extractor,
        "flags": ", ".join(article.flags),
    }
    for name, value in fields.items():
        if value:
            terminal.line(f"{name:10} {value}")
    terminal.line()
    terminal.block(article.body_text or "")
