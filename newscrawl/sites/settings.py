"""What the configuration of a site decides about its posts, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.sites.findings import Finding
from newscrawl.sites.generators import Generator, configuration_of
from newscrawl.sites.reading import BrokenError, read_configuration

ZONE = "Asia/Shanghai"
_YEARS = range(1995, 2031)
_SETS_TZ = {
    ".js": re.compile(r"^[^/\n]*\bprocess\.env\.TZ\s*=\s*['\"]([\w/+-]+)['\"]", re.MULTILINE),
    ".json": re.compile(r"\bTZ=([\w/+-]+)"),
}
"""How a script of the site, and a command in its package.json, set the zone of a build."""
_TIMEZONE_KEY = {"jekyll": "timezone", "hexo": "timezone", "hugo": "timeZone"}
_WITHOUT_ZONE = {
    "jekyll": "on a builder in another zone, posts of the night stand on the day before",
    "hexo": "Hexo writes the builder's own time of day beside the date",
    "hugo": "dates without an offset are taken for UTC, eight hours late",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The decisions of a configuration. values: all of it; Hugo's keys in lower case."""

    generator: Generator
    folder: Path
    file: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def permalink(self) -> str:
        """The pattern of the addresses of posts."""
        if self.generator.name == "hugo":
            patterns = self.values.get("permalinks") or {}
            patterns = patterns.get("page", patterns) if isinstance(patterns, dict) else {}
            return str(patterns.get("posts") or "/:section/:filename/")
        default = {"jekyll": "date", "hexo": ":year/:month/:day/:title/"}[self.generator.name]
        return str(self.values.get("permalink") or default)

    @property
    def shows_future(self) -> bool:
        """Whether posts dated in the future are built."""
        key = "buildfuture" if self.generator.name == "hugo" else "future"
        return bool(self.values.get(key, self.generator.name == "hexo"))

    @property
    def keeps_html(self) -> bool:
        """Whether HTML in markdown is passed on."""
        if self.generator.name != "hugo":
            return True
        value: Any = self.values
        for key in ("markup", "goldmark", "renderer", "unsafe"):
            value = value.get(key) if isinstance(value, dict) else None
        return value is True


def read_settings(folder: Path, generator: Generator) -> tuple[Settings, list[Finding]]:
    """Return the settings of a site and what is wrong with them."""
    file = configuration_of(folder, generator)
    if file is None:
        name = generator.configurations[0]
        settings = Settings(generator, folder, name)
        return settings, [*_zones(settings), *_build_zone(settings)]
    shown = str(file.relative_to(folder))
    try:
        values = read_configuration(file)
    except BrokenError as error:
        finding = Finding(
            file=shown,
            line=0,
            what=f"the configuration cannot be read: {error}",
            why=f"{generator.name} builds nothing",
            advice="mend it",
        )
        return Settings(generator, folder, shown), [finding]
    if generator.name == "hugo":
        values = _lower(values)
    settings = Settings(generator, folder, shown, values)
    return settings, [*_zones(settings), *_build_zone(settings), *_old_posts(settings)]


def _zones(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the time zone."""
    name = settings.generator.name
    key = _TIMEZONE_KEY[name]
    value = settings.values.get(key.lower())
    if value and _is_china(str(value)):
        return
    line = f'{key} = "{ZONE}"' if settings.file.endswith(".toml") else f"{key}: {ZONE}"
    yield Finding(
        file=settings.file,
        line=0,
        what=f"{key} is {value}" if value else f"{key} is missing",
        why=_WITHOUT_ZONE[name],
        advice=f"write {line}",
    )


def _build_zone(settings: Settings) -> Iterator[Finding]:
    """Yield Hexo without a zone in its own process."""
    if settings.generator.name != "hexo":
        return
    scripts = sorted((settings.folder / "scripts").rglob("*.js"))
    scripts += sorted((settings.folder / "themes").glob("*/scripts/**/*.js"))
    for file in (*scripts, settings.folder / "package.json"):
        if not file.is_file() or "node_modules" in file.parts:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        if any(_is_china(zone) for zone in _SETS_TZ[file.suffix].findall(text)):
            return
    yield Finding(
        file="scripts/timezone.js",
        line=0,
        what="nothing sets TZ for the build",
        why="Hexo's timezone only relabels the builder's time: a post of the night stands on "
        "the day before",
        advice=f"write process.env.TZ = '{ZONE}'; into that file, or build with TZ={ZONE}",
    )


def _old_posts(settings: Settings) -> Iterator[Finding]:
    """Yield the folder of old posts where Jekyll would build it."""
    if settings.generator.name != "jekyll" or not (settings.folder / "old_post").is_dir():
        return
    excluded = settings.values.get("exclude") or []
    names = [str(name).strip("/") for name in (excluded if isinstance(excluded, list) else [])]
    if "old_post" not in names:
        yield Finding(
            file=settings.file,
            line=0,
            what="old_post is not excluded",
            why="Jekyll builds old posts again, as pages without a date",
            advice="write exclude: [old_post]",
        )


def _is_china(zone: str) -> bool:
    """Whether the clocks of a zone are those of China, today and in the years of our posts."""
    try:
        known = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    eight = timedelta(hours=8)
    days = (datetime(year, month, 1, tzinfo=known) for year in _YEARS for month in (1, 7))
    return all(day.utcoffset() == eight for day in days)


def _lower(value: Any) -> Any:
    """Return a configuration with all keys in lower case, as Hugo reads them."""
    if not isinstance(value, dict):
        return value
    return {str(key).lower(): _lower(each) for key, each in value.items()}
