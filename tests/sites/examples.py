"""Bodies and titles that nobody would think of, drawn by Hypothesis.

A site is built once for all of them: a build for each example would take hours. So they are
drawn beforehand, and a failing one is made smaller by a command of its own::

    .venv/bin/python -m tests.sites.shrink hugo 1234
"""

import functools
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from tests.sites.tokens import HTML, MARKDOWN, TEMPLATES, TEXT, YAML

SEED = 20260101
_BYTES = 8192
"""Enough random bytes for the largest example."""


@dataclass(frozen=True)
class Example:
    """What one publisher wrote: HTML, and texts of one line that are no HTML."""

    body: str
    title: str
    digest: str
    media: str


_CHARACTERS = st.text(st.characters(max_codepoint=0x30FF), max_size=2)


def _strings(*tokens: str, longest: int) -> st.SearchStrategy[str]:
    """Return strings of tokens and other characters, of every length up to ``longest``."""
    part = st.one_of(st.sampled_from(tokens), st.sampled_from(tokens), _CHARACTERS)
    lists = st.integers(1, longest).flatmap(lambda n: st.lists(part, min_size=n, max_size=n))
    return lists.map("".join)


_LINE = _strings(*YAML, *MARKDOWN, *TEXT, longest=12)
EXAMPLES = st.builds(
    Example,
    body=_strings(*TEMPLATES, *MARKDOWN, *HTML, *TEXT, longest=60),
    title=_LINE,
    digest=_LINE,
    media=_LINE,
)


@functools.cache
def drawn(number: int) -> tuple[Example, ...]:
    """Return so many examples, the same on every machine.

    They come from bytes and not from a seed: what Hypothesis draws by itself depends also on
    the constants of the modules that are loaded, which are others when one file runs alone.
    """
    found: list[Example] = []

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(EXAMPLES)
    def draw(example: Example) -> None:
        found.append(example)

    for index in range(number):
        _replay(draw, index)
        assert len(found) == index + 1, "more bytes are needed"
    return tuple(found)


def shrunk(index: int, fails: Callable[[Example], bool]) -> Example:
    """Return the smallest example like the one of this index that ``fails``.

    The work is Hypothesis's own: the bytes put the failing example into a database, from
    where an ordinary run takes it and shrinks it.
    """
    smallest: list[Example] = []

    @settings(
        database=InMemoryExampleDatabase(),
        deadline=None,
        phases=[Phase.reuse, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(EXAMPLES)
    def check(example: Example) -> None:
        if fails(example):
            smallest.append(example)
            raise AssertionError(example)

    with suppress(AssertionError):
        _replay(check, index)
    if not smallest:
        raise ValueError(f"example {index} does not fail")
    with suppress(AssertionError):
        check()
    return smallest[-1]


def _replay(test: Callable[..., None], index: int) -> None:
    """Run a test of EXAMPLES with the example of this index."""
    buffer = random.Random(f"{SEED}-{index}").randbytes(_BYTES)
    test.hypothesis.fuzz_one_input(buffer)  # type: ignore[attr-defined]
