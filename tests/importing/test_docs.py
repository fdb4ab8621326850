"""docs/import.md names every reason, and its commands exist."""

import re
from pathlib import Path

from newscrawl.cli.root import newscrawl
from newscrawl.importing import Reason

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")


def test_every_reason_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [each.value for each in Reason]


def test_every_option_on_the_page_exists() -> None:
    options = {
        name
        for command in (newscrawl.commands["import"], newscrawl.commands["export"])
        for parameter in command.params
        for name in parameter.opts
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE)) <= options
