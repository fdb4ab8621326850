"""Existing sites into the archive and out again, and the crawl that comes after."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.config import Config, Site
from newscrawl.exit_codes import ExitCode
from newscrawl.importing import Reason
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.importing import ImportReport, ImportRequest, run_import
from newscrawl.replica.process import ReplicaProcess
from tests.importing import documents
from tests.importing.documents import CODE, CORE, NW, PAGE, put

CONFIG = structs.replace(
    Config(), site=Site(base="//news.example.com", share_base="http://news.example.com")
)
SITE = {
    f"jekyll/_posts/2022-01-22-{NW}.md": documents.jekyll(),
    f"jekyll/_posts/2022-01-22-{CODE}.md": documents.flash(),
    "jekyll/old_post/2021-12-08-202112080000000003.md": documents.flash(
        digest="\n旧摘要。",
        body="",
        date="2021-12-08 13:42:20",
        link="<http://hk.example.com/news/11223,202112080000000003.html>",
        back=documents.TWO_LINES,
    ),
    f"hexo/source/_posts/2022-01-22-sina-{CORE}.md": documents.hexo(title="'新浪的'"),
    "hexo/source/_posts/Some Name.md": documents.hexo(categories=("新媒体", "IT 之家", "热榜")),
    "hexo/source/_posts/raw.md": documents.hexo(
        title="'原样'",
        date="2021-10-25 06:10:16",
        picture="https://picsum.photos/400/300?random=1388",
        body="\n            \n            <style>.a&#123;b:c&#125;</style><p>正文 `x`</p> ",
    ),
}
BROKEN = {
    "jekyll/category/shilibao.html": (
        "---\nlayout: category\ntitle: 示例报新闻\ncategory: shilibao\n---",
        Reason.NO_POST,
    ),
    "jekyll/_posts/-202205262391921712.md": (
        documents.jekyll(title='""', date=" +0800", link="<>", body=""),
        Reason.NO_TITLE,
    ),
    "hexo/source/_posts/invalid.md": (documents.hexo(date="Invalid Date"), Reason.NO_DATE),
    "hexo/source/_posts/quote.md": (documents.hexo(title="'It's'"), Reason.BAD_YAML),
    "hexo/README.md": ("# Notes\n", Reason.NO_FRONT_MATTER),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with posts of both forms in all their variants, and what is no post."""
    for name, text in SITE.items():
        put(tmp_path / "site", name, text)
    return tmp_path / "site"


def take(tmp_path: Path, *paths: Path, **how: Any) -> ImportReport:
    return run_import(ImportRequest(CONFIG, tmp_path / "archive.db", paths, **how))


def export(tmp_path: Path, dialect: str, **how: Any) -> dict[str, bytes]:
    """Export into a new folder and return the posts by name."""
    folder = tmp_path / f"out-{dialect}"
    shutil.rmtree(folder, ignore_errors=True)
    request = ExportRequest(
        CONFIG, tmp_path / "archive.db", {dialect: folder}, ArticleFilter(), **how
    )
    run_export(request)
    return {path.name: path.read_bytes() for path in folder.rglob("_posts/*")}


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(("dialect", "number"), [("jekyll", 3), ("hexo", 3)])
def test_verbatim_every_document_comes_back_byte_for_byte(
    tmp_path: Path, site: Path, dialect: str, number: int
) -> None:
    assert take(tmp_path, site, verbatim=True).exit_code is ExitCode.OK
    originals = {
        Path(name).name: text.encode() for name, text in SITE.items() if name.startswith(dialect)
    }
    written = export(tmp_path, dialect, verbatim=True)
    assert len(originals) == number
    assert {name: written[name] for name in originals} == originals


def test_kept_bytes_and_cleaned_posts_take_turns_in_one_folder(tmp_path: Path) -> None:
    raw = put(tmp_path, "site/2022-01-22-1.md", documents.flash(body="<p>a<b>b</p>"))
    take(tmp_path, raw, verbatim=True)
    texts = []
    for verbatim in (False, True, True, False, False, True):
        request = ExportRequest(
            CONFIG,
            tmp_path / "archive.db",
            {"jekyll": tmp_path / "out"},
            ArticleFilter(),
            verbatim=verbatim,
        )
        run_export(request)
        texts.append((tmp_path / "out" / "_posts" / raw.name).read_bytes() == raw.read_bytes())
    assert texts == [False, True, True, False, False, True]


def test_a_cleaned_post_of_the_right_form_comes_back_byte_for_byte(
    tmp_path: Path, site: Path
) -> None:
    take(tmp_path, site)
    posts = export(tmp_path, "jekyll")
    for name in (f"2022-01-22-{NW}.md", f"2022-01-22-{CODE}.md"):
        assert posts[name].decode() == SITE[f"jekyll/_posts/{name}"]
    name = f"2022-01-22-sina-{CORE}.md"
    original = SITE[f"hexo/source/_posts/{name}"]
    assert export(tmp_path, "hexo")[name].decode() == original.replace(
        " alt>", ' alt referrerpolicy="no-referrer">'
    )


def test_the_front_matter_of_hexo_posts_survives_the_cleaning(tmp_path: Path, site: Path) -> None:
    take(tmp_path, site)
    fronts = {post.decode().split("\n---\n")[1] for post in export(tmp_path, "hexo").values()}
    for name in ("Some Name.md", "raw.md"):
        front = SITE[f"hexo/source/_posts/{name}"].split("\n---\n")[1]
        assert front.replace("2021-10-25 06:10:16", "Sun, 24 Oct 2021 22:10:16 GMT") in fronts


