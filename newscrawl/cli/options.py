"""Options that several commands share, and the checks that need no source."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from newscrawl.cli.terminal import Terminal
from newscrawl.config import Config, ConfigError, Images, load_config
from newscrawl.exit_codes import ExitCode
from newscrawl.names import unknown

F = TypeVar("F", bound=Callable[..., Any])

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Day(click.ParamType[date]):
    """A calendar day ``YYYY-MM-DD``, meant in Asia/Shanghai."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; fail with the form that is wanted."""
        if isinstance(value, date):
            return value
        try:
            if not _DAY.fullmatch(value):
                raise ValueError("it has another form")
            return date.fromisoformat(value)
        except ValueError as error:
            self.fail(
                f"{value!r} is no day: {error}; days are written YYYY-MM-DD, such as 2026-01-31",
                param,
                ctx,
            )


class Seconds(click.ParamType[float]):
    """How long to wait: a number of seconds, not negative."""

    name = "SECONDS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fail with what may have been meant."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = float("nan")
        if not seconds >= 0:
            self.fail(
                f"{value!r} is no number of seconds; to wait without an end give --wait last,"
                " or before another option",
                param,
                ctx,
            )
        return seconds


def check_span(since: date | None, until: date | None) -> None:
    """Raise ``click.UsageError`` where a span of days ends before it begins (H132)."""
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is later than --until {until}")


def instants(since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    """Return a span of days as times: the first one's midnight, and that after the last one.

    Both in Asia/Shanghai. Raises ``click.UsageError`` where it ends before it begins.
    """
    check_span(since, until)
    return (
        datetime.combine(since, time.min, SHANGHAI) if since else None,
        datetime.combine(until + timedelta(days=1), time.min, SHANGHAI) if until else None,
    )


def _check_via(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Accept only a plain address on loopback: nothing else may stand in for a publisher."""
    if value is not None:
        from newscrawl.addon import check_via

        try:
            check_via(value)
            if urlsplit(value).port is None:
                raise ValueError("it has no port; http://127.0.0.1:PORT is wanted")
        except (ConfigError, ValueError) as error:
            raise click.BadParameter(f"{value!r}: {error}") from error
    return value


def _check_window(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Accept a number of days such as ``3d``, or ``all``."""
    if value is not None:
        from newscrawl.export.window import first_day

        try:
            first_day(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
    return value


def _read_config(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Config:
    return load_config(value)


config = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_read_config,
    help="Configuration file; else $NEWSCRAWL_CONFIG, else newscrawl.toml here, else defaults.",
)
debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of a fault."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
dry_run = click.option("--dry-run", is_flag=True, help="Only say what would be done.")
since = click.option("--since", type=Day(), help="First day, in Asia/Shanghai.")
until = click.option("--until", type=Day(), help="Last day, included.")
window = click.option(
    "--window",
    metavar="DAYS",
    callback=_check_window,
    help="Keep this much built, such as 3d; all brings everything back.",
)
images = click.option(
    "--images",
    type=click.Choice(get_args(Images)),
    help="Where the posts have their pictures; default from the configuration.",
)
via = click.option(
    "--via", callback=_check_via, help="Connect to this replica (newscrawl replica) instead."
)
output = click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of archive and posts; default from the configuration.",
)
wait = click.option(
    "--wait",
    type=Seconds(),
    is_flag=False,
    flag_value="inf",
    metavar="[SECONDS]",
    help="Wait for a run that is under way, this long at most, instead of leaving at once.",
)
jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Share the sources out over this many processes; default from the configuration, else 1.",
)
reading_jobs = click.option(
    "--jobs", type=click.IntRange(1, 256), help="Processes that read; default one a processor."
)
no_raw = click.option(
    "--no-raw", is_flag=True, help="Keep no raw record of the pages that are fetched."
)
log_level = click.option(
    "--log-level",
    type=click.Choice(("DEBUG", "INFO", "WARNING", "ERROR"), case_sensitive=False),
    default="WARNING",
    show_default=True,
    help="What is written to standard error.",
)
sections = click.option(
    "--section", "sections", multiple=True, help="Only this section; may be repeated."
)
limit = click.option(
    "--limit", type=click.IntRange(min=1), help="At most this many articles of each section."
)
sites = click.option(
    "--site",
    "sites",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of posts exported elsewhere; may be repeated.",
)
dialects = click.option(
    "--dialect", "dialects", multiple=True, help="Form of the posts; may be repeated."
)


def archive_in(output: Path | None, config: Config) -> Path:
    """Return where the archive of ``--output``, else of the configuration, is."""
    return (output or config.directory) / "archive.db"


def say_no_archive(terminal: Terminal, path: Path) -> ExitCode:
    """Say that there is nothing to read yet; return the code for it."""
    terminal.error(f"newscrawl: {path}: there is no archive here; crawl first")
    return ExitCode.NOTHING_MATCHED


def check_known_source(name: str, met: Iterable[str]) -> None:
    """Raise ``UnknownNameError`` for a source that is none, and that the archive has not met."""
    from newscrawl.spiders.registry import spiders

    known = sorted({*met, *spiders()})
    if name not in known:
        raise unknown("source", name, known, f"there are {', '.join(known)}")


def common(function: F) -> F:
    """Add ``--config`` (as ``config: Config``) and ``--debug`` to a command."""
    return config(debug(function))
