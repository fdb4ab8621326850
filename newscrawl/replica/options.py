"""What a replica can be told when it starts."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 30, 12, 0, 37, tzinfo=SHANGHAI)
"""Where the clock stands by default: fixed, so that a second crawl finds the same world."""
LISTINGS = ("plain", "versioned")


class ReplicaError(Exception):
    """The replica cannot start; the message says what to change."""


@dataclass(frozen=True, slots=True)
class ReplicaOptions:
    """Options of ``newscrawl replica``, with their defaults.

    host, port: where it listens, loopback only; port 0 takes a free one.
    articles: in the world when it starts, over all sources. Up to 100,000 of them are all
    within the reach of some listing under the publishers' own limits, but for the records
    without title and time, which one list of 500 rows alone shows (all up to 14,000).
    seed: another seed, another world. now, interval: the newest article is ``interval``
    seconds older than ``now``, and so on (``now`` aware, ``interval`` whole milliseconds).
    tick: seconds of real time for each further article, 0 for a world that stands still.
    correct: every which article gets a correction, one with each tick; 0 for none.
    pages, manifest: a folder of captured pages and its JSON lines; both or none.
    only: the one source to serve. listings: ``plain`` as the publishers' are, or
    ``versioned``: each page has an ETag and answers 304 to who knows it. remember: answers that
    are kept in memory, to be sent again as they are.
    """

    host: str = "127.0.0.1"
    port: int = 0
    articles: int = 1000
    seed: str = "newscrawl"
    now: datetime = NOW
    interval: float = 60.0
    tick: float = 0.0
    correct: int = 0
    pages: Path | None = None
    manifest: Path | None = None
    only: str | None = None
    listings: str = "plain"
    remember: int = 0

    def check(self) -> None:
        """Raise ``ReplicaError`` for what cannot be served."""
        try:
            loopback = ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            loopback = self.host == "localhost"
        problems = {
            f"host {self.host!r} is not a loopback address": not loopback,
            f"port {self.port} is not in 0 to 65535": not 0 <= self.port <= 65535,
            f"articles {self.articles} is not in 0 to 10,000,000": not 0 <= self.articles <= 10**7,
            "now has no zone": self.now.tzinfo is None,
            "interval is not whole milliseconds above 0": (
                self.interval <= 0 or abs(self.interval * 1000 - round(self.interval * 1000)) > 1e-6
            ),
            "articles and interval reach back before 1970": (
                self.articles * self.interval > self.now.timestamp()
            ),
            "tick is negative": self.tick < 0,
            "remember is negative": self.remember < 0,
            "correct is negative": self.correct < 0,
            f"listings {self.listings!r} is not plain or versioned": self.listings not in LISTINGS,
            "pages and manifest go together": (self.pages is None) != (self.manifest is None),
        }
        if problem := next((text for text, holds in problems.items() if holds), None):
            raise ReplicaError(problem)
