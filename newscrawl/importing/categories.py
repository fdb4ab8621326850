"""Pages of Jekyll categories: which slug a name has, also where no post shows it any more."""

from collections.abc import Sequence
from pathlib import Path

from newscrawl.cleaning.text import plain
from newscrawl.importing import jekyll
from newscrawl.importing.broken import Broken
from newscrawl.importing.document import front_matter, text_of
from newscrawl.importing.files import read_bytes
from newscrawl.importing.origins import Origin

NEWS = "新闻"
"""Ends the tag that a medium has in Jekyll (document-format J4)."""


def read_category(path: Path, origins: Sequence[Origin]) -> tuple[str, str] | None:
    """Return name and slug of a category page (J10), None for any other file."""
    try:
        metadata = front_matter(read_bytes(path))
    except Broken:
        return None
    label, slug = plain(text_of(metadata, "title")), plain(text_of(metadata, "category"))
    if text_of(metadata, "layout") != "category" or not label or not slug:
        return None
    return name_of_label(label, origins), slug


def read_slug(path: Path, origins: Sequence[Origin]) -> tuple[str, str] | None:
    """Return name and slug of the category that a Jekyll post is in, None for any other file.

    Only the front matter is read. Raises ``Broken``.
    """
    metadata = front_matter(read_bytes(path))
    if not jekyll.is_mine(metadata):
        return None
    label, slug = plain(text_of(metadata, "tags")), plain(text_of(metadata, "categories"))
    return (name_of_label(label, origins), slug) if label and slug else None


def name_of_label(label: str, origins: Sequence[Origin]) -> str:
    """Return the name that a label stands for: the channel of flashes itself, else the outlet."""
    is_channel = any(label == each.flash_label for each in origins)
    return label if is_channel else label.removesuffix(NEWS)
