"""Which dialects a user means, and how much of each is built."""

from collections.abc import Sequence
from datetime import date

from newscrawl.config import Config
from newscrawl.export.dialects import dialect_named, dialects
from newscrawl.export.window import first_day
from newscrawl.names import UnknownNameError, unknown


def choose_dialects(names: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """Return the dialects named, else ``default``; raise ``UnknownNameError``."""
    valid = dialects()
    for name in names or default:
        if name not in valid:
            raise unknown("dialect", name, valid, f"there are {', '.join(valid)}")
    return tuple(dict.fromkeys(names or default))


def choose_windows(
    chosen: Sequence[str], config: Config, given: str | None = None, until: date | None = None
) -> dict[str, date]:
    """Return dialect -> first day that is built, for those of ``chosen`` with a window.

    given: ``3d`` or ``all`` for all of them, else each has the configured one. until: the
    last day, default today. Raises ``UnknownNameError`` for a configured dialect that does
    not exist and, as for a ``given`` one, for a dialect that has no old posts.
    """
    if config.output.window:
        choose_dialects(tuple(config.output.window), ())
    windows = dict.fromkeys(chosen, given) if given else config.output.window
    for name in windows:
        if dialect_named(name).old_folder is None:
            raise UnknownNameError(f"posts of the dialect {name} have no window")
    return {name: first_day(windows[name] or "", until) for name in chosen if name in windows}
