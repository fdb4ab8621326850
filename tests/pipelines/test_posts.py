"""The posts of a crawl: several dialects of the same news."""

from pathlib import Path

import pytest

from newscrawl.archive import Archive, Recent
from newscrawl.archive.codec import from_article
from newscrawl.config import Config
from newscrawl.items import Article
from newscrawl.pipelines.placement import placement
from newscrawl.pipelines.posts import Written, write_changed
from tests.export.folders import put, tree


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
