"""Eastmoney articles one by one: detail JSON, three HTML pages, text of the Choice back end."""

from collections.abc import Callable
from typing import Any

from newscrawl.replica.eastmoney.articles import Doc
from newscrawl.replica.eastmoney.bodies import body, image_url
from newscrawl.replica.markup import ballast, chinese_date, escape, join_html, join_text, wall
from newscrawl.replica.standin import dump_json

_WEIGHT = 70
"""Kilobytes around an article: captured pages have 67 to 87 in all."""
_SLASHES = "%Y/%m/%d %H:%M:%S"


def detail(doc: Doc | None) -> bytes:
    """Return the answer of the detail source (dossier §2d); None is an unknown code."""
    if doc is None or doc.recipe.detail == "failed":
        answer: dict[str, Any] = {"data": {}, "success": 0, "message": "文章不存在"}
    elif doc.recipe.detail == "null":
        answer = {"data": None, "success": 1, "message": ""}
    else:
        answer = {"data": _record(doc), "success": 1, "message": ""}
    return dump_json({**answer, "errorcode": 0, "id": "0"}).encode()


def _record(doc: Doc) -> dict[str, str]:
    story = doc.story
    return {
        "Art_Code": doc.code,
        "Art_Title": doc.title,
        "Art_Content": join_html(body(doc), ""),
        "Art_ShowTime": wall(doc.published, _SLASHES),
        "Art_OrderTime": wall(doc.updated, _SLASHES),
        "Art_Media_Name": story.media,
        "Art_Author_Name": "",
        "Art_Editor_Code": str(doc.number % 300),
        "Art_Keyword": ",".join(story.keywords),
        "Art_Description": "",
        "Art_Digest": doc.digest,
        "Art_Guidance": "",
        "Art_Image": image_url(doc) if "image" in doc.recipe.traits else "",
        "Art_Url": doc.url(doc.sections[0]),
        "Art_UniqueUrl": doc.unique_url,
        "Art_Column_List": "345,1379",
        "Art_Original": "",
        "Art_OriginalTitle": "",
        "Art_OriginalUrl": "",
        "Art_EnableCrawl": "0" if doc.recipe.kind == "not_archivable" else "1",
        "Art_Tip_Info": "",
    }


def _contentwrap(doc: Doc) -> str:
    title = escape(doc.title)
    return (
        f'<div class="contentwrap"><div class="title">{title}</div>\n<div class="infos">'
        f'<div class="item">{chinese_date(doc.published)}</div>'
        f'<div class="item">来源：{escape(doc.story.media)}</div></div>\n'
        f'<div class="abstract"><div class="txt">{escape(doc.digest)}</div></div>\n'
        '<div class="txtinfos" id="ContentBody" style="margin-top:0;">\n<!--文章主体-->\n'
        f"{join_html(body(doc), '')}</div></div>"
    )


def _news_content(doc: Doc) -> str:
    return (
        f'<div class="newsContent"><h1>{escape(doc.title)}</h1>\n<div class="time-source">'
        f'<div class="time">{chinese_date(doc.published)}</div>'
        f'<div class="source">来源：{escape(doc.story.media)}</div></div>\n'
        f'<div class="b-review">{escape(doc.digest)}</div>\n'
        f'<div id="ContentBody" class="Body">\n{join_html(body(doc), "")}</div></div>'
    )


def _content_text(doc: Doc) -> str:
    return (
        f'<div class="title">{escape(doc.title)}</div>\n<div class="infos">'
        f'<div class="item">{chinese_date(doc.published)}</div>'
        f'<div class="item">{escape(doc.story.media)}</div></div>\n'
        f'<div class="content_text">\n{join_html(body(doc), "")}</div>'
    )


_TEMPLATES: dict[str, Callable[[Doc], str]] = {
    "contentwrap": _contentwrap,
    "newsContent": _news_content,
    "content_text": _content_text,
}


def page(doc: Doc) -> bytes:
    """Return the article's HTML page."""
    before, after = ballast("eastmoney", _WEIGHT)
    top = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8">\n'
        f"<title>{escape(doc.title)} _ 东方财富网</title>\n"
        f'<meta name="keywords" content="{",".join(doc.story.keywords)}">\n'
    )
    middle = (
        '</head><body>\n<div class="logo"><a href="/">东方财富网</a></div>\n'
        f"{_TEMPLATES[doc.recipe.template](doc)}\n"
    )
    return b"".join((top.encode(), before, middle.encode(), after, b"\n</body></html>\n"))


def news_text(doc: Doc | None) -> bytes:
    """Return the answer of GetNewsText (dossier §1); key case differs from client to client."""
    if doc is None:
        return b"{}"
    if doc.kind == "bare":
        facts: dict[str, Any] = {"title": "", "date": "", "medianame": "", "url": "", "newsid": ""}
    else:
        has_code = doc.kind != "legacy"
        facts = {
            "title": doc.title,
            "date": wall(doc.published),
            "medianame": doc.story.media,
            "url": doc.url(doc.sections[0]) if has_code else "",
            "newsid": doc.code if has_code else "",
        }
    record = {
        "id": doc.nw_code,
        **facts,
        "author": [doc.story.author],
        "from": "",
        "order": 0,
        "text": "\n".join(f"　　{line}" for line in join_text(body(doc)).splitlines()),
        "content": join_html(body(doc), ""),
        "relkey": "",
        "reletecodes": [],
    }
    if doc.number % 2:
        record = {key[0].upper() + key[1:]: value for key, value in record.items()}
    return dump_json(record).encode()


def share_page() -> bytes:
    """Return the share page: scripts that fetch the text, and no text."""
    return b'<!DOCTYPE html><html><body><div id="app"></div><script src="/s.js"></script></body>'
