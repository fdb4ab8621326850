"""``newscrawl export``: posts from the archive."""

from pathlib import Path

import msgspec
import pytest

from newscrawl.exit_codes import ExitCode
from tests.cli.conftest import Run, tree


def posts(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.md"))


def test_the_configured_dialects_are_written_once(run: Run, archive: Path) -> None:
    result = run("export")
    assert result.exit_code == ExitCode.OK, result.output
    assert "jekyll: 3 posts written, 0 unchanged in output/jekyll" in result.stdout
    assert len(posts(archive.parent / "jekyll" / "_posts")) == 3
    assert len(posts(archive.parent / "hexo" / "source" / "_posts")) == 3
    assert "hexo: 0 posts written, 3 unchanged" in run("export").stdout


def test_one_dialect_goes_where_it_is_told(run: Run, archive: Path, tmp_path: Path) -> None:
    result = run("export", "--dialect", "hexo", "--out", "my site")
    assert result.exit_code == ExitCode.OK, result.output
    post = tmp_path / "my site" / "source" / "_posts" / posts(tmp_path / "my site")[0]
    assert " - 金融\n - 新浪财经\n - 新浪财经－国內\n" in post.read_text("utf-8")


def test_a_folder_for_two_dialects_is_refused(run: Run, archive: Path) -> None:
    assert run("export", "--out", "site").exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        (["--since", "2026-01-11"], ["11", "12"]),
        (["--until", "2026-01-11"], ["10", "11"]),
        (["--since", "2026-01-11", "--until", "2026-01-11"], ["11"]),
        (["--limit", "1"], ["10"]),
        (["--source", "sina_finance", "--section", "china"], ["10", "11", "12"]),
        (["--section", "国内滚动"], ["10", "11", "12"]),
        (["--media", "远山证券报"], ["10", "11", "12"]),
    ],
)
def test_filters_choose_articles_by_days_of_shanghai(
    run: Run, archive: Path, filters: list[str], days: list[str]
) -> None:
    assert run("export", "--dialect", "jekyll", *filters).exit_code == ExitCode.OK
    assert [name[8:10] for name in posts(archive.parent / "jekyll")] == days


@pytest.mark.parametrize("filters", [["--media", "青屿日报"], ["--source", "eastmoney"]])
def test_H134_nothing_matched_says_so_with_its_own_code(
    run: Run, archive: Path, filters: list[str]
) -> None:
    result = run("export", *filters)
    assert result.exit_code == ExitCode.NOTHING_MATCHED
    assert "no article in the archive matches" in result.stderr


def test_H133_a_dry_run_writes_nothing(run: Run, archive: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    result = run("export", "--dry-run", "--json")
    assert result.exit_code == ExitCode.OK, result.output
    assert msgspec.json.decode(result.stdout)["hexo"]["written"] == 3
    assert tree(tmp_path) == before


def test_H114_an_edited_post_is_kept_until_forced(run: Run, archive: Path) -> None:
    run("export", "--dialect", "jekyll")
    post = next((archive.parent / "jekyll" / "_posts").iterdir())
    post.write_text("mine", "utf-8")
    assert "1 kept as edited by hand" in run("export", "--dialect", "jekyll").stdout
    assert post.read_text("utf-8") == "mine"
    run("export", "--dialect", "jekyll", "--force")
    assert post.read_text("utf-8") != "mine"


def test_without_an_archive_it_says_what_to_do(run: Run) -> None:
    result = run("export")
    assert result.exit_code == ExitCode.NOTHING_MATCHED
    assert "there is no archive here; crawl first" in result.stderr


def test_H123_a_broken_archive_is_refused_and_left_alone(run: Run, archive: Path) -> None:
    archive.write_bytes(b"no database")
    result = run("export")
    assert result.exit_code == ExitCode.STORAGE
    assert "archive.db" in result.stderr
    assert archive.read_bytes() == b"no database"
