"""Sina article pages: the six templates of dossier §3.1, and pages that are no articles."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from newscrawl.replica.markup import Block, ballast, chinese_date, escape, join_html, wall
from newscrawl.replica.sina_finance.articles import Doc
from newscrawl.replica.sina_finance.bodies import body, image_urls
from newscrawl.replica.standin import dump_json

_WEIGHT = 70
"""Kilobytes around an article: captured pages have 67 to 87 in all."""
_HEAVY = frozenset({"finance2017", "news2017", "finance2015", "tech2019", "old", "columnist"})
_END = b"\n</body></html>\n"
Parts = tuple[str, str]
"""What stands in the head, and in the body."""
_OUTSIDE = """<div class="article-bottom-tg">海量资讯、精准解读，尽在新浪财经APP</div>
<div class="blk-comment">我要评论</div><div class="vip-class">VIP课程推荐</div>
<div class="live-finance-banner-wrap">直播</div><div class="app-viplive">VIP直播</div>
<div id="most_read"><p>　　24小时滚动播报最新的财经资讯，本站虚构的推广一条</p></div>
<div class="blk-wxfollow">新浪财经公众号</div><div id="tab_related">相关新闻</div>
<ul class="seo_data_list" style="display:none"><li><a href="/x">链接</a></li></ul>"""


def _metas(doc: Doc) -> str:
    """The head of the 2017 templates (dossier §3.2)."""
    story, core = doc.story, doc.core
    late = (
        timedelta(hours=2, minutes=48)
        if "late_published_time" in doc.recipe.traits
        else timedelta(seconds=79)
    )
    stated = doc.published + late
    words = ",".join(story.keywords)
    title = escape(story.title)
    rows = {
        "keywords": words,
        "tags": words,
        "description": escape(f"{story.summary}(AI生成)"),
        "weibo: article:create_at": wall(doc.created),
        "weibo: article:update_at": wall(doc.updated),
        "publishid": core,
        "comment": f"cj:comos-{core}",
        "mediaid": "" if "no_source_link" in doc.recipe.traits else escape(doc.media),
        "mobile-agent": f"format=html5; url={doc.wap_url}",
        "sudameta": f"dataid:comos:{core}",
        "bytedance:published_time": f"{stated:%Y-%m-%dT%H:%M:%S}+08:00",
        "bytedance:updated_time": f"{doc.updated:%Y-%m-%dT%H:%M:%S}+08:00",
    }
    graph = {
        "og:type": "news",
        "og:title": title,
        "og:url": doc.url,
        "og:image": image_urls(doc)[0],
        "article:published_time": f"{stated:%Y-%m-%dT%H:%M:%S}+08:00",
        "article:author": escape(doc.media),
    }
    named = [f'<meta name="{name}" content="{value}">' for name, value in rows.items()]
    graphed = [f'<meta property="{name}" content="{value}">' for name, value in graph.items()]
    return "\n".join(
        [
            '<meta charset="utf-8">',
            f"<title>{title}|{'|'.join(story.keywords)}_新浪财经_新浪网</title>",
            *named,
            *graphed,
            f'<link rel="alternate" type="text/markdown" href="{doc.url}.md">',
        ]
    )


def _modern(doc: Doc, container: str, credit: str, extra: str = "") -> Parts:
    """The 2017 templates: finance, news and columnists differ in container and credit."""
    story = doc.story
    if "no_source_link" in doc.recipe.traits:
        source = f'<span class="source ent-source">{escape(doc.media)}</span>'
    else:
        source = (
            '<a href="http://media.example.com/1.html" target="_blank" class="source ent-source"'
            f' rel="nofollow">{escape(doc.media)}</a>'
        )
    words = "".join(f'<a href="/tags/">{word}</a>' for word in story.keywords)
    main = (
        f'<h1 class="main-title">{escape(story.title)}</h1>\n'
        '<div class="top-bar-wrap" id="top_bar_wrap"><div class="top-bar" id="top_bar">'
        f'<div class="second-title">{escape(story.title)}</div><div class="date-source">'
        f'<span class="date">{chinese_date(doc.published)}</span>\n'
        f"{source}{extra}</div></div></div>\n"
        '<div class="article-content clearfix" id="article_content">'
        '<div class="article-content-left">\n'
        '<div class="new_style_article">'
        '<p>人物评选火热进行中！<a href="/vote">点击投票</a></p></div>\n'
        f'<div class="article" id="{container}">\n{join_html(body(doc, credit=credit))}\n</div>\n'
        f'<div class="article-bottom clearfix" id="article-bottom">'
        f'<div class="keywords">{words}</div></div></div></div>'
    )
    return _metas(doc), main


def _finance2017(doc: Doc) -> Parts:
    return _modern(
        doc,
        "artibody",
        f'<p class="article-editor">责任编辑：{doc.story.editor} SF{doc.number % 100:03}</p>',
    )


def _news2017(doc: Doc) -> Parts:
    credit = f'<p class="show_author">责任编辑：{doc.story.editor} SN{doc.number % 100:03}</p>'
    return _modern(doc, "article", credit, f'<span class="date">作者：{doc.story.author}</span>')


def _finance2015(doc: Doc) -> Parts:
    story = doc.story
    words = "".join(f'<a href="/tags/">{word}</a>' for word in story.keywords)
    head = (
        f'<meta charset="utf-8"><title>{escape(story.title)}|{story.keywords[0]}_新浪财经</title>'
        f'<meta name="keywords" content="{",".join(story.keywords)}">'
    )
    main = (
        f'<h1 id="artibodyTitle" cid="56982" docid="{doc.core}">{escape(story.title)}</h1>\n'
        f'<div class="page-info"><span class="time-source">\n'
        f"    {chinese_date(doc.published, '')} \n"
        f"{escape(doc.media)}\n</span></div>\n"
        '<div class="page-content clearfix" id="articleContent"><div class="left">\n'
        f'<div class="article article_16" id="artibody">\n{join_html(body(doc))}\n</div>\n'
        f'<p class="article-editor">责任编辑：{story.editor}</p>\n'
        f'<div class="article-keywords">{words}</div></div></div>'
    )
    return head, main


def _tech2019(doc: Doc) -> Parts:
    story, stated = doc.story, doc.published + timedelta(seconds=41)
    head = (
        '<meta http-equiv="Content-type" content="text/html; charset=UTF-8">'
        f"<title>{escape(story.title)}|{story.keywords[0]}_新浪科技_新浪网</title>"
        f'<meta name="tags" content="{",".join(story.keywords)}">'
        f'<meta property="og:title" content="{escape(story.title)}">'
        f'<meta property="article:published_time" content="{stated:%Y-%m-%dT%H:%M:%S}+08:00">'
        f'<meta property="article:author" content="{escape(doc.media)}">'
    )
    main = (
        f'<div class="blkContainerSblk"><h1 id="artibodyTitle" cid="40812" docid="{doc.core}">'
        f'{escape(story.title)}</h1>\n<div class="artInfo"><span id="pub_date">'
        f'{chinese_date(doc.published, "")}</span>&nbsp;&nbsp;<span id="media_name">'
        f'<a href="http://tech.sina.com.cn/">{escape(doc.media)}</a></span>&nbsp;&nbsp;'
        f'<span id="author_ename"><a href="/u/1">{story.author}</a></span></div>\n'
        f'<div class="blkContainerSblkCon clearfix blkContainerSblkCon_14" id="artibody">\n'
        f"{join_html(body(doc))}\n</div></div>"
    )
    return head, main


def _wap(doc: Doc) -> Parts:
    story = doc.story
    kept = [_as_wap(block) for block in body(doc)]
    head = (
        f'<meta charset="utf-8"><title>{escape(story.title)}_手机新浪网</title>'
        f'<meta property="article:published_time" content="{wall(doc.published)}">'
        f'<meta property="article:author" content="{escape(doc.media)}">'
    )
    main = (
        f'<article class="art_box"><h1 class="art_tit_h1">{escape(story.title)}</h1>\n'
        f'<h2 class="weibo_user">{escape(doc.media)}</h2><time class="weibo_time">'
        f'<span class="weibo_time_day">{doc.published:%Y.%m.%d}</span>'
        f"<span>{doc.published:%H:%M}</span></time>\n"
        '<section class="art_pic_card art_content">\n<div id="wx_pic" style="display:none"><img '
        'src="//n.sinaimg.cn/wx.png"></div><div sax-type="proxy">广告位</div>\n'
        f'{join_html(kept)}\n<div class="j_native_1">打开新浪财经APP看更多</div>\n'
        "</section></article>"
    )
    return head, main


def _as_wap(block: Block) -> Block:
    return Block(block.html.replace("<p>　　", '<p class="art_p">', 1), block.text)


def _old(doc: Doc) -> Parts:
    story = doc.story
    head = (
        '<meta http-equiv="Content-type" content="text/html; charset=gb2312">'
        f"<title>{escape(story.title)}_新浪财经_新浪网</title>"
        f'<meta name="keywords" content="{",".join(story.keywords)}">'
    )
    main = (
        f'<h1 id="artibodyTitle">{escape(story.title)}</h1>\n<div class="art_info">'
        f'<span id="pub_date">{chinese_date(doc.published)}</span>&nbsp;'
        f'<span id="art_source">{escape(doc.media)}</span></div>\n'
        f'<div class="blkContainerSblkCon" id="artibody">\n{join_html(body(doc))}\n</div>'
    )
    return head, main


def _columnist(doc: Doc) -> Parts:
    return _modern(doc, "artibody", "")


def _gallery(doc: Doc) -> Parts:
    slides = {
        "slide": {"title": doc.story.title},
        "images": [{"download_img": image_urls(doc)[1], "intro": "图一"}],
    }
    return _plain(doc, f"<script>var slide_data = {dump_json(slides)};</script>")


def _player(doc: Doc) -> Parts:
    return _plain(doc, '<div class="video-2017"><div id="myMovie"></div></div>')


def _plain(doc: Doc, main: str) -> Parts:
    title = escape(doc.story.title)
    return f'<meta charset="utf-8"><title>{title}_新浪网</title>', f"<h1>{title}</h1>{main}"


def _index(doc: Doc) -> Parts:
    return _plain(doc, '<ul><li><a href="/roll/">更多</a></li></ul>')


TEMPLATES: dict[str, Callable[[Doc], Parts]] = {
    "finance2017": _finance2017,
    "news2017": _news2017,
    "finance2015": _finance2015,
    "tech2019": _tech2019,
    "wap": _wap,
    "old": _old,
    "columnist": _columnist,
    "gallery": _gallery,
    "video": _player,
    "player": _player,
    "topic": _index,
    "live": _index,
}


def page(doc: Doc, template: str) -> bytes:
    """Return the bytes of the article in ``template``; the old one says gb2312 and is more."""
    head, main = TEMPLATES[template](doc)
    encoding = "gb18030" if template == "old" else "utf-8"
    before, after = _frame(encoding) if template in _HEAVY else (b"", b"")
    stamp = wall(doc.published + timedelta(seconds=5))
    top = f"<!DOCTYPE html>\n<!-- [ published at {stamp} ] -->\n<html><head>\n{head}\n"
    middle = f"</head><body>\n<div class='channel-path'><a href='/roll/'>财经</a></div>\n{main}\n"
    return b"".join((top.encode(encoding), before, middle.encode(encoding), after, _END))


@cache
def _frame(encoding: str) -> tuple[bytes, bytes]:
    before, after = ballast("sina", _WEIGHT, encoding)
    return before, _OUTSIDE.encode(encoding) + after


def markdown(doc: Doc) -> bytes:
    """Return what stands at ``….shtml.md``."""
    story = doc.story
    lines = (
        f"---\ntitle: {dump_json(story.title)}\nsource: {dump_json(doc.media)}\n"
        f"datetime: {wall(doc.published)}\ncanonical_url: {doc.url}\n---\n"
    )
    return "\n\n".join([lines, *story.paragraphs]).encode()
