"""``newscrawl explain`` and ``newscrawl history``."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from newscrawl.archive import Archive, Found
from newscrawl.exit_codes import ExitCode
from newscrawl.extraction.article import content_hash
from newscrawl.listings import Entry
from newscrawl.outcomes import Outcome
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import FIRST, Run, article

SPIDER = spiders()["sina_finance"]
URL = "https://finance.sina.com.cn/roll/2026-01-10/doc-inaaaaaa0000000.shtml"
KEY = SPIDER.identify(URL).url_hash
OTHER = "https://finance.sina.com.cn/7x24/?id=77"
LATER = FIRST + timedelta(hours=2)


@pytest.fixture
def known(archive: Path) -> Path:
    """Return an archive with a corrected article, a video, a failure and a removed one."""
    with Archive.open(archive) as store:
        run = store.begin_run(SPIDER.name, {}, LATER)
        listed = Found(Entry(URL), SPIDER.identify(URL), (SPIDER.identify(OTHER),))
        store.discover(run, SPIDER.name, "finance", [listed], LATER, refetch=True)
        said = article(0, URL, FIRST)
        title, body = "更正", "<p>公告正文已更正。</p>"
        corrected = replace(
            said,
            title=title,
            body_html=body,
            body_text="公告正文已更正。",
            content_hash=content_hash(title, body),
            flags=["generic"],
            hinted=["summary"],
            summary="导语",
            fetched_at=LATER,
        )
        store.store(run, "finance", KEY, corrected)
        for name, skip in (("v", "video"), ("f", None)):
            url = f"https://finance.sina.com.cn/doc-i{name * 7}1234567.shtml"
            found = Found(Entry(url, skip=skip), SPIDER.identify(url), ())
            store.discover(run, SPIDER.name, "finance", [found], LATER)
            if skip is None:
                key = SPIDER.identify(url).url_hash
                store.end(run, SPIDER.name, "finance", key, Outcome.FAILED, "truncated", LATER)
    return archive


def explain(run: Run, name: str) -> tuple[int, dict[str, list[str]]]:
    """Return the code and heading -> lines; what has no heading belongs to the one before."""
    result = run("explain", name)
    said: dict[str, list[str]] = {}
    heading = ""
    for line in result.stdout.splitlines():
        heading = line[:12].strip() or heading
        said.setdefault(heading, []).append(line[12:].strip())
    return result.exit_code, said


class TestExplain:
    """Everything about one address."""

    @pytest.mark.usefixtures("known")
    def test_a_stored_article(self, run: Run) -> None:
        code, said = explain(run, URL)
        assert code == ExitCode.OK
        assert said["article"] == ["更正"]
        assert said["identity"] == ["sina:naaaaaa0000000 of sina_finance"]
        assert said["recognised"] == ["by the rule sina:{core}"]
        assert said["hash"] == [KEY]
        assert said["stored"] == ["2 revisions, last looked at 2026-01-10 11:30:00"]
        assert said["updated"] == ["2026-01-10 11:30:00"]
        assert said["read by"] == ["sina_finance/test 1", "from the listing: summary"]
        assert said["flags"] == ["generic"]
        assert said["also"] == [OTHER]
        assert said["first seen"] == ["2026-01-10 09:30:00"]
        assert said["listed in"] == [
            f"sina_finance china, first 2026-01-10 09:30:00, as {URL}",
            "new in run 1, 2026-01-10 09:30:00: read and stored",
            f"sina_finance finance, first 2026-01-10 11:30:00, as {URL}",
            "updated in run 2, 2026-01-10 11:30:00: read again: other content than before",
        ]

    @pytest.mark.usefixtures("known")
    def test_another_name_of_it(self, run: Run) -> None:
        _, said = explain(run, OTHER)
        assert said["same as"] == [URL]

    @pytest.mark.parametrize(
        ("name", "decided", "after"),
        [
            ("v", "skipped in run 2, 2026-01-10 11:30:00: a video without a text",
             "not asked for again unless the listing tells a later change"),
            ("f", "failed in run 2, 2026-01-10 11:30:00: the answer broke off before its end",
             "tried again by the next run; 1 of 50 runs have failed"),
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("known")
    def test_which_rule_decided_and_what_comes_next(
        self, run: Run, name: str, decided: str, after: str
    ) -> None:
        code, said = explain(run, f"https://finance.sina.com.cn/doc-i{name * 7}1234567.shtml")
        assert code == ExitCode.OK
        assert said["listed in"][1:] == [decided, after]
        assert "article" not in said

    def test_a_removed_one(self, run: Run, known: Path) -> None:
        with Archive.open(known) as store:
            target = store.removals.find([KEY])
            assert target is not None
            store.removals.bury(target, "asked by the publisher", datetime(2026, 2, 1, tzinfo=UTC))
        _, said = explain(run, URL)
        assert said["removed"] == ["on 2026-02-01 08:00:00, because: asked by the publisher"]
        answer = msgspec.json.decode(run("explain", URL, "--json").stdout)
        assert answer["removed"]["reason"] == "asked by the publisher"

    @pytest.mark.usefixtures("known")
    def test_an_unknown_one_is_told_what_it_would_be(self, run: Run) -> None:
        code, said = explain(run, "https://finance.sina.com.cn/doc-izzzzzz0000000.shtml")
        assert code == ExitCode.NOTHING_MATCHED
        assert said["asked"][1:] == ["nothing is known of it"]
        assert said["would be"] == ["sina:zzzzzz0000000"]
        assert said["recognised"] == ["by the rule sina:{core}"]
        assert said["source"] == ["sina_finance takes it, once one of its listings shows it"]
        code, said = explain(run, "https://example.org/x")
        assert (code, said["asked"][2:]) == (4, ["no source recognises it"])

    @pytest.mark.usefixtures("known")
    def test_all_of_it_as_json(self, run: Run) -> None:
        answer = msgspec.json.decode(run("explain", OTHER, "--json").stdout)
        assert (answer["known"], answer["url_hash"], answer["same_as"]) == (True, KEY, URL)
        assert answer["identity"] == "sina:naaaaaa0000000"
        assert [each["state"] for each in answer["entries"]] == ["new", "updated"]
        assert answer["article"]["revision"] == 2
        assert answer["article"]["from_listing"] == ["summary"]
        unknown = run("explain", "https://example.org/x", "--json")
        assert unknown.exit_code == ExitCode.NOTHING_MATCHED
        assert msgspec.json.decode(unknown.stdout)["known"] is False

    @pytest.mark.usefixtures("known")
    def test_H130_what_was_asked_cannot_steer_the_terminal(self, run: Run) -> None:
        assert "\x1b" not in run("explain", "https://x/\x1b[2J").stdout


class TestHistory:
    """The revisions of an article."""

    @pytest.mark.usefixtures("known")
    def test_revisions_and_what_changed(self, run: Run) -> None:
        result = run("history", "sina:naaaaaa0000000")
        assert result.exit_code == ExitCode.OK
        digest = content_hash("更正", "<p>公告正文已更正。</p>")
        lines = result.stdout.splitlines()
        assert lines[1:3] == ["  远山银行第0号公告", "  first stored"]
        assert lines[3:] == [
            f"revision 2  2026-01-10 11:30:00  run 2  {digest[:12]}  sina_finance/test 1",
            "  更正",
            "  changed: title, body, summary",
            "  -远山银行第0号公告",
            "  +更正",
            "  -summary: (none)",
            "  +summary: 导语",
            "  …",
            "  -公告正文0。",
            "  +公告正文已更正。",
        ]

    @pytest.mark.usefixtures("known")
    def test_only_the_fields(self, run: Run) -> None:
        lines = run("history", URL, "--no-diff").stdout.splitlines()
        assert lines[-1] == "  changed: title, body, summary"

    @pytest.mark.usefixtures("known")
    def test_as_json(self, run: Run) -> None:
        first, second = msgspec.json.decode(run("history", KEY[:10], "--json").stdout)
        assert (first["revision"], first["changed"], first["diff"]) == (1, [], [])
        assert second["changed"] == ["title", "body", "summary"]
        assert second["stored_at"] == "2026-01-10T03:30:00Z"
        bare = msgspec.json.decode(run("history", KEY[:10], "--json", "--no-diff").stdout)
        assert "diff" not in bare[0]

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("https://finance.sina.com.cn/doc-ivvvvvvv1234567.shtml", "nothing of it is stored"),
            ("https://example.org/x", "not known"),
        ],
    )
    @pytest.mark.usefixtures("known")
    def test_what_is_not_stored(self, run: Run, name: str, words: str) -> None:
        result = run("history", name)
        assert result.exit_code == ExitCode.NOTHING_MATCHED
        assert words in result.stderr
