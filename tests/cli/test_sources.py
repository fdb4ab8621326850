"""``newscrawl sources``: what can be crawled."""

import subprocess
import sys

import msgspec

from newscrawl.exit_codes import ExitCode
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import Run


def test_every_section_of_every_source_is_listed(run: Run) -> None:
    result = run("sources")
    assert result.exit_code == ExitCode.OK
    for name, spider in spiders().items():
        assert f"{name}  {spider.title}  {spider.home}" in result.stdout
        for section in spider.sections.values():
            (row,) = [line for line in result.stdout.splitlines() if f" {section.id} " in line]
            assert section.name in row
            assert row.startswith("*" if section.default else " ")


def test_one_source_as_json(run: Run) -> None:
    (source,) = msgspec.json.decode(run("sources", "sina_finance", "--json").stdout)
    assert source["title"] == "新浪财经"
    china = next(each for each in source["sections"] if each["id"] == "china")
    assert china == {
        "id": "china",
        "name": "国内滚动",
        "kind": "roll",
        "flash": False,
        "default": True,
    }


def test_H135_a_reader_that_leaves_early_is_no_fault() -> None:
    line = f"set -o pipefail; '{sys.executable}' -m newscrawl sources --json | head -n 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.OK, b"[\n", b"")
