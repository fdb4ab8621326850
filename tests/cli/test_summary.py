"""The end of a crawl in words."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from newscrawl.cli.summary import one_line, show
from newscrawl.cli.terminal import Terminal
from newscrawl.exit_codes import ExitCode
from newscrawl.operations.report import BackfillReport, CrawlReport, SectionReport
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.posts import Written

CHINA = SectionReport(
    "sina_finance", "china", "国内滚动", {Outcome.NEW: 3, Outcome.DUPLICATE: 1, Outcome.SKIPPED: 2}
)
EMPTY = SectionReport("sina_finance", "forex", "外汇")
BROKEN = SectionReport("eastmoney", "fast", "7×24快讯", failure="HTTP 500")
POSTS = {"hexo": Written(Path("output/hexo"), 3, 1, 0, {"paid": 2})}
REPORT = CrawlReport((CHINA, EMPTY), (), POSTS, 12.34, ExitCode.OK)


def shown(
    report: CrawlReport,
    capsys: pytest.CaptureFixture[str],
    *,
    as_json: bool = False,
    full: bool = False,
) -> str:
    show(report, Terminal(), as_json=as_json, full=full)
    return capsys.readouterr().out


def test_away_from_a_terminal_it_is_one_line() -> None:
    assert one_line(REPORT) == (
        "newscrawl: 3 new or updated articles: 6 entries, 3 new, 0 updated, 0 unchanged, "
        "1 duplicate, 2 skipped, 0 failed; 12.3 s; hexo posts in output/hexo/source/_posts: "
        "3 written, 1 dated in the future, given the time of the fetch, 2 withheld (paid)"
    )


def test_nothing_new_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = replace(REPORT, sections=(replace(CHINA, counts={Outcome.UNCHANGED: 6}),))
    assert one_line(quiet).startswith("newscrawl: nothing new: 6 entries, 0 new")
    assert "Nothing new: 6 entries" in shown(quiet, capsys, full=True)


def test_an_interrupted_run_says_that_it_is_not_the_whole() -> None:
    cut = replace(REPORT, exit_code=ExitCode.INTERRUPTED)
    assert one_line(cut).startswith("newscrawl: interrupted, 3 new or updated articles: ")


def test_a_failed_section_is_named_once() -> None:
    failed = CrawlReport((CHINA, BROKEN), ("eastmoney: fast: HTTP 500",), {}, 1.0, ExitCode.PARTIAL)
    assert one_line(failed).endswith("; failed: eastmoney: fast: HTTP 500")


def test_many_failures_stay_one_line() -> None:
    failures = tuple(f"eastmoney: s{number}: HTTP 500" for number in range(5))
    line = one_line(CrawlReport((), failures, {}, 1.0, ExitCode.PARTIAL))
    assert line.endswith("s2: HTTP 500; and 2 more")
    assert "\n" not in line


def test_on_a_terminal_every_section_with_entries_has_a_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = shown(REPORT, capsys, full=True)
    row = next(line.split() for line in text.splitlines() if "国内滚动" in line)
    assert row == ["china", "国内滚动", "6", "3", "·", "·", "1", "2", "·"]
    assert "Nothing listed in 1 section: forex." in text
    assert "Hexo posts in output/hexo/source/_posts: 3 written" in text


def test_as_json_the_counts_of_each_section_balance(capsys: pytest.CaptureFixture[str]) -> None:
    data = msgspec.json.decode(shown(REPORT, capsys, as_json=True))
    for section in data["sections"]:
        assert section["entries"] == sum(section["counts"].values())
    assert data["entries"] == 6
    assert data["posts"]["hexo"]["written"] == 3
    assert data["exit_code"] == 0


def test_H130_names_of_publishers_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = replace(CHINA, name="国内\x1b[2J[red]\n")
    text = shown(replace(REPORT, sections=(bad,)), capsys, full=True)
    assert "国内\\x1b[2J[red]\\x0a" in text
    assert "\x1b" not in text


def test_where_nothing_could_be_read_it_does_not_say_that_there_was_nothing_new() -> None:
    failed = CrawlReport((BROKEN,), ("eastmoney: HTTP 500",), {}, 1.0, ExitCode.PARTIAL)
    assert one_line(failed).startswith("newscrawl: nothing could be read: 0 entries")


def test_posts_that_moved_or_were_removed_are_said() -> None:
    moved = replace(REPORT, posts={"hexo": Written(Path("out"), moved=2, removed=1)})
    assert one_line(moved).endswith(
        "0 written, 2 moved by the window, 1 removed by hand and left so"
    )


SINCE = datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_walk_back_says_how_far_it_came_and_why_it_ended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    met = datetime(2026, 9, 28, 7, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    walked = (
        replace(CHINA, backfill=BackfillReport(SINCE, 50, met, "source limit")),
        replace(EMPTY, backfill=BackfillReport(SINCE, 1, None, None)),
    )
    report = replace(REPORT, sections=walked)
    assert (
        "; the source shows no more than this: china (2026-09-28 07:05, 50 pages);"
        " further back with the next run: forex" in one_line(report)
    )
    assert "The source shows no more than this: china" in shown(report, capsys, full=True)
    data = msgspec.json.decode(shown(report, capsys, as_json=True))
    assert [section["backfill"] for section in data["sections"]] == [
        {
            "since": "2024-01-01",
            "pages": 50,
            "oldest": "2026-09-28T07:05:00+08:00",
            "ended": "source limit",
        },
        {"since": "2024-01-01", "pages": 1, "oldest": None, "ended": None},
    ]


def test_a_listing_that_did_not_change_is_not_called_empty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = replace(REPORT, sections=(CHINA, replace(EMPTY, not_modified=True)))
    assert "; not modified since the last run: 1" in one_line(report)
    text = shown(report, capsys, full=True)
    assert "Not modified since the last run: forex." in text
    assert "Nothing listed" not in text
