"""Eastmoney's listings: flash lists, fast news, columns, the Choice back end (dossier §1, §2)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from newscrawl.replica.eastmoney.articles import Doc
from newscrawl.replica.eastmoney.bodies import image_url
from newscrawl.replica.eastmoney.sections import (
    COLUMN_ROWS,
    COLUMNS,
    FAST_ROWS,
    FLASH_PAGES,
    FLASH_ROWS,
    FLASHES,
    LEGACY_ROWS,
    MARKETS,
    QUOTES,
)
from newscrawl.replica.markup import wall
from newscrawl.replica.options import SHANGHAI
from newscrawl.replica.standin import JSON, Captured, Reply, dump_json, missing, number_in, window
from newscrawl.replica.world import Members

Select = Callable[..., Members]
"""Returns the article numbers that are in any of some sections."""
Read = Callable[[int], Doc]
"""Returns the article of a number."""
Query = Mapping[str, str]
_CLAIMED = 5000


def _json(value: object) -> Reply:
    return Reply(dump_json(value).encode(), JSON, kind="listing")


def _untraced(query: Query) -> Reply | None:
    """Return the refusal of a request without ``req_trace``."""
    if query.get("req_trace"):
        return None
    return _json({"req_trace": "", "code": "0", "message": "req_trace is required", "data": None})


def flash_list(column: str, rows: int, page: int, select: Select, read: Read) -> Reply:
    """Answer 2a: past its end or its cap the list repeats its last window."""
    if column not in FLASHES:
        return missing()
    section = f"flash/{column}"
    members = select(section)
    rows = min(max(rows, 1), FLASH_ROWS)
    last = max(1, min(FLASH_PAGES, -(-len(members) // rows)))
    start = (min(max(page, 1), last) - 1) * rows
    lives = [_flash_row(read(number), section) for number in members[start : start + rows]]
    answer = dump_json({"rc": 1, "me": "", "LivesList": lives})
    semicolon = ";" if page % 2 else ""
    return Reply(f"var ajaxResult={answer}{semicolon}".encode(), kind="listing")


def _flash_row(doc: Doc, section: str) -> dict[str, str]:
    row = {
        "id": doc.code,
        "newsid": doc.code,
        "url_w": doc.url(section),
        "url_m": f"http://wap.eastmoney.com/a/{doc.code}.html",
        "url_unique": doc.unique_url.replace("https:", "http:"),
        "title": f"【{doc.title}】",
        "simtitle": doc.title if doc.number % 2 else "",
        "digest": doc.digest,
        "simdigest": doc.story.flash,
        "showtime": wall(doc.published),
        "ordertime": wall(doc.updated),
        "sort": doc.sort_key[:13],
        "column": "100,102,103",
        "newstype": "1",
        "editor_name": "",
        "commentnum": "0",
        "image": "",
    }
    absent = {0: {"showtime"}, 1: {"newsid"}}.get(doc.number % 11, set())
    return {key: value for key, value in row.items() if key not in absent}


def fast_news(
    query: Query, select: Select, read: Read, number_before: Callable[[datetime], int]
) -> Reply:
    """Answer 2b: ``sortEnd`` is the realSort of the last row that the client has."""
    if refused := _untraced(query):
        return refused
    column = query.get("fastColumn", "")
    members: Sequence[int] = select(f"fast/{column}") if column in FLASHES else ()
    start, cursor = 0, query.get("sortEnd", "")
    if cursor.isdigit() and isinstance(members, Members):
        moment = datetime.fromtimestamp(int(cursor[:13]) / 1000, SHANGHAI)
        start = max(0, members.place(number_before(moment)))
    rows = number_in(query, "pageSize", 20, FAST_ROWS)
    docs = [read(number) for number in members[start : start + rows]]
    data = {
        "sortEnd": docs[-1].sort_key if docs else "",
        "fastNewsList": [_fast_row(doc) for doc in docs],
    }
    answer = {"req_trace": query["req_trace"], "code": "1", "message": "success", "data": data}
    return _json(answer)


def _fast_row(doc: Doc) -> dict[str, Any]:
    return {
        "code": doc.code,
        "title": "" if doc.number % 13 == 3 else doc.title,
        "summary": doc.digest,
        "showTime": wall(doc.published),
        "realSort": doc.sort_key,
        "stockList": [doc.story.company.quote, "90.BK0437"],
        "titleColor": 0,
        "share": 0,
        "pinglun_Num": 0,
    }


def columns(query: Query, select: Select, read: Read, captured: Sequence[Captured]) -> Reply:
    """Answer 2c; ``column`` may be a list. ``captured`` pages come first in column 345."""
    if refused := _untraced(query):
        return refused
    known = [column for column in query.get("column", "").split(",") if column in COLUMNS]
    members: Sequence[int] = select(*(f"column/{column}" for column in known)) if known else ()
    page = number_in(query, "page_index", 1, 10**9)
    rows = number_in(query, "page_size", 20, COLUMN_ROWS)
    own, numbers = window(captured if "345" in known else (), members, page, rows)
    section = f"column/{known[0]}" if known else ""
    listed = [
        *map(_captured_row, own),
        *(_column_row(read(number), section) for number in numbers),
    ]
    data = {"page_index": page, "page_size": rows, "totle_hits": _CLAIMED, "list": listed}
    answer = {"req_trace": query["req_trace"], "code": "1", "message": "success", "data": data}
    return _json(answer)


def _column_row(doc: Doc, section: str) -> dict[str, str]:
    other = "other_summary" in doc.recipe.traits
    is_first = section == doc.sections[0]
    return {
        "code": doc.code,
        "title": doc.title,
        "summary": "【另一篇文章】与本文无关的摘要。" if other else doc.digest,
        "showTime": wall(doc.published),
        "mediaName": doc.story.media,
        "image": image_url(doc) if "image" in doc.recipe.traits else "",
        "np_dst": "CMS",
        "uniqueUrl": doc.unique_url.replace("https:", "http:") if is_first else doc.unique_url,
        "url": doc.url(section),
    }


def _captured_row(page: Captured) -> dict[str, str]:
    return {
        "title": page.title,
        "summary": "",
        "showTime": wall(page.published_at),
        "mediaName": page.media,
        "uniqueUrl": page.url,
        "url": page.url,
    }


def stock(query: Query, select: Select, read: Read) -> Reply:
    """Answer 2e, the news of one stock."""
    quote = query.get("mTypeAndCode", "")
    members: Sequence[int] = select(f"stock/{quote}") if quote in QUOTES else ()
    rows = number_in(query, "pageSize", 20, COLUMN_ROWS)
    start = (number_in(query, "pageIndex", 1, 10**9) - 1) * rows
    listed = [
        {
            "Art_Code": doc.code,
            "Art_Title": doc.title,
            "Art_ShowTime": wall(doc.published),
            "Art_MediaName": doc.story.media,
            "Art_UniqueUrl": doc.unique_url,
            "Art_Url": doc.url(f"stock/{quote}"),
        }
        for doc in map(read, members[start : start + rows])
    ]
    return _json({"code": 1, "data": {"list": listed, "page_size": rows}, "success": 1})


# ---- the Choice back end ---------------------------------------------------------------


def choice(query: Query, select: Select, read: Read) -> Reply:
    """Answer ``type=102`` (rolling flashes) and ``type=45`` (important news)."""
    count = number_in(query, "count", 20, LEGACY_ROWS)
    match query.get("type"):
        case "102":
            docs = map(read, select("legacy-flash/102")[:count])
            return _json({"records": [_rolling_row(doc) for doc in docs]})
        case "45":
            docs = map(read, select("legacy-news/45")[:count])
            return _json({"nodeList": [_important_row(doc) for doc in docs]})
    return _json({"records": []})


def _rolling_row(doc: Doc) -> dict[str, str]:
    bare = doc.kind == "bare"
    return {
        "title": "" if bare else doc.title,
        "digest": doc.digest,
        "id": doc.code,
        "infoCode": doc.nw_code,
        "url_w": "" if bare else doc.url("legacy-flash/102"),
        "showtime": "" if bare else wall(doc.published),
    }


def _important_row(doc: Doc) -> dict[str, str]:
    return {
        "from": doc.story.media,
        "infocode": doc.nw_code,
        "showtime": wall(doc.published),
        "title": doc.title,
        "simtitle": "",
        "simdigest": doc.story.summary,
    }


def market(query: Query, select: Select, read: Read) -> Reply:
    """Answer ``marketType``: a third list key and a third name of the time."""
    number = query.get("marketType", "")
    count = number_in(query, "count", 20, LEGACY_ROWS)
    members: Sequence[int] = select(f"legacy-market/{number}") if number in MARKETS else ()
    rows = [
        {
            "medianame": doc.story.media,
            "infoCode": doc.nw_code,
            "datetime": wall(doc.published),
            "title": doc.title,
        }
        for doc in map(read, members[:count])
    ]
    return _json({"record": rows})
