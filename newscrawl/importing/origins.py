"""The sources as posts show them: names of sites and feeds, shapes of addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.byline import CREDIT_LINES
from newscrawl.identity.identities import IdentityRule
from newscrawl.identity.posts import IMPORTED


@dataclass(frozen=True, slots=True)
class Origin:
    """One source, as much of it as a post can show.

    name: of the source. group, site: its first two Hexo categories. owns: whether an
    address is one of its pages. feeds: name of a feed -> id of its section. flash_label:
    the tag of its flash news in Jekyll; flash_section: the section these are put into.
    """

    name: str
    group: str
    site: str
    owns: Callable[[str], bool]
    rules: tuple[IdentityRule, ...] = ()
    drop_parameters: frozenset[str] = frozenset()
    noise: Noise = field(default_factory=Noise)
    feeds: Mapping[str, str] = field(default_factory=dict)
    flash_label: str = ""
    flash_section: str | None = None


_ORIGINAL_TITLE, *_ = CREDIT_LINES
_EDITOR = r"[（(【\[]?责任编辑\s?[:：].{1,60}"

OTHER = Origin(
    IMPORTED,
    group="其他",
    site="",
    owns=lambda _: False,
    # Only the two lines that an export writes again.
    noise=Noise(drop_edges=(_ORIGINAL_TITLE, _EDITOR)),
)
"""Stands for every site that is none of ours."""
