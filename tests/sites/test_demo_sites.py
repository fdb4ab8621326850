"""The demo's own posts, built by the real generators: what a new user sees first."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.archive import Archive, StoredArticle
from newscrawl.cleaning.text import plain
from newscrawl.export.dialects import dialect_named
from newscrawl.export.names import post_ids
from tests.sites.builders import Generator, hexo, hugo, jekyll, new_site
from tests.sites.pages import Page, read_pages, show

ARTICLES = 150

pytestmark = [pytest.mark.slow, pytest.mark.sites]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("demo")
    newscrawl = [sys.executable, "-m", "newscrawl"]
    demo = ["demo", "--articles", str(ARTICLES), "--output", str(output)]
    hugo = ["export", "--dialect", "hugo", "--archive", str(output / "archive.db")]
    for command in (demo, [*hugo, "--out", str(output / "hugo")]):
        subprocess.run([*newscrawl, *command], check=True, capture_output=True)
    return output


@pytest.mark.parametrize(
    ("dialect", "generator_of"), [("jekyll", jekyll), ("hexo", hexo), ("hugo", hugo)]
)
def test_H104_every_post_of_the_demo_is_one_page_with_its_title_time_and_text(
    demo: Path, tmp_path: Path, dialect: str, generator_of: Callable[[], Generator]
) -> None:
    generator = generator_of()
    site = new_site(generator, tmp_path)
    shutil.copytree(demo / dialect, site, dirs_exist_ok=True)
    generator.build(site)
    pages = read_pages(site / generator.output)
    by_name = {page.name: page for page in pages}
    with Archive.open(demo / "archive.db", read_only=True) as archive:
        suffix = dialect_named(dialect).suffix
        articles = {name_of(stored, suffix): stored for stored in archive.articles()}
    assert len(pages) == len(by_name)
    assert by_name.keys() == articles.keys()
    for name, stored in articles.items():
        check(by_name[name], stored)


def name_of(stored: StoredArticle, suffix: str) -> str:
    """Return the file name that the post of an article has in every dialect."""
    name = f"{stored.article.published_at:%Y-%m-%d}-{next(iter(post_ids(stored.article)))}"
    return f"{name.lower() if suffix == '.html' else name}{suffix}"


def check(page: Page, stored: StoredArticle) -> None:
    """Compare a built page with the archived article: what was read is what is shown."""
    article = stored.article
    assert page.title == plain(article.title or "")
    assert page.time == f"{article.published_at:%Y-%m-%d %H:%M:%S} +0800"
    assert page.categories
    shown = "".join("".join(show(page.content).texts).split())
    for paragraph in (article.body_text or "").splitlines():
        assert "".join(paragraph.split()) in shown, (page.name, paragraph)
