"""A real process, really killed, again and again: the end is the same (H116, H117)."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.export.files import TEMPORARY
from newscrawl.export.manifest import FILE_NAME
from tests.export.folders import put, tree

_POSTS = 600
_KILLS = 8
_CHILD = """
import sys
from pathlib import Path
from newscrawl.archive import Archive, ArticleFilter
from newscrawl.export import Exporter, exporter
from tests.export.builders import CONFIG, PLACE
exporter.BATCH = 40
with (
    Archive.open(Path(sys.argv[1])) as archive,
    Exporter(archive, "jekyll", Path(sys.argv[2]), place=lambda _: PLACE, config=CONFIG) as posts,
):
    print("begins", flush=True)
    counts = posts.write(posts.changed(ArticleFilter()))
    print(counts.written, len(counts.kept), flush=True)
"""


def export(archive: Path, out: Path) -> "subprocess.Popen[str]":
    """Start an export and return when it begins to write."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(archive), str(out)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stdout.readline() == "begins\n"
    return child


@pytest.mark.slow
def test_H116_H117_kill_9_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "archive.db", tmp_path / "jekyll"
    with Archive.open(path) as archive:
        for n in range(_POSTS):
            put(archive, identity=f"sina:x{n}", title=f"第{n}篇")
    chance = random.Random(117)
    ends = []
    for _ in range(_KILLS):
        child = export(path, out)
        try:
            child.wait(timeout=chance.uniform(0, 0.3))
        except subprocess.TimeoutExpired:
            child.kill()
        ends.append(child.wait())
        assert child.stdout
        child.stdout.close()
        with Archive.open(path) as archive:  # the publisher goes on meanwhile
            for n in chance.sample(range(_POSTS), 200):
                put(archive, identity=f"sina:x{n}", title=f"第{n}篇，更正{chance.random()}")
    assert -signal.SIGKILL in ends

    for folder in (out, tmp_path / "undisturbed"):
        child = export(path, folder)
        said, _ = child.communicate()
        assert child.returncode == 0
        assert said.split()[1] == "0", "nothing of ours was taken for somebody else's"
    left = {name for name in tree(out) if TEMPORARY in name}
    assert not left
    contents = [
        {name: digest for name, (digest, _) in tree(folder).items() if name != FILE_NAME}
        for folder in (out, tmp_path / "undisturbed")
    ]
    assert contents[0] == contents[1]
    assert len(contents[0]) == _POSTS + 1
