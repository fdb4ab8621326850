"""Posts that show pictures of their own site: each dialect, its folder, and what is left alone."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from newscrawl.archive import Archive
from newscrawl.archive.image_files import ImageFiles, path_of
from newscrawl.config import Output
from newscrawl.export import Exporter
from newscrawl.identity.identities import hash_url
from newscrawl.items import Image, Picture

from .builders import CONFIG, PLACE, article

URL = "https://img.example.com/a.jpg?w=1&h=2"
OTHER = "https://img.example.com/b.jpg"
CONTENT = b"picture"
PICTURE = Picture(hashlib.sha256(CONTENT).hexdigest(), "jpg", 8, 6, len(CONTENT))
NAME = str(path_of(PICTURE))
LOCAL = structs.replace(CONFIG, output=Output(images="local"))
FOLDERS = {"jekyll": "images", "hexo": "source/images", "hugo": "static/images"}
BODY = (
    '<p>甲<img src="https://img.example.com/a.jpg?w=1&amp;h=2" alt="">'
    f'<img src="{OTHER}" alt="乙"></p>'
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive with one article of two pictures, the first of which is stored."""
    with Archive.open(tmp_path / "archive.db") as opened:
        run = opened.begin_run("sina_finance", {}, article().fetched_at or article().published_at)  # type: ignore[arg-type]
        made = article(
            body_html=BODY, images=[Image(URL), Image(OTHER)], content_hash=hash_url("content")
        )
        opened.store(run, "china", made.url_hash or "", made, claim_images=True)
        assert made.fetched_at is not None
        ImageFiles(opened.images_folder).put(PICTURE, CONTENT)
        opened.images.stored(URL, run, made.fetched_at, PICTURE)
        yield opened


def export(archive: Archive, dialect: str, out: Path, *, dry_run: bool = False) -> str:
    """Export everything with local pictures and return the one post."""
    with Exporter(archive, dialect, out, place=lambda _: PLACE, config=LOCAL) as exporter:
        exporter.write(archive.articles(), dry_run=dry_run)
        folder = out / exporter._dialect.folder
    return next(folder.iterdir()).read_text("utf-8") if not dry_run else ""


@pytest.mark.parametrize("dialect", FOLDERS)
def test_a_stored_picture_stands_in_the_site_and_the_post_shows_it(
    archive: Archive, tmp_path: Path, dialect: str
) -> None:
    text = export(archive, dialect, tmp_path / "site")
    assert f'src="/images/{NAME}"' in text
    assert f'src="{OTHER}"' in text
    assert "a.jpg" not in text
    assert (tmp_path / "site" / FOLDERS[dialect] / NAME).read_bytes() == CONTENT


def test_X5_the_head_image_is_the_local_one(archive: Archive, tmp_path: Path) -> None:
    text = export(archive, "hexo", tmp_path / "site")
    assert f"\nheadimg: '/images/{NAME}'\n" in text
    assert f"\nthumbnail: '/images/{NAME}'\n" in text
    assert text.count('referrerpolicy="no-referrer"') == 2


def test_a_site_below_a_path_says_so(archive: Archive, tmp_path: Path) -> None:
    site = structs.replace(LOCAL.site, image_base="/news/images")
    config = structs.replace(LOCAL, site=site)
    with Exporter(archive, "jekyll", tmp_path, place=lambda _: PLACE, config=config) as exporter:
        exporter.write(archive.articles())
    (post,) = (tmp_path / "_posts").iterdir()
    assert f'src="/news/images/{NAME}"' in post.read_text("utf-8")
    assert (tmp_path / "images" / NAME).exists()


def test_a_dialect_without_a_folder_for_them_names_the_publishers(
    archive: Archive, tmp_path: Path
) -> None:
    assert "img.example.com/a.jpg" in export(archive, "jsonl", tmp_path)


def test_a_picture_whose_file_is_gone_stays_at_its_publisher(
    archive: Archive, tmp_path: Path
) -> None:
    (archive.images_folder / NAME).unlink()
    assert "img.example.com/a.jpg" in export(archive, "hexo", tmp_path / "site")


def test_H114_a_picture_that_was_changed_in_the_site_is_left_alone(
    archive: Archive, tmp_path: Path
) -> None:
    placed = tmp_path / "site" / "images" / NAME
    export(archive, "jekyll", tmp_path / "site")
    placed.unlink()
    placed.write_bytes(b"optimised")
    export(archive, "jekyll", tmp_path / "site")
    assert placed.read_bytes() == b"optimised"
    placed.unlink()
    export(archive, "jekyll", tmp_path / "site")
    assert placed.read_bytes() == CONTENT


def test_where_links_cannot_be_had_it_is_copied(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    export(archive, "jekyll", tmp_path / "site")
    placed = tmp_path / "site" / "images" / NAME
    assert placed.read_bytes() == CONTENT
    assert placed.stat().st_nlink == 1
    assert [each.name for each in placed.parent.iterdir()] == [placed.name]


def test_H133_a_dry_run_places_no_picture(archive: Archive, tmp_path: Path) -> None:
    export(archive, "jekyll", tmp_path / "site", dry_run=True)
    assert not (tmp_path / "site").exists()
