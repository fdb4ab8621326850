"""Revisits in the files of other tools: the bodies that they refer to."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from newscrawl.archive.foreign import Recorded, read_date, read_responses


class Originals:
    """Where the bodies are that revisits refer to, of any number of responses.

    They wait in a database that SQLite makes for this alone and drops with the connection.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TABLE bodies (name TEXT PRIMARY KEY, file TEXT, offset INTEGER) WITHOUT ROWID"
        )

    def add(self, file: Path, recorded: Recorded) -> None:
        """Remember a response under its digest, and under its address and date."""
        date = recorded.exchange.fetched_at.isoformat()
        for name in filter(None, (recorded.digest, f"{recorded.exchange.url} {date}")):
            self._database.execute(
                "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)",
                (name, str(file), recorded.offset),
            )

    def resolve(self, recorded: Recorded, *, max_size: int) -> Recorded | None:
        """Return a revisit with the body that it refers to, None where nobody has it."""
        url, _, date = recorded.refers_to.rpartition(" ")
        at = read_date(date)
        for name in filter(None, (recorded.digest, f"{url} {at.isoformat()}" if at else "")):
            found = self._database.execute(
                "SELECT file, offset FROM bodies WHERE name = ?", (name,)
            ).fetchone()
            if found:
                return _with_body(recorded, Path(found[0]), found[1], max_size)
        return None

    def close(self) -> None:
        """Forget everything."""
        self._database.close()


def _with_body(recorded: Recorded, file: Path, offset: int, max_size: int) -> Recorded | None:
    with file.open("rb") as stream:
        stream.seek(offset)
        original = next(read_responses(stream, max_size=max_size), None)
    if original is None or original.problem:
        return None
    headers = recorded.exchange.headers or original.exchange.headers
    exchange = replace(recorded.exchange, body=original.exchange.body, headers=headers)
    return replace(recorded, exchange=exchange, problem="")
