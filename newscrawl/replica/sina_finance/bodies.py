"""Bodies of Sina articles: what to keep with its text, and the noise of dossier §3.3."""

from collections.abc import Callable

from newscrawl.replica.markup import Block, escape, noise, paragraph
from newscrawl.replica.sina_finance.articles import Doc
from newscrawl.replica.text import sentence
from newscrawl.replica.vocabulary import Company

_APPEND_QR = """<!-- 文末二维码 start -->
<style>
.appendQr_wrap{border:1px solid #E6E6E6;padding:8px;}
.appendQr_normal{float:left;}
</style>
<div class="clearfix appendQr_wrap"><div class="appendQr_normal">
<img src="https://n.sinaimg.cn/finance/replica/20200514/343233024.png"></div>
<div class="appendQr_normal_txt">海量资讯、精准解读，尽在新浪财经APP</div></div>"""
_QUOTE_CHART = """<div class="ct_hqimg"><div class="hqimg_wrapper">
<a href="http://finance.sina.com.cn/money/forex/hq/USDCNH.shtml"><img
 src="http://image.sinajs.cn/newchart/v5/forex/k/day6/USDCNH.png" alt=""></a></div>
<div class="hqimg_related"><div class="to_page"><span>热点栏目</span><div class='hotSe'></div>
<a href="http://vip.stock.finance.sina.com.cn/moneyflow/">资金流向</a></div>
<a class="hqimg_client" href="http://m.sina.com.cn/m/finance.html">客户端</a></div></div>"""
_INLINE_AD = """<div id="ad_44086" class="otherContent_01" style="display:block">
<ins class="sinaads" data-ad-pdps="PDPS000000044086"></ins>
<iframe src="//ads.sina.com.cn/x.html"></iframe><a href="//ads.sina.com.cn/">点击查看广告</a></div>
<!-- article_adlist[1,2,3] -->"""
_ACCOUNT_PROMO = """<div class="finance_kaihu_qr">
<p>股市回暖，抄底炒股先开户！智能定投、条件单任你选</p></div>
<div id="app-kaihu-stock"><a href="//kaihu.sina.com.cn/">立即开户</a></div>
<div class="app-qihuo-kaihu-qr">期货开户扫码</div>"""
_TECH_PROMO = """<style>.tech-quotation{padding:20px}</style>
<div class="tech-quotation clearfix"><span class="tech-quotation-right"></span>
<div class="tech-con"><p>　　新酷产品第一时间免费试玩，下载客户端还能获得专享福利</p></div></div>"""
_PLAYER = """<div class="artical-player-wrap" style="display:block;"><div class="a-p-hd">
<video src="http://edge.ivideo.sina.com.cn/1.mp4"></video><label>自动播放</label></div></div>
<!--mce-plugin-videoList2[{"listPlay":true,"videos":[{"title":"x"}]}]mce-plugin-videoList2-->"""
_EDITOR_NOISE = """<div class="weibo_card">微博热评</div><div class="ggcontent">推广内容</div>
<div class="page-view">阅读 12345</div><div class="creaders">更多阅读</div>
<div class="wap_special"><a href="/zt_d/x/">专题：推荐</a></div>
<div class="video-2017"><video src="//v.sina.cn/1.mp4"></video></div>
<div data-sudaclick="suda_1028_guba">进入股吧讨论</div>
<p class="finance_web_push">新浪财经公众号</p><div class="finance_app_sina">下载APP</div>
<div class="article-notice">本文不构成投资建议</div><div id="left_hzh_ad">合作广告</div>"""
_HIDDEN = '<div style="display:none">隐藏的推广文字</div><p>　　</p><div style="clear:both"></div>'
_TABLE = (
    "<table><tbody><tr><th>项目</th><th>数值</th></tr>"
    "<tr><td>示例甲</td><td>12.5</td></tr></tbody></table>"
)
_TOP = {
    "quote_chart": noise(_QUOTE_CHART),
    "tech_promo": noise(_TECH_PROMO),
    "player": noise(_PLAYER),
    "boilerplate": noise(
        "<p>　　炒股就看金麒麟分析师研报，权威，专业，及时，全面，助您挖掘潜力主题机会！</p>"
    ),
}
_MIDDLE = {
    "inline_ad": noise(_INLINE_AD),
    "hidden": noise(_HIDDEN),
    "editor_noise": noise(_EDITOR_NOISE),
    "table": Block(_TABLE, ("项目", "数值", "示例甲", "12.5")),
    "reference": Block(
        '<blockquote class="fin_reference"><p>　　引述：示例条款原文。</p></blockquote>',
        ("引述：示例条款原文。",),
    ),
    "beyond_gb2312": paragraph("署名人朱镕喆称，合同以€计价。"),
    "captcha_mention": paragraph(
        "多名用户反映登录时需反复输入验证码，提示访问过于频繁，银行称已修复。"
    ),
}
_BOTTOM = {
    "boilerplate": noise(
        "<p>　　新浪声明：此消息系转载自新浪合作媒体，登载此文出于传递更多信息之目的。</p>"
    ),
    "append_qr": noise(_APPEND_QR),
    "account_promo": noise(_ACCOUNT_PROMO),
}
_COMMENT = noise("<p>　　</p><!-- news_keyword_pub,usstock,AMZN -->")


