"""Dialects and windows that a user means."""

from datetime import date

import pytest

from newscrawl.config import parse_config
from newscrawl.export.choice import choose_dialects, choose_windows
from newscrawl.names import UnknownNameError

DEFAULTS = parse_config("")


def test_dialects_default_to_the_configured_ones() -> None:
    assert choose_dialects((), ("hexo",)) == ("hexo",)
    assert choose_dialects(("jekyll", "jekyll"), ("hexo",)) == ("jekyll",)


def test_H131_a_configured_dialect_must_exist() -> None:
    with pytest.raises(UnknownNameError, match="did you mean hexo"):
        choose_dialects((), ("hexxo",))


def test_windows_are_those_of_the_chosen_dialects() -> None:
    config = parse_config('[output]\nwindow = { jekyll = "3d", hugo = "all" }')
    today = date(2022, 1, 22)
    assert choose_windows(("jekyll", "hexo"), config, until=today) == {"jekyll": date(2022, 1, 20)}
    assert choose_windows(("hugo",), config, until=today) == {"hugo": date.min}
    assert choose_windows(("hexo",), config, "1d", today) == {"hexo": today}
    assert choose_windows(("hexo",), DEFAULTS) == {}


@pytest.mark.parametrize(
    ("name", "message"), [("hexxo", "did you mean hexo"), ("jsonl", "have no window")]
)
def test_H131_a_window_of_no_such_dialect_is_refused(name: str, message: str) -> None:
    config = parse_config(f'[output]\nwindow = {{ {name} = "3d" }}')
    with pytest.raises(UnknownNameError, match=message):
        choose_windows(("hexo",), config)
