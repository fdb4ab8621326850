"""Article pages and bodies of Eastmoney: where fields stand and what is noise (dossier §4)."""

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.article import Template
from newscrawl.extraction.byline import CREDIT_LINES, ORIGINAL_TITLE
from newscrawl.extraction.rules import Rule

# White space in these patterns is bounded: hostile text costs a bounded number of steps (H66).
_FULL_TIME = r"\d{4}[年/-]\d{1,2}[月/-]\d{1,2}(?:日\s{0,4}|\s{1,4})\d{1,2}:\d{2}(?::\d{2})?"
_COLON = r"\s{0,4}[：:]\s{0,8}"

_MEDIA_LINE = (
    Rule("p.em_media"),
    Rule("p", pattern=rf"^\s*[（(]文章来源{_COLON}(.{{1,60}})[)）]\s*$"),
)
_EDITOR_LINE = (
    Rule("p.res-edit"),
    Rule("p", pattern=rf"^\s*[（(]责任编辑{_COLON}(.{{1,60}})[)）]\s*$"),
)
_ORIGINAL_TITLE = (
    # up to the bracket that closes the line; a title may hold brackets of its own
    Rule(
        ".zwothers",
        pattern=rf"原标题{_COLON}((?:[^\n（）()]|[（(][^\n（）()]{{0,40}}[)）]){{1,200}})",
    ),
)

# The wrapper's id names market and number; data-code writes 1,600030 or the number alone.
# An img of a quote chart has a data-code too ("K 600030|0|9|"), which is none.
_STOCKS = (
    Rule(':not(p.em_media) > span[id^="stock_"]', attr="id", pattern=r"^stock_(\d+\.\w+)$"),
    Rule(':not(p.em_media) > span[id^="bk_"]', attr="id", pattern=r"^bk_(\d+\.\w+)$"),
    Rule(
        ":not(.em_media *):is(a, span)[data-code]",
        attr="data-code",
        pattern=r"^(?:\d+[,.])?\w{4,8}$",
    ),
)

_TITLE = (
    Rule('.contentwrap div[class="title"]'),
    Rule('div[class="title"]'),
    Rule(".newsContent h1"),
    Rule("h1"),
    Rule('meta[property="og:title"]', attr="content"),
    Rule("title", pattern=r"^\s*((?:(?!\s{0,4}[_|－-]\s{0,4}(?:东方财富|\w{2}频道)).){1,300})"),
)
_PUBLISHED = (
    Rule(".infos .item", pattern=_FULL_TIME, name="visible"),
    Rule(".time-source .time", pattern=_FULL_TIME, name="visible"),
    Rule(".time, .date", pattern=_FULL_TIME, name="visible"),
    # A line of its own: a paragraph may begin with a time, too.
    Rule(
        "span, p, em, i, li, td, div",
        pattern=rf"^\s{{0,40}}({_FULL_TIME})[^。，]{{0,80}}$",
        name="visible",
    ),
    Rule('meta[property="article:published_time"]', attr="content", name="meta"),
)
_MEDIA = (
    Rule(".infos .item", pattern=rf"来源{_COLON}(\S.*)"),
    Rule(".time-source .source", attr="data-source"),
    Rule(".time-source .source", pattern=rf"来源{_COLON}(\S.*)"),
    Rule(".time-source .source img, .infos .item img", attr="alt"),
    *_MEDIA_LINE,
    # The second item is the outlet also where it has no label.
    Rule(".infos .item:nth-of-type(2)", pattern=r"^\s*(?!作者|(?:责任)?编辑|\d{4}[年/-])(\S.*)"),
    Rule(".time-source .source", pattern=r"^\s*(?!来源)(\S.*)"),
    # Pages of 2010 to 2015 name time, outlet and author in elements without a class.
    Rule("span, em, li, td", pattern=rf"^\s*来源{_COLON}(\S.{{0,40}})"),
    Rule("p, div, td", pattern=rf"^\s*{_FULL_TIME}\s{{1,9}}(?:来源{_COLON})(\S{{2,30}})", join=" "),
)
_AUTHOR = (
    Rule(".infos .item", pattern=rf"作者{_COLON}(\S.*)"),
    Rule(".time-source .author", pattern=rf"(?:作者{_COLON})?(\S.*)"),
)
_EDITOR = (*_EDITOR_LINE, Rule(".infos .item", pattern=rf"编辑{_COLON}(\S.*)"))
# Without its label and its leading 【title】 (J5).
_SUMMARY = tuple(
    Rule(
        css,
        pattern=r"^\s*(?:【?摘要】?\s{0,20}[：:]?\s{0,20})?(?:【[^【】]*】\s{0,20})?(\S[\s\S]*)",
    )
    for css in (".abstract .txt", ".abstract", ".b-review")
)
_KEYWORDS = (Rule('meta[name="keywords"]', attr="content"),)


