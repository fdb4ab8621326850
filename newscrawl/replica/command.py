"""The command ``newscrawl replica``, also ``python -m newscrawl.replica``."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from newscrawl.replica.options import LISTINGS, NOW, SHANGHAI, ReplicaError, ReplicaOptions

_DEFAULT = ReplicaOptions()


def _moment(_: click.Context, __: click.Parameter, value: str) -> datetime:
    """Read an ISO 8601 time; without a zone it is Asia/Shanghai."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no ISO 8601 time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


@click.command("replica")
@click.option("--host", default=_DEFAULT.host, show_default=True, help="Loopback address.")
@click.option("--port", default=_DEFAULT.port, show_default=True, help="0 takes a free one.")
@click.option(
    "--articles", default=_DEFAULT.articles, show_default=True, help="Articles at the start."
)
@click.option(
    "--seed", default=_DEFAULT.seed, show_default=True, help="Another seed, another world."
)
@click.option(
    "--now", callback=_moment, default=NOW.isoformat(), show_default=True, help="Its clock."
)
@click.option(
    "--interval", default=_DEFAULT.interval, show_default=True, help="Seconds between articles."
)
@click.option(
    "--tick",
    default=_DEFAULT.tick,
    show_default=True,
    help="Real seconds per new article; 0: none.",
)
@click.option(
    "--correct",
    default=_DEFAULT.correct,
    show_default=True,
    help="Correct every K-th article, one a tick.",
)
@click.option(
    "--pages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of captured pages.",
)
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON lines about them.",
)
@click.option("--only", metavar="SOURCE", help="Stand in for this source alone.")
@click.option(
    "--listings",
    type=click.Choice(LISTINGS),
    default=_DEFAULT.listings,
    show_default=True,
    help="Whether pages of listings have an ETag.",
)
@click.option(
    "--remember",
    default=_DEFAULT.remember,
    show_default=True,
    help="Answers to keep, 31 KB each, for crawls one after another.",
)
@click.option("--expect", is_flag=True, help="Print what a full crawl must find, as JSON lines.")
def replica(expect: bool, **values: object) -> None:
    """Serve stand-ins of the sources on loopback until stopped.

    Its address is for `newscrawl crawl --via`.

    \b
    Example:  newscrawl replica --port 8080 --articles 10000
    """
    options = ReplicaOptions(**values)  # type: ignore[arg-type]
    try:
        if expect:
            for line in expected_lines(options):
                click.echo(line)
        else:
            from newscrawl.replica.server import serve

            serve(options)
    except ReplicaError as error:
        raise click.UsageError(str(error)) from error


def expected_lines(options: ReplicaOptions) -> Iterator[str]:
    """Yield a JSON object for each article that a full crawl must find (``Expected``)."""
    from newscrawl.replica.registry import build
    from newscrawl.replica.world import Clock

    options.check()
    for standin in build(options, Clock()):
        for item in standin.all_expected():
            yield json.dumps(asdict(item), ensure_ascii=False)
