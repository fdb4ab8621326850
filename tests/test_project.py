"""The files around the program: locks, CI, what a user is never given."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(name: str) -> dict[str, set[Version]]:
    """Return the versions that a lock holds of each package (several where markers differ)."""
    found: dict[str, set[Version]] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line):
            found.setdefault(canonicalize_name(match[1]), set()).add(Version(match[2]))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_origin(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    packages = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert all("--hash=sha256:" in package for package in packages)
    for machine in ("://", "--index-url", "--find-links", "file:", "/home/", "/tmp/", " -r /"):
        assert machine not in text


def test_the_lock_satisfies_what_the_project_asks_for() -> None:
    running = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    developing = [*running, *PROJECT["project"]["optional-dependencies"]["dev"]]
    for name, wanted in zip(LOCKS, (running, developing), strict=True):
        versions = locked(name)
        for requirement in map(Requirement, wanted):
            found = versions.get(canonicalize_name(requirement.name), set())
            assert found, f"{name}: {requirement}: run `make lock`"
            assert all(each in requirement.specifier for each in found), f"{name}: {requirement}"


def test_tests_run_against_the_versions_that_users_get() -> None:
    running, developing = map(locked, LOCKS)
    assert {name: developing[name] for name in running} == running


def test_ci_runs_what_the_readme_says() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text("utf-8")
    assert re.search(r"^make test$", script.read_text("utf-8"), re.MULTILINE)


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    for folder in ("newscrawl", "docs", "scripts", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".sh", ".toml"}:
                text = path.read_text("utf-8")
                assert not re.search(r"(?<![\w.])/(?:work|root|home)/", text), path
