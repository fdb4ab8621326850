"""``newscrawl similar``, and what ``newscrawl explain`` says of reprints."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
import msgspec
import pytest

from newscrawl.archive import Archive, Found
from newscrawl.cli.similar import similar
from newscrawl.exit_codes import ExitCode
from newscrawl.identity.fingerprints import LEAST, RADIUS, WIDEST
from newscrawl.listings import Entry
from newscrawl.replica.text import Dice, sentence
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import FIRST, Run, article

URLS = {
    "first": "https://finance.sina.com.cn/roll/2026-01-10/doc-inaaaaaa1000000.shtml",
    "copy": "https://finance.sina.com.cn/stock/2026-01-11/doc-inaaaaaa1000001.shtml",
    "edited": "https://finance.sina.com.cn/china/2026-01-12/doc-inaaaaaa1000002.shtml",
    "other": "https://finance.sina.com.cn/china/2026-01-13/doc-inaaaaaa1000003.shtml",
}
SHORT = "https://finance.sina.com.cn/roll/2026-01-10/doc-inaaaaaa0000000.shtml"


def text(seed: str) -> str:
    dice = Dice("cli", seed)
    return "".join(sentence(dice) for _ in range(10))


TEXTS = {
    "first": text("story"),
    "copy": text("story").replace("，", " , "),
    "edited": f"本报讯 {text('story')}更多消息，请看下一版。",
    "other": text("other"),
}


@pytest.fixture
def known(archive: Path) -> Path:
    """Return an archive with a story, two reprints of it, another article, and short ones."""
    spider = spiders()["sina_finance"]
    with Archive.open(archive) as store:
        run = store.begin_run(spider.name, {}, FIRST)
        for number, (name, url) in enumerate(URLS.items()):
            at = FIRST + timedelta(hours=number)
            found = Found(Entry(url), spider.identify(url), ())
            store.discover(run, spider.name, "china", [found], at)
            read = replace(article(number, url, at), body_text=TEXTS[name])
            store.store(run, "china", spider.identify(url).url_hash, read)
    return archive


@pytest.mark.usefixtures("known")
class TestOne:
    """What is near to one article."""

    def test_its_reprints_the_earliest_first(self, run: Run) -> None:
        result = run("similar", URLS["copy"])
        assert result.exit_code == ExitCode.OK
        lines = result.stdout.splitlines()
        assert lines[0] == f"{URLS['copy']}: 2 other articles"
        assert lines[1:3] == [
            f"  first   0  2026-01-10 09:30:00  sina_finance  远山银行第0号公告  {URLS['first']}",
            f"  asked   0  2026-01-10 10:30:00  sina_finance  远山银行第1号公告  {URLS['copy']}",
        ]
        assert lines[3].endswith(URLS["edited"])
        assert len(lines) == 4

    def test_no_more_than_the_radius(self, run: Run) -> None:
        lines = run("similar", URLS["first"], "--radius", "0").stdout.splitlines()
        assert [line.rsplit(" ", 1)[1] for line in lines[1:]] == [URLS["first"], URLS["copy"]]

    def test_one_without_reprints(self, run: Run) -> None:
        result = run("similar", URLS["other"])
        assert result.exit_code == ExitCode.OK
        assert result.stdout.splitlines()[0] == f"{URLS['other']}: no other article"

    def test_several(self, run: Run) -> None:
        result = run("similar", URLS["other"], "https://example.org/x", SHORT, URLS["first"])
        assert result.exit_code == ExitCode.NOTHING_MATCHED
        assert [line for line in result.stdout.splitlines() if not line.startswith(" ")] == [
            f"{URLS['other']}: no other article",
            f"{URLS['first']}: 2 other articles",
        ]
        assert result.stderr.splitlines() == [
            "newscrawl: https://example.org/x: not known",
            f"newscrawl: {SHORT}: its text is too short to be compared",
        ]

    def test_as_json(self, run: Run) -> None:
        (answer,) = msgspec.json.decode(run("similar", URLS["copy"], "--json").stdout)
        assert answer["asked"] == URLS["copy"]
        assert [each["url"] for each in answer["articles"]] == list(URLS.values())[:3]
        assert [each["first"] for each in answer["articles"]] == [True, False, False]
        assert [each["asked"] for each in answer["articles"]] == [False, True, False]
        assert answer["articles"][0]["published_at"] == "2026-01-10T01:30:00Z"
        assert 0 < answer["articles"][2]["distance"] <= RADIUS

    def test_an_unknown_one_as_json(self, run: Run) -> None:
        result = run("similar", "https://example.org/x", "--json")
        assert result.exit_code == ExitCode.NOTHING_MATCHED
        assert msgspec.json.decode(result.stdout) == []

    def test_a_name_that_may_be_several(self, run: Run, known: Path) -> None:
        with Archive.open(known) as store:
            keys = [key for (key,) in store._database.rows("SELECT url_hash FROM articles")]
            nearly = keys[0][:-1] + bytes([keys[0][-1] ^ 1])
            store._database.execute("INSERT INTO aliases VALUES (?, ?, '')", (nearly, keys[1]))
        result = run("similar", keys[0].hex()[:8])
        assert result.exit_code == ExitCode.USAGE
        assert "may be 2 articles" in result.stderr


@pytest.mark.usefixtures("known")
class TestAll:
    """Every group of reprints."""

    def test_groups(self, run: Run) -> None:
        result = run("similar", "--all")
        assert result.exit_code == ExitCode.OK
        lines = result.stdout.splitlines()
        assert lines[0] == "3 articles of 1 source"
        assert [line.rsplit(" ", 1)[1] for line in lines[1:]] == list(URLS.values())[:3]
        assert [line[2:7].strip() for line in lines[1:]] == ["first", "", ""]

    def test_as_json(self, run: Run) -> None:
        (group,) = msgspec.json.decode(run("similar", "--all", "--json").stdout)
        assert [each["url"] for each in group] == list(URLS.values())[:3]

    def test_nothing_matches(self, run: Run) -> None:
        result = run("similar", "--all", "--since", "2026-02-01")
        assert result.exit_code == ExitCode.NOTHING_MATCHED
        assert result.stdout == "no two articles are near to each other\n"
        assert run("similar", "--all", "--until", "2026-01-10").exit_code == ExitCode.OK

    def test_of_a_source(self, run: Run) -> None:
        assert run("similar", "--all", "--source", "sina_finance").exit_code == ExitCode.OK
        nothing = run("similar", "--all", "--source", "eastmoney")
        assert nothing.exit_code == ExitCode.NOTHING_MATCHED
        wrong = run("similar", "--all", "--source", "sina_finanse")
        assert (wrong.exit_code, "sina_finance?" in wrong.stderr) == (ExitCode.USAGE, True)

    def test_H130_a_title_cannot_steer_the_terminal(self, run: Run, known: Path) -> None:
        with Archive.open(known) as store:
            store._database.execute("UPDATE articles SET title = '\x1b[2J' || title")
        assert "\x1b" not in run("similar", "--all").stdout


def test_an_archive_without_reprints_is_no_failure(run: Run, archive: Path) -> None:
    result = run("similar", "--all")
    assert result.exit_code == ExitCode.OK
    assert result.stdout == "no two articles are near to each other\n"
    assert run("similar", "--all", "--json").stdout == "[]\n"


class TestUsage:
    """What cannot be asked."""

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([], "give a URL, or --all"),
            (["--all", "x"], "give a URL, or --all"),
            (["x", "--limit", "3"], "go with --all"),
            (["x", "--since", "2026-01-01"], "go with --all"),
            (["--all", "--radius", "12"], "12 is not in 0 to 11"),
            (["--all", "--radius", "-1"], "-1 is not in 0 to 11"),
            (["--all", "--since", "2026-02-01", "--until", "2026-01-01"], "is later than"),
        ],
    )
    def test_is_refused(self, run: Run, arguments: list[str], words: str, tmp_path: Path) -> None:
        result = run("similar", *arguments)
        assert result.exit_code == ExitCode.USAGE
        assert words in result.stderr
        assert list(tmp_path.iterdir()) == []

    def test_without_an_archive(self, run: Run, tmp_path: Path) -> None:
        result = run("similar", "--all")
        assert result.exit_code == ExitCode.NOTHING_MATCHED
        assert "crawl first" in result.stderr
        assert list(tmp_path.iterdir()) == []

    def test_the_help_tells_the_numbers_that_hold(self) -> None:
        told = " ".join(similar.get_help(click.Context(similar)).split())
        assert f"0 to {WIDEST}; default {RADIUS}" in told
        assert f"to {RADIUS} for a reprint" in told
        assert f"below {LEAST} letters" in told


@pytest.mark.usefixtures("known")
class TestExplain:
    """One line, once the fingerprints are there."""

    def test_says_where_there_are_reprints(self, run: Run) -> None:
        assert "reprints" not in run("explain", URLS["copy"]).stdout
        run("similar", "--all")
        assert (
            "reprints      2 other articles, the first of 2026-01-10 09:30:00;"
            " newscrawl similar lists them" in run("explain", URLS["copy"]).stdout.splitlines()
        )
        assert "reprints" not in run("explain", URLS["other"]).stdout

    def test_as_json(self, run: Run) -> None:
        run("similar", "--all")
        answer = msgspec.json.decode(run("explain", URLS["copy"], "--json").stdout)
        near = answer["reprints"]
        assert [each["url"] for each in near] == [URLS["first"], URLS["edited"]]
        assert near[0]["distance"] == 0
