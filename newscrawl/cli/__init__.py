"""The ``newscrawl`` command: one module a command, each line of it calls a room."""

from newscrawl.cli.root import main

__all__ = ["main"]
