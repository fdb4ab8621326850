"""The posts of a run, where another run writes posts at the same time."""

from pathlib import Path

import msgspec
import pytest

from newscrawl.archive import Archive
from newscrawl.config import Config, Output
from newscrawl.export import Exporter, ExportLocked
from newscrawl.pipelines.placement import placement
from newscrawl.pipelines.posts import folders, write_changed
from tests.export.folders import put

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
