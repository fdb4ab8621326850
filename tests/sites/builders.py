"""Real site generators: where they are, and how a site is built with them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from newscrawl.archive import Archive, StoredArticle
from newscrawl.export import ExportCounts, Exporter, Placement
from newscrawl.sites import start_site
from tests.export.builders import CONFIG

_HERE = Path(__file__).parent
HEXO_TOOLS = _HERE.parents[1] / ".tools" / "hexo"
_BUILD_SECONDS = 240


@dataclass(frozen=True)
class Generator:
    """One site generator. command: arguments after ``executable``; output: where pages go."""

    name: str
    executable: Path
    command: tuple[str, ...]
    output: str

    def build(self, site: Path, zone: str = "UTC") -> str:
        """Build ``site`` on a builder whose time zone is ``zone``; return the log."""
        environment = {**os.environ, "TZ": zone, "LANG": "C.UTF-8", "JEKYLL_ENV": "production"}
        done = subprocess.run(
            [str(self.executable), *self.command],
            cwd=site,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_BUILD_SECONDS,
            check=False,
        )
        log = done.stdout + done.stderr
        assert done.returncode == 0, log
        return log


def jekyll() -> Generator:
    """Return Jekyll, or skip (in CI: fail)."""
    found = shutil.which("jekyll")
    if not found:
        _missing("Jekyll")
    command = ("build", "--disable-disk-cache", "--trace")
    return Generator("jekyll", Path(found or ""), command, "_site")


def hexo() -> Generator:
    """Return Hexo, or skip (in CI: fail)."""
    executable = HEXO_TOOLS / "node_modules" / ".bin" / "hexo"
    if not executable.exists():
        _missing("Hexo")
    return Generator("hexo", executable, ("generate", "--silent"), "public")


def hugo() -> Generator:
    """Return Hugo, or skip (in CI: fail)."""
    found = shutil.which("hugo")
    if not found:
        _missing("Hugo")
    return Generator("hugo", Path(found or ""), ("--quiet",), "public")


BUILDERS: Mapping[str, Callable[[], Generator]] = {"jekyll": jekyll, "hexo": hexo, "hugo": hugo}


def _missing(name: str) -> None:
    reason = f"{name} is not installed: run scripts/install-site-generators.sh"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def new_site(generator: Generator, folder: Path) -> Path:
    """Return a fresh copy of our test site of this generator."""
    site = folder / generator.name
    shutil.copytree(_HERE / generator.name, site)
    _link_tools(generator.name, site)
    return site


def begin(name: str, folder: Path, base: str = "//news.example.org") -> Path:
    """Return ``folder`` as a site of ``newscrawl site init``, with what Hexo needs to build it."""
    start_site(name, folder, base=base, title="远山 <b>财经", channels={"emnews": "东财滚动新闻"})
    _link_tools(name, folder)
    return folder


def _link_tools(name: str, site: Path) -> None:
    if name == "hexo":
        (site / "node_modules").symlink_to(HEXO_TOOLS / "node_modules")


def export(
    generator: Generator,
    site: Path,
    articles: Iterable[StoredArticle],
    places: Mapping[str, Placement],
    default: Placement,
    first_day: date | None = None,
) -> ExportCounts:
    """Write the articles into the site as ``newscrawl export`` does.

    places: identity -> placement, for those that have one of their own. first_day: of the
    window.
    """
    with (
        Archive.open(site.parent / "archive.db") as archive,
        Exporter(
            archive,
            generator.name,
            site,
            place=lambda each: places.get(each.article.identity or "", default),
            config=CONFIG,
            first_day=first_day,
        ) as exporter,
    ):
        return exporter.write(articles)
