"""The articles of Sina Finance's stand-in: ids, addresses, sections, and their kinds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from newscrawl.replica.sina_finance.sections import ROTA, dedicated, is_flash
from newscrawl.replica.text import Dice, Story
from newscrawl.replica.world import CORRECTION, Codes, letters, letters_value

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HEX = "0123456789abcdef"
_USER = 5910000017
CODE = re.compile(r"(?:doc|detail)-i?(?P<core>[a-z]{7}\d{7})\.")
_OLD = re.compile(r"^/[a-z/]+/(?P<day>\d{8})/(?P<hour>\d{4})(?P<code>\d{8})\.shtml$")
_COLUMNIST = re.compile(r"^/articles?/view/\d+/(?P<code>[0-9a-f]+)$")
_SPECIAL = re.compile(r"(?P<code>\d{9})(?:\.html|/)?$")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind of article is published.

    kind: ``article``, else why a crawl does not store it. host and channel: where its
    page stands; also: another channel under which a second section lists it.
    template: which page shows it. traits: what else is on that page.
    """

    template: str = "finance2017"
    channel: str = "roll"
    traits: frozenset[str] = frozenset()
    host: str = "finance.sina.com.cn"
    also: str = ""
    kind: str = "article"


def _recipe(template: str, channel: str, *traits: str, **others: str) -> Recipe:
    return Recipe(template, channel, frozenset(traits), **others)


RECIPES = (
    _recipe("finance2017", "roll", "lead_image"),
    _recipe("finance2017", "stock/s", "stock_links", "append_qr"),
    _recipe("finance2017", "china", "append_qr", "late_published_time"),
    _recipe("news2017", "c", "original_title", "image", host="news.sina.com.cn"),
    _recipe("finance2015", "money/forex/forexroll", "quote_chart"),
    _recipe("finance2017", "chanjing", "resized_image", "account_promo"),
    _recipe("tech2019", "t", "tech_promo", "player", "image", host="tech.sina.com.cn"),
    _recipe("finance2017", "stock/t", "image", also="roll"),
    _recipe("finance2017", "stock/y", "inline_ad", "account_promo"),
    _recipe("gallery", "", host="slide.finance.sina.com.cn", kind="gallery"),
    _recipe("finance2017", "world", "late_published_time", "table", "append_qr"),
    _recipe("old", "china", "beyond_gb2312"),
    _recipe("finance2017", "roll", "captcha_mention", "image"),
    _recipe("video", "", host="video.sina.com.cn", kind="video"),
    _recipe("wap", "stock/s", "image", host="finance.sina.cn"),
    _recipe("columnist", "", "image", host="cj.sina.com.cn"),
    _recipe("finance2017", "jjxw", "boilerplate"),
    _recipe("finance2017", "stock/usstock/c", "us_stock", "reference", "resized_image"),
    _recipe("topic", "zt_d", kind="topic"),
    _recipe("finance2017", "money/bank", "hidden", "editor_noise", "emphasis"),
    _recipe("live", "", host="live.finance.sina.com.cn", kind="live"),
    _recipe("finance2017", "china", "no_source_link", "emphasis"),
    _recipe("finance2017", "roll", kind="gone"),
    _recipe("finance2017", "wm", "append_qr", "inline_ad", "stock_links"),
    _recipe("redirected", "roll", kind="gone"),
)
VIDEO_ROW = _recipe("player", "roll", kind="video")
"""Looks like an article, but its row has a video id: the only sign in the listing."""

_RUN_TOGETHER = frozenset({"finance2015", "old"})
FLASH = _recipe("finance2017", "7x24")


