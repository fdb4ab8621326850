"""A disk that is full, failing or read-only under any file: code 6, a line, nothing lost."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.exit_codes import ExitCode
from tests.faults.boundaries import ERRORS, Plan
from tests.faults.comparing import files
from tests.faults.crawls import Crawls, Scenario
from tests.faults.zygote import ROOT, Zygote

KINDS = ("archive", "images", "lock", "manifest", "posts", "warc")
MOUNTED = ("unshare", "--map-root-user", "--mount", "--fork")
SAID = re.compile(r"cannot store: (\w+: )?(\[Errno \d+\] [^:]+: )?'?(?P<path>/[^:']+)")

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("error", sorted(ERRORS))
@pytest.mark.parametrize("kind", KINDS)
def test_H118_a_disk_that_refuses_ends_the_run_and_the_next_one_does_the_rest(
    first: Crawls, second: Crawls, kind: str, error: str
) -> None:
    crawls = first if kind == "images" else second  # of a correction there are no new pictures
    before = files(crawls.before) if crawls.before else {}
    number = sum(each.kind == kind for each in crawls.passages)

    def strike(zygote: Zygote, output: Path, at: int) -> int:
        plan = Plan(str(output), kind=kind, at=at, deed=error, lasting=True)
        ended = crawls.crawl(zygote, output, plan)
        assert ended.code == ExitCode.STORAGE, ended
        assert "Traceback" not in ended.errors
        told = ended.said + ended.errors
        assert str(output) in told, told
        for line in ended.errors.splitlines():
            said = SAID.search(line)
            assert said, line
            assert said["path"].startswith(str(output))
        assert len(ended.errors.splitlines()) <= len(Scenario.SECTIONS), "one line a source"
        now = files(output)
        for name, content in before.items():
            assert now[name] in (content, crawls.end["files"][name]), f"{name} is neither"
        return 1

    assert crawls.disturbed(sorted({1, number // 2}), strike) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_H118_one_refusal_of_a_disk_is_enough(first: Crawls, kind: str) -> None:
    """Not even where the disk takes the next write is anything counted as kept that is not."""
    number = sum(each.kind == kind for each in first.passages)

    def strike(zygote: Zygote, output: Path, at: int) -> int:
        ended = first.crawl(zygote, output, Plan(str(output), kind=kind, at=at, deed="EIO"))
        assert ended.code in (ExitCode.STORAGE, ExitCode.OK), ended
        assert "Traceback" not in ended.errors
        return ended.code == ExitCode.STORAGE

    assert first.disturbed([1, number // 3, number * 2 // 3], strike)


@pytest.fixture
def mounted() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run a command in a mount of its own at /mnt; ``before``: shell commands to set it up."""
    done = subprocess.run(
        [*MOUNTED, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ) if shutil.which("unshare") else None  # fmt: skip
    if done is None or done.returncode:
        pytest.skip("no mount of our own is allowed here: refusals are injected alone")

    def run(before: str, kept: Path, *command: str) -> "subprocess.CompletedProcess[str]":
        script = f'{before} to="$1"; shift; "$@"; code=$?; cp -a /mnt/. "$to"; exit $code'
        return subprocess.run(
            [*MOUNTED, "sh", "-ec", script, "sh", str(kept), sys.executable, "-m", "newscrawl",
             *command],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    return run


Mounted = Callable[..., "subprocess.CompletedProcess[str]"]


def test_H118_a_real_file_system_that_is_full(
    first: Crawls, output: Path, mounted: Mounted
) -> None:
    codes = []
    for size in (40, 200, 330, 400, 440, 480, 540, 600, 4000):
        kept = output / str(size)
        kept.mkdir(parents=True)
        mount = f"mount -t tmpfs -o size={size}k none /mnt; set +e;"
        ended = mounted(mount, kept, *first.command(Path("/mnt")))
        codes.append(ended.returncode)
        assert ended.returncode in (ExitCode.STORAGE, ExitCode.OK), ended
        assert "Traceback" not in ended.stderr
        if ended.returncode == ExitCode.STORAGE:
            told = ended.stdout + ended.stderr
            assert "/mnt/" in told, told
            assert re.search("is full|No space left|disk I/O", told), told
        with first.lane() as zygote:
            first.finish(zygote, kept, f"{size} kB")
    assert codes.count(ExitCode.STORAGE) >= 3, codes
    assert codes[-1] == ExitCode.OK


def test_H119_a_real_file_system_that_is_read_only(
    second: Crawls, output: Path, mounted: Mounted
) -> None:
    output.mkdir(parents=True)
    mount = "mount -t tmpfs none /mnt;"
    mount += f" cp -a {second.before}/. /mnt; mount -o remount,ro /mnt; set +e;"
    ended = mounted(mount, output, *second.command(Path("/mnt")))
    assert ended.returncode == ExitCode.STORAGE, ended
    assert "/mnt/" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    with second.lane() as zygote:
        second.finish(zygote, output, "read-only")
