"""What the process says to cron when it ends (design §7)."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command; docs/commands.md explains what to do about each."""

    OK = 0
    BUG = 1
    """A fault of ours: one line says so, ``--debug`` shows where."""
    USAGE = 2
    """A wrong option, date, name or configuration; nothing was asked or written."""
    PARTIAL = 3
    """Some source or section failed; the rest is stored."""
    NOTHING_MATCHED = 4
    LOCKED = 5
    """Another run holds the lock of this output folder."""
    STORAGE = 6
    """The disk or the archive refused; what was stored before is whole."""
    LOOK = 7
    """Blocked or drifted: a person should look."""
    INTERRUPTED = 130
