"""Article pages of Sina: six generations, where their fields stand, and what is noise.

The dossier (§3) describes them; the order here is that of recognition, the positive
marker first. Preferences for the time: what the editor's system wrote (create_at), what
the page shows, then the metas of feeds, which can lag by hours.
"""

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.article import Template
from newscrawl.extraction.byline import CREDIT_LINES
from newscrawl.extraction.rules import Rule

_DAY = r"\d{4}\s*[-年./]\s*\d{1,2}.*"


def _meta(name: str, pattern: str | None = None, *, called: str = "") -> Rule:
    """Return the rule for a meta element; those of Open Graph are named by ``property``."""
    attribute = "property" if name.startswith(("og:", "article:")) else "name"
    return Rule(f'meta[{attribute}="{name}"]', "content", pattern, called or name)


def _bytedance(name: str) -> Rule:
    """Return the rule for a meta element that is named by either attribute."""
    css = f'meta[name="bytedance:{name}"], meta[property="bytedance:{name}"]'
    return Rule(css, "content", name=name)


_CREATED = (_meta("weibo: article:create_at", called="create_at"),)
_PUBLISHED_METAS = (
    _bytedance("published_time"),
    _meta("article:published_time", called="published_time"),
)
_UPDATED = (
    _meta("weibo: article:update_at"),
    _bytedance("updated_time"),
    _meta("article:modified_time"),
)
_TITLE_METAS = (_meta("og:title"), Rule("title", pattern=r"^\s*([^|]+?)\s*(?:\||_[^_]*_?新浪|$)"))
_MEDIA_METAS = (_meta("mediaid"), _meta("article:author"))
_KEYWORDS = (
    Rule("#article-bottom .keywords a"),
    Rule(".article-keywords a"),
    Rule("#keywords", "data-wbkey", r"^(.+),[^,]*$"),  # the last one is the channel
    _meta("tags"),
    _meta("keywords"),
    Rule('meta[name="Keywords"]', "content"),
)
_SUMMARY = (
    _meta("description", r"^\s*(.+?)(?:(?:\.{3}|…)?_新浪网|[（(]AI生成[）)])?\s*$"),
    _meta("og:description"),
)
_EDITOR = (Rule(".article-editor, .show_author"),)
_STOCK_CODES = (Rule("span[id*=stock_]", "id", r"^(?:us|hk)?stock_(\w+)$"),)
# Pictures under /default/ are the channel's, not the article's.
_LEAD_IMAGE = (_meta("og:image", r"^(?!.*sinaimg\.cn/default/).+$"),)

# Comments that close the publisher's own text; behind them stand QR codes, declarations,
# links to the forum.
_ENDS = ("publish_helper_end", "原始正文end", "^ *news_keyword_pub")


def _template(
    name: str,
    marker: str,
    body: tuple[str, ...],
    *,
    title: tuple[Rule, ...],
    visible: tuple[Rule, ...],
    media: tuple[Rule, ...],
    author: tuple[Rule, ...] = (),
) -> Template:
    """Return a generation of pages: what is its own, and what all have in common."""
    return Template(
        name=name,
        marker=marker,
        body=body,
        title=(*title, *_TITLE_METAS),
        published=(*_CREATED, *visible, *_PUBLISHED_METAS),
        updated=_UPDATED,
        media=(*media, *_MEDIA_METAS),
        author=author,
        editor=_EDITOR,
        summary=_SUMMARY,
        keywords=_KEYWORDS,
        stock_codes=_STOCK_CODES,
        lead_image=_LEAD_IMAGE,
        ends=_ENDS,
    )


_MAIN_TITLE = (Rule("h1.main-title"),)
_DATE_SOURCE = (Rule(".date-source .date", pattern=_DAY, name="visible"),)
_SOURCE = (Rule(".date-source .source"),)
_DATE_AUTHOR = (Rule(".date-source span", pattern=r"^\s*作者\s*[:：]\s*(.+)"),)
_OLD_TITLE = (Rule("#artibodyTitle"),)

