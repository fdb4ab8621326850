"""An article whose identity is its address: one file each, whichever form brings it back."""

from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArticleFilter, Found
from newscrawl.config import Config
from newscrawl.export.manifest import FILE_NAME
from newscrawl.identity.identities import Identity
from newscrawl.identity.urls import comparison_url
from newscrawl.listings import Entry
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.importing import ImportRequest, run_import
from tests.export.builders import NIGHT, article

PAGE = "https://finance.sina.com.cn/special/outlook.shtml"
ADDRESS = comparison_url(PAGE)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A site in two forms whose archive is lost; its article has no code in its address."""
    output = tmp_path / "output"
    crawl(output)
    export(output, "jekyll", "hexo")
    for file in output.glob("archive.db*"):
        file.unlink()
    return output


def crawl(output: Path) -> None:
    """Meet the article in a listing, and read its page where the archive wants it."""
    page = article(identity=ADDRESS, url=PAGE, body_html="<p>示例正文。</p>", content_hash="0" * 64)
    with Archive.open(output / "archive.db") as archive:
        run = archive.begin_run("sina_finance", {}, NIGHT)
        found = Found(Entry(PAGE), Identity(ADDRESS, ADDRESS))
        for work in archive.discover(run, "sina_finance", "china", [found], NIGHT).fetch:
            archive.store(run, work.section, work.url_hash, page)


def export(output: Path, *dialects: str) -> None:
    folders = {dialect: output / dialect for dialect in dialects}
    run_export(ExportRequest(Config(), output / "archive.db", folders, ArticleFilter()))


def take(output: Path, dialect: str) -> None:
    run_import(ImportRequest(Config(), output / "archive.db", [output / dialect]))


def posts(output: Path) -> list[str]:
    return sorted(str(path.relative_to(output)) for path in output.rglob("_posts/*"))


@pytest.mark.parametrize("manifests", ["kept", "lost"])
@pytest.mark.parametrize("exported_before", [False, True])
@pytest.mark.parametrize("met_again", ["crawled", "as a Jekyll post"])
def test_H124_an_article_without_a_code_keeps_its_one_file(
    output: Path, manifests: str, exported_before: bool, met_again: str
) -> None:
    before = posts(output)
    assert len(before) == 2
    if manifests == "lost":
        for manifest in output.rglob(FILE_NAME):
            manifest.unlink()
    take(output, "hexo")
    if exported_before:
        export(output, "jekyll", "hexo")
        assert posts(output) == before
    if met_again == "crawled":
        crawl(output)
    else:
        take(output, "jekyll")
    export(output, "jekyll", "hexo")
    assert posts(output) == before
