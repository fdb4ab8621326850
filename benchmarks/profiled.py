"""A module run as a program under the profiler: ``python -m benchmarks.profiled FILE MODULE ...``.

What it imports is part of what it does, so this module imports nothing of newscrawl before.
"""

import cProfile
import runpy
import sys


def watch_trees() -> None:
    """Make the building of trees a function that the profiler sees, as it sees none of Cython's."""
    from selectolax import lexbor

    real = lexbor.LexborHTMLParser

    class Tree(real):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)

    lexbor.LexborHTMLParser = Tree  # type: ignore[misc]


def main(file: str, module: str, arguments: list[str]) -> None:
    """Run ``python -m module arguments`` and write its profile into ``file``."""
    sys.argv = [module, *arguments]
    profile = cProfile.Profile()
    profile.enable()
    try:
        watch_trees()
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        profile.disable()
        profile.dump_stats(file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
