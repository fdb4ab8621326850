"""SIGINT and SIGTERM at any moment of any command: once it ends well, twice at once (H125)."""

import contextlib
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.operations.interrupts import SIGNALS
from tests.faults.boundaries import Plan
from tests.faults.comparing import differences, faults, kept
from tests.faults.crawls import Crawls, Scenario
from tests.faults.zygote import Ended, Zygote

MOMENTS = 8
ENDS = {ExitCode.OK, ExitCode.INTERRUPTED}

pytestmark = pytest.mark.slow


def interrupted(zygote: Zygote, moment: float, *signals: signal.Signals) -> Ended:
    """Send signals, one after the other, to the command that was started last."""
    time.sleep(moment)
    for number in signals:
        with contextlib.suppress(ProcessLookupError):
            os.kill(zygote.process, number)
    return zygote.wait()


@pytest.mark.parametrize("scenario", ["first", "second"])
def test_H125_a_signal_at_any_moment_and_the_next_run_does_the_rest(
    scenario: str, request: pytest.FixtureRequest
) -> None:
    crawls: Crawls = request.getfixturevalue(scenario)
    codes: list[int] = []

    def strike(zygote: Zygote, output: Path, seed: int) -> int:
        chance = random.Random(seed)
        plan = Plan(str(output), at=int(len(crawls.passages) * chance.random()) + 1, deed="signal")
        ended = crawls.crawl(zygote, output, plan)
        codes.append(ended.code)
        assert ended.code in ENDS, ended
        return ended.code == ExitCode.INTERRUPTED

    assert crawls.disturbed(range(MOMENTS), strike) > MOMENTS / 3, codes


@pytest.mark.parametrize("number", SIGNALS)
def test_H125_one_signal_at_a_moment_of_the_clock(first: Crawls, number: signal.Signals) -> None:
    def strike(zygote: Zygote, output: Path, seed: int) -> int:
        zygote.start(*first.command(output))
        # From when our handlers stand: before there is nothing to finish.
        while not (output / "archive.db").exists():
            time.sleep(0.002)
        ended = interrupted(zygote, random.Random(seed).uniform(0, 0.2), number)
        assert ended.code in ENDS, ended
        return ended.code == ExitCode.INTERRUPTED

    assert first.disturbed(range(MOMENTS), strike)


def test_H125_a_second_signal_leaves_at_once_and_all_is_whole(first: Crawls) -> None:
    said = []

    def strike(zygote: Zygote, output: Path, seed: int) -> int:
        zygote.start(*first.command(output))
        while not (output / "archive.db").exists():
            time.sleep(0.002)
        chance = random.Random(seed)
        ended = interrupted(zygote, chance.uniform(0, 0.2), *chance.choices(SIGNALS, k=2))
        assert ended.code in ENDS, ended
        said.append(ended.errors)
        return ended.code == ExitCode.INTERRUPTED

    assert first.disturbed(range(MOMENTS), strike)
    assert any("left at once" in each for each in said)


@pytest.mark.parametrize("source", sorted(Scenario.SECTIONS))
def test_H125_a_signal_during_a_recrawl(second: Crawls, source: str) -> None:
    def asked(command: str, output: Path) -> tuple[str, ...]:
        return (command, source, "--via", second.via, "--output", str(output),
                *Scenario.of(source))  # fmt: skip

    def finish(zygote: Zygote, output: Path) -> None:
        # A crawl, too: it looks into what a listing told of an article that the recrawl had
        # begun with, since it was left over.
        for command in ("recrawl", "crawl"):
            assert zygote.run(*asked(command, output)).code == 0

    with second.lane() as zygote, second.prepared() as output:
        finish(zygote, output)
        end = kept(output)
    codes = []
    for seed in range(MOMENTS // 2):
        with second.lane() as zygote, second.prepared() as output:
            for number in SIGNALS:
                zygote.start(*asked("recrawl", output))
                moment = random.Random(seed).uniform(0.05, 0.25)
                codes.append(interrupted(zygote, moment, number).code)
            finish(zygote, output)
            assert not faults(output)
            assert not differences(end, kept(output))
    assert ExitCode.INTERRUPTED in codes
    assert set(codes) <= ENDS


COMMANDS = {
    "reextract": "reextract --jobs 1 --config {config} --output {output}",
    "export": "export --dialect hexo --archive {output}/archive.db --out {output}/hexo",
    "import": "import {undisturbed}/jekyll/_posts --archive {output}/../imported/archive.db",
    "rebuild": "rebuild --force --output {output}",
    "verify": "verify --output {output}",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_H125_other_commands_end_at_a_signal_and_can_be_run_again(
    first: Crawls, zygote: Zygote, output: Path, name: str
) -> None:
    shutil.copytree(first.undisturbed, output)
    config = output.parent / "newscrawl.toml"
    config.write_text('[output]\nimages = "local"\ndialects = ["jekyll", "jsonl"]\n')
    places = {"output": output, "undisturbed": first.undisturbed, "config": config}
    command = COMMANDS[name].format(**places).split()
    chance, codes = random.Random(name), []
    for signals in (*((each,) for each in SIGNALS * 3), *((each, each) for each in SIGNALS * 2)):
        zygote.start(*command)
        codes.append(interrupted(zygote, chance.uniform(0.02, 0.1), *signals).code)
    assert set(codes) <= ENDS, codes
    ended = zygote.run(*command)
    assert ended.code == 0, ended
    assert not faults(output)
    assert zygote.run("verify", "--output", output).code == 0
    found = differences(first.end, kept(output))
    if name == "export":  # which adds a folder
        assert not found.pop("files")["missing"]
        found.pop("hexo manifest", None)
    assert not found
