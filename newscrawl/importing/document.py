"""A document cut in two: the keys of its front matter as text, and its body."""

from collections.abc import Mapping
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from newscrawl.importing.broken import Broken, Reason

Value = str | list[str]

_LONGEST_FRONT = 64 * 1024
"""Characters; a real one has a few hundred."""
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every scalar stays the text that it is: no dates, no numbers, no ``null`` (H101)."""
_BEGIN = [yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.MappingStartEvent]
_END = [yaml.MappingEndEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent]
"""Around the keys of one document. Anchors, tags of collections and more are for the tree."""


def split(content: bytes) -> tuple[dict[str, Value], str]:
    """Return the front matter and the body of a post; raise ``Broken``.

    A byte order mark, blank lines before the front matter (Hexo writes one) and CR LF are
    read as if they were not there.
    """
    front, body = _cut(content)
    return _metadata(front), body


def front_matter(content: bytes) -> dict[str, Value]:
    """Return the front matter of a post alone; raise ``Broken``."""
    front, _ = _cut(content)
    return _metadata(front)


def _cut(content: bytes) -> tuple[str, str]:
    """Return the front matter, and the body behind it."""
    if not content.strip():
        raise Broken(Reason.EMPTY)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Broken(Reason.NOT_UTF8, str(error)) from error
    text = text.replace("\r\n", "\n").lstrip("\n")
    handler = YAMLHandler()
    if not handler.detect(text):
        raise Broken(Reason.NO_FRONT_MATTER)
    try:
        front, body = handler.split(text)
    except ValueError as error:
        raise Broken(Reason.NO_FRONT_MATTER, "it is never closed") from error
    if len(front) > _LONGEST_FRONT:
        raise Broken(Reason.BAD_YAML, f"{len(front)} characters of front matter")
    return front, body


def _metadata(front: str) -> dict[str, Value]:
    """Return the keys of the front matter as text."""
    found = _flat(front)
    return _composed(front) if found is None else found


def _flat(front: str) -> dict[str, Value] | None:
    """Return the keys of front matter that is texts and lists of texts, None for any other.

    All that sites have is such. The parser's own events tell it; the tree of the same text
    costs twice as much, since each of its nodes asks a resolver that decides nothing for us.
    """
    loader = _LOADER(front)
    try:
        kinds = [type(loader.get_event()) for _ in _BEGIN]
        return _pairs(loader) if kinds == _BEGIN else None
    except yaml.YAMLError:
        return None  # the tree says what is wrong
    finally:
        loader.dispose()


def _pairs(loader: Any) -> dict[str, Value] | None:
    """Return the keys and values of a mapping that has begun; it must be all there is."""
    found: dict[str, Value] = {}
    while isinstance(key := loader.get_event(), yaml.ScalarEvent) and not key.anchor:
        value = loader.get_event()
        if isinstance(value, yaml.ScalarEvent) and not value.anchor:
            found[key.value] = value.value
        elif isinstance(value, yaml.SequenceStartEvent) and not value.anchor:
            items: list[str] = []
            while isinstance(item := loader.get_event(), yaml.ScalarEvent) and not item.anchor:
                items.append(item.value)
            if not isinstance(item, yaml.SequenceEndEvent):
                return None
            found[key.value] = items
        else:
            return None
    kinds = [type(key), type(loader.get_event()), type(loader.get_event())]
    return found if kinds == _END else None


def _composed(front: str) -> dict[str, Value]:
    """Return the keys of any front matter, read off the tree: most of a load builds objects."""
    try:
        tree = yaml.compose(front, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Broken(Reason.BAD_YAML, " ".join(str(error).split())) from error
    if not isinstance(tree, yaml.MappingNode):
        raise Broken(Reason.BAD_YAML, "no keys and values")
    if not all(isinstance(key, yaml.ScalarNode) for key, _ in tree.value):
        raise Broken(Reason.BAD_YAML, "a key that is no text")
    return {key.value: _value(value) for key, value in tree.value}


def _value(node: yaml.Node) -> Value:
    """Return a value as text or as a list of texts; deeper structures say nothing to us."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
    return ""


def text_of(metadata: Mapping[str, Value], key: str) -> str:
    """Return a key that is one text, ``""`` where it is missing; of a list the first."""
    value = metadata.get(key, "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip()
