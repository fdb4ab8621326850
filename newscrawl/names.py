"""Names that a user gives, and the nearest valid one to a mistyped name (H131)."""

import difflib
from collections.abc import Iterable


class UnknownNameError(ValueError):
    """The user named something that does not exist; the message names the nearest."""


def nearest(given: str, valid: Iterable[str]) -> str | None:
    """Return the valid name that comes closest to a mistyped one, None where none does."""
    return next(iter(difflib.get_close_matches(given.lower(), list(valid), n=1, cutoff=0.5)), None)


def unknown(kind: str, given: str, valid: Iterable[str], hint: str) -> UnknownNameError:
    """Return the error for an unknown ``kind``: with the nearest valid name, else ``hint``."""
    close = nearest(given, valid)
    advice = f"did you mean {close}?" if close else hint
    return UnknownNameError(f"there is no {kind} {given!r}; {advice}")
