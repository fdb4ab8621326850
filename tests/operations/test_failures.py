"""What a person is told of the sections that could not be read."""

import pytest

from newscrawl.operations.report import _listed


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["china"], "section china"),
        (["china", "macro"], "sections china, macro"),
        (["a", "b", "c", "d", "e"], "5 sections (a, b, c, ...)"),
    ],
)
def test_many_sections_are_counted_and_a_few_are_named(names: list[str], words: str) -> None:
    assert _listed("section", names) == words
