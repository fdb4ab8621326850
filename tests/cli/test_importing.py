"""``newscrawl import``: existing posts into the archive."""

from pathlib import Path

import msgspec

from newscrawl.exit_codes import ExitCode
from tests.cli.conftest import Run, tree
from tests.importing import documents
from tests.importing.documents import NW, put


def test_posts_are_taken_and_written_again(run: Run, tmp_path: Path) -> None:
    put(tmp_path, f"site/2022-01-22-{NW}.md", documents.jekyll())
    result = run("import", "site")
    assert result.exit_code == ExitCode.OK, result.output
    assert result.stderr == ""
    assert result.stdout.startswith("newscrawl: 1 files: 1 posts taken, 0 known, 0 broken; ")
    assert result.stdout.count("\n") == 1
    assert "0 posts taken, 1 known" in run("import", "site").stdout
    assert run("export", "--dialect", "jekyll").exit_code == ExitCode.OK
    assert (tmp_path / f"output/jekyll/_posts/2022-01-22-{NW}.md").is_file()


def test_verbatim_bytes_are_written_back(run: Run, tmp_path: Path) -> None:
    text = documents.hexo(body="<p>{x}<p>y</div>")
    put(tmp_path, "site/my post.md", text)
    assert run("import", "--verbatim", "site/my post.md").exit_code == ExitCode.OK
    assert run("export", "--verbatim", "--dialect", "hexo", "--out", "back").exit_code == 0
    assert (tmp_path / "back/source/_posts/my post.md").read_bytes() == text.encode()


def test_a_broken_document_is_named_with_its_reason(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "site/a.md", documents.jekyll())
    put(tmp_path, "site/b.md", documents.hexo(date="Invalid Date"))
    (tmp_path / "site" / "c.md").symlink_to(tmp_path / "site" / "a.md")
    result = run("import", "site", "--json")
    assert result.exit_code == ExitCode.PARTIAL
    data = msgspec.json.decode(result.stdout)
    assert (data["exit_code"], data["files"], data["new"], data["known"]) == (3, 3, 1, 0)
    assert data["broken"] == [
        {"file": "site/b.md", "reason": "no_date", "detail": "Invalid Date"},
        {"file": "site/c.md", "reason": "symbolic_link", "detail": "name the file itself"},
    ]
    result = run("import", "site")
    assert "newscrawl: site/b.md: no_date (Invalid Date)\n" in result.stderr
    assert "0 posts taken, 1 known, 2 broken" in result.stdout


def test_H130_the_name_of_a_file_cannot_fake_a_line(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "site/a\n[ERROR] b.md", "x")
    assert r"site/a\x0a[ERROR] b.md: no_front_matter" in run("import", "site").stderr


def test_H134_nothing_matched_says_so_with_its_own_code(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    result = run("import", "site")
    assert result.exit_code == ExitCode.NOTHING_MATCHED
    assert "there is no .md or .html file" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_path_that_does_not_exist_is_bad_usage(run: Run, tmp_path: Path) -> None:
    result = run("import", "absent")
    assert result.exit_code == ExitCode.USAGE
    assert "absent: there is no such file or folder" in result.stderr
    assert run("import").exit_code == ExitCode.USAGE
    assert list(tmp_path.iterdir()) == []


def test_H133_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "site/a.md", documents.jekyll())
    before = tree(tmp_path)
    assert "1 posts would be taken" in run("import", "site", "--dry-run").stdout
    assert tree(tmp_path) == before


def test_H123_a_broken_archive_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "site/a.md", documents.jekyll())
    archive = put(tmp_path, "output/archive.db", "no database")
    result = run("import", "site")
    assert result.exit_code == ExitCode.STORAGE
    assert archive.read_text() == "no database"


def test_a_source_that_is_none_of_ours_can_be_exported(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "site/a.md", documents.hexo(categories=("新媒体", "IT 之家", "热榜")))
    run("import", "site")
    result = run("export", "--dialect", "hexo", "--source", "imported")
    assert result.exit_code == ExitCode.OK, result.output
    (post,) = (tmp_path / "output" / "hexo" / "source" / "_posts").iterdir()
    assert " - 新媒体\n - IT 之家\n - 热榜\n" in post.read_text("utf-8")
