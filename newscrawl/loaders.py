"""ArticleLoader: from what pages say to the fields of an Article, one processor a field.

Processors are functions of this module. itemloaders keeps the processors it has met in a
cache of 1,024; a bound method or a lambda made per loader would keep that loader, and the
whole page behind it, alive with it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from itemloaders import ItemLoader

from newscrawl.cleaning.text import plain
from newscrawl.items import Article

Processor = Callable[[Iterable[Any]], Any]

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
_SEVERAL = (list, tuple)
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
    if not isinstance(value, str) and (not isinstance(value, int) or isinstance(value, bool)):
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


def first_said(values: Iterable[Any]) -> Any:
    """Return the first value that is one, None where there is none."""
    for value in values:  # it is mostly the first one: a generator would cost more than this
        if value is not None and value != "":
            return value
    return None


def as_said(values: Iterable[Any]) -> Iterable[Any]:
    """Return the values as they are."""
    return values


def each(read: Callable[[Any], Any]) -> Processor:
    """Return the processor that reads every value by itself; None is left out."""

    def read_each(values: Iterable[Any]) -> list[Any]:
        return [found for value in values if (found := read(value)) is not None]

    return read_each


def keyword_lists(values: Iterable[Any]) -> list[str]:
    """Return the words of all keyword lists."""
    return [word for value in values for word in keywords(value)]


_ONE: Mapping[str, Callable[[Any], Any]] = {
    "title": text,
    "original_title": unlabelled,
    "summary": text,
    "media": name,
    "author": person,
    "editor": person,
    "stock_codes": text,
}
"""What is made of each single value of a field; None is left out."""

_INPUT: Mapping[str, Processor] = {
    **{field: each(read) for field, read in _ONE.items()},
    "keywords": keyword_lists,
}
"""What is done with the values of a field when they are added; the others stay as they are."""

_OUTPUT: Mapping[str, Processor] = {
    "keywords": some_distinct,
    "stock_codes": some_distinct,
    "aliases": sorted_distinct,
    "flags": sorted_distinct,
    "hinted": sorted_distinct,
    "images": distinct,
}
"""What makes a field of all that was said of it; for the others the first value counts."""


class ArticleLoader(ItemLoader):
    """Collects what page, record and listing say; the first usable value of a field wins.

    Times are added as aware datetimes (``extraction.dates``), bodies as cleaned
    (``cleaning.body``). ``load_item`` returns the Article.

    The processors stand in two tables and are called from here: to look them up by
    attribute, and to wrap each for a context that none of them asks for, took 3 % of the time
    of a page and 7 % of that of a record.
    """

    default_item_class = Article

    def get_input_processor(self, field_name: str) -> Processor:
        """Return what is done with the values of a field when they are added."""
        return _INPUT.get(field_name, as_said)

    def get_output_processor(self, field_name: str) -> Processor:
        """Return what makes a field of all that was said of it."""
        return _OUTPUT.get(field_name, first_said)

    def add_value(
        self,
        field_name: str | None,
        value: Any,
        *processors: Callable[..., Any],
        re: str | re.Pattern[str] | None = None,
        **kw: Any,
    ) -> Self:
        """Add what somebody says of a field; a list or tuple is several values, None is none."""
        if field_name is None or processors or re:
            return super().add_value(field_name, value, *processors, re=re, **kw)
        if value is None:
            return self
        read = _INPUT.get(field_name)
        if value == "" and read is not None:  # of which no reader makes anything
            return self
        if isinstance(value, _SEVERAL):
            found = value if read is None else read(value)
        elif (one := _ONE.get(field_name)) is not None:  # as ``read`` would, with two calls less
            found = () if (said := one(value)) is None else (said,)
        else:
            found = (value,) if read is None else read((value,))
        if found:
            values = self._local_values  # nothing here is nested in another loader
            if field_name in values:
                values[field_name].extend(found)
            else:
                values[field_name] = list(found)
        return self

    def has(self, field_name: str) -> bool:
        """Whether anybody said anything of a field."""
        return bool(self._local_values.get(field_name))

    def get_output_value(self, field_name: str) -> Any:
        """Return the field as it is by what was said so far, None where nobody said anything."""
        return _OUTPUT.get(field_name, first_said)(self._local_values.get(field_name, []))

    def load_item(self) -> Article:
        """Return the Article with what was said; nobody said anything of the other fields."""
        article: Article = self.item
        for field_name, said in self._local_values.items():
            # Of most fields the first value counts, and it is one.
            read = _OUTPUT.get(field_name)
            if read is not None:
                value = read(said)
            elif not said or (value := said[0]) is None or value == "":
                value = first_said(said)
            if value is not None:
                setattr(article, field_name, value)
        return article