TEMPLATES = (
    _template(
        "finance2017",
        "html:has(#artibody) h1.main-title",
        ("#artibody",),
        title=_MAIN_TITLE,
        visible=_DATE_SOURCE,
        media=_SOURCE,
        author=_DATE_AUTHOR,
    ),
    _template(
        "news2017",
        "h1.main-title",
        ("#article", ".article-content .article", "div.article"),
        title=_MAIN_TITLE,
        visible=_DATE_SOURCE,
        media=_SOURCE,
        author=_DATE_AUTHOR,
    ),
    _template(
        "finance2015",
        "html:has(.page-info) #artibodyTitle",
        ("#artibody", "#article"),
        title=_OLD_TITLE,
        visible=(Rule(".page-info .time-source", pattern=_DAY, name="visible", join=" "),),
        media=(
            Rule('.time-source [data-sudaclick="media_name"]'),
            Rule(".time-source", pattern=r"\d{1,2}:\d{2}\s*(\S+)", join=" "),
        ),
        author=(Rule(".page-info", pattern=r"作者\s*[:：]\s*(\S+)", join=" "),),
    ),
    _template(
        "tech2019",
        "html:has(#pub_date) #artibodyTitle[docid]",
        ("#artibody",),
        title=_OLD_TITLE,
        visible=(Rule("#pub_date", name="visible"),),
        media=(Rule("#media_name a"), Rule("#media_name")),
        author=(Rule("#author_ename a"), Rule("#author_ename")),
    ),
    _template(
        "wap",
        "article.art_box",
        ("section.art_pic_card.art_content", ".art_content", ".art_box .art_p"),
        title=(Rule("h1.art_tit_h1"),),
        # The meta has the second, the visible date only the day on older articles.
        visible=(
            *_PUBLISHED_METAS,
            Rule(".weibo_time, .art_time", pattern=_DAY, name="visible", join=" "),
            Rule(".weibo_time_day", name="visible"),
        ),
        media=(Rule("h2.weibo_user"), Rule(".weibo_user")),
    ),
    _template(
        "legacy",
        "#artibodyTitle, html:has(#artibody) h1, html:has(.art_info) h1",
        ("#artibody", "#article", ".article-body", "div.article"),
        title=(
            *_OLD_TITLE,
            Rule("h1:not(#pagelogo):not(.channel-logo):not([class*=logo])"),
        ),
        visible=(
            Rule("#pub_date", name="visible"),
            Rule(".time-source, .art_info", pattern=_DAY, name="visible", join=" "),
            Rule(".artInfo, .from_info", pattern=_DAY, name="visible", join=" "),
        ),
        media=(
            Rule("#media_name a"),
            Rule("#media_name", pattern=r"\S+"),
            Rule(".time-source .source"),
            Rule("#art_source", pattern=r"^\s*(?!https?://)(\S+)"),
        ),
        author=(Rule("#author_ename a"), Rule("#author_ename")),
    ),
)

# Fullmatched against lines at the edges of the body only: inside it they may be news.
_PROMOTION = (
    r"炒股就看.{0,80}",
    r"股市回暖.{0,80}开户.{0,80}",
    r".{0,20}(?:期货|股票)开户.{0,10}(?:安全|快捷).{0,20}",
    r"(?:文章关键词|热点栏目)[:：]?.{0,120}",
    r"海量资讯、精准解读.{0,60}",
    r"[（(]?(?:新浪(?:财经|网|科技)?(?:独家)?|特别|免责)?(?:声明|提示)[:：].{0,400}",
    r"24小时滚动播报最新的财经资讯.{0,120}",
    r".{0,20}(?:扫描|长按|识别).{0,12}二维码.{0,60}",
    r"(?:点击|立即|扫码|安装|登录)?(?:下载)?[“「【]?新浪(?:财经|新闻|科技)?(?:APP|客户端).{0,80}",
    r"进入[【\[]?.{0,4}新浪财经股吧[】\]]?讨论",
    r"欢迎关注.{0,30}(?:微信|微博|订阅号|公众号).{0,40}",
    r"【线索征集令】.{0,200}",
    r".{0,60}(?:黑猫投诉|新浪众测).{0,80}",
    r"意见领袖\s?[丨|｜].{1,40}",
    r"看明星八卦、?查影讯.{0,80}",
)

NOISE = Noise(
    drop=(
        "ins.sinaads",
        ".appendQr_wrap",
        "p.article-editor",
        "p.show_author",
        "[class*=kaihu]",
        "#app-kaihu-stock",
        ".finance_app_sina",
        "p[class^=finance_web]",
        ".tech-quotation",
        ".quotation",
        ".new_style_article",
        ".ct_hqimg",
        ".hqimg_related",
        ".hqimg_wrapper",
        "#left_hzh_ad",
        ".article-notice",
        "div[class^=otherContent]",
        "div[class^=weibo]",
        ".ggcontent",
        ".page-view",
        ".creaders",
        ".wap_special",
        ".video-2017",
        ".artical-player-wrap",
        "[data-sudaclick=suda_1028_guba]",
        "span[id^=quote_]",
        # mobile pages
        "div[sax-type]",
        "[class^=j_native]",
        "#wx_pic",
        # outside the body, and inside it where a page is broken
        ".article-bottom",
        ".article-bottom-tg",
        ".blk-comment",
        ".vip-class",
        ".live-finance-banner-wrap",
        ".app-viplive",
        "#most_read",
        ".blk-wxfollow",
        "#tab_related",
        ".seo_data_list",
    ),
    unwrap=("span[id*=stock_]", "a.keyword", "a.akey", "a.wt_article_link", "font"),
    drop_images=(
        r"image\.sinajs\.cn/newchart",  # quote charts
        r"/cece9e13/20200514/343233024\.png",  # the app's QR code
        r"sinaimg\.cn/[^?]*/deco/",  # decoration of the channels
        r"sinaimg\.cn/home/c\.gif",
    ),
    drop_text=(
        r"进入[【\[].{0,4}新浪财经股吧[】\]]讨论",
        r"海量资讯、精准解读，尽在新浪财经APP",
    ),
    drop_edges=(*CREDIT_LINES, *_PROMOTION),
    # …/x.jpg/w700d1q75cms.jpg?by=cms_fixed_width is x.jpg made to measure
    original_image=(
        (r"^(https?://[\w.]*sinaimg\.cn/.+?)/w\d+d\d+q\d+\w*\.\w{3,4}(?:\?.*)?$", r"\1"),
    ),
    captions=(".img_descr", ".picIntro", ".art_img_tit"),
)
