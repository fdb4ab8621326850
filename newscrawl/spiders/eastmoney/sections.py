"""Sections and listing surfaces of Eastmoney, as tables (dossier §1, §2)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newscrawl.listings import Section
from newscrawl.spiders.eastmoney.addresses import HOME

FLASH_HOME = "https://kuaixun.eastmoney.com/"
LEGACY_HOSTS = ("183.136.162.242", "43.240.125.15")


@dataclass(frozen=True, slots=True)
class Surface:
    """One kind of listing.

    url: template with ``{column}``, ``{cursor}`` and ``{trace}`` (any unique text: without
    it the server answers with an error). first: the cursor of the first page.
    rows: path of the row list; the key that holds it differs from surface to surface.
    next_cursor: path of the next cursor; empty where pages are numbered from ``first``.
    paged: whether there is a next page at all. ok: the key and the one value of it that
    mean success, None where the surface reports no status.
    whole: the digest of a row is the whole text of the flash. loose_summary: a row may show
    the summary of another article.
    All keys are in lower case; the server's spelling varies.
    """

    url: str
    rows: tuple[str, ...]
    first: str = "1"
    next_cursor: tuple[str, ...] = ()
    paged: bool = True
    ok: tuple[str, str] | None = None
    whole: bool = False
    loose_summary: bool = False
    referer: str = HOME


SURFACES: Mapping[str, Surface] = {
    # 2a; 50 is the most the server gives. Past its cap it repeats its last window.
    "flash": Surface(
        "https://newsapi.eastmoney.com/kuaixun/v1/getlist_{column}_ajaxResult_50_{cursor}_.html",
        rows=("liveslist",),
        ok=("rc", "1"),
        whole=True,
        referer=FLASH_HOME,
    ),
    # 2b; the cursor is the realSort of the last row.
    "fast": Surface(
        "https://np-weblist.eastmoney.com/comm/web/getFastNewsList?client=web&biz=web_724"
        "&fastColumn={column}&sortEnd={cursor}&pageSize=200&req_trace={trace}",
        rows=("data", "fastnewslist"),
        first="",
        next_cursor=("data", "sortend"),
        ok=("code", "1"),
        whole=True,
        referer=FLASH_HOME,
    ),
    # 2c; page_size may be clamped and totle_hits is only a claim: neither is looked at.
    "column": Surface(
        "https://np-listapi.eastmoney.com/comm/web/getNewsByColumns?client=web&biz=web_news_col"
        "&column={column}&order=1&needInteractData=0&page_index={cursor}&page_size=200"
        "&req_trace={trace}"
        "&fields=code,showTime,title,mediaName,summary,image,url,uniqueUrl,Np_dst",
        rows=("data", "list"),
        ok=("code", "1"),
        loose_summary=True,
    ),
    # 2e
    "stock": Surface(
        "https://np-listapi.eastmoney.com/comm/wap/getListInfo?client=wap&type=1"
        "&mTypeAndCode={column}&pageSize=50&pageIndex={cursor}&req_trace={trace}",
        rows=("data", "list"),
    ),
    # §1: the three list shapes of the Choice back end, one page each.
    "legacy-flash": Surface(
        "http://183.136.162.242/web/webapi?type={column}&count=500&newsid=1",
        rows=("records",),
        paged=False,
        whole=True,
    ),
    "legacy-news": Surface(
        "http://183.136.162.242/web/webapi?type={column}&count=100&newsid=1",
        rows=("nodelist",),
        paged=False,
    ),
    "legacy-market": Surface(
        "http://43.240.125.15:1818/information/newmarket/web/webapi?marketType={column}&count=100",
        rows=("record",),
        paged=False,
    ),
}

# Section id -> (column number, name). The id is the slug of the column's own page,
# https://<host>.eastmoney.com/a/<slug>.html, but for 345, whose slug is not on record.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "ccjdd": ("344", "财经导读"),
    "yaowen": ("345", "财经要闻"),
    "cjjsp": ("371", "财经时评"),
    "cgnjj": ("350", "国内经济"),
    "cgjjj": ("351", "国际经济"),
    "chgyj": ("352", "宏观研究"),
    "czqyw": ("353", "证券聚焦"),
    "cssgs": ("349", "沪深公司"),
    "cgspl": ("374", "股市评论"),
    "ccjxw": ("355", "产经资讯"),
    "crdsm": ("365", "热点扫描"),
    "czsdc": ("363", "纵深调查"),
    "ccyts": ("372", "产业透视"),
    "csygc": ("373", "商业观察"),
    "csyzx": ("670", "商业资讯"),
    "ccfgc": ("1138", "财富观察"),
    "ccyyj": ("683", "创业研究"),
    "cdpfx": ("407", "大盘分析"),
    "cbkjj": ("408", "板块聚焦"),
    "cggdj": ("415", "热门股追踪"),
    "czldt": ("423", "主力动态"),
    "chyyj": ("421", "行业研究"),
    "cxgyw": ("448", "新股聚焦"),
    "cxgcl": ("449", "新股策略"),
    "cxgpl": ("450", "新股评论"),
    "czrzdt": ("627", "再融资动态"),
    "czrzgsyw": ("628", "再融资公司聚焦"),
    "cqzdd": ("830", "期指导读"),
    "cmgyw": ("436", "美股聚焦"),
    "czggng": ("437", "中概股"),
    "cmgpj": ("440", "欧美公司"),
    "czpnc": ("1207", "财经早餐"),
    "cggyw": ("532", "港股聚焦"),
    "cgsbd": ("535", "港股公司"),
    "cozsc": ("781", "欧洲市场"),
    "cytsc": ("782", "亚太市场"),
    "clczx": ("583", "理财资讯"),
}

FLASHES: Mapping[str, tuple[str, str]] = {
    "flash-focus": ("101", "要闻快讯"),
    "flash-global": ("102", "全球快讯"),
    "flash-companies": ("103", "上市公司快讯"),
    "flash-commodities": ("106", "商品快讯"),
    "flash-forex": ("107", "外汇快讯"),
    "flash-bonds": ("108", "债券快讯"),
    "flash-funds": ("109", "基金快讯"),
    "flash-pboc": ("118", "中国央行"),
    "flash-fed": ("119", "美联储"),
    "flash-ecb": ("120", "欧洲央行"),
    "flash-boe": ("121", "英国央行"),
    "flash-boj": ("122", "日本央行"),
    "flash-stocks": ("zhiboall", "股市直播"),
}

# What marketType 37, 38 and 39 stand for is not known.
LEGACY_MARKETS: Mapping[str, tuple[str, str]] = {
    f"legacy-market-{number}": (number, f"市场资讯{number}") for number in ("37", "38", "39")
}


def _sections(
    table: Mapping[str, tuple[str, str]], surface: str, *, flash: bool = False, default: bool = True
) -> Iterable[Section]:
    """Make one section of each row of a table."""
    for section_id, (column, name) in table.items():
        yield Section(
            section_id,
            name,
            surface,
            {"column": column},
            flash=flash,
            max_pages=None if SURFACES[surface].paged else 1,
            default=default,
        )


# An article of a column that ran as a flash too is an article: columns come first. Of the
# Choice back end the rolling list does: its rows alone join NW codes with the others. These
# addresses may be gone by now, so they are only crawled when asked for.
SECTIONS: Mapping[str, Section] = {
    section.id: section
    for section in (
        *_sections(COLUMNS, "column"),
        *_sections(FLASHES, "flash", flash=True),
        *_sections({"fast": ("102", "7×24快讯")}, "fast", flash=True),
        *_sections(
            {"legacy-flash": ("102", "滚动新闻")}, "legacy-flash", flash=True, default=False
        ),
        *_sections({"legacy-important": ("45", "重要新闻")}, "legacy-news", default=False),
        *_sections(LEGACY_MARKETS, "legacy-market", default=False),
    )
}

_SYMBOL = re.compile(r"(?P<market>sh|sz|bj|hk)(?P<number>\d{5,6})")
_MARKETS = {"sh": "1", "sz": "0", "bj": "0", "hk": "116"}


def stock_section(symbol: str) -> Section:
    """Return the section of one stock's news; ``symbol`` such as ``sh600519``.

    Raises ``ValueError`` for what is no symbol.
    """
    symbol = symbol.strip().lower()
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        raise ValueError(f"not a stock symbol like sh600519: {symbol!r}")
    column = f"{_MARKETS[match['market']]}.{match['number']}"
    return Section(f"stock-{symbol}", f"个股 {symbol}", "stock", {"column": column}, default=False)
