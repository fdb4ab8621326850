"""``newscrawl demo``: every section of every source, twice."""

from pathlib import Path

from newscrawl.exit_codes import ExitCode
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import Command, tree


def test_a_second_demo_brings_nothing_new(command: Command, tmp_path: Path) -> None:
    first = command("demo", "--articles", "200", "--output", "out")
    assert first.returncode == ExitCode.OK, first.stdout + first.stderr
    for name, spider in spiders().items():
        assert name in first.stdout
        assert all(section in first.stdout for section in spider.sections)
    assert "Jekyll posts in out/jekyll/_posts: " in first.stdout
    assert "Hexo posts in out/hexo/source/_posts: " in first.stdout
    posts = tree(tmp_path / "out" / "jekyll" / "_posts")
    assert len(posts) > 100

    second = command("demo", "--articles", "200", "--output", "out")
    assert second.returncode == ExitCode.OK, second.stdout + second.stderr
    assert "Nothing new: " in second.stdout
    assert tree(tmp_path / "out" / "jekyll" / "_posts") == posts
