"""Bodies of Eastmoney articles: what to keep with its text, and the noise of dossier §4."""

from collections.abc import Callable

from newscrawl.replica.eastmoney.articles import Doc
from newscrawl.replica.markup import Block, escape, noise, paragraph
from newscrawl.replica.text import sentence

_CHART = (
    '<a class="EmImageRemark" href="https://quote.eastmoney.com/unify/r/1.699001"><img '
    'src="https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=1.699001&amp;token=0"'
    ' data-code="K 699001|0|9|" width="578" alt="图表"></a>'
)
_START, _END = "<!-- EM_StockImg_Start -->", "<!-- EM_StockImg_End -->"
_TAIL_AD = (
    '<p style="text-align:center"><a href="https://acttg.eastmoney.com/pub/web_1">'
    '<img class="em_handle_adv_close" src="https://np-newspic.dfcfw.com/download/D1_w936h120.jpg">'
    "</a></p>"
)
_BEFORE = {
    "top_link": noise(
        '<p><a class="toplink" href="https://acttg.eastmoney.com/x">主力资金加仓名单实时更新，点击查看</a></p>'
    ),
    "chart": noise(f"<p>{_START}{_CHART}{_END}</p>"),
    # The sentence between the markers is the article's: cutting from start to end loses it.
    "nested_chart": Block(
        f"{_START}<p>{_START}{_CHART}{_END}</p><p>　　嵌套标记之间的正文。</p>{_END}",
        ("嵌套标记之间的正文。",),
    ),
    "unbalanced_chart": noise(f"<p>{_START}{_CHART}</p>"),
}
_MIDDLE = {
    "hidden": noise('<p style="display:none;height:1px;overflow:hidden;"><br/></p>'),
    "subhead": Block('<h3 class="emh3">小标题：展望</h3>', ("小标题：展望",)),
    "table": Block(
        "<table><tbody><tr><td>项目</td><td>数值</td></tr></tbody></table>", ("项目", "数值")
    ),
    "captcha_mention": paragraph("客户反映登录时反复要求输入验证码，平台称已恢复。"),
}
_AFTER = {
    "disclaimer": noise(
        "<p>郑重声明：东方财富发布此内容旨在传播更多信息，与本站立场无关，不构成投资建议。</p>"
        '<div class="ad_context3">打开微信，点击底部的“发现”，使用“扫一扫”</div>'
    ),
    "tail_ad": noise(_TAIL_AD),
}


def image_url(doc: Doc) -> str:
    """Return the address of the article's picture."""
    host = ("np-newspic.dfcfw.com/download", "dfscdn.dfcfw.com/download")[doc.number % 2]
    return f"https://{host}/D{doc.code[8:]}_w800h555.jpg"


def _image(doc: Doc) -> Block:
    return noise(f'<center><img src="{image_url(doc)}" border="0"></center>')


def _linked(doc: Doc) -> Block:
    company, quote = doc.story.company, doc.story.company.quote
    page = f"http://quote.eastmoney.com/unify/r/{quote}"
    data = quote.replace(".", ",")
    rest = sentence(doc.story.dice("linked"))
    markup = (
        f'<p>　　<strong>①<span id="stock_{quote}"><a target="_blank" href= "{page}" '
        f'class="keytip" data-code="{data}">{company.name}</a></span>'
        f'<span id="quote_{quote}"></span>：要点</strong></p>'
        f'<p>　　<span web="1" target="_blank" href="{page}" class="em_stock_key_common" '
        f'data-code="{data}">{company.name}</span>表示，{escape(rest)}</p>'
    )
    return Block(markup, (f"①{company.name}：要点", f"{company.name}表示，{rest}"))


def _sector(doc: Doc) -> Block:
    rest = sentence(doc.story.dice("sector"))
    markup = (
        '<p>　　<span id="bk_90.BK1036"><a href="http://quote.eastmoney.com/unify/r/90.BK1036" '
        'class="keytip" data-code="90,BK1036">半导体</a></span><span id="bkquote_90.BK1036"></span>'
        f'与<span id="Info.3"><a class="infokey" href="/x">算力</a></span>方面，{escape(rest)}</p>'
    )
    return Block(markup, (f"半导体与算力方面，{rest}",))


_MADE: dict[str, Callable[[Doc], Block]] = {"image": _image, "linked": _linked, "sector": _sector}


def _credit(doc: Doc) -> str:
    """The line that names the outlet; a name that begins like a company's gets a link."""
    media = escape(doc.story.media)
    if "split_media" in doc.recipe.traits:
        head, tail = media[:2], media[2:]
        media = (
            f'<span id="stock_1.699003"><a class="keytip" data-code="1,699003" href="/q">{head}</a>'
            f"</span>{tail}"
        )
    return f'<p class="em_media">（文章来源：{media}）</p>'


def body(doc: Doc) -> list[Block]:
    """Return the body of ``doc``, noise and credits included."""
    traits = doc.recipe.traits
    close = "</p >" if "odd_closings" in traits else "</p>"
    texts = doc.story.paragraphs if doc.kind in ("article", "legacy") else (doc.story.flash,)
    first, *others = (paragraph(text, close=close) for text in texts)
    return [
        *(block for trait, block in _BEFORE.items() if trait in traits),
        first,
        *(block for trait, block in _MIDDLE.items() if trait in traits),
        *(make(doc) for trait, make in _MADE.items() if trait in traits),
        *others,
        *((noise(_credit(doc)),) if doc.kind != "bare" else ()),
        *(block for trait, block in _AFTER.items() if trait in traits),
        *(
            (noise(f'<p class="res-edit">（责任编辑：{doc.story.editor}）</p>'),)
            if doc.kind == "article"
            else ()
        ),
    ]