@dataclass(frozen=True)
class Doc:
    """One article in one state of the clock; its text is made when first asked for."""

    number: int
    recipe: Recipe
    is_flash: bool
    core: str
    code: int
    flash_id: int
    published: datetime
    story: Story
    sections: tuple[str, ...]

    @property
    def identity(self) -> str:
        """The article's key: its core, else its hex id, else its path (dossier §2)."""
        if self.is_flash and not self.has_page:
            return f"sina:zhibo-{self.flash_id}"
        if self.recipe.template == "columnist":
            return f"sina:{self.columnist_id}"
        if self.recipe.template == "old":
            return f"sina:{urlsplit(self.url).path.removesuffix('.shtml')}"
        if self.recipe.template in ("gallery", "topic", "live"):
            return self.url.rstrip("/")
        return f"sina:{self.core}"

    @property
    def media(self) -> str:
        """The outlet. The older pages put words like 微博 behind its name, so a name of two
        words could not be told from such a word there; theirs have one."""
        media = self.story.media
        return media.replace(" ", "") if self.recipe.template in _RUN_TOGETHER else media

    @property
    def created(self) -> datetime:
        """Time of publication as the page states it."""
        return self.published

    @property
    def updated(self) -> datetime:
        """Time of the last change."""
        return self.published + self.story.version * CORRECTION

    @property
    def ingested(self) -> datetime:
        """Time of arrival in the feed."""
        return self.published + timedelta(seconds=50)

    @cached_property
    def has_page(self) -> bool:
        """Whether a flash has a page (most do)."""
        return self.story.dice("page").below(20) > 0

    @cached_property
    def is_deleted(self) -> bool:
        """Whether the flash was withdrawn."""
        return self.is_flash and self.story.dice("deleted").below(20) == 0

    @cached_property
    def url(self) -> str:
        """Where the article stands."""
        return self.address(self.recipe.channel)

    def address(self, channel: str) -> str:
        """Return the article's address under ``channel``."""
        host, day = self.recipe.host, f"{self.published:%Y-%m-%d}"
        if self.is_flash and not self.has_page:
            return f"https://finance.sina.com.cn/7x24/?id={self.flash_id}"
        shapes = {
            "old": f"http://{host}/{channel}/{self.published:%Y%m%d/%H%M}{self.code:08}.shtml",
            "wap": f"https://{host}/{channel}/{day}/detail-i{self.core}.d.html?vt=4&cid=76729",
            "columnist": f"https://{host}/articles/view/{_USER}/{self.columnist_id}?froms=ggmp",
            "gallery": f"https://{host}/slide_8_86511_{self.code:09}.html",
            "video": f"https://{host}/p/finance/{day}/detail-i{self.core}.d.html",
            "topic": f"https://{host}/zt_d/subject-{self.code:09}/",
            "live": f"https://{host}/bozhu/{self.code:09}",
        }
        return shapes.get(
            self.recipe.template, f"https://{host}/{channel}/{day}/doc-i{self.core}.shtml"
        )

    @property
    def wap_url(self) -> str:
        """Where the article stands for telephones."""
        folder = f"{self.recipe.channel or 'roll'}/{self.published:%Y-%m-%d}"
        return f"https://finance.sina.cn/{folder}/detail-i{self.core}.d.html"

    @property
    def columnist_id(self) -> str:
        """The id of a columnist's article: the user in hex, then the code in hex."""
        return f"{_USER:x}{letters(self.code, _HEX, 9)}"


class Ids:
    """Between article numbers and the publisher's ids, both ways."""

    def __init__(self, seed: str) -> None:
        self._cores = Codes(26**6 * 10**7, seed, "core")
        self._codes = Codes(10**8, seed, "code")
        self._first_flash = 40_000_000 + Dice("flash", seed).below(10**6)

    def core(self, number: int) -> str:
        """Return the doc core, ``n`` + six letters + seven digits."""
        word, digits = divmod(self._cores.code(number), 10**7)
        return f"n{letters(word, _LETTERS, 6)}{digits:07}"

    def code(self, number: int) -> int:
        """Return the code below 10^8 that all other addresses are made of."""
        return self._codes.code(number)

    def flash_id(self, number: int) -> int:
        """Return the number that 7x24 gives to its rows; it rises with time."""
        return self._first_flash - number

    def candidates(self, path: str) -> Iterator[int]:
        """Yield the article numbers that ``path`` may stand for; the caller checks them."""
        if match := CODE.search(path):
            core = match["core"]
            word = letters_value(core[1:7], _LETTERS)
            yield self._cores.number(word * 10**7 + int(core[7:]))
        elif match := _COLUMNIST.search(path):
            yield self._codes.number(letters_value(match["code"][-9:], _HEX))
        elif match := _OLD.search(path) or _SPECIAL.search(path):
            yield self._codes.number(int(match["code"]))


def recipe_of(number: int) -> Recipe:
    """Return how article ``number`` is published."""
    if dedicated(number):
        return VIDEO_ROW
    if is_flash(number):
        return FLASH
    turn, residue = divmod(number, ROTA.period)
    return RECIPES[(turn + residue) % len(RECIPES)]
