"""Imported posts keep the names of their files, and their bytes where these were kept."""

from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive, ImportedPost, WrittenArticle
from tests.export.builders import NIGHT, article
from tests.export.folders import OpenSite, posts

DATED = "2022-01-22-an-older-name.md"


def take(archive: Archive, name: str, content: bytes | None = None, **fields: Any) -> None:
    """Store the usual article as imported from a file of this name."""
    made = article(content_hash="0" * 64, **fields)
    run = archive.begin_run("import", {}, NIGHT)
    archive.imports.take(
        run, [ImportedPost(WrittenArticle.of(made), None, None, None, "jekyll", name, content)]
    )


def export(archive: Archive, site: OpenSite, out: Path, *, verbatim: bool = False) -> list[str]:
    with site(verbatim=verbatim) as exporter:
        exporter.write(archive.articles())
    return posts(out)


def test_H91_an_imported_post_keeps_its_name(archive: Archive, site: OpenSite, out: Path) -> None:
    take(archive, DATED)
    assert export(archive, site, out) == [DATED]


@pytest.mark.parametrize("name", ["odd name.md", ".hidden.md", "2022-01-22-" + "x" * 200 + ".md"])
def test_C3_a_name_of_another_shape_is_not_kept(
    archive: Archive, site: OpenSite, out: Path, name: str
) -> None:
    take(archive, name)
    assert export(archive, site, out) == ["2022-01-22-sina-naaaaaa1234567.md"]


def test_kept_bytes_come_back_under_their_name(archive: Archive, site: OpenSite, out: Path) -> None:
    raw = "\ufeff---\r\nlayout: post\r\n---\r\n{{ x }} {% y".encode()
    take(archive, "odd name.md", raw)
    assert export(archive, site, out, verbatim=True) == ["odd name.md"]
    assert (out / "_posts" / "odd name.md").read_bytes() == raw
    assert export(archive, site, out, verbatim=True) == ["odd name.md"]


def test_without_verbatim_the_post_is_rendered_at_its_path(
    archive: Archive, site: OpenSite, out: Path
) -> None:
    take(archive, DATED, b"raw")
    export(archive, site, out, verbatim=True)
    assert (out / "_posts" / DATED).read_bytes() == b"raw"
    assert export(archive, site, out) == [DATED]
    assert "示例正文" in (out / "_posts" / DATED).read_text("utf-8")


def test_H114_an_edited_verbatim_post_is_kept(archive: Archive, site: OpenSite, out: Path) -> None:
    take(archive, DATED, b"raw")
    export(archive, site, out, verbatim=True)
    (out / "_posts" / DATED).write_text("mine")
    export(archive, site, out, verbatim=True)
    assert (out / "_posts" / DATED).read_text() == "mine"
