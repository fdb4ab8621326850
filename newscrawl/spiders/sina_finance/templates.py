"""Article pages of Sina: six generations and where their fields stand.

The dossier (§3) describes them; the order here is that of recognition, the positive
marker first. Preferences for the time: what the editor's system wrote (create_at), what
the page shows, then the metas of feeds, which can lag by hours.
"""

from newscrawl.extraction.article import Template
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


def _weibo(name: str) -> Rule:
    """Return the rule for a meta element of Weibo; the space in its name is Sina's."""
    spellings = (f"weibo: article:{name}", f"weibo:article:{name}")
    css = ", ".join(f'meta[{key}="{each}"]' for key in ("name", "property") for each in spellings)
    return Rule(css, "content", name=name)


_CREATED = (_weibo("create_at"),)
_PUBLISHED_METAS = (
    _bytedance("published_time"),
    _meta("article:published_time", called="published_time"),
    _bytedance("lrDate_time"),
)
_UPDATED = (
    _weibo("update_at"),
    _bytedance("updated_time"),
    _meta("article:modified_time"),
)
_TITLE_METAS = (_meta("og:title"), Rule("title", pattern=r"^\s*([^|]+?)\s*(?:\||_[^_]*_?新浪|$)"))
_MEDIA_METAS = (_meta("mediaid"), _meta("article:author"))
_KEYWORDS = (
    Rule(".keywords a", within="#article-bottom"),
    Rule("a", within=".article-keywords"),
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

# The number of the page in the publishing system, for pages whose address is not known.
PUBLISH_ID = (
    _meta("publishid"),
    _meta("comment", r"comos-([a-z0-9]{13,16})$"),
    _meta("sudameta", r"dataid:comos:([a-z0-9]{13,16})"),
    Rule('link[rel="alternate"]', "href", r"/doc-i([a-z0-9]{13,16})\."),
    Rule(
        'meta[name="mobile-agent"], meta[http-equiv="mobile-agent"]',
        "content",
        r"/detail-i([a-z0-9]{13,16})\.",
    ),
    Rule("#artibodyTitle", "docid", r"^i?([a-z]{7}\d{6,7})$"),
)

# Comments that close the publisher's own text; behind them stand QR codes, declarations,
# links to the forum.
_ENDS = ("publish_helper_end", "原始正文end", "^ *news_keyword_pub")


def _template(
    name: str,
    marker: str,
    body: tuple[str, ...],
    *,
    beside: str = "",
    title: tuple[Rule, ...],
    visible: tuple[Rule, ...],
    media: tuple[Rule, ...],
    author: tuple[Rule, ...] = (),
) -> Template:
    """Return a generation of pages: what is its own, and what all have in common."""
    return Template(
        name=name,
        marker=marker,
        beside=beside,
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
_DATE_SOURCE = (
    Rule(".date", pattern=_DAY, name="visible", within=".date-source"),
    Rule(".date-source", pattern=_DAY, name="visible", join=" "),
)
_SOURCE = (Rule(".source", within=".date-source"),)
_DATE_AUTHOR = (
    Rule("span", pattern=r"^\s*作者\s*[:：]\s*(.+)", within=".date-source"),
    Rule(".author", within=".date-source"),
)
_OLD_TITLE = (Rule("#artibodyTitle"),)
# Under the headline, in whatever element: [address] 2005年12月19日 01:24 outlet
_OLD_DAY = r"\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s{0,4}\d{1,2}:\d{2}"
_OLD_LINE = rf"^\s{{0,40}}(?:https?://\S{{4,60}}\s{{1,9}})?({_OLD_DAY})[^。，]{{0,80}}$"
_OLD_LINE_MEDIA = (
    rf"^[^年]{{0,120}}{_OLD_DAY}\s{{1,9}}(?!作者|字号|评论)([^\s。，]{{2,30}})"
    r"[^。，]{0,60}$"
)
_OLD_LINES = "td, div, p, span, font"

TEMPLATES = (
    _template(
        "finance2017",
        "h1.main-title",
        ("#artibody",),
        beside="#artibody",
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
        "#artibodyTitle",
        ("#artibody", "#article"),
        beside=".page-info",
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
        "#artibodyTitle[docid]",
        ("#artibody",),
        beside="#pub_date",
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
            # 今天 and 05-16 would be read by the clock of whoever saved the page: not believed.
            Rule(".weibo_time, .art_time", pattern=_DAY, name="visible", join=" "),
        ),
        media=(Rule("h2.weibo_user"), Rule(".weibo_user"), Rule(".art_time cite")),
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
            Rule(".artInfo, .from_info, .titer", pattern=_DAY, name="visible", join=" "),
            Rule("#art_source", pattern=_DAY, name="visible"),
            Rule(_OLD_LINES, pattern=_OLD_LINE, name="visible", join=" "),
        ),
        media=(
            Rule("#media_name a"),
            Rule("#media_name", pattern=r"\S+"),
            Rule(".time-source .source, .titer ~ .source"),
            Rule("#art_source", pattern=r"^\s*(?!https?://)(\S+)"),
            Rule("#art_source, .time-source", pattern=r"\d{1,2}:\d{2}\s*(\S+)", join=" "),
            Rule(_OLD_LINES, pattern=_OLD_LINE_MEDIA, join=" "),
        ),
        author=(Rule("#author_ename a"), Rule("#author_ename")),
    ),
)
