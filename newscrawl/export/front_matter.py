"""YAML of the posts: scalars that every reader takes for the same text, and the handler.

python-frontmatter sorts keys, drops quotes and cannot indent a list by one space; a handler
that writes the lines itself gives the exact bytes, and is still what reads them back.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import frontmatter
from frontmatter.default_handlers import YAMLHandler

Style = Callable[[Any], str]

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\U00030000-\U000323af"
_PLAIN = re.compile(
    rf"[A-Za-z0-9{_HAN}（《“—·]"
    r"""[^\x00-\x1f\x7f-\x9f:#'"\\{}\[\]&*!|>%@`,?<~=]*"""
)
_RESERVED = frozenset(
    {"~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"}
)
_NUMBER_OR_DATE = re.compile(r"[-+]?[0-9][0-9_,.:eExXoOa-fA-F+-]*")


@lru_cache(maxsize=1024)  # of names and slugs, of which there are far fewer than posts
def is_plain(value: str) -> bool:
    """Whether ``value`` may stand unquoted in YAML and stay the same string (C9)."""
    return (
        _PLAIN.fullmatch(value) is not None
        and value == value.strip()
        and value.lower() not in _RESERVED
        and _NUMBER_OR_DATE.fullmatch(value) is None
    )


def double_quoted(value: str) -> str:
    """Return the double-quoted scalar of one line of text (J2)."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def single_quoted(value: str) -> str:
    """Return the single-quoted scalar of one line of text (X2)."""
    return "'" + value.replace("'", "''") + "'"


def plain_or_double(value: str) -> str:
    """Return ``value`` as it is where that is safe, else double-quoted (J10)."""
    return value if is_plain(value) else double_quoted(value)


def plain_or_single(value: str) -> str:
    """Return ``value`` as it is where that is safe, else single-quoted (X3)."""
    return value if is_plain(value) else single_quoted(value)


@lru_cache(maxsize=1024)
def word_or_list(value: str) -> str:
    """Return a value that Jekyll would split at white space, or convert, as a list (J4)."""
    return value if is_plain(value) and not re.search(r"\s", value) else double_list([value])


def double_list(values: Sequence[str]) -> str:
    """Return a flow list of double-quoted scalars (J4, H4)."""
    return f"[{', '.join(map(double_quoted, values))}]"


def dashed_list(values: Sequence[str]) -> str:
    """Return a block list indented by one space, from the line end after its key (X3)."""
    return "".join(f"\n - {plain_or_single(value)}" for value in values)


class ExactHandler(YAMLHandler):
    """Front matter with the keys of ``styles``, in that order, and ``around`` it all."""

    styles: ClassVar[Mapping[str, Style]]
    around: ClassVar[tuple[str, str, str]]
    """What stands before the lines of the keys, between them and the body, and behind it."""

    @classmethod
    def lines(cls, metadata: Mapping[str, Any]) -> str:
        """Return the YAML lines of ``metadata``, which must hold exactly the known keys."""
        return "".join([f"{key}: {style(metadata[key])}\n" for key, style in cls.styles.items()])

    def export(self, metadata: Mapping[str, Any], **_: object) -> str:
        """Return the same, for python-frontmatter."""
        return self.lines(metadata)

    def format(self, post: frontmatter.Post, **_: object) -> str:
        """Return the whole file."""
        return self.write(post.content, **post.metadata)

    @classmethod
    def write(cls, content: str, **metadata: object) -> str:
        """Return the file with this body and these keys.

        It is what ``frontmatter.dumps`` makes of a ``Post``, without either.
        """
        before, between, behind = cls.around
        return f"{before}{cls.lines(metadata)}{between}{content}{behind}"
