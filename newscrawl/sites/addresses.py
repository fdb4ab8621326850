"""The address that each generator gives a post: two posts with one address are one page.

Only what decides the addresses of posts is followed (document-format 6.1 and 6.4). A pattern
with a place holder that is not known here makes every address different: a duplicate may go
unseen then, and none is claimed that is not there.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.sites.reading import Post, instant
from newscrawl.sites.settings import ZONE, Settings

_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_PLACE = re.compile(r":([A-Za-z_]+)")
_KEPT_BY_JEKYLL = frozenset("._~!$&'()+,;=@")
_KEPT_BY_HUGO = frozenset("./\\_#+~-@%")
_DATED = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.*)")


def address(post: Post, settings: Settings) -> str:
    """Return the path of the page of a post, without a slash at its start."""
    return _BY_GENERATOR[settings.generator.name](post, settings).lstrip("/")


def _jekyll(post: Post, settings: Settings) -> str:
    pattern = str(post.values.get("permalink") or settings.permalink)
    dated = _DATED.fullmatch(post.path.stem)
    named, stem = dated.groups() if dated else ("", post.path.stem)
    folders = [part for part in post.path.parent.parts if part != "_posts"]
    given = (*folders, *_words(post.values, "category", "categories"))
    categories = dict.fromkeys(each.lower() for each in given)
    values = {
        **_days(_when(post, named)),
        "title": _slugified(str(post.values.get("slug") or stem)),
        "slug": _slugified(str(post.values.get("slug") or stem)).lower(),
        "categories": "/".join(categories),
        "slugified_categories": "/".join(map(_slugified, categories)),
        "output_ext": ".html",
    }
    return re.sub(r"/{2,}", "/", _filled(_JEKYLL_STYLES.get(pattern, pattern), values, post))


def _hexo(post: Post, settings: Settings) -> str:
    own = post.values.get("permalink")
    if own:
        return str(own)
    stem = str(PurePosixPath(*post.path.with_suffix("").parts))
    name = post.path.stem
    values = {**_days(_when(post, "")), "title": stem, "name": name, "post_title": name}
    return _filled(settings.permalink, values, post)


def _hugo(post: Post, settings: Settings) -> str:
    own = post.values.get("url")
    if own:
        return _sanitised(str(own))  # the one address whose case Hugo keeps
    path = PurePosixPath(*post.path.parts)
    if path.stem in ("index", "_index"):
        return _sanitised(f"{path.parent}/").lower()
    section = path.parts[0] if len(path.parts) > 1 else ""
    if section != "posts" or settings.permalink == "/:section/:filename/":
        slug = str(post.values.get("slug") or path.stem)
        return _sanitised(f"{path.parent}/{slug}/".removeprefix("./")).lower()
    values = {
        **_days(_when(post, "")),
        "section": section,
        "filename": path.stem,
        "contentbasename": path.stem,
        "slug": str(post.values.get("slug") or post.values.get("title") or path.stem),
        "slugorfilename": str(post.values.get("slug") or path.stem),
        "title": str(post.values.get("title") or ""),
    }
    return _sanitised(_filled(settings.permalink, values, post)).lower()


_BY_GENERATOR: Mapping[str, Callable[[Post, Settings], str]] = {
    "jekyll": _jekyll,
    "hexo": _hexo,
    "hugo": _hugo,
}


def _when(post: Post, named: str) -> datetime | None:
    """Return the time of a post in China; ``named``: the day of its file's name."""
    zone = ZoneInfo(ZONE)
    when = instant(post.date, zone) or instant(named, zone)
    return when.astimezone(zone) if when else None


def _days(when: datetime | None) -> dict[str, str]:
    if when is None:
        return {}
    return {
        "year": f"{when:%Y}",
        "month": f"{when:%m}",
        "day": f"{when:%d}",
        "hour": f"{when:%H}",
        "minute": f"{when:%M}",
        "second": f"{when:%S}",
        "i_month": str(when.month),
        "i_day": str(when.day),
        "y_day": f"{when:%j}",
    }


def _filled(pattern: str, values: Mapping[str, str], post: Post) -> str:
    """Return a pattern with its places filled; an unknown one stands for this file alone."""
    return _PLACE.sub(lambda place: values.get(place[1], f"\0{post.path}\0"), pattern)


def _words(values: Mapping[str, Any], *keys: str) -> list[str]:
    """Return the values of list keys; text is split at white space, as Jekyll does."""
    found: list[str] = []
    for key in keys:
        value = values.get(key)
        if isinstance(value, str):
            found += value.split()
        elif isinstance(value, list):
            found += [str(each) for each in value if each is not None]
        elif value is not None:
            found.append(str(value))
    return found


def _slugified(text: str) -> str:
    """Return what Jekyll keeps of a name in an address: runs of all else become one dash."""
    kept = (char if _is_word(char) or char in _KEPT_BY_JEKYLL else "-" for char in text)
    return re.sub(r"-{2,}", "-", "".join(kept)).strip("-")


def _sanitised(path: str) -> str:
    """Return what Hugo keeps of a path; spaces become dashes."""
    dashed = re.sub(r"\s+", "-", path.strip())
    return "".join(char for char in dashed if _is_word(char) or char in _KEPT_BY_HUGO)


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Nd"
