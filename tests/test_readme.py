"""Every command of the README does what it says.

The commands for live sites are run as written, through a shell, in an empty folder; only
``--via`` is added to crawls, so that a replica answers in the sites' place. ``make demo``
is run in a copy of the checkout with an environment of its own; ``make test`` is what runs
this suite, and what it would run is read from make.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.replica.process import ReplicaProcess

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGE = ROOT / "tests" / "sources" / "sina_finance" / "finance2017.html"
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
SHELL = [line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines()]
MAKE = [line for line in SHELL if line.startswith("make ")]
LIVE = [line for line in SHELL if line.startswith("newscrawl ")]
CRON = re.findall(r"^\*/10 \* \* \* \*  (.*)$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the README is followed from top to bottom."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copy(PAGE, folder / "page.html")
    return folder


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    """Answers in the sites' place."""
    with ReplicaProcess(articles=100) as process:
        yield process


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a user's shell would, with this installation first on the path.

    What a ``make`` around this suite has told its own children is left out.
    """
    inherited = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL"}}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={**inherited, "HOME": str(folder), "PATH": path, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


def test_the_readme_is_short_and_leads_with_make() -> None:
    assert len(README.splitlines()) <= 90
    assert SHELL[:2] == ["make demo", "make test"]


def test_every_command_of_the_readme_is_covered() -> None:
    assert set(SHELL) == {*MAKE, *LIVE, "pip install ."}
    assert len(CRON) == 1


@pytest.mark.parametrize("line", LIVE)
def test_a_live_command_works(line: str, home: Path, replica: ReplicaProcess) -> None:
    asks = line.startswith(("newscrawl crawl", "newscrawl recrawl"))
    via = f" --via {replica.url}" if asks else ""
    done = shell(line + via, home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert done.stdout


def test_the_posts_are_where_the_readme_says(home: Path) -> None:
    for folder in re.findall(r"`(output/\S+_posts)/`", README):
        assert any((home / folder).glob("*.md")), folder
    assert (home / "output" / "archive.db").is_file()
    assert any((home / "my-site" / "source" / "_posts").glob("*.md"))


def test_the_cron_line_writes_one_line(home: Path, replica: ReplicaProcess) -> None:
    (line,) = CRON
    line = line.replace("/srv/news", str(home)).replace(".venv/bin/", "")
    done = shell(f"{line} --via {replica.url}", home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("newscrawl: nothing new: ")
    assert done.stdout.count("\n") == 1


def test_pip_install_builds_the_package_with_its_command(tmp_path: Path) -> None:
    offline = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    build = [sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("newscrawl-*.whl")
    shutil.unpack_archive(wheel, tmp_path / "out", "zip")
    (entries,) = (tmp_path / "out").glob("*.dist-info/entry_points.txt")
    assert "newscrawl = newscrawl.cli:main" in entries.read_text("utf-8")
    for generator in (
        "jekyll/_config.yml",
        "hexo/_config.yml",
        "hugo/hugo.toml",
        "shared/site.css",
    ):
        assert (tmp_path / "out" / "newscrawl" / "sites" / generator).is_file()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "newscrawl",
        entries.parent.name,
    }


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_test_runs_the_linters_the_types_and_the_suite() -> None:
    planned = shell("make --dry-run --always-make test", ROOT).stdout
    for part in ("ruff check", "ruff format --check", "bin/mypy", "install-site-generators.sh"):
        assert part in planned
    assert "install-browser.sh" in planned
    assert re.search(r"bin/pytest\s*$", planned)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_demo_works_in_a_fresh_checkout(tmp_path: Path) -> None:
    checkout = tmp_path / "newscrawl"
    ignored = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "output")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    first = shell("make demo DEMO='--articles 60'", checkout)
    assert first.returncode == 0, first.stdout + first.stderr
    assert (checkout / ".venv").is_dir()
    assert any((checkout / "output" / "jekyll" / "_posts").glob("*.md"))
    assert any((checkout / "output" / "hexo" / "source" / "_posts").glob("*.md"))
    second = shell("make demo DEMO='--articles 60'", checkout)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "Nothing new: " in second.stdout
