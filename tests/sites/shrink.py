"""Makes a drawn example that fails smaller, with a small site for each try.

    .venv/bin/python -m tests.sites.shrink hugo 1234

Prints the smallest body, title, digest and medium that the generator still gets wrong: a new
row for ``bodies.py`` or ``corpus.py``, once the fault is mended.
"""

import sys
import tempfile
from pathlib import Path

from tests.sites.checks import SiteChecks, miscounted
from tests.sites.corpus import Corpus
from tests.sites.examples import Example, shrunk
from tests.sites.test_hexo_site import TestHexo
from tests.sites.test_hugo_site import TestHugo
from tests.sites.test_jekyll_site import TestJekyll

CHECKS: dict[str, type[SiteChecks]] = {"jekyll": TestJekyll, "hexo": TestHexo, "hugo": TestHugo}


def fails(checks: SiteChecks, index: int, example: Example) -> bool:
    """Return whether the site of this one example is not built, or is not as it must be."""
    found = Corpus()
    found.add_example(index, example)
    with tempfile.TemporaryDirectory() as folder:
        try:
            built = checks.build(Path(folder), found)
        except AssertionError:
            return True
        return any(checks.wrong(built)) or bool(miscounted(built.pages, built.articles))


def main(name: str, number: str) -> None:
    """Print the smallest example like the one of this number."""
    checks, index = CHECKS[name](), int(number)
    print(shrunk(index, lambda example: fails(checks, index, example)))


if __name__ == "__main__":
    main(*sys.argv[1:])
