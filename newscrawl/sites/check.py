"""What would break a site or mislead its readers (``newscrawl site check``). Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.sites.findings import Finding
from newscrawl.sites.generators import Generator, SiteError, recognise
from newscrawl.sites.posts import broken, check_post, check_together, dropped
from newscrawl.sites.reading import BrokenError, Post, read_post
from newscrawl.sites.settings import Settings, read_settings

# Hugo's lists and single pages are no posts, and need no date.
_HUGO_PAGES = ("_index.md", "_index.html")


@dataclass(slots=True)
class Checked:
    """A site that was looked over. findings: the configuration's first, then by file."""

    generator: str
    posts: int = 0
    findings: list[Finding] = field(default_factory=list)


def check_site(folder: Path, *, now: datetime | None = None) -> Checked:
    """Look over the site in ``folder``; the generator is recognised by its files.

    now: aware, for dates in the future; default the clock's. Raises ``SiteError`` where no
    site is there, ``OSError`` for a file that cannot be read.
    """
    if not folder.is_dir():
        raise SiteError(f"{folder}: there is no such folder")
    generator = recognise(folder)
    if generator is None:
        raise SiteError(f"{folder}: no site of jekyll, hexo or hugo is here")
    settings, findings = read_settings(folder, generator)
    checked = Checked(generator.name, findings=findings)
    posts: dict[str, Post] = {}
    found = list(_check_each(folder, settings, posts, now or datetime.now(UTC)))
    found += check_together(posts, settings)
    checked.findings += sorted(found)
    checked.posts = len(posts)
    return checked


def _check_each(
    folder: Path, settings: Settings, posts: dict[str, Post], now: datetime
) -> Iterator[Finding]:
    """Yield what is wrong with single posts; add those that are built to ``posts``."""
    generator = settings.generator
    for file in _files(folder / generator.posts, generator):
        shown, path = str(file.relative_to(folder)), file.relative_to(folder / generator.posts)
        why = dropped(path, generator)
        if why:
            yield Finding(shown, 0, "it is not built", why, "rename it")
            continue
        try:
            post = read_post(file, path, generator.name)
        except BrokenError as error:
            yield broken(shown, generator, str(error))
            continue
        posts[shown] = post
        yield from check_post(shown, post, settings, now)


def _files(folder: Path, generator: Generator) -> Iterator[Path]:
    """Yield the files below ``folder`` that are meant as posts, in the order of their paths."""
    for file in sorted(folder.rglob("*")):
        if file.name in _HUGO_PAGES or file.suffix.lower() not in generator.suffixes:
            continue
        single = generator.name == "hugo" and file.parent == folder
        if file.is_file() and not single:
            yield file
