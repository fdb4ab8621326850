"""What can be wrong with the posts of a site, one check after another."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newscrawl.sites.addresses import address
from newscrawl.sites.findings import Finding
from newscrawl.sites.generators import Generator
from newscrawl.sites.reading import Post, has_offset, instant, is_rfc_1123
from newscrawl.sites.settings import ZONE, Settings

MANY = 1000
"""Posts from which on Jekyll's build takes minutes (document-format 6.5)."""

_DATED_NAME = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-.+")
_LETTER = re.compile(r"[^\W_]")
_COMMANDS = {
    "jekyll": (re.compile(r"\{\{|\{%"), "Liquid"),
    "hexo": (re.compile(r"\{\{|\{%|\{#"), "Nunjucks"),
    "hugo": (re.compile(r"\{\{[<%]"), "a short code"),
}
_RAW_HTML = re.compile(r"^ {0,3}</?[A-Za-z][^>\n]*>", re.M)
_UNPUBLISHED = {
    "jekyll": ("published", False),
    "hexo": ("published", False),
    "hugo": ("draft", True),
}
_BROKEN = {
    "jekyll": "Jekyll shows it without layout, or not at all",
    "hexo": "Hexo leaves it out, or shows it without title",
    "hugo": "Hugo builds nothing, or shows it without title",
}
_BAD_DATE = {
    "jekyll": "Jekyll builds nothing",
    "hexo": "Hexo shows the time of the build",
    "hugo": "Hugo builds nothing, or shows the year 1",
}


def dropped(path: Path, generator: Generator) -> str:
    """Return why the generator never builds a file of this name; empty where it does.

    path: of the file in the folder of posts.
    """
    name = path.name
    by_generator = {
        "jekyll": (
            (name[0] in "._#~" or name.endswith("~"), "Jekyll leaves out names like this"),
            (not _DATED_NAME.match(name), "Jekyll leaves out posts without a day in their name"),
            (not _has_title(path), "every name without a letter or digit is the same page"),
        ),
        "hexo": (
            (any(part[0] in "._" for part in path.parts), "Hexo leaves out names like this"),
            (name[-1] in "~%", "Hexo takes it for a temporary file"),
            ("?" in name, "a web server never finds a page with ? in its name"),
        ),
        "hugo": (
            (any(part[0] == "." for part in path.parts), "Hugo leaves out names like this"),
            (name[-1] == "~" or name[0] == "#", "Hugo takes it for a temporary file"),
            (not _LETTER.search(path.stem), "its page has the address of the list"),
        ),
    }
    return next((why for found, why in by_generator[generator.name] if found), "")


def _has_title(path: Path) -> bool:
    return _LETTER.search(re.sub(r"\A\d+-\d+-\d+-", "", path.stem)) is not None


def broken(file: str, generator: Generator, why: str) -> Finding:
    """Return the finding about a post that cannot be read."""
    return Finding(
        file, 1, f"broken front matter: {why}", _BROKEN[generator.name], "mend or remove it"
    )


def check_post(file: str, post: Post, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with one post that could be read. ``now``: aware."""
    name = settings.generator.name
    key, value = _UNPUBLISHED[name]
    if post.values.get(key) is value:
        yield Finding(file, 1, "it is a draft", f"{name} leaves it out", "publish or remove it")
    yield from _date(file, post, settings, now)
    if name == "jekyll" and post.values.get("render_with_liquid") is False:
        return
    form, language = _COMMANDS[name]
    found = form.search(post.body)
    if found:
        start, line = found.start(), post.first_line + post.body.count("\n", 0, found.start())
        shown = post.body[start : start + 24].split("\n")[0]
        yield Finding(
            file,
            line,
            f"unescaped braces: {shown}",
            f"{language} for {name}: the text is lost, or the build ends",
            "write { as &#123;",
        )


def _date(file: str, post: Post, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the date of a post (document-format 6.2)."""
    name = settings.generator.name
    when = instant(post.date, ZoneInfo(ZONE))
    if when is None:
        # A file name with a day is enough for Jekyll; a key without a value is not.
        if name == "jekyll" and "date" not in post.values:
            return
        shown = f"no date: {post.date}" if post.date else "it has no date"
        yield Finding(file, 1, shown, _BAD_DATE[name], "write its date")
    elif when > now and not settings.shows_future:
        yield Finding(
            file,
            1,
            f"dated in the future: {post.date}",
            f"{name} leaves it out until then",
            "correct the date, or build again later",
        )
    elif when > now:
        yield Finding(
            file,
            1,
            f"dated in the future: {post.date}",
            f"{name} shows it above all others",
            "correct the date",
        )
    wrong = _misread(name, post.date)
    if wrong:
        yield Finding(file, 1, f"the date is written {post.date}", *wrong)


def _misread(name: str, written: str) -> tuple[str, str] | None:
    """Return why a valid date is shown as another time, and what to write instead."""
    if name == "jekyll" and instant(written, ZoneInfo(ZONE)) and not has_offset(written):
        return "Jekyll takes it for UTC and shows it eight hours late", "add +0800"
    if name == "hexo" and re.match(r"\d{4}-\d{2}-\d{2}[Tt].*[+-]\d{2}:?\d{2}\Z", written.strip()):
        return "Hexo shows it in UTC, eight hours early", "write it as 2022-01-22 00:30:05 +0800"
    if name == "hugo" and is_rfc_1123(written):
        return "Hugo ignores its GMT and shows it eight hours early", "write it with +08:00"
    return None


def check_together(posts: Mapping[str, Post], settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the posts as a whole. ``posts``: by file."""
    yield from _duplicates(posts, settings)
    if not settings.keeps_html:
        yield from _lost_html(posts)
    if settings.generator.name == "jekyll" and len(posts) > MANY:
        yield Finding(
            str(settings.generator.posts),
            0,
            f"{len(posts)} posts",
            "the time of Jekyll's build grows much faster than their number",
            "newscrawl export --dialect jekyll --window 3d moves old ones to old_post/",
        )


def _duplicates(posts: Mapping[str, Post], settings: Settings) -> Iterator[Finding]:
    """Yield all posts but the first of those that share an address."""
    by_address: dict[str, list[str]] = defaultdict(list)
    for file, post in posts.items():
        by_address[address(post, settings)].append(file)
    for where, (first, *others) in by_address.items():
        for file in others:
            yield Finding(
                file,
                0,
                f"the same address as {first}: /{where}",
                f"{settings.generator.name} keeps one of the two pages",
                "rename or remove one",
            )


def _lost_html(posts: Mapping[str, Post]) -> Iterable[Finding]:
    """Yield the first post in markdown whose HTML Hugo would leave out."""
    lost = [
        file
        for file, post in posts.items()
        if post.path.suffix.lower() in (".md", ".markdown", ".mdown")
        and _RAW_HTML.search(post.body)
    ]
    if lost:
        more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
        yield Finding(
            lost[0],
            0,
            f"HTML in markdown{more}",
            "Hugo writes <!-- raw HTML omitted --> in its place",
            "name the file .html, or set markup.goldmark.renderer.unsafe = true",
        )
