"""The live line: there while a source runs, gone afterwards, never wider than the screen."""

import io

import pytest
from rich.console import Console
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from newscrawl.extensions.progress import LiveLine, Progress


def test_the_line_names_every_source_that_runs_and_goes_with_the_last() -> None:
    out = io.StringIO()
    line = LiveLine(Console(file=out, force_terminal=True, width=60))
    line.show("eastmoney", "3 pages, 1 articles")
    line.show("sina_finance", "120 pages, 100 articles, and a text that is too long")
    line.drop("eastmoney")
    line.drop("nobody")
    line.drop("sina_finance")
    shown = out.getvalue()
    assert "eastmoney: 3 pages" in shown
    assert "too long" not in shown
    assert shown.endswith("\x1b[2K") or "\x1b[?25h" in shown  # the line and its cursor


def test_without_a_line_there_is_no_progress() -> None:
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler())
