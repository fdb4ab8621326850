"""The documents that the sites had before us, where a checkout of them stands beside."""

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from newscrawl.archive import ArticleFilter
from newscrawl.config import Config, Site
from newscrawl.importing import Reason
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.importing import ImportReport, ImportRequest, run_import

FOLDER = Path(__file__).parents[3] / "shared" / "documents"
DOCUMENTS = sorted(FOLDER.glob("*")) if FOLDER.is_dir() else []
SAMPLES = {"jekyll": "000_", "hexo": "002_"}

pytestmark = pytest.mark.skipif(
    not DOCUMENTS, reason="the original documents are not beside this checkout"
)


def configured(document: str) -> Config:
    """Return a configuration with the addresses that a document of the Jekyll form shows."""
    home = re.search(r"\]\((//[^/)]+)/\)\Z", document)
    share = re.search(r"<(http://[^/>]+)/html_News", document)
    site = Site(
        base=home[1] if home else Site().base, share_base=share[1] if share else Site().share_base
    )
    return structs.replace(Config(), site=site)


def through(
    tmp_path: Path, path: Path, config: Config, **how: Any
) -> tuple[ImportReport, dict[str, list[Path]]]:
    """Import one document and export it in both forms; return the posts."""
    archive = tmp_path / "archive.db"
    report = run_import(ImportRequest(config, archive, [path], **how))
    posts = {}
    for dialect in SAMPLES:
        folder = tmp_path / dialect
        run_export(ExportRequest(config, archive, {dialect: folder}, ArticleFilter(), **how))
        posts[dialect] = [path for path in folder.rglob("_posts/*") if path.is_file()]
    return report, posts


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_comes_back_or_says_why_not(tmp_path: Path, path: Path) -> None:
    content = path.read_bytes()
    report, posts = through(tmp_path, path, Config(), verbatim=True)
    expected = {"Invalid Date": Reason.NO_DATE, "layout: category": Reason.NO_POST}
    reasons = [reason for sign, reason in expected.items() if sign in content.decode()]
    assert [each.reason for each in report.broken] == reasons
    if not reasons:
        dialect = "jekyll" if content.startswith(b"---") else "hexo"
        (post,) = posts[dialect]
        assert (post.name, post.read_bytes()) == (path.name, content)


def test_J1_to_J9_the_jekyll_sample_comes_back_cleaned_byte_for_byte(tmp_path: Path) -> None:
    (sample,) = FOLDER.glob(f"{SAMPLES['jekyll']}*")
    _, posts = through(tmp_path, sample, configured(sample.read_text("utf-8")))
    (post,) = posts["jekyll"]
    assert post.read_bytes() == sample.read_bytes()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-NW\d+\.md", post.name)


def test_X1_to_X6_the_hexo_sample_keeps_its_front_matter_and_loses_its_noise(
    tmp_path: Path,
) -> None:
    (sample,) = FOLDER.glob(f"{SAMPLES['hexo']}*")
    _, posts = through(tmp_path, sample, Config())
    (post,) = posts["hexo"]
    original, written = sample.read_text("utf-8"), post.read_text("utf-8")
    front = original[: original.index("<div>")]
    assert written.startswith(front)
    for noise in ("<!--", "<style", "appendQr", "cms-style", "二维码", "新浪财经APP"):
        assert noise in original
        assert noise not in written
    paragraphs = re.findall(r"<p cms-style[^>]*>(.*?)</p>", original)
    assert paragraphs
    assert re.findall(r"<p>(　　(?!原标题).*?)</p>", written) == paragraphs
