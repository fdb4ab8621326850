"""All benchmarks in turn: JSON on standard output, what is running on standard error.

``python -m benchmarks [NAME...]``; without names all of them, which takes some minutes.
"""

import json
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version

from benchmarks import (
    archive_seen,
    export_posts,
    extraction,
    growth_pages,
    import_posts,
    memory,
    pipeline,
)

BENCHMARKS: dict[str, Callable[[], dict[str, object]]] = {
    "pipeline": pipeline.main,
    "extraction": extraction.main,
    "growth-pages": growth_pages.main,
    "memory": memory.main,
    "archive": archive_seen.main,
    "export": export_posts.main,
    "import": import_posts.main,
}
MEASURED = ("scrapy", "aiohttp", "selectolax", "itemloaders", "python-frontmatter")


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
    for name in names or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr)
        figures[name] = BENCHMARKS[name]()
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