def _page(name: str, marker: str, *body: str) -> Template:
    """Return one of the three pages; they differ in their frame, not in their parts."""
    return Template(
        name=name,
        marker=marker,
        body=body,
        title=_TITLE,
        published=_PUBLISHED,
        media=_MEDIA,
        author=_AUTHOR,
        editor=_EDITOR,
        summary=_SUMMARY,
        original_title=_ORIGINAL_TITLE,
        keywords=_KEYWORDS,
        stock_codes=_STOCKS,
    )


PAGES = (
    _page(
        "contentwrap", ".contentwrap", ".contentwrap #ContentBody", "#ContentBody", ".contentwrap"
    ),
    _page(
        "newscontent", ".newsContent", ".newsContent #ContentBody", "#ContentBody", ".newsContent"
    ),
    _page(
        "contenttext",
        ".content_text, #ContentBody, #zw_body",
        *("#ContentBody", ".content_text", "#zw_body"),
    ),
)

FRAGMENT = Template(
    name="record",
    marker="body",
    body=("body",),
    title=(),
    published=(),
    media=_MEDIA_LINE,
    editor=_EDITOR_LINE,
    original_title=_ORIGINAL_TITLE,
    stock_codes=_STOCKS,
)
"""HTML inside a JSON record: its fields are the record's, its credits stand in the text."""

OWN_ADDRESS = (
    Rule('link[rel="canonical"]', attr="href"),
    Rule('meta[property="og:url"]', attr="content"),
    Rule('meta[http-equiv="mobile-agent"]', attr="content", pattern=r"url=(\S+)"),
)
"""Where a page says which article it is, for pages whose own address is not known."""

NOISE = Noise(
    drop=(
        # Quote charts between EM_StockImg comments. These are nested or unbalanced, so
        # the charts go by their anchors and image hosts.
        "a.EmImageRemark",
        # Slots that scripts fill with prices.
        'span[id^="quote_"]',
        'span[id^="bkquote_"]',
        # Promotion
        "a.toplink",
        ".ad_context3",
        'a[href*="acttg.eastmoney.com"]',
        'iframe[src*="eastmoney.com"]',
        "img.em_handle_adv_close",
        # Read into fields
        "p.em_media",
        "p.res-edit",
        ".zwothers",
        # The page's frame, where the container holds it too
        ".newsContent > h1",
        '.contentwrap div[class="title"]',
        ".tipbox",
        ".infos",
        ".time-source",
        ".abstract",
        ".b-review",
    ),
    unwrap=(
        'span[id^="stock_"]',
        'span[id^="bk_"]',
        'span[id^="Info."]',
        "a.keytip",
        "a.infokey",
        "span.em_stock_key_common",
        "a.em_stock_key_common",
    ),
    drop_images=(
        r"//(?:webquote\w*pic|pifm\d*)\.eastmoney\.com/",
        r"//acttg\.eastmoney\.com/",
    ),
    drop_text=(
        r".{0,60}主力资金加仓名单实时更新.{0,60}",
        r".{0,60}全新妙想投研助理.{0,60}",
        ORIGINAL_TITLE,
        r".{0,20}打开微信[，,].{0,20}(?:发现|扫一扫|二维码).{0,60}",
        r".{0,60}东方财富网?发布此(?:内容|信息).{0,20}旨?在(?:于)?传播更多信息.{0,200}",
        r"[（(【]?郑重声明】?\s?[：:].{0,60}(?:东方财富|本网站?|本站).{0,200}",
    ),
    drop_edges=(
        *CREDIT_LINES,
        r"[（(]\s?(?:文章来源|责任编辑|原标题)\s?[：:].{0,200}",
        r".{0,20}微信扫一扫.{0,40}",
        # the prompt to share by QR code, one step a line
        r"打开微信[，,]?|点击底部的“发现”[，,]?|使用“扫一扫”[，,]?|即可将网页分享至\S{0,6}朋友圈。?",
        r"[^。]{0,30}(?:打开|下载|安装|登录)[^。]{0,10}(?i:APP|客户端)[^。]{0,20}",
    ),
)
