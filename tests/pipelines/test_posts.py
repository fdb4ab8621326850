"""The posts of a run: several dialects of the same news, and another run beside it."""

from pathlib import Path

import msgspec
import pytest

from newscrawl.archive import Archive, Recent
from newscrawl.archive.codec import from_article
from newscrawl.config import Config, Output
from newscrawl.export import Exporter, ExportLocked
from newscrawl.items import Article
from newscrawl.pipelines.placement import placement
from newscrawl.pipelines.posts import Written, folders, write_changed
from tests.export.folders import put, tree
from tests.memory import left_by

DIALECTS = ("jekyll", "hexo")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return msgspec.structs.replace(Config(), output=Output(str(tmp_path), DIALECTS))


def test_a_folder_that_somebody_has_comes_last_and_the_others_are_written(
    tmp_path: Path, config: Config
) -> None:
    written, place = folders(config), placement(config)
    with Archive.open(tmp_path / "archive.db") as archive:
        put(archive, identity="sina:1")
        with Exporter(archive, "jekyll", tmp_path / "jekyll", place=place, config=config) as other:
            other.write(())
            with pytest.raises(ExportLocked, match="jekyll: another export"):
                write_changed(archive, config, written, place, wait=0.0)
        assert {name: each.written for name, each in written.items()} == {"jekyll": 0, "hexo": 1}
        write_changed(archive, config, written, place, wait=0.0)
    assert {name: each.written for name, each in written.items()} == {"jekyll": 1, "hexo": 1}


def test_two_dialects_read_each_article_once_and_write_what_each_writes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes | str] = []

    def watched(text: bytes | str) -> Article:
        read.append(text)
        return from_article(text)

    monkeypatch.setattr("newscrawl.archive.reading.from_article", watched)
    config = Config()
    with Archive.open(tmp_path / "archive.db") as archive:
        for n in range(20):
            put(archive, identity=f"sina:x{n}", title=f"第{n}篇")
        for folder, groups in (("both", [("jekyll", "hexo")]), ("each", [("jekyll",), ("hexo",)])):
            read.clear()
            for names in groups:
                written = {name: Written(tmp_path / folder / name) for name in names}
                write_changed(archive, config, written, placement(config))
                assert [each.written for each in written.values()] == [20] * len(names)
            assert len(read) == 20 * len(groups)
    both, each = (
        {name: digest for name, (digest, _) in tree(tmp_path / folder).items() if "/." not in name}
        for folder in ("both", "each")
    )
    assert both == each


def test_an_article_that_changed_meanwhile_is_read_again(tmp_path: Path) -> None:
    recent = Recent()
    with Archive.open(tmp_path / "archive.db") as archive:
        put(archive, identity="sina:x", title="早")
        assert [each.article.title for each in archive.articles(recent=recent)] == ["早"]
        put(archive, identity="sina:x", title="晚")
        assert [each.article.title for each in archive.articles(recent=recent)] == ["晚"]


def test_the_articles_of_a_batch_are_let_go_with_it(tmp_path: Path, config: Config) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        put(archive, identity="sina:1")
        written, place = folders(config), placement(config)
        assert left_by(lambda: write_changed(archive, config, written, place), Article) == []
    assert [each.written for each in written.values()] == [1, 1]