def test_importing_twice_brings_nothing_new(tmp_path: Path, site: Path) -> None:
    first, second = take(tmp_path, site), take(tmp_path, site)
    assert (first.files, first.new, first.known) == (6, 6, 0)
    assert (second.files, second.new, second.known) == (6, 0, 6)


def test_what_is_broken_is_listed_and_left(tmp_path: Path, site: Path) -> None:
    for name, (text, _) in BROKEN.items():
        put(site, name, text)
    before = tree(site)
    report = take(tmp_path, site)
    assert report.exit_code is ExitCode.PARTIAL
    assert report.new == len(SITE)
    assert report.files == report.new + report.known + len(report.broken)
    found = {str(each.file.relative_to(site)): each.reason for each in report.broken}
    assert found == {name: reason for name, (_, reason) in BROKEN.items()}
    assert tree(site) == before


def test_another_document_of_a_kept_name_is_listed(tmp_path: Path, site: Path) -> None:
    other = put(tmp_path, "other/raw.md", documents.hexo(title="'别的'"))
    report = take(tmp_path, site, other, verbatim=True)
    assert [(each.file, each.reason) for each in report.broken] == [(other, Reason.NAME_TAKEN)]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert take(tmp_path, tmp_path / "empty").exit_code is ExitCode.NOTHING_MATCHED
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.parametrize("known", [False, True])
def test_H133_a_dry_run_writes_nothing_and_counts_the_same(
    tmp_path: Path, site: Path, known: bool
) -> None:
    if known:
        take(tmp_path, site / "jekyll")
    put(site, f"again/2022-01-22-sina-{CORE}.md", documents.hexo(title="'新浪的'"))
    before = tree(tmp_path)
    planned = take(tmp_path, site, dry_run=True)
    assert tree(tmp_path) == before
    done = take(tmp_path, site)
    assert (planned.new, planned.known) == (done.new, done.known)
    assert planned.known == (4 if known else 1)


def test_progress_is_told(tmp_path: Path, site: Path) -> None:
    told: list[tuple[int, int]] = []
    take(tmp_path, site, progress=lambda done, of: told.append((done, of)))
    assert told == [(6, 6)]


def test_H114_a_post_beside_its_import_is_ours_only_if_it_is_the_same(tmp_path: Path) -> None:
    """A folder that is exported to in place, after its manifest and archive were lost."""
    out = tmp_path / "out"
    same = put(out, f"_posts/2022-01-22-{NW}.md", documents.jekyll())
    raw = put(out, f"_posts/2022-01-22-{CODE}.md", documents.flash(body="<p>a<b>b</p>"))
    take(tmp_path, out)
    request = ExportRequest(CONFIG, tmp_path / "archive.db", {"jekyll": out}, ArticleFilter())
    counts = run_export(request)["jekyll"]
    assert (counts.written, counts.unchanged) == (0, 1)
    assert [path.name for path in counts.kept] == [raw.name]
    assert same.read_text("utf-8") == documents.jekyll()
    assert "<p>a<b>b</p>" in raw.read_text("utf-8")


def test_a_post_that_lacks_the_address_of_its_article_is_none_of_jekyll(
    tmp_path: Path, site: Path
) -> None:
    take(tmp_path, site / "hexo" / "source" / "_posts" / "raw.md")
    assert export(tmp_path, "jekyll") == {}
    assert len(export(tmp_path, "hexo")) == 1


def test_two_posts_of_one_article_both_come_back(tmp_path: Path) -> None:
    put(tmp_path, "site/one.md", documents.flash())
    put(tmp_path, "site/two.md", documents.flash(digest="> 别的。"))
    take(tmp_path, tmp_path / "site", verbatim=True)
    posts = export(tmp_path, "jekyll", verbatim=True)
    assert posts == {
        "one.md": documents.flash().encode(),
        "two.md": documents.flash(digest="> 别的。").encode(),
    }
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert [each.article.url for each in archive.articles()] == [PAGE]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folders", "untouched"),
    [
        (("jekyll", "hexo"), ("jekyll", "hexo")),
        (("jekyll",), ("jekyll",)),
        (("hexo",), ()),
    ],
)
def test_H124_posts_alone_bring_everything_back(
    tmp_path: Path, folders: tuple[str, ...], untouched: tuple[str, ...]
) -> None:
    """The archive is lost, the posts are kept; no article is taken twice by the next crawl."""
    output = tmp_path / "output"
    with ReplicaProcess(articles=200, seed="import") as replica:
        first = crawled(replica.url, output)
        before = {name: tree(output / name) for name in untouched}
        for file in output.glob("archive.db*"):
            file.unlink()
        run_import(
            ImportRequest(Config(), output / "archive.db", [output / name for name in folders])
        )
        again = crawled(replica.url, output)
    assert first["new"] > 100
    assert again["new"] == again["failed"] == 0
    with Archive.open(output / "archive.db", read_only=True) as archive:
        assert len(list(archive.articles())) == first["new"]
    manifest = ".newscrawl-posts.db"
    for name, files in before.items():
        now = tree(output / name)
        assert now | {manifest: ""} == files | {manifest: ""}


def crawled(via: str, output: Path) -> dict[str, int]:
    command = ["crawl", "--via", via, "--output", str(output), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)["counts"]
    return counts
