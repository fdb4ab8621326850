"""The articles of Eastmoney's stand-in: codes, addresses, and how each kind is published."""

import re
from dataclasses import dataclass
from datetime import datetime

from newscrawl.replica.eastmoney.sections import ROTA, kind_of
from newscrawl.replica.text import Story
from newscrawl.replica.world import CORRECTION, Codes

CODE = re.compile(r"[/,](?P<code>\d{18})(?:\.html)?$")
_TAIL = 10


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind of column article is published.

    template: of its HTML page. detail: what the JSON source says of it (``full``,
    ``failed`` for success 0, ``null`` for no data). host: of its address. traits: what
    else is in its body. kind: ``article``, else why a crawl does not store it.
    """

    template: str = "contentwrap"
    detail: str = "full"
    traits: frozenset[str] = frozenset()
    host: str = "finance"
    kind: str = "article"


def _recipe(template: str, detail: str, *traits: str, **others: str) -> Recipe:
    return Recipe(template, detail, frozenset(traits), **others)


RECIPES = (
    _recipe("contentwrap", "full", "image"),
    _recipe("contentwrap", "full", "chart", "linked", host="stock"),
    _recipe("newsContent", "full", "linked", "split_media", host="hk"),
    _recipe("contentwrap", "failed", "image", "tail_ad"),
    _recipe("contentwrap", "full", "tail_ad", "top_link"),
    _recipe("newsContent", "full", "nested_chart", "hidden"),
    _recipe("newsContent", "failed", "unbalanced_chart", "split_media"),
    _recipe("contentwrap", "full", kind="not_archivable"),
    _recipe("contentwrap", "full", "subhead", "table"),
    _recipe("content_text", "null", "linked", "image"),
    _recipe("contentwrap", "failed", kind="gone"),
    _recipe("contentwrap", "full", "sector", "odd_closings", "image"),
    _recipe("content_text", "full", "disclaimer", host="global"),
    _recipe("contentwrap", "full", "other_summary"),
    _recipe("contentwrap", "full", kind="forum", host="guba"),
    _recipe("contentwrap", "failed", "nested_chart", "hidden", "disclaimer", host="money"),
    _recipe("newsContent", "full", "captcha_mention"),
)
FLASH = _recipe("contentwrap", "full")
WITHOUT_PAGE = _recipe("", "failed")


@dataclass(frozen=True)
class Doc:
    """One article in one state of the clock; its text is made when first asked for."""

    number: int
    kind: str
    recipe: Recipe
    code: str
    nw_code: str
    published: datetime
    story: Story
    sections: tuple[str, ...]

    @property
    def updated(self) -> datetime:
        """Time of the last change."""
        return self.published + self.story.version * CORRECTION

    @property
    def title(self) -> str:
        """Its title; a flash has it in brackets before the text, so it holds none itself."""
        if self.kind == "article":
            return self.story.title
        return self.story.title.replace("【", "「").replace("】", "」")

    @property
    def digest(self) -> str:
        """What the lists show of it: of a flash the whole text."""
        text = self.story.summary if self.kind == "article" else self.story.flash
        return f"【{self.title}】{text}"

    @property
    def identity(self) -> str:
        """The key: of its code, else of its NW code (dossier §3), else its address."""
        if self.recipe.kind == "forum":
            return self.unique_url
        return f"em-nw:{self.nw_code}" if self.kind == "legacy" else f"em:{self.code}"

    @property
    def share_url(self) -> str:
        """The page that shows a text by its NW code."""
        return f"https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode={self.nw_code}"

    @property
    def unique_url(self) -> str:
        """The address without column."""
        if self.recipe.kind == "forum":
            return f"https://guba.eastmoney.com/news,600519,{self.code[8:]}.html"
        return f"https://{self.recipe.host}.eastmoney.com/a/{self.code}.html"

    def url(self, section: str) -> str:
        """Return the address with a column, which differs from section to section."""
        if self.recipe.kind == "forum":
            return self.unique_url
        is_first = section == self.sections[0]
        column, host = ("1344", self.recipe.host) if is_first else ("1379", "finance")
        return f"http://{host}.eastmoney.com/news/{column},{self.code}.html"

    @property
    def sort_key(self) -> str:
        """``realSort``: microseconds, or for every fourth article milliseconds."""
        milliseconds = round(self.published.timestamp() * 1000)
        return (
            str(milliseconds) if self.number % 4 == 0 else f"{milliseconds}{self.number % 1000:03}"
        )


class Ids:
    """Between article numbers and the publisher's two kinds of codes, both ways."""

    def __init__(self, seed: str) -> None:
        self._codes = Codes(10**_TAIL, seed, "code")
        self._nw_codes = Codes(10**_TAIL, seed, "nw")

    def code(self, number: int, published: datetime) -> str:
        """Return the day and ten digits."""
        return f"{published:%Y%m%d}{self._codes.code(number):0{_TAIL}}"

    def nw_code(self, number: int, published: datetime) -> str:
        """Return ``NW``, the day and ten other digits."""
        return f"NW{published:%Y%m%d}{self._nw_codes.code(number):0{_TAIL}}"

    def number(self, code: str) -> int:
        """Return the number that has a code of either kind; the caller checks the day."""
        codes = self._nw_codes if code.startswith("NW") else self._codes
        return codes.number(int(code[-_TAIL:]))


def recipe_of(number: int) -> Recipe:
    """Return how article ``number`` is published."""
    kind = kind_of(number)
    if kind != "article":
        return FLASH if kind == "flash" else WITHOUT_PAGE
    turn, residue = divmod(number, ROTA.period)
    return RECIPES[(turn + residue) % len(RECIPES)]