def image_urls(doc: Doc) -> tuple[str, str]:
    """Return the address an image is shown under and its original; equal where not resized."""
    name = f"{doc.published:%Y%m%d}/{doc.code:08x}.jpg"
    if "resized_image" in doc.recipe.traits:
        original = f"//k.sinaimg.cn/n/finance/replica/600/w600h400/{name}"
        return f"{original}/w700d1q75cms.jpg?by=cms_fixed_width", f"https:{original}"
    original = f"//n.sinaimg.cn/finance/replica/{name}"
    return original, f"https:{original}"


def _picture(doc: Doc) -> Block:
    shown, _ = image_urls(doc)
    caption = f"资料图：{doc.story.keywords[2]}" if doc.number % 2 else ""
    markup = (
        f'<div class="img_wrapper"><img src="{shown}" alt="" data-link="" data-mcesrc="{shown}">'
        f'<span class="img_descr">{caption}</span></div>'
    )
    return Block(markup, (caption,) if caption else ())


def _linked(doc: Doc, slot: str, address: str) -> Block:
    """A paragraph with a stock link and its empty quote slot."""
    company = doc.story.company
    rest = sentence(doc.story.dice("linked"))
    link = f'<a href="{address}" class="keyword f_st" target="_blank">{company.name}</a>'
    markup = (
        f'<p>　　据<span id="{slot}">{link}</span><span id="quote_{slot.partition("_")[2]}"></span>'
        f"公告，{escape(rest)}</p>"
    )
    return Block(markup, (f"据{company.name}公告，{rest}",))


def stock_slot(traits: frozenset[str], company: Company) -> str:
    """Return the id of the span around a stock link, empty where the article has none."""
    if "us_stock" in traits:
        return (
            f"usstock_X{company.digits[-3:]}".replace("0", "Q").replace("9", "Z").replace("1", "A")
        )
    return f"stock_{company.symbol}" if "stock_links" in traits else ""


def _emphasis(doc: Doc) -> Block:
    text = sentence(doc.story.dice("emphasis"))
    markup = (
        f'<p>　　<strong>要点：</strong><font cms-style="strong-Bold">{escape(text)}</font></p>'
    )
    return Block(markup, (f"要点：{text}",))


def _middle(doc: Doc) -> list[Block]:
    traits = doc.recipe.traits
    blocks = [block for trait, block in _MIDDLE.items() if trait in traits]
    made: dict[str, Callable[[Doc], Block]] = {
        "image": _picture,
        "resized_image": _picture,
        "emphasis": _emphasis,
    }
    blocks += [make(doc) for trait, make in made.items() if trait in traits]
    if slot := stock_slot(traits, doc.story.company):
        page = f"https://finance.sina.com.cn/realstock/company/{slot}/nc.shtml"
        blocks.append(_linked(doc, slot, page))
    return blocks


def body(doc: Doc, *, credit: str = "") -> list[Block]:
    """Return the body of ``doc``, noise included; ``credit`` is the editor's line as HTML."""
    traits = doc.recipe.traits
    texts = (flash_text(doc),) if doc.is_flash else doc.story.paragraphs
    first, *others = (paragraph(text) for text in texts)
    opening = [noise("<!-- 视频播放器start --><!-- 行情图begin -->")]
    if "original_title" in traits:
        opening.append(noise(f"<p>　　原标题：{escape(doc.story.original_title)}</p>"))
    if "lead_image" in traits:
        opening.append(_picture(doc))
    return [
        *(block for trait, block in _TOP.items() if trait in traits),
        *opening,
        first,
        *_middle(doc),
        *others,
        *((_COMMENT,) if not doc.is_flash else ()),
        *(block for trait, block in _BOTTOM.items() if trait in traits),
        *((noise(credit),) if credit else ()),
    ]


def flash_text(doc: Doc) -> str:
    """Return a flash as 7x24 has it: most have their title in brackets before the text."""
    if not has_title(doc):
        return doc.story.flash
    return f"【{flash_title(doc)}】{doc.story.flash}"


def has_title(doc: Doc) -> bool:
    """Whether the flash has a title in brackets."""
    return doc.story.dice("bracket").below(7) > 0


def flash_title(doc: Doc) -> str:
    """Return the title in brackets; brackets within it would end it."""
    return doc.story.title.replace("【", "「").replace("】", "」")
