"""``newscrawl export``: posts from the archive."""

from pathlib import Path

import msgspec
import pytest

from newscrawl.exit_codes import ExitCode
from tests.cli.conftest import Command, Run, tree
from tests.export.test_dialects import EXAMPLE, install


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


def test_a_removed_post_stays_so_until_restored(run: Run, archive: Path) -> None:
    run("export", "--dialect", "jekyll")
    post = next((archive.parent / "jekyll" / "_posts").iterdir())
    post.unlink()
    result = run("export", "--dialect", "jekyll")
    assert result.exit_code == ExitCode.OK
    assert "2 unchanged, 1 removed by hand and left so" in result.stdout
    assert not post.exists()
    assert "1 posts written" in run("export", "--dialect", "jekyll", "--restore").stdout
    assert post.exists()


def test_a_window_moves_old_posts_and_all_brings_them_back(run: Run, archive: Path) -> None:
    site = archive.parent / "jekyll"
    window = ("export", "--dialect", "jekyll", "--until", "2026-01-12", "--window")
    assert run(*window, "2d").exit_code == ExitCode.OK
    assert [name[8:10] for name in posts(site / "_posts")] == ["11", "12"]
    assert [name[8:10] for name in posts(site / "old_post")] == ["10"]
    assert "1 moved by the window" in run(*window, "1d").stdout
    assert "2 moved by the window" in run(*window, "all").stdout
    assert posts(site / "old_post") == []


def test_the_configured_window_is_kept(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "newscrawl.toml").write_text('[output]\nwindow = { jekyll = "1d" }\n', "utf-8")
    assert run("export").exit_code == ExitCode.OK
    assert len(posts(archive.parent / "jekyll" / "old_post")) == 3, "the archive is of the past"
    assert len(posts(archive.parent / "hexo" / "source" / "_posts")) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--window", "3"], "is no window; it is a number of days, such as 3d"),
        (["--window", "3d", "--dialect", "jsonl"], "posts of the dialect jsonl have no window"),
    ],
)
def test_H131_a_window_that_cannot_be_is_refused(
    run: Run, archive: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    before = tree(tmp_path)
    result = run("export", *options)
    assert result.exit_code == ExitCode.USAGE
    assert message in " ".join(result.stderr.split())
    assert tree(tmp_path) == before


def test_H133_a_dry_run_says_which_file_and_why(run: Run, archive: Path) -> None:
    run("export", "--dialect", "jekyll")
    first, second, third = posts(archive.parent / "jekyll" / "_posts")
    (archive.parent / "jekyll" / "_posts" / first).unlink()
    (archive.parent / "jekyll" / "_posts" / second).write_text("mine", "utf-8")
    command = ("export", "--dialect", "jekyll", "--until", "2026-01-13", "--window", "1d")
    shown = run(*command, "--dry-run").stdout
    assert f"  moved          _posts/{third} -> old_post/{third}\n" in shown
    assert f"  removed by you _posts/{first}\n" in shown
    assert f"  edited by you  _posts/{second}\n" in shown
    data = msgspec.json.decode(run(*command, "--dry-run", "--json").stdout)["jekyll"]
    why = {"path": f"_posts/{third}", "why": "moved", "to": f"old_post/{third}"}
    assert why in data["changes"]
    assert (data["moved"], data["removed"]) == (2, [f"_posts/{first}"])


@pytest.mark.parametrize(
    ("dialect", "where"), [("hugo", "content/posts/*.html"), ("jsonl", "articles/*.jsonl")]
)
def test_every_dialect_is_a_choice(run: Run, archive: Path, dialect: str, where: str) -> None:
    assert run("export", "--dialect", dialect).exit_code == ExitCode.OK
    assert len(list((archive.parent / dialect).glob(where))) == 3


def test_a_registered_dialect_is_a_choice_too(command: Command, archive: Path) -> None:
    packages = install(archive.parent / "packages", "plain_dialect", EXAMPLE)
    done = command("export", "--dialect", "plain", PYTHONPATH=str(packages))
    assert done.returncode == ExitCode.OK, done.stderr
    assert "plain: 3 posts written" in done.stdout
    assert len(list((archive.parent / "plain" / "articles").glob("*.txt"))) == 3
    unknown = command("export", "--dialect", "plane", PYTHONPATH=str(packages))
    assert unknown.returncode == ExitCode.USAGE
    assert "did you mean plain?" in unknown.stderr
    (packages / "plain_dialect.py").write_text("raise ValueError('no luck')", "utf-8")
    broken = command("export", "--dialect", "plain", PYTHONPATH=str(packages))
    assert broken.returncode == ExitCode.USAGE
    assert broken.stderr.count("\n") == 1
    assert "no luck" in broken.stderr


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
