"""Runs a command of newscrawl while another process writes before each of its own writes.

Not between them by chance, but before every single one: what our connection still reads by then
it would be refused to write behind.
"""

import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newscrawl.archive import database
from newscrawl.archive.database import Database
from newscrawl.cli import main
from newscrawl.export import exporter

_WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE")
_real = Database.execute
_others: dict[Path, sqlite3.Connection] = {}


def execute(self: Database, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Do what is asked for; before a write somebody else commits one."""
    begins = sql.startswith(_WRITES) and not self.connection.in_transaction
    if begins and self.path.name == "archive.db" and self.value("PRAGMA user_version"):
        if self.path not in _others:
            _others[self.path] = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            _others[self.path].execute("CREATE TABLE IF NOT EXISTS theirs (n)")
        _others[self.path].execute("INSERT INTO theirs VALUES (1)")
    return _real(self, sql, values)


if __name__ == "__main__":
    database._AT_ONCE = exporter.BATCH = 4  # a few articles are many
    Database.execute = execute  # type: ignore[method-assign]
    sys.exit(main())
