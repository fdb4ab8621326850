"""The drawn examples: the same everywhere, of all kinds, and made smaller where one fails."""

import os
import subprocess
import sys

import pytest

from tests.sites.examples import Example, drawn, shrunk

SOME = 200


def test_they_are_the_same_in_every_process() -> None:
    """Whatever else is loaded, and however strings are hashed."""
    program = f"from tests.sites.examples import drawn; print(ascii(drawn({SOME})))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == ascii(drawn(SOME))
    assert len(set(drawn(SOME))) == SOME


@pytest.mark.parametrize("part", ["body", "title"])
def test_they_hold_what_means_something_to_a_generator(part: str) -> None:
    text = "\n".join(getattr(example, part) for example in drawn(SOME))
    for token in ("{{", "{%", "<b>", "```", "# ", '"', "'", ": ", "\\", "\n", "甲"):
        assert token in text, token


def test_one_that_fails_is_made_smaller() -> None:
    def fails(example: Example) -> bool:
        return "{%" in example.body and "'" in example.title

    index = next(index for index, example in enumerate(drawn(SOME)) if fails(example))
    smallest = shrunk(index, fails)
    assert fails(smallest)
    assert smallest.title == "'"
    assert len(smallest.body) <= len("{%raw%}")


def test_one_that_does_not_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="example 3 does not fail"):
        shrunk(3, lambda _: False)
