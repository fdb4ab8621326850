"""The address of an ``<img>``: the publisher's own picture behind lazy loading and resizing."""

import re
from collections.abc import Mapping

from newscrawl.cleaning.addresses import Base, absolute

LAZY_ATTRIBUTES = (
    "data-src",
    "data-original",
    "data-original-src",
    "data-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-actualsrc",
    "data-echo",
    "data-url",
    "data-img",
    "lazysrc",
    "lazy-src",
    "original",
    "real_src",
    "ess-data",
    "file",
)
"""Attributes that hold the picture while ``src`` holds a placeholder, as met in the wild."""

_LAZY = frozenset(LAZY_ATTRIBUTES)
_ADDRESS_LIKE = re.compile(r"[/.]")
_CANDIDATE = re.compile(r"(\S+)\s*(?:\s([\d.]{1,8})[wx])?\s*(?:,\s|,?$)")
_PIXEL = re.compile(r"[01](?:px)?")
_PIXEL_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.I)


def image_address(attributes: Mapping[str, str | None], base: Base) -> str:
    """Return the absolute address of an image, "" where there is none to show.

    A lazy attribute goes before ``src``, that before the largest of ``srcset``. A picture
    of one pixel is a tracker and no picture (H99).
    """
    if _is_pixel(attributes):
        return ""
    for name in () if _LAZY.isdisjoint(attributes) else LAZY_ATTRIBUTES:
        value = attributes.get(name)
        if value and _ADDRESS_LIKE.search(value) and (found := absolute(value, base)):
            return found
    if (value := attributes.get("src")) and (found := absolute(value, base)):
        return found
    value = attributes.get("data-srcset") or attributes.get("srcset") or ""
    return absolute(_largest(value), base) if value else ""


def _is_pixel(attributes: Mapping[str, str | None]) -> bool:
    for name in ("width", "height"):
        value = attributes.get(name)
        if value and _PIXEL.fullmatch(value.strip()):
            return True
    style = attributes.get("style")
    return bool(style) and bool(_PIXEL_STYLE.search(style or ""))


def _largest(srcset: str) -> str:
    """Return the candidate of a ``srcset`` with the greatest width or density."""
    best, size = "", -1.0
    for address, number in _CANDIDATE.findall(srcset[:20_000]):
        try:
            weight = float(number or 1)
        except ValueError:
            continue
        if weight > size:
            best, size = address, weight
    return best
