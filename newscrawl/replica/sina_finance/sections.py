"""Sina Finance's listings as the publisher numbers them, and who is listed where (dossier §1)."""

from itertools import cycle

from newscrawl.replica.world import Rota

ROLLS = {
    "153": ("2509", "2510", "2511", "2669", "2512", "2513", "2514", "2515", "2516", "2517", "2518"),
    "384": ("2519", "2671", "2672", "2673", "2674", "2675", "2676", "2487"),
    "155": ("1686", "1687", "1690", "1688", "1689", "3231"),
    "372": ("2431",),
    "21": ("1199",),
    "401": ("3148", "2556", "3158", "3164"),
    "13": ("2557",),
}
LESS_CRAWLED = frozenset({"2509", "2510", "2511", "2669", "2512", "2513", "2514", "2515", "2431"})
"""Lists that hold everything or are not of finance: they only repeat what others have."""
EMPTY_ROLLS = frozenset({"21/1199", "401/3148", "401/2556", "401/3158", "401/3164", "13/2557"})
COLUMNS = (
    "56589", "56598", "56605", "56978", "56592", "56615", "57027", "57028", "57038", "56907",
    "56982", "56988", "56995", "57085", "56683", "56689", "80798", "56757", "56850", "56854",
)  # fmt: skip
LIVES = ("152", "151", "153", "155", "164", "242")
TAGS = {
    "1": "宏观",
    "2": "行业",
    "3": "公司",
    "4": "数据",
    "5": "市场",
    "6": "观点",
    "7": "央行",
    "8": "其他",
    "10": "A股",
}
SYMBOLS = ("sh600000", "sh600519", "sz000001", "sz300750")

VIDEO_SECTIONS = (("roll/153/2516",), ("roll/384/2519",))

ROLL_ROWS, ROLL_PAGES = 50, 50
LIVE_ROWS, LIVE_PAGES = 100, 23
COLUMN_ROWS = 200
STOCK_ROWS, STOCK_PAGES = 50, 5
LIMITS = {
    "roll": ROLL_ROWS * ROLL_PAGES,
    "live": LIVE_ROWS * LIVE_PAGES,
    "column": COLUMN_ROWS,
    "stock": STOCK_ROWS * STOCK_PAGES,
}
"""How many rows of a section each surface shows at most."""


def _table() -> list[tuple[str, ...]]:
    """Ten articles a turn for each roll of finance, some elsewhere too; a flash for each tag.

    The first section of a row shows all its articles: it reaches deep enough, and is one
    that a crawl of the source visits.
    """
    rolls = [f"roll/{page}/{lid}" for page, lids in ROLLS.items() for lid in lids]
    rolls = [key for key in rolls if key.removeprefix("roll/") not in EMPTY_ROLLS]
    others = cycle(key for key in rolls if key.rpartition("/")[2] in LESS_CRAWLED)
    main = [key for key in rolls if key.rpartition("/")[2] not in LESS_CRAWLED]
    columns, stocks = cycle(COLUMNS), cycle(SYMBOLS)
    table: list[tuple[str, ...]] = []
    for place, roll in enumerate(main * 5):
        table.append((roll, f"column/{next(columns)}", f"column/{next(columns)}"))
        table.append((roll, next(others), f"stock/{next(stocks)}") if place % 2 else (roll,))
    table[-1] = (main[-1], main[1])
    table += [(f"live/{live}/0", f"live/{live}/{tag}") for tag in TAGS for live in LIVES]
    return [*table, *VIDEO_SECTIONS]


_ROWS = _table()
_STRIDE = 25
"""Spreads the kinds over the turn, so that a small world has some of each."""


def _row(number: int) -> int:
    return number * _STRIDE % len(_ROWS)


ROTA = Rota([_ROWS[_row(residue)] for residue in range(len(_ROWS))])


def dedicated(number: int) -> bool:
    """Whether ``number`` is a video that only the rolls list."""
    return _row(number) >= len(_ROWS) - len(VIDEO_SECTIONS)


def is_flash(number: int) -> bool:
    """Whether ``number`` is a flash of the 7x24 streams."""
    return ROTA.sections(number)[0].startswith("live/")
