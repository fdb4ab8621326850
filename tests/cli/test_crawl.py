"""``newscrawl crawl`` as a user meets it: the plan, the summary, its codes."""

import socket
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.outcomes import Outcome
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import Command, Run, tree


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> NoReturn:
        raise AssertionError("a dry run must not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_H133_a_dry_run_writes_nothing_and_asks_nobody(run: Run, tmp_path: Path) -> None:
    result = run("crawl", "sina_finance", "--section", "china", "--dry-run")
    assert result.exit_code == ExitCode.OK, result.output
    first, last = result.stdout.splitlines()
    assert first.startswith("sina_finance  china  国内滚动  https://feed.mix.sina.com.cn/")
    assert last == "1 section of 1 source would be asked; nothing was"
    assert tree(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_network")
def test_a_dry_run_plans_every_default_section(run: Run) -> None:
    planned = msgspec.json.decode(run("crawl", "--dry-run", "--json").stdout)
    assert {(each["source"], each["section"]) for each in planned} == {
        (name, section.id)
        for name, spider in spiders().items()
        for section in spider.sections.values()
        if section.default
    }


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:80",
        "http://example.com:80",
        "http://127.0.0.1:80/x",
        "http://127.0.0.1:x",
        "http://127.0.0.1",
        "x",
    ],
)
def test_only_a_replica_on_loopback_may_stand_in(run: Run, address: str) -> None:
    result = run("crawl", "--via", address)
    assert result.exit_code == ExitCode.USAGE
    assert "--via" in result.stderr


def test_H131_a_section_of_the_configuration_must_exist(run: Run, tmp_path: Path) -> None:
    (tmp_path / "newscrawl.toml").write_text(
        '[sources.sina_finance]\nsections = ["chinna"]\n', "utf-8"
    )
    for asked in (["crawl"], ["crawl", "--dry-run"]):
        result = run(*asked)
        assert result.exit_code == ExitCode.USAGE, result.output
        assert "did you mean china?" in result.stderr
    assert not (tmp_path / "output").exists()


def test_a_second_crawl_brings_nothing_new_and_says_so(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    asked = ("crawl", "sina_finance", "--section", "china", "--via", replica.url)
    first = command(*asked, "--json")
    assert first.returncode == ExitCode.OK, first.stderr
    report = msgspec.json.decode(first.stdout)
    (section,) = report["sections"]
    assert section["name"] == "国内滚动"
    assert section["entries"] == sum(section["counts"].values())
    assert section["counts"][Outcome.NEW] > 0
    assert section["counts"][Outcome.NEW] == report["posts"]["jekyll"]["written"]
    assert (tmp_path / report["posts"]["hexo"]["folder"]).is_dir()

    before = tree(tmp_path / "output" / "jekyll" / "_posts")
    second = command(*asked)
    assert second.returncode == ExitCode.OK
    assert second.stdout.startswith("newscrawl: nothing new: ")
    assert second.stdout.count("\n") == 1
    assert second.stderr == ""
    assert tree(tmp_path / "output" / "jekyll" / "_posts") == before


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "gbk"},
    ],
    ids=["C", "C without coercion", "ascii", "gbk"],
)
def test_H135_no_locale_breaks_the_output_or_the_files(
    command: Command, replica: ReplicaProcess, tmp_path: Path, locale: dict[str, str]
) -> None:
    asked = ("crawl", "sina_finance", "--section", "china", "--limit", "2", "--via", replica.url)
    crawled = command(*asked, **locale)
    assert crawled.returncode == ExitCode.OK, crawled.stderr
    assert crawled.stderr == ""
    for post in (tmp_path / "output" / "hexo" / "source" / "_posts").iterdir():
        assert " - 新浪财经\n" in post.read_text("utf-8")
    listed = command("sources", "sina_finance", "--json", **locale)
    assert listed.returncode == ExitCode.OK
    assert msgspec.json.decode(listed.stdout)[0]["title"] == "新浪财经"


def test_H119_an_output_that_cannot_be_written_is_refused_before_any_request(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    before = replica.stats()
    result = command("crawl", "--output", "file", "--via", replica.url)
    assert result.returncode in (ExitCode.STORAGE, ExitCode.USAGE)
    assert "Traceback" not in result.stderr
    assert "file" in result.stderr
    assert replica.stats() == before


def test_H122_a_second_crawl_at_the_same_time_is_locked_out(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    from newscrawl.archive.lock import Lock

    (tmp_path / "output").mkdir()
    with Lock(tmp_path / "output" / ".sina_finance.lock"):
        result = command("crawl", "sina_finance", "--section", "china", "--via", replica.url)
    assert result.returncode == ExitCode.LOCKED
    assert "another run holds" in result.stdout + result.stderr


def test_H129_a_proxys_password_is_written_nowhere(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    proxy = "http://user:topsecret@127.0.0.1:9"
    asked = ("crawl", "sina_finance", "--section", "china", "--limit", "3", "--via", replica.url)
    result = command(*asked, "--log-level", "DEBUG", http_proxy=proxy, https_proxy=proxy)
    assert result.returncode == ExitCode.OK, result.stderr
    assert "DEBUG" in result.stderr
    assert "topsecret" not in result.stdout + result.stderr
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"topsecret" not in path.read_bytes()


def test_a_crawl_writes_every_dialect_and_keeps_the_window(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    (tmp_path / "newscrawl.toml").write_text('[output]\nwindow = { hugo = "1d" }\n', "utf-8")
    asked = ("crawl", "sina_finance", "--section", "china", "--limit", "5", "--via", replica.url)
    result = command(*asked, "--dialect", "hugo", "--dialect", "jsonl")
    assert result.returncode == ExitCode.OK, result.stderr
    output = tmp_path / "output"
    days = sorted((output / "jsonl" / "articles").glob("*.jsonl"))
    assert sum(len(day.read_text("utf-8").splitlines()) for day in days) == 5
    # The replica's articles are of the past, and so older than a day.
    assert len(list((output / "hugo" / "old_post").glob("*.html"))) == 5
    assert list((output / "hugo" / "content" / "posts").iterdir()) == []


def test_H131_a_window_of_no_dialect_is_refused_before_any_request(
    command: Command, replica: ReplicaProcess, tmp_path: Path
) -> None:
    (tmp_path / "newscrawl.toml").write_text('[output]\nwindow = { jekyl = "1d" }\n', "utf-8")
    before = replica.stats()
    result = command("crawl", "--via", replica.url)
    assert result.returncode == ExitCode.USAGE
    assert "did you mean jekyll?" in result.stderr
    assert replica.stats() == before
