"""Benchmarks in turn: JSON on standard output; on standard error what is running, and a table.

``python -m benchmarks [NAME[=ARGUMENT,...]]...``; without names all of them, which takes
half an hour, but those of ``ASKED``. The figures of each are kept in ``build/benchmarks``
as JSON, with its plots; ``python -m benchmarks.publish`` writes them into README and docs.
An argument is what the benchmark's module says: ``pipeline=5000``, ``peers=MANIFEST.jsonl``.
"""

import gc
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import (
    archive_seen,
    cron,
    export_posts,
    extraction,
    gates,
    growth_articles,
    growth_pages,
    import_posts,
    peers,
    pipeline,
    plots,
    profiles,
    rebuild,
    record,
    reextract,
    scale,
    settings,
)
from benchmarks.table import markdown
from newscrawl.cli.root import YOUNG

Benchmark = Callable[..., Mapping[str, Any]]

BENCHMARKS: Mapping[str, Benchmark] = {
    "gates": gates.main,
    "pipeline": pipeline.main,
    "settings": settings.main,
    "profiles": profiles.main,
    "extraction": extraction.main,
    "growth-pages": growth_pages.main,
    "growth-articles": growth_articles.main,
    "archive": archive_seen.main,
    "export": export_posts.main,
    "import": import_posts.main,
    "cron": cron.main,
    "reextract": reextract.main,
    "rebuild": rebuild.main,
    "scale": scale.main,
    "peers": peers.main,
}
ASKED = ("scale", "peers")
"""Run by name only: archives of many gigabytes, and captured pages that nobody else has."""


def main(words: list[str], folder: Path = record.FOLDER) -> int:
    """Run the named benchmarks, print and keep their figures; 2 for a name that there is not."""
    asked = [(name, given) for name, _, given in (word.partition("=") for word in words)]
    for name, _ in asked:
        if name not in BENCHMARKS:
            print(f"no benchmark {name!r}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
            return 2
    gc.set_threshold(YOUNG)  # as every command does: some are measured in this process
    figures: dict[str, Mapping[str, Any]] = {}
    for name, given in asked or [(name, "") for name in BENCHMARKS if name not in ASKED]:
        print(f"{name} ...", file=sys.stderr)
        arguments = [int(each) if each.isdecimal() else each for each in given.split(",") if each]
        figures[name] = BENCHMARKS[name](*arguments)
        record.keep(name, figures[name], folder)
    for path in plots.draw(figures, folder):
        print(f"drawn: {path}", file=sys.stderr)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    print(markdown(figures), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
