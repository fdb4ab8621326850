"""Killed or out of space at any step: files are whole, and the next run ends the same."""

import contextlib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from newscrawl.archive import Archive, ArticleFilter
from newscrawl.export import Exporter, ExportError
from newscrawl.export import exporter as exporting
from newscrawl.export.files import Staged, Tree
from newscrawl.export.manifest import FILE_NAME
from tests.export.builders import stored
from tests.export.folders import OpenSite, many, posts, put, tree


class Killed(BaseException):
    """Stands for the end of the process: no handler of ours may catch it."""


def _kill_at(patch: pytest.MonkeyPatch, exporter: Exporter, step: str, after: int) -> None:
    """Let the export end at a step of its manifest or tree, when that was done so often."""
    victim: Any = exporter._manifest if hasattr(exporter._manifest, step) else exporter._tree
    real, calls = getattr(victim, step), iter(range(100))

    def killed(*arguments: Any) -> Any:
        if next(calls) >= after:
            raise Killed
        return real(*arguments)

    patch.setattr(victim, step, killed)


def _check_like_undisturbed(site: OpenSite, dialect: str, out: Path, other: Path) -> None:
    """Check that the posts are those of an export that nothing disturbed."""
    undisturbed = site(dialect, other)
    undisturbed.write(undisturbed.changed(ArticleFilter()))
    contents = [
        {name: digest for name, (digest, _) in tree(folder).items() if name != FILE_NAME}
        for folder in (out, other)
    ]
    assert contents[0] == contents[1]


@pytest.mark.parametrize("dialect", ["jekyll", "jsonl"])
@pytest.mark.parametrize(
    "step", ["stage", "sync", "replace", "sync_folders", "restamp", "save", "settle"]
)
@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("rerun", ["of what changed", "of everything"])
def test_H116_H117_killed_at_any_step_the_rerun_ends_the_same(
    site: OpenSite,
    archive: Archive,
    out: Path,
    tmp_path: Path,
    dialect: str,
    step: str,
    after: int,
    rerun: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for n in range(4):
        put(archive, identity=f"sina:{n}")
    first = site(dialect)
    first.write(first.changed(ArticleFilter()))
    put(archive, identity="sina:1", title="更正")
    put(archive, identity="sina:7")

    exporter = site(dialect)
    _kill_at(monkeypatch, exporter, step, after)
    # A killed process tidies up nothing.
    monkeypatch.setattr(Tree, "discard", lambda *_: None)
    with contextlib.suppress(Killed):
        exporter.write(exporter.changed(ArticleFilter()))
    monkeypatch.undo()
    # The publisher corrects it once more before the next run.
    put(archive, identity="sina:1", title="再更正")
    exporter = site(dialect)
    if rerun == "of everything":
        counts = exporter.write_all(ArticleFilter())
    else:
        counts = exporter.write(exporter.changed(ArticleFilter()))
    assert not counts.kept
    assert not counts.removed
    assert list(site(dialect).changed(ArticleFilter())) == []

    _check_like_undisturbed(site, dialect, out, tmp_path / "other")


@pytest.mark.parametrize("dialect", ["jekyll", "jsonl"])
def test_H117_a_kill_after_the_names_and_one_before_them_leave_our_files_ours(
    site: OpenSite, archive: Archive, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first kill leaves a text that is only claimed; the second claims another one."""

    def kill(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(Tree, "discard", lambda *_: None)
    put(archive, identity="sina:1")
    site(dialect).write_all(ArticleFilter())
    for title, step in (("更正", "sync_folders"), ("再更正", "replace")):
        put(archive, identity="sina:1", title=title)
        exporter = site(dialect)
        with monkeypatch.context() as patch, contextlib.suppress(Killed):
            patch.setattr(exporter._tree, step, kill)
            exporter.write_all(ArticleFilter())
    counts = site(dialect).write_all(ArticleFilter())
    assert (counts.written, counts.kept) == (1, [])


@pytest.mark.parametrize("dialect", ["jekyll", "jsonl"])
@pytest.mark.parametrize("after", range(5))
@pytest.mark.parametrize("step", ["sync", "replace", "sync_folders", "save", "note", "settle"])
def test_H117_killed_between_two_batches_the_rerun_ends_the_same(
    site: OpenSite,
    archive: Archive,
    out: Path,
    tmp_path: Path,
    dialect: str,
    step: str,
    after: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a batch came to is saved with the claims of the next one, which may never come."""
    monkeypatch.setattr(exporting, "BATCH", 2)
    for n in range(7):
        put(archive, identity=f"sina:{n}")
    exporter = site(dialect)
    with monkeypatch.context() as patch, contextlib.suppress(Killed):
        _kill_at(patch, exporter, step, after)
        patch.setattr(Tree, "discard", lambda *_: None)
        exporter.write(exporter.changed(ArticleFilter()))
    exporter = site(dialect)
    counts = exporter.write(exporter.changed(ArticleFilter()))
    assert (counts.kept, counts.removed) == ([], [])
    assert list(site(dialect).changed(ArticleFilter())) == []

    _check_like_undisturbed(site, dialect, out, tmp_path / "other")


def test_H118_what_was_written_before_the_disk_was_full_is_known_as_written(
    site: OpenSite, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    exporter = site()
    real, calls = exporter._tree.sync, iter(range(100))

    def full(staged: list[Staged]) -> None:
        if next(calls) == 1:
            raise OSError(28, "No space left on device")
        real(staged)

    monkeypatch.setattr(exporter._tree, "sync", full)
    with pytest.raises(ExportError, match="No space left"):
        exporter.write(many(4))
    first, second = posts(out)
    (out / "_posts" / first).unlink()  # as the user wants it, who saw it there
    counts = site().write(many(4))
    assert ([path.name for path in counts.removed], counts.unchanged) == ([first], 1)
    assert counts.written == 2
    assert second in posts(out)


def test_H118_a_full_disk_leaves_no_half_file(
    site: OpenSite, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site().write(many(2))
    before = tree(out)
    exporter = site()
    real = exporter._tree.stage
    calls = iter(range(100))

    def full(path: PurePosixPath, content: bytes) -> Staged:
        if next(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(exporter._tree, "stage", full)
    with pytest.raises(ExportError, match="No space left"):
        exporter.write([stored(identity=f"sina:y{n}") for n in range(5)])
    assert tree(out) == before
    monkeypatch.undo()
    assert site().write([stored(identity=f"sina:y{n}") for n in range(5)]).written == 5
