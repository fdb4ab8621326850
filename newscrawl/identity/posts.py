"""Posts whose article nobody knows: how they are named, and when a title is the same."""

import re

POST = "post:"
"""Begins the identity of such a post; where it stands for an address, there is none."""

IMPORTED = "imported"
"""The source of posts whose site is none of ours."""

_MANGLED = re.compile(r"""[\s_"':/?|*<>\\]+""")
"""White space, and what older posts have as ``_`` in their titles."""
_CUT = re.compile(r"(?:\.{3,}|…+)\Z")
_LEAST = 20
"""Characters of a title that was cut off, below which it could be anyone's."""


def is_unknown(identity: str) -> bool:
    """Whether an identity is that of a post alone."""
    return identity.startswith(POST)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, of which either may be mangled or cut off.

    Older posts have ``_`` for characters that no file name can hold, and flash titles end
    after about a hundred characters (document-format §8.2).
    """
    if one == other:
        return True
    first, second = sorted((_folded(one), _folded(other)), key=len)
    if _CUT.search(one) or _CUT.search(other):
        return len(first) >= _LEAST and second.startswith(first)
    return bool(first) and first == second


def _folded(title: str) -> str:
    return _MANGLED.sub("", _CUT.sub("", title)).casefold()
