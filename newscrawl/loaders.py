"""ArticleLoader: from what pages say to the fields of an Article, one processor a field.

Processors are functions of this module. itemloaders keeps the processors it has met in a
cache of 1,024; a bound method or a lambda made per loader would keep that loader, and the
whole page behind it, alive with it.
"""

import re
from collections.abc import Iterable
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Identity, MapCompose, TakeFirst

from newscrawl.cleaning.text import plain
from newscrawl.items import Article

MAX_KEYWORDS = 30
MAX_KEYWORD_LENGTH = 40
MAX_NAME_LENGTH = 60
"""Longer than this it is a sentence, not the name of a person or an outlet."""

_LABEL = re.compile(
    r"[（(【\[\s]*(?:(?:文章|稿件|信息|新闻)?来源|(?:本文)?作者|记者|(?:责任|值班)?编辑|责编|原标题)\s?[:：丨]\s*"
)
_STAFF_NUMBER = re.compile(r"\s*[(（\[]?\b[A-Z]{1,4}\d{2,6}[)）\]]?$")
_DATELINE = re.compile(r"\s[\u4e00-\u9fff]{2,6}报道$")
_SEPARATORS = re.compile(r"[,，;；|\t\n]")
_BRACKETS = {")": "(", "）": "（", "】": "【", "]": "["}


def text(value: Any) -> str | None:
    """Return a value as one clean line (C2, C6), None where nothing is left."""
    return plain(str(value)) or None


def unlabelled(value: Any) -> str | None:
    """Return a line without its label (``来源：``, ``原标题：``) and a bracket left open by it."""
    line = plain(str(value))
    if label := _LABEL.match(line):
        line = line[label.end() :]
    if line and line.count(line[-1]) > line.count(_BRACKETS.get(line[-1], line[-1])):
        line = line[:-1].rstrip()
    return line or None


def name(value: Any) -> str | None:
    """Return the name of a person or outlet, None where the text cannot be one."""
    line = (unlabelled(value) or "").strip(" ：:|丨/·-")
    return line if 0 < len(line) <= MAX_NAME_LENGTH else None


def person(value: Any) -> str | None:
    """Return a name without the staff number that follows it (``支全明 SF099``)."""
    line = name(value)
    return _STAFF_NUMBER.sub("", _DATELINE.sub("", line)) or None if line else None


def keywords(value: Any) -> list[str]:
    """Return the words of one keyword list; numbers become text, nothing else does (H107)."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return []
    words = (plain(word) for word in _SEPARATORS.split(str(value)))
    return [word for word in words if word and len(word) <= MAX_KEYWORD_LENGTH]


def distinct(values: Iterable[Any]) -> list[Any]:
    """Return the values without repeats, in order of their first occurrence."""
    return list(dict.fromkeys(values))


def some_distinct(values: Iterable[Any]) -> list[Any]:
    """Return the first ``MAX_KEYWORDS`` different values."""
    return distinct(values)[:MAX_KEYWORDS]


def sorted_distinct(values: Iterable[Any]) -> list[Any]:
    """Return the different values, sorted: the order of finding says nothing."""
    return sorted(set(values))


class ArticleLoader(ItemLoader):
    """Collects what page, record and listing say; the first usable value of a field wins.

    Times are added as aware datetimes (``extraction.dates``), bodies as cleaned
    (``cleaning.body``). ``load_item`` returns the Article.
    """

    default_item_class = Article

    title_in = MapCompose(text)
    original_title_in = MapCompose(unlabelled)
    summary_in = MapCompose(text)
    media_in = MapCompose(name)
    author_in = MapCompose(person)
    editor_in = MapCompose(person)
    keywords_in = MapCompose(keywords)
    stock_codes_in = MapCompose(text)
    published_at_in = updated_at_in = date_source_in = Identity()
    url_in = aliases_in = extractor_in = flags_in = Identity()
    body_html_in = body_text_in = images_in = lead_image_in = Identity()

    title_out = original_title_out = summary_out = TakeFirst()
    media_out = author_out = editor_out = TakeFirst()
    published_at_out = updated_at_out = date_source_out = TakeFirst()
    url_out = extractor_out = TakeFirst()
    body_html_out = body_text_out = lead_image_out = TakeFirst()
    keywords_out = stock_codes_out = staticmethod(some_distinct)
    aliases_out = flags_out = staticmethod(sorted_distinct)
    images_out = staticmethod(distinct)

    # What is not read from a page (source, identity, hashes) is set on the loaded article.
    default_input_processor = Identity()
    default_output_processor = TakeFirst()
