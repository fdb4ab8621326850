"""All benchmarks in turn: JSON on standard output; on standard error what is running, and a table.

``python -m benchmarks [NAME...]``; without names all of them, which takes a quarter of an
hour, but ``scale``, which makes archives of many gigabytes.
"""

import json
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version

from benchmarks import (
    archive_seen,
    cron,
    export_posts,
    extraction,
    gates,
    growth_pages,
    import_posts,
    memory,
    pipeline,
    rebuild,
    reextract,
    scale,
)
from benchmarks.table import markdown

BENCHMARKS: dict[str, Callable[[], dict[str, object]]] = {
    "gates": gates.main,
    "pipeline": pipeline.main,
    "extraction": extraction.main,
    "growth-pages": growth_pages.main,
    "memory": memory.main,
    "archive": archive_seen.main,
    "export": export_posts.main,
    "import": import_posts.main,
    "cron": cron.main,
    "reextract": reextract.main,
    "rebuild": rebuild.main,
    "scale": scale.main,
}
UNASKED = tuple(name for name in BENCHMARKS if name != "scale")
MEASURED = ("scrapy", "aiohttp", "selectolax", "itemloaders", "python-frontmatter", "isal")


def main(names: list[str]) -> int:
    """Run the named benchmarks and print their figures; 2 for a name that there is not."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    figures: dict[str, object] = {
        "python": platform.python_version(),
        "versions": {name: version(name) for name in MEASURED},
    }
    for name in names or UNASKED:
        print(f"{name} ...", file=sys.stderr)
        figures[name] = BENCHMARKS[name]()
    print(json.dumps(figures, indent=2))
    print(markdown(figures), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
