"""One measurement of ``benchmarks.scale`` in a process of its own: JSON on standard output.

``python -m benchmarks.scale_probe lookups|changed|near FOLDER URLS EVERY``. What is added to an
archive is taken out again, so that it can be measured another time; but ``near`` leaves it full.
"""

import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.generated import END, PAGE, SECTION, SOURCE, Shape, article, found, text
from newscrawl.archive import Archive, ArticleFilter, Found
from newscrawl.config import Config
from newscrawl.export import Exporter, Placement
from newscrawl.export.manifest import Manifest
from newscrawl.identity.fingerprints import RADIUS, WIDEST, fingerprint
from newscrawl.identity.nearness import groups
from newscrawl.operations.similar import make_fingerprints

CHECKED = 10_000
ADDED = 2_000
STORED = 500
ASKED = 500
PLACE = Placement("金融", "示例财经", "示例财经－国內")


def main(kind: str, folder: str, urls: str, every: str) -> None:
    """Measure and print."""
    probe = {"lookups": lookups, "changed": changed, "near": near}[kind]
    print(json.dumps(probe(Path(folder), Shape(int(urls), int(every)))))


def lookups(folder: Path, shape: Shape) -> dict[str, float]:
    """Return what opening, checking and adding addresses costs, and the memory it takes.

    Cold: the kernel holds nothing of the file, so each look is a read of the disk.
    """
    path = folder / "archive.db"
    numbers = random.Random(1).sample(range(shape.urls), min(CHECKED, shape.urls))
    known = list(_pages(shape, numbers))
    few = known[:10]
    fresh = list(_pages(Shape(shape.urls), range(shape.urls, shape.urls + ADDED)))
    before = _peak_mb()
    _forget(path)
    figures: dict[str, float] = {}
    began = perf_counter()
    with Archive.open(path) as archive:
        figures["open_cold_ms"] = _ms(began)
        last = _last(archive)
        figures["known_cold_us"] = _discover(archive, few)
        _discover(archive, known)
        processor = process_time()
        figures["known_us"] = _discover(archive, known)
        entries = sum(map(len, known))
        figures["known_cpu_us"] = round((process_time() - processor) / entries * 1e6, 1)
        figures["memory_mb"] = round(_peak_mb() - before, 1)
        began = perf_counter()
        left = list(archive.resume(_begin(archive), SOURCE, None, attempts=5))
        figures["resume_ms"] = _ms(began)
        if left:
            raise ValueError(f"{path}: {len(left)} entries are left; make it anew")
        figures["new_us"] = _discover(archive, fresh)
        figures["store_us"] = _store(archive, fresh)
    began = perf_counter()
    with Archive.open(path) as archive:
        figures["open_ms"] = _ms(began)
        _undo(archive, last)
    return figures


def changed(folder: Path, shape: Shape) -> dict[str, float]:
    """Return how long it takes to find that every post of a complete export still stands."""
    out = folder / "settled"
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        exporter = Exporter(archive, "jekyll", out, place=lambda _: PLACE, config=Config())
        with exporter, closing(Manifest(out, "jekyll")) as manifest:
            manifest.open_for_writing()
            manifest.settle(exporter._rendering, archive.last_sequence())
            manifest.close()
            began = perf_counter()
            found = list(exporter.changed(ArticleFilter()))
            took = _ms(began)
    if found:
        raise ValueError(f"{len(found)} posts of {shape.urls} are due in {out}")
    return {"changed_ms": took}


