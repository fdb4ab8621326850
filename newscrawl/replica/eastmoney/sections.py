"""Eastmoney's listings as the publisher numbers them, and who is listed where (dossier §1, §2)."""

from itertools import cycle

from newscrawl.replica.world import Rota

COLUMNS = (
    "344", "345", "371", "350", "351", "352", "353", "349", "374", "355", "365", "363", "372",
    "373", "670", "1138", "683", "407", "408", "415", "423", "421", "448", "449", "450", "627",
    "628", "830", "436", "437", "440", "1207", "532", "535", "781", "782", "583",
)  # fmt: skip
FLASHES = (
    "101", "102", "103", "106", "107", "108", "109", "118", "119", "120", "121", "122", "zhiboall",
)  # fmt: skip
MARKETS = ("37", "38", "39")
QUOTES = ("1.600519", "0.300750", "1.600000")

FLASH_ROWS, FLASH_PAGES = 50, 50
FAST_ROWS = COLUMN_ROWS = 200
LEGACY_ROWS = 500
UNLIMITED = 10**9
LIMITS = {
    "column": UNLIMITED,
    "flash": FLASH_ROWS * FLASH_PAGES,
    "fast": UNLIMITED,
    "stock": UNLIMITED,
    "legacy-flash": LEGACY_ROWS,
    "legacy-news": LEGACY_ROWS,
    "legacy-market": LEGACY_ROWS,
}
"""How many rows of a section each surface shows at most."""

_ONLY_LEGACY = (
    ("legacy-news/45", "legacy-market/39"),
    ("legacy-market/37",),
    ("legacy-market/38", "legacy-market/37"),
    ("legacy-market/39",),
)
"""Texts that have an NW code and no other."""
_BARE = (("legacy-flash/102",),)
"""Records without title, time and address."""


def _table() -> list[tuple[str, ...]]:
    """Six articles a turn for each column, some elsewhere too; four flashes for each list."""
    columns = [f"column/{column}" for column in COLUMNS]
    stocks = cycle(f"stock/{quote}" for quote in QUOTES)
    table: list[tuple[str, ...]] = []
    for place, column in enumerate(columns * 2):
        other = columns[(place + 5) % len(columns)]
        table += [(column,), (column, other), (column, next(stocks))]
    for place, flash in enumerate(FLASHES * 2):
        table.append((f"flash/{flash}", "fast/102"))
        table.append((f"flash/{flash}", "legacy-flash/102") if place % 3 else (f"flash/{flash}",))
    table.append(("flash/101", "legacy-flash/102", "legacy-news/45"))
    return [*table, *_ONLY_LEGACY, *_BARE]


_ROWS = _table()
_STRIDE = 39
"""Spreads the kinds over the turn, so that a small world has some of each."""


def _row(number: int) -> int:
    return number * _STRIDE % len(_ROWS)


ROTA = Rota([_ROWS[_row(residue)] for residue in range(len(_ROWS))])


def kind_of(number: int) -> str:
    """Return ``article``, ``flash``, ``legacy`` (an NW code only) or ``bare``."""
    row = _row(number)
    if row >= len(_ROWS) - len(_BARE):
        return "bare"
    if row >= len(_ROWS) - len(_BARE) - len(_ONLY_LEGACY):
        return "legacy"
    return "article" if row < 6 * len(COLUMNS) else "flash"
