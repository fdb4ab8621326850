"""``newscrawl site``: a site begun in one command, and looked over."""

from pathlib import Path

import msgspec
import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import Run, tree

POST = "---\ntitle: 甲\ndate: 2026-01-30 00:30:05 +0800\n---\n<p>{{ x }}</p>\n"


@pytest.mark.parametrize("generator", ["jekyll", "hexo", "hugo"])
def test_it_says_what_it_wrote_and_what_to_do_next(
    generator: str, run: Run, tmp_path: Path
) -> None:
    result = run("site", "init", "--generator", generator, "my-site")
    assert result.exit_code == ExitCode.OK
    for name in tree(tmp_path / "my-site"):
        assert f"  {name}\n" in result.stdout
    assert f"newscrawl export --dialect {generator} --out my-site\n" in result.stdout
    assert "cd my-site && " in result.stdout
    assert run("site", "check", "my-site").exit_code == ExitCode.OK


def test_where_a_crawl_writes_already_no_export_is_needed(run: Run, tmp_path: Path) -> None:
    told = run("site", "init", "--generator", "hexo", "output/hexo").stdout
    assert "newscrawl export" not in told
    assert "newscrawl crawl  " in told
    told = run("site", "init", "--generator", "hugo", "output/hugo").stdout
    assert "[output] dialects = ['jekyll', 'hexo', 'hugo']" in told


def test_addresses_and_name_come_from_the_configuration(run: Run, tmp_path: Path) -> None:
    config = '[site]\nbase = "//news.example.org/甲"\ntitle = "远山财经"\n'
    (tmp_path / "newscrawl.toml").write_text(config, "utf-8")
    run("site", "init", "--generator", "jekyll", "a")
    text = (tmp_path / "a" / "_config.yml").read_text("utf-8")
    assert 'title: "远山财经"' in text
    assert 'baseurl: "/甲"' in text
    run("site", "init", "--generator", "jekyll", "--title", "乙", "b")
    assert 'title: "乙"' in (tmp_path / "b" / "_config.yml").read_text("utf-8")


def test_J5_the_flash_channels_of_all_sources_have_their_page(run: Run, tmp_path: Path) -> None:
    run("site", "init", "--generator", "jekyll", "site")
    for spider in spiders().values():
        if any(section.flash for section in spider.sections.values()):
            page = tmp_path / "site" / spider.channel.slug / "index.html"
            assert f'title: "{spider.channel.label}"' in page.read_text("utf-8")


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("site", "init", "--generator", "hugo", "--dry-run", "site")
    assert "files would be written to site:" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_H114_a_second_time_everything_is_left_alone(run: Run, tmp_path: Path) -> None:
    run("site", "init", "--generator", "hexo", "site")
    before = tree(tmp_path / "site")
    result = run("site", "init", "--generator", "hexo", "--title", "乙", "site")
    assert result.exit_code == ExitCode.OK
    assert "0 files written to site:" in result.stdout
    assert "_config.yml  (there already, left alone)" in result.stdout
    assert tree(tmp_path / "site") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["init", "site"], "Missing option '--generator'"),
        (["init", "--generator", "hexoo", "site"], "'hexo'"),
        (["init", "--generator", "hexo", "--title", "", "site"], "title"),
        (["check", "site"], "no such folder"),
        (["check", "."], "no site of jekyll, hexo or hugo"),
    ],
)
def test_H131_what_cannot_be_done_is_said_in_a_line(
    arguments: list[str], words: str, run: Run, tmp_path: Path
) -> None:
    result = run("site", *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert words in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_site_of_another_generator_is_refused(run: Run, tmp_path: Path) -> None:
    run("site", "init", "--generator", "hugo", "site")
    result = run("site", "init", "--generator", "jekyll", "site")
    assert result.exit_code == ExitCode.USAGE
    assert "is a site of hugo" in result.stderr


def test_findings_are_a_table_and_the_code_7(run: Run, tmp_path: Path) -> None:
    run("site", "init", "--generator", "jekyll", "site")
    post = tmp_path / "site" / "_posts" / "2026-01-30-a.md"
    post.parent.mkdir()
    post.write_text(POST, "utf-8")
    before = tree(tmp_path)
    result = run("site", "check", "site")
    assert result.exit_code == ExitCode.LOOK
    assert result.stdout.startswith("jekyll, 1 post, 1 finding\n")
    assert "_posts/2026-01-30-a.md:5  unescaped braces: {{ x }}" in result.stdout
    told = msgspec.json.decode(run("site", "check", "--json", "site").stdout)
    assert (told["generator"], told["posts"]) == ("jekyll", 1)
    (finding,) = told["findings"]
    assert finding["file"] == "_posts/2026-01-30-a.md"
    assert finding["line"] == 5
    assert set(finding) == {"file", "line", "what", "why", "advice"}
    assert tree(tmp_path) == before


def test_H130_a_name_on_disk_cannot_fake_a_line(run: Run, tmp_path: Path) -> None:
    run("site", "init", "--generator", "jekyll", "site")
    post = tmp_path / "site" / "_posts" / "a\n\x1b[2Jb.md"
    post.parent.mkdir()
    post.write_text(POST, "utf-8")
    assert "\x1b" not in run("site", "check", "site").stdout


def test_a_long_list_is_cut_for_a_person_and_whole_for_a_program(run: Run, tmp_path: Path) -> None:
    run("site", "init", "--generator", "jekyll", "site")
    posts = tmp_path / "site" / "_posts"
    posts.mkdir()
    for number in range(150):
        (posts / f"n{number}.md").write_text(POST, "utf-8")
    assert "and 50 more: --json shows all" in run("site", "check", "site").stdout
    told = msgspec.json.decode(run("site", "check", "--json", "site").stdout)
    assert len(told["findings"]) == 150
