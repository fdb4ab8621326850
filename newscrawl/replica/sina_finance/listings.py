"""Sina's listings: roll API, column pages, 7x24, per-stock news, US column (dossier §1)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from newscrawl.replica.markup import escape, wall
from newscrawl.replica.sina_finance.articles import Doc
from newscrawl.replica.sina_finance.bodies import flash_text, image_urls
from newscrawl.replica.sina_finance.sections import (
    COLUMN_ROWS,
    COLUMNS,
    EMPTY_ROLLS,
    LIVE_PAGES,
    LIVE_ROWS,
    LIVES,
    ROLL_PAGES,
    ROLL_ROWS,
    ROLLS,
    STOCK_PAGES,
    STOCK_ROWS,
    SYMBOLS,
    TAGS,
)
from newscrawl.replica.standin import (
    JAVASCRIPT,
    JSON,
    Captured,
    Reply,
    dump_json,
    missing,
    number_in,
    window,
)
from newscrawl.replica.world import Members

Select = Callable[[str], Members]
"""Returns the article numbers of a section."""
Read = Callable[[int], Doc]
"""Returns the article of a number."""
_CLAIMED = 100_000
"""Rows that the roll API says it has, whatever it serves."""


def wrap_json(value: object, query: Mapping[str, str], *, slashes: bool = True) -> Reply:
    """Return bare JSON, or the try/catch call where ``callback`` names one."""
    text = dump_json(value, ascii_only=True, slashes=slashes)
    callback = query.get("callback", "")
    if callback:
        return Reply(
            f"try{{{callback}({text});}}catch(e){{}};".encode(), JAVASCRIPT, kind="listing"
        )
    return Reply(text.encode(), JSON, kind="listing")


def roll(
    query: Mapping[str, str], select: Select, read: Read, captured: Sequence[Captured]
) -> Reply:
    """Answer surface A; ``captured`` pages come first in the 国内滚动 list."""
    page_id, lid = query.get("pageid", ""), query.get("lid", "")
    if lid not in ROLLS.get(page_id, ()):
        status = {"code": 11, "msg": "pageid and lid do not match"}
        return wrap_json({"result": {"status": status, "data": []}}, query)
    page = number_in(query, "page", 1, 10**9)
    rows = number_in(query, "num", 10, ROLL_ROWS)
    own = captured if lid == "1686" else ()
    key = f"{page_id}/{lid}"
    members = () if key in EMPTY_ROLLS or page > ROLL_PAGES else select(f"roll/{key}")
    listed, numbers = window(own, members, page, rows)
    data = [captured_row(item) for item in listed]
    docs = [read(number) for number in numbers]
    data += [roll_row(doc, key, lid) for doc in docs]
    result = {
        "status": {"code": 0, "msg": "succ"},
        "timestamp": docs[0].published.strftime("%a %b %d %H:%M:%S +0800 %Y") if docs else "",
        "top": [],
        "pdps": [],
        "cre": [],
        "total": _CLAIMED + len(members) if members else 0,
        "end": int(docs[-1].published.timestamp()) if docs else 0,
        "start": int(docs[0].published.timestamp()) if docs else 0,
        "lid": int(lid),
        "rtime": int(docs[0].ingested.timestamp()) if docs else 0,
        "data": data,
    }
    return wrap_json({"result": result}, query)


def row_url(doc: Doc, section: str) -> str:
    """Return the address under which ``section`` lists ``doc``."""
    is_first = doc.sections[0] == section
    return doc.address(doc.recipe.also) if doc.recipe.also and not is_first else doc.url


def roll_row(doc: Doc, key: str, lid: str) -> dict[str, object]:
    """Return one row of the roll API: every scalar is a string."""
    url = row_url(doc, f"roll/{key}")
    shown, _ = image_urls(doc)
    picture = {"u": f"https:{shown}", "w": "550", "h": "366", "t": "1"}
    has_image = not {"image", "lead_image"}.isdisjoint(doc.recipe.traits)
    is_video = doc.recipe.kind == "video"
    row: dict[str, object] = {
        "icons": "",
        "is_cre_manual": "",
        "hqChart": "[]",
        "intime": str(int(doc.ingested.timestamp())),
        "ctime": str(int(doc.published.timestamp())),
        "mtime": str(int(max(doc.updated, doc.ingested + timedelta(seconds=1)).timestamp())),
        "channelid": "2",
        "categoryid": "1",
        "columnid": "1850,2018,2032",
        "subjectid": "",
        "lids": f"295,747,{lid}",
        "docid": f"comos:{doc.core}",
        "oid": str(doc.code),
        "authoruid": "0",
        "level": "1",
        "mediaid": "0",
        "templateid": "",
        "productid": "",
        "url": url,
        "urls": dump_json([url], slashes=True),
        "wapurl": doc.wap_url,
        "wapurls": dump_json([doc.wap_url, doc.wap_url.replace("https:", "http:")], slashes=True),
        "title": doc.story.title,
        "stitle": "",
        "wapsummary": "",
        "summary": "",
        "intro": doc.story.summary,
        "author": "",
        "commentid": f"cj:comos-{doc.core}:0",
        "keywords": "",
        "media_name": doc.media,
        "vid": str(doc.code) if is_video else "0",
        "video_id": str(doc.code) if is_video else ("", "0")[doc.number % 2],
        "ipad_vid": "",
        "video_time_length": "90" if is_video else "0",
        "img": picture if has_image else [],
        "images": [picture] if has_image else [],
        **{f"ext_{place}": "" for place in range(5)},
    }
    return row if doc.number % 3 else {**row, "mlids": "", "ext": ""}


def captured_row(page: Captured) -> dict[str, object]:
    """Return the row of a captured page."""
    stamp = str(int(page.published_at.timestamp()))
    return {
        "ctime": stamp,
        "intime": stamp,
        "mtime": stamp,
        "docid": "",
        "url": page.url,
        "urls": dump_json([page.url], slashes=True),
        "wapurl": "",
        "title": page.title,
        "intro": "",
        "summary": "",
        "keywords": "",
        "media_name": page.media,
        "vid": "0",
        "video_id": "0",
        "img": [],
        "images": [],
    }


def column(cid: str, select: Select, read: Read) -> Reply:
    """Answer surface B: one page, a hidden list, dates without year; ``page`` means nothing."""
    if cid not in COLUMNS:
        return missing()
    section = f"column/{cid}"
    rows = "\n".join(
        f'<li><a href="{escape(row_url(doc, section))}" target="_blank">'
        f"{escape(doc.story.title)}</a>"
        f"<span>({doc.published:%m月%d日 %H:%M})</span></li>"
        for doc in map(read, select(section)[:COLUMN_ROWS])
    )
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta name="robots" content="noindex,nofollow,noarchive"><title>滚动新闻_新浪财经</title>'
        "<script>if(/Mobile/.test(navigator.userAgent))location='https://finance.sina.cn/roll.d.html"
        f"?rollCid={cid}';</script></head><body>\n"
        f'<ul class="list_009" id="listcontent" style="display:none">\n{rows}\n</ul>\n'
        '<div class="pagebox"></div></body></html>'
    )
    return Reply(page.encode(), kind="listing")


def live(query: Mapping[str, str], select: Select, read: Read) -> Reply:
    """Answer surface C, the 7x24 streams and their tags."""
    stream, tag = query.get("zhibo_id", "152"), query.get("tag_id", "0") or "0"
    page = number_in(query, "page", 1, 10**9)
    rows = number_in(query, "page_size", number_in(query, "pagesize", 10, 10), LIVE_ROWS)
    known = stream in LIVES and (tag == "0" or tag in TAGS) and page <= LIVE_PAGES
    members = select(f"live/{stream}/{tag}") if known else ()
    docs = [read(number) for number in members[(page - 1) * rows : page * rows]]
    feed = {
        "list": [live_row(doc, int(stream)) for doc in docs],
        "max_id": docs[0].flash_id if docs else 0,
        "min_id": docs[-1].flash_id if docs else 0,
        "page_info": {"totalPage": LIVE_PAGES * 10, "page": page, "pageSize": rows},
    }
    answer = {"result": {"status": {"code": 0, "msg": "OK"}, "data": {"feed": feed}}}
    return wrap_json(answer, query)


def live_row(doc: Doc, stream: int) -> dict[str, object]:
    """Return one flash; ``ext`` is JSON inside a string, a few have no page of their own."""
    company = doc.story.company
    stocks = [{"market": "cn", "symbol": company.symbol, "key": company.name}]
    ext: dict[str, object] = {"stocks": stocks if doc.number % 2 else []}
    if doc.has_page:
        ext |= {"docurl": doc.url, "docid": doc.core}
    tag = doc.sections[1].rpartition("/")[2]
    return {
        "id": doc.flash_id,
        "zhibo_id": stream,
        "type": 0,
        "rich_text": flash_text(doc),
        "multimedia": "",
        "commentid": f"live:finance-{stream}-{doc.flash_id}:0",
        "creator": "replica@staff.example.com",
        "create_time": wall(doc.published),
        "update_time": wall(doc.updated),
        "is_delete": int(doc.is_deleted),
        "is_focus": 0,
        "top_value": 0,
        "comment_list": {},
        "tag": [{"id": tag, "name": TAGS[tag]}],
        "ext": dump_json(ext),
        "docurl": doc.url.replace(".com.cn/7x24", ".cn/7x24")
        .replace("/doc-", "/detail-")
        .replace(".shtml", ".d.html")
        if doc.has_page
        else "",
    }


def stock(query: Mapping[str, str], select: Select, read: Read) -> Reply:
    """Answer surface D in GBK: a flat run of times and links."""
    symbol = query.get("symbol", "")
    page = number_in(query, "Page", 1, 10**9)
    known = symbol in SYMBOLS and page <= STOCK_PAGES
    section = f"stock/{symbol}"
    members = select(section) if known else ()
    docs = map(read, members[(page - 1) * STOCK_ROWS : page * STOCK_ROWS])
    rows = "".join(
        f"&nbsp;&nbsp;&nbsp;&nbsp;{doc.published:%Y-%m-%d}&nbsp;{doc.published:%H:%M}&nbsp;&nbsp;"
        f"<a target='_blank' href='{escape(_old_host(row_url(doc, section), doc))}'>"
        f"{escape(doc.story.title)}</a> <br>"
        for doc in docs
    )
    text = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />'
        "<title>公司资讯_朱镕喆</title></head><body>"
        f'<div class="datelist"><ul>{rows}</ul></div></body></html>'
    )
    return Reply(text.encode("gb18030"), "text/html; charset=gb2312", kind="listing")


def _old_host(url: str, doc: Doc) -> str:
    """Every third link to the finance host has the older host and scheme."""
    host = "https://finance.sina.com.cn/"
    if doc.number % 3 or not url.startswith(host):
        return url
    return url.replace(host, "http://stock.finance.sina.com.cn/")


def newest(select: Select, read: Read) -> Reply:
    """Answer surface E, about the ten newest of the US column."""
    data = [
        {
            "title": doc.story.title,
            "url": doc.url,
            "ctime": wall(doc.published),
            "media": doc.media,
        }
        for doc in map(read, select("roll/153/2518")[:10])
    ]
    return Reply(dump_json({"code": 0, "data": data}).encode(), JSON, kind="listing")
