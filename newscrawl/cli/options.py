"""Options that several commands share, and the checks that need no source."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit

import click

from newscrawl.config import Config, ConfigError, Images, load_config

F = TypeVar("F", bound=Callable[..., Any])

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


def check_span(since: date | None, until: date | None) -> None:
    """Raise ``click.UsageError`` where a span of days ends before it begins (H132)."""
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is later than --until {until}")


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
log_level = click.option(
    "--log-level",
    type=click.Choice(("DEBUG", "INFO", "WARNING", "ERROR"), case_sensitive=False),
    default="WARNING",
    show_default=True,
    help="What is written to standard error.",
)
dialects = click.option(
    "--dialect", "dialects", multiple=True, help="Form of the posts; may be repeated."
)


def common(function: F) -> F:
    """Add ``--config`` (as ``config: Config``) and ``--debug`` to a command."""
    return config(debug(function))
