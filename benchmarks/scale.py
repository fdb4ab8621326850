"""Whether an archive answers as fast when it is large: known addresses, and stored articles.

``python -m benchmarks scale``: archives to ten million addresses and to a million articles,
made by ``benchmarks.generated``; about 12 GB and, the first time, half an hour;
``scale=known,stored,near`` only those parts. They are kept
in the folder that ``NEWSCRAWL_SCALE`` names, else in one that is removed. Figures are medians;
commands are whole processes, so two that open no archive stand beside them: ``--version``, and
``sources``, which loads as much of the program as they do.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import generated
from benchmarks.generated import END, PER_DAY, Shape
from benchmarks.measure import Run, middle, run
from benchmarks.scale_probe import PLACE
from newscrawl.archive import Archive, ArticleFilter
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.export import Exporter
from newscrawl.export.entries import Entry
from newscrawl.export.manifest import Manifest

KNOWN = tuple(Shape(urls, stored_every=100) for urls in (10_000, 100_000, 1_000_000, 10_000_000))
STORED = tuple(Shape(articles) for articles in (10_000, 100_000, 1_000_000))
REPEATS = 5
YESTERDAY = (END - timedelta(days=1)).date().isoformat()
FOLDER = "NEWSCRAWL_SCALE"


def main(*asked: str) -> dict[str, object]:
    """Return a row for each size, and the last one over the first one, of parts or all."""
    with TemporaryDirectory(prefix="newscrawl-scale-") as temporary:
        folder = Path(os.environ.get(FOLDER, temporary)).absolute()
        rows = {
            name: [measure(folder, shape) for shape in shapes]
            for name, measure, shapes in map(PARTS.__getitem__, asked or PARTS)
        }
    return {
        name: {"rows": found, "last over first": _ratios(found[0], found[-1])}
        for name, found in rows.items()
    }


def _known(folder: Path, shape: Shape) -> dict[str, float]:
    place = archive_of(folder, shape)
    return {"urls": shape.urls, "mb": _mb(place), **_probe("lookups", place, shape)}


def _stored(folder: Path, shape: Shape) -> dict[str, float]:
    place = archive_of(folder, shape)
    middling, unknown = (generated.address(n) for n in (shape.urls // 2, shape.urls + 1))
    output = ("--output", str(place))
    commands = {
        "version": ("--version",),
        "sources": ("sources",),
        "status": ("status", *output),
        "runs": ("runs", *output),
        "explain": ("explain", middling, *output),
        "history": ("history", middling, *output),
    }
    figures: dict[str, float] = {"articles": shape.urls, "mb": _mb(place)}
    for name, command in commands.items():
        figures |= _medians(name, [_once(command) for _ in range(REPEATS)])
    nothing = ("explain", unknown, *output)
    figures |= _medians(
        "explain_unknown",
        [_once(nothing, ends=ExitCode.NOTHING_MATCHED) for _ in range(REPEATS)],
    )
    figures |= _export(place, shape)
    return figures | _probe("lookups", place, shape) | _probe("changed", place, shape)


def _near(folder: Path, shape: Shape) -> dict[str, float]:
    """Return what near-duplicates cost: made for the first time, looked up, all together."""
    with TemporaryDirectory(dir=archive_of(folder, shape)) as place:
        shutil.copy(archive_of(folder, shape) / "archive.db", place)
        return {"articles": shape.urls, **_once_probed("near", Path(place), shape)}


PARTS: dict[str, tuple[str, Callable[[Path, Shape], dict[str, float]], Sequence[Shape]]] = {
    "known": ("known addresses", _known, KNOWN),
    "stored": ("stored articles", _stored, STORED),
    "near": ("near duplicates", _near, STORED),
}
"""What can be asked for by a word: its name, how it is measured, and at which sizes."""


def archive_of(folder: Path, shape: Shape) -> Path:
    """Return the folder of an archive, made where there is none of this schema."""
    place = folder / f"{shape.name}-{generated.fingerprint()}"
    if not (place / "archive.db").exists():
        print(f"making {place} ...", file=sys.stderr)
        place.mkdir(parents=True, exist_ok=True)
        generated.make(place / "archive.db", shape)
    return place


def _export(place: Path, shape: Shape) -> dict[str, float]:
    """Return how long the posts since yesterday take, beside those of all days before.

    First: none of them is there. Again: all are, as they should be.
    """
    seed = place / "settled"
    if not (seed / ".newscrawl-posts.db").exists():
        _settle(place, shape, seed)
    first, again = [], []
    for _ in range(REPEATS):
        with TemporaryDirectory(dir=place) as name:
            out = Path(name, "jekyll")
            shutil.copytree(seed, out)
            command = (
                "export", "--dialect", "jekyll", "--archive", str(place / "archive.db"),
                "--out", str(out), "--since", YESTERDAY,
            )  # fmt: skip
            first.append(_once(command))
            again.append(_once(command))
    return {
        "export_since_posts": _since_yesterday(place),
        **_medians("export_since_first", first),
        **_medians("export_since_again", again),
    }


def _since_yesterday(place: Path) -> int:
    with Archive.open(place / "archive.db", read_only=True) as archive:
        where = ArticleFilter(since=END.replace(hour=16) - timedelta(days=2))
        return sum(1 for _ in archive.articles(where))


def _settle(place: Path, shape: Shape, out: Path) -> None:
    """Write the record of a complete export, without its posts, up to the last two days."""
    draft = out.with_name("draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    with Archive.open(place / "archive.db", read_only=True) as archive:
        with Exporter(archive, "jekyll", draft, place=lambda _: PLACE, config=Config()) as exporter:
            rendering = exporter._rendering
        manifest = Manifest(draft, "jekyll")
        manifest.open_for_writing()
        count = archive.last_sequence()
        older = range(max(0, shape.urls - 2 * PER_DAY))
        for start in range(0, len(older), 5_000):
            manifest.save(_entry(shape, n, rendering) for n in older[start : start + 5_000])
        manifest.settle(rendering, count)
        manifest.close()
    draft.rename(out)


def _entry(shape: Shape, n: int, rendering: str) -> Entry:
    item = generated.found(shape, n).identity
    post_id = item.key.replace(":", "-")
    day = shape.published(n).date()
    path = f"_posts/{day}-{post_id}.html"
    digest = item.url_hash
    return Entry(item.url_hash, path, post_id, n + 1, rendering, digest)


def _probe(kind: str, place: Path, shape: Shape) -> dict[str, float]:
    """Return the medians of several processes."""
    found = [_once_probed(kind, place, shape) for _ in range(REPEATS)]
    return {name: middle([each[name] for each in found]) for name in found[0]}


def _once_probed(kind: str, place: Path, shape: Shape) -> dict[str, float]:
    """Return the figures of one process."""
    command = [sys.executable, "-m", "benchmarks.scale_probe", kind, str(place)]
    command += [str(shape.urls), str(shape.stored_every)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _once(arguments: Sequence[str], *, ends: int = 0) -> Run:
    """Run a command of ours that ends with this code."""
    return run([sys.executable, "-m", "newscrawl", *arguments], ends=ends)


def _medians(name: str, runs: Sequence[Run]) -> dict[str, float]:
    """Return wall and processor time in milliseconds."""
    return {
        f"{name}_ms": middle([each.wall * 1e3 for each in runs]),
        f"{name}_cpu_ms": middle([each.cpu * 1e3 for each in runs]),
    }


def _mb(place: Path) -> int:
    return (place / "archive.db").stat().st_size // 1_000_000


def _ratios(first: Mapping[str, float], last: Mapping[str, float]) -> dict[str, float]:
    return {name: round(last[name] / first[name], 2) for name in first if first[name]}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), indent=2))
