"""Killed at any passage and started again, a crawl ends where an undisturbed one ends.

Every kind of passage is struck: before it happens, and where it writes, in its middle. About
how many kills each test makes is set by ``NEWSCRAWL_KILLS``, by default 80, which are some 400
in all; ``NEWSCRAWL_KILLS=1000`` strikes every single passage, for a soak of ten minutes.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.boundaries import Passage, Plan
from tests.faults.crawls import LANES, Crawls
from tests.faults.zygote import ROOT, Zygote

KILLS = int(os.environ.get("NEWSCRAWL_KILLS", "80"))
CHAIN = 10
"""Kills one after the other before a crawl may end."""
ALMOST_ALL = 0.9
"""Share of the strikes that must have hit: two sources beside each other race for some."""

Strike = tuple[str, str, int, str]
"""Call and kind of a passage, its number among these, and what is done there."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(max(300, KILLS))]


def chosen(passages: Sequence[Passage], most: int) -> list[int]:
    """Return numbers of passages: the first and last of every kind, the rest spread evenly."""
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, passage in enumerate(passages):
        groups[passage.call, passage.kind].append(number)
    taken = {number for group in groups.values() for number in (group[0], group[-1])}
    rest = [number for number in range(len(passages)) if number not in taken]
    left = max(0, min(most - len(taken), len(rest)))
    return sorted(taken.union(rest[n * len(rest) // left] for n in range(left)))


def strikes(passages: Sequence[Passage], most: int) -> list[Strike]:
    """Return where a crawl is struck, and how.

    By the number among passages of the same kind, since two sources go on beside each other.
    """
    found: list[Strike] = []
    for number in chosen(passages, most):
        here = passages[number]
        kind = (here.call, here.kind)
        at = sum((each.call, each.kind) == kind for each in passages[: number + 1])
        found.append((*kind, at, "kill"))
        if here.call in ("write", "pwrite"):
            found.append((*kind, at, "torn"))
    return found


def killed_at_passages(crawls: Crawls, most: int) -> float:
    """Strike a crawl of its own at each passage; return which share was killed."""

    def strike(zygote: Zygote, output: Path, strike: Strike) -> int:
        call, kind, at, deed = strike
        plan = Plan(str(output), call=call, kind=kind, at=at, deed=deed)
        ended = crawls.crawl(zygote, output, plan)
        assert ended.was_killed or ended.code == 0, ended.errors
        return ended.was_killed

    planned = strikes(crawls.passages, most)
    return crawls.disturbed(planned, strike) / len(planned)


def killed_in_a_row(crawls: Crawls, seed: int) -> int:
    """Strike a crawl at a random passage, the one that goes on too, and so on."""

    def strike(zygote: Zygote, output: Path, seed: int) -> int:
        chance = random.Random(seed)
        kills = 0
        for _ in range(CHAIN):
            # What is done already is not done again: the further on, the fewer passages.
            at = int(len(crawls.passages) ** chance.random())
            deed = chance.choice(("kill", "torn"))
            kills += crawls.crawl(zygote, output, Plan(str(output), at=at, deed=deed)).was_killed
        return kills

    return crawls.disturbed(range(seed, seed + max(1, KILLS // CHAIN)), strike)


def killed_at_moments(crawls: Crawls, seed: int) -> int:
    """Kill a crawl at random moments, wherever it is: within SQLite, the kernel, Scrapy."""

    def strike(zygote: Zygote, output: Path, seed: int) -> int:
        chance = random.Random(seed)
        kills = 0
        for _ in range(CHAIN):
            process = zygote.start(*crawls.command(output))
            time.sleep(chance.uniform(0, 0.3))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            kills += zygote.wait().was_killed
        return kills

    return crawls.disturbed(range(seed, seed + max(1, KILLS // CHAIN)), strike)


def test_H116_H117_killed_at_every_boundary_of_a_first_crawl(first: Crawls) -> None:
    kinds = {passage.kind for passage in first.passages}
    assert kinds == {".", "archive", "warc", "images", "posts", "manifest", "lock"}
    assert killed_at_passages(first, KILLS) > ALMOST_ALL


def test_H116_H117_killed_at_every_boundary_of_a_crawl_that_corrects(second: Crawls) -> None:
    assert killed_at_passages(second, KILLS // 2) > ALMOST_ALL


def test_H116_H117_killed_again_and_again_at_random_passages(first: Crawls, second: Crawls) -> None:
    assert killed_in_a_row(first, 116) > CHAIN / 2
    assert killed_in_a_row(second, 117) > CHAIN / 2


def test_H116_H117_killed_again_and_again_at_random_moments(first: Crawls, second: Crawls) -> None:
    assert killed_at_moments(first, 116) > CHAIN / 2
    assert killed_at_moments(second, 117) > CHAIN / 2


def test_H116_H117_processes_of_their_own_are_killed_too(first: Crawls) -> None:
    """As a user starts it: with the imports, and an interpreter that ends."""

    def strike(_zygote: Zygote, output: Path, seed: int) -> int:
        chance = random.Random(seed)
        kills = 0
        for _ in range(4):
            command = [sys.executable, "-m", "newscrawl", *first.command(output)]
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0.4, 1.4))
            except subprocess.TimeoutExpired:
                process.kill()
            kills += process.wait() == -signal.SIGKILL
        return kills

    assert first.disturbed(range(LANES), strike)
