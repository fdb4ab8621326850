"""Every reason that the program stores is explained."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

import newscrawl
from newscrawl.archive.answers import ListedEntry
from newscrawl.middlewares.errors import REASONS as FAILURES
from newscrawl.middlewares.responses import ENDS
from newscrawl.operations.reasons import REASONS, next_words, reason_words
from newscrawl.outcomes import Outcome

RAISED = {"Blocked", "Failed", "Gone", "Quarantined", "RequestRefused", "Skipped"}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def stored_reasons() -> set[str]:
    """Return the reasons that the code raises or gives to an entry to be skipped."""
    found = set()
    for path in Path(newscrawl.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = node.args[:1] if name in RAISED else []
            said += [each.value for each in node.keywords if each.arg == "skip"]
            found |= {each.value for each in said if isinstance(each, ast.Constant)}
    return {reason for reason in found if isinstance(reason, str)}


def test_no_reason_is_left_unexplained() -> None:
    stored = stored_reasons() | {reason for _, reason in FAILURES}
    stored |= {reason for _, reason in ENDS.values() if not reason.startswith("http_")}
    assert "truncated" in stored
    assert "unsafe_url" in stored
    assert stored - REASONS.keys() == set()


def test_a_status_is_said_in_words_and_an_unknown_reason_as_it_is() -> None:
    assert reason_words(Outcome.FAILED, "http_503") == "the site answered with status 503"
    assert reason_words(Outcome.FAILED, "some_new_reason") == "some new reason"


def test_what_was_taken_down_here_is_not_what_the_publisher_removed() -> None:
    assert "newscrawl remove" in reason_words(Outcome.SKIPPED, "removed")
    assert reason_words(Outcome.GONE, "removed") == REASONS["removed"]


@pytest.mark.parametrize(
    ("state", "attempts", "words"),
    [
        (Outcome.PENDING, 0, "fetches it first"),
        (Outcome.FAILED, 2, "2 of 50 runs have failed"),
        (Outcome.BLOCKED, 50, "given up after 50 runs"),
        (Outcome.GONE, 0, "not asked for again"),
        (Outcome.NEW, 0, ""),
    ],
)
def test_what_the_next_run_does(state: Outcome, attempts: int, words: str) -> None:
    entry = ListedEntry("s", "a", "https://x/", state, "", attempts, 1, NOW, NOW)
    said = next_words(entry, 50)
    assert words in said if words else said == ""
