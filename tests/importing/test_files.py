"""Which files a path means, and which are never read."""

import os
from pathlib import Path

import pytest

from newscrawl.importing import Broken, Reason, find_documents
from newscrawl.importing.files import MAX_SIZE, read_bytes


def broken(path: Path) -> Reason:
    with pytest.raises(Broken) as end:
        read_bytes(path)
    return end.value.reason


def test_a_folder_is_searched_to_its_bottom_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.html", "a/d/e.MD", "f.txt", "g.py", ".h.md", ".git/i.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = find_documents([tmp_path, tmp_path / "f.txt", tmp_path / "b.md"])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "b.md",
        "a/c.html",
        "a/d/e.MD",
        "f.txt",
    ]


def test_H120_links_are_listed_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("mine")
    site = tmp_path / "site"
    site.mkdir()
    (site / "file.md").symlink_to(outside / "secret.md")
    (site / "folder").symlink_to(outside)
    found = find_documents([site])
    assert [path.name for path in found] == ["file.md", "folder"]
    assert {broken(path) for path in found} == {Reason.LINK}


def test_H56_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert broken(path) is Reason.TOO_LARGE
    with path.open("wb") as file:
        file.truncate(MAX_SIZE)
    assert len(read_bytes(path)) == MAX_SIZE


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert broken(tmp_path / "pipe.md") is Reason.NOT_A_FILE
    assert broken(tmp_path / "absent.md") is Reason.UNREADABLE


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs such a file of Linux")
def test_a_file_that_is_longer_than_the_system_says_is_read_to_its_end() -> None:
    path = Path("/proc/version")
    assert path.stat().st_size == 0
    assert read_bytes(path) == path.read_bytes() != b""


def test_H56_a_file_that_grows_while_it_is_read_is_refused_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.md"
    path.write_bytes(b"x")
    real = os.read

    def read(descriptor: int, most: int) -> bytes:
        with path.open("ab") as file:
            file.truncate(MAX_SIZE + 10)
        return real(descriptor, most)

    monkeypatch.setattr(os, "read", read)
    assert broken(path) is Reason.TOO_LARGE