def near(folder: Path, shape: Shape) -> dict[str, float]:
    """Return what fingerprints cost, in time of the processor but for ``fill_s``.

    fill: those of all articles, in this process alone. near: the reprints of one article, at
    each radius. again: what is to be made where nothing has changed. groups: all reprints.
    """
    path = folder / "archive.db"
    figures: dict[str, float] = {}
    with Archive.open(path) as archive:
        began, processor = perf_counter(), process_time()
        if make_fingerprints(archive, path) != shape.urls:
            raise ValueError(f"{path}: it has fingerprints already")
        figures["fill_s"] = round(perf_counter() - began, 2)
        figures["fill_cpu_us"] = round((process_time() - processor) / shape.urls * 1e6, 1)
        figures["fingerprint_cpu_us"] = _fingerprint()
        _, values = archive.fingerprints.all()
        asked = random.Random(1).sample(values, ASKED)
        before = _peak_mb()
        for radius in (0, 4, RADIUS, WIDEST):
            processor = process_time()
            for value in asked:
                archive.fingerprints.near(value, radius)
            figures[f"near_{radius}_cpu_ms"] = _cpu_ms(processor, ASKED)
        figures["near_memory_mb"] = round(_peak_mb() - before, 1)
        processor = process_time()
        make_fingerprints(archive, path)
        figures["again_cpu_ms"] = _cpu_ms(processor)
        processor = process_time()
        figures["groups"] = len(groups(values, RADIUS))
        figures["groups_cpu_s"] = round(process_time() - processor, 2)
        figures["groups_memory_mb"] = round(_peak_mb() - before, 1)
    return figures


def _fingerprint() -> float:
    """Return microseconds for the fingerprint of a text of 1,500 characters."""
    texts = ["".join(map(text, range(n, n + 10)))[:1_500] for n in range(0, 1_000, 10)]
    began = process_time()
    for each in texts:
        fingerprint(each)
    return round((process_time() - began) / len(texts) * 1e6, 1)


def _cpu_ms(began: float, times: int = 1) -> float:
    return round((process_time() - began) / times * 1e3, 3)


def _pages(shape: Shape, numbers: Sequence[int]) -> Iterator[list[Found]]:
    for start in range(0, len(numbers), PAGE):
        yield [found(shape, n) for n in numbers[start : start + PAGE]]


def _begin(archive: Archive) -> int:
    return archive.begin_run(SOURCE, {}, END)


def _discover(archive: Archive, pages: Sequence[list[Found]]) -> float:
    """Take listing pages in, in a run of their own; return microseconds an entry."""
    run = _begin(archive)
    began = perf_counter()
    for page in pages:
        archive.discover(run, SOURCE, SECTION, page, END)
    took = perf_counter() - began
    archive.end_run(run, finished_at=END, exit_code=0)
    return round(took / sum(map(len, pages)) * 1e6, 1)


def _store(archive: Archive, pages: Sequence[list[Found]]) -> float:
    """Store the articles of entries that were taken in; return microseconds an article."""
    items = [item for page in pages for item in page][:STORED]
    first = int(items[0].identity.key[-8:])
    made = [article(Shape(first + STORED), first + n, END) for n in range(STORED)]
    run = _begin(archive)
    began = perf_counter()
    for item, each in zip(items, made, strict=True):
        archive.store(run, SECTION, item.identity.url_hash, each)
    return round((perf_counter() - began) / STORED * 1e6, 1)


def _last(archive: Archive) -> tuple[int, int, int]:
    value = archive._database.value
    return (
        value("SELECT max(id) FROM outcomes"),
        value("SELECT max(run) FROM runs"),
        archive.last_sequence(),
    )


def _undo(archive: Archive, last: tuple[int, int, int]) -> None:
    """Take everything behind these numbers out again."""
    entry, run, sequence = last
    database = archive._database
    added = "(SELECT url_hash FROM outcomes WHERE id > ?)"
    with database.transaction():
        for sql, value in (
            (f"DELETE FROM aliases WHERE article IN {added}", entry),
            (f"DELETE FROM revisions WHERE url_hash IN {added}", entry),
            (f"DELETE FROM articles WHERE url_hash IN {added}", entry),
            ("DELETE FROM outcomes WHERE id > ?", entry),
            ("DELETE FROM run_counts WHERE run > ?", run),
            ("DELETE FROM runs WHERE run > ?", run),
            ("UPDATE counters SET value = ? WHERE name = 'sequence'", sequence),
        ):
            database.execute(sql, (value,))


def _forget(path: Path) -> None:
    """Let the kernel forget what it holds of a file."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def _ms(began: float) -> float:
    return round((perf_counter() - began) * 1e3, 2)


def _peak_mb() -> float:
    """Return the peak of resident memory of this process since it began."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
