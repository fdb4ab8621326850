"""What Sina puts into and around its article bodies besides the article (dossier §3.3)."""

from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.byline import CREDIT_LINES, ORIGINAL_TITLE

# Fullmatched against lines at the edges of the body only: inside it they may be news.
_PROMOTION = (
    r"炒股就看.{0,80}",
    r"股市回暖.{0,80}开户.{0,80}",
    r".{0,20}(?:期货|股票)开户.{0,10}(?:安全|快捷).{0,20}",
    r"(?:文章关键词|热点栏目)[:：]?.{0,120}",
    r"(?:\s?(?:自选股|数据中心|行情中心|资金流向|千股千评|个股诊断|最新评级|模拟交易|客户端)){1,9}",
    r"海量资讯、精准解读.{0,60}",
    r"(?:安装|下载|登录)新浪(?:财经|新闻)?客户端.{0,80}",
    r"本栏目所有文章.{0,300}",
    r"新浪军事\s?[:：].{0,60}",
    r"[（(【]?(?:新浪(?:财经|网|科技)?(?:独家)?|免责)(?:声明|提示)】?\s?[:：】].{0,400}",
    r"[（(【]?(?:特别|郑重|版权)声明】?\s?[:：】]"
    r".{0,200}?(?:新浪|本网|本站|转载|版权|投资建议|立场|观点).{0,200}",
    r"[（(【]?[^。]{0,60}(?:不代表新浪|与新浪\S{0,6}无关).{0,80}",
    r"24小时滚动播报最新的财经资讯.{0,120}",
    r".{0,20}(?:长按|识别|扫描(?:[上下左右文]|以下)).{0,12}二维码.{0,60}",
    r"[^。]{0,20}扫描[^。]{0,12}二维码[^。]{0,60}",
    r"[^。]{0,20}扫码[^。]{0,12}(?:下载|关注|进群|加入)[^。]{0,40}",
    r"(?:点击|立即|扫码|安装|登录)?(?:下载)?[“「【]?新浪(?:财经|新闻|科技)?(?i:APP|客户端)[^。]{0,80}",
    r"[^。]{0,30}(?:打开|下载|安装|登录)[^。]{0,10}(?i:APP|客户端)[^。]{0,20}",
    r"进入[【\[]?.{0,4}新浪财经股吧[】\]]?讨论",
    r"欢迎关注.{0,30}(?:微信|微博|订阅号|公众号).{0,40}",
    r"[（(]?(?:搜索)?关注[^。]{0,30}(?:微信|微博|订阅号|公众号)[^。]{0,40}",
    r"[^。]{0,12}微信扫一扫[^。]{0,40}",
    r"微信(?:公众)?号\s?[:：].{1,40}",
    r"【线索征集令】.{0,200}",
    r".{0,20}(?:投诉不知门|维权|我要投诉).{0,20}黑猫投诉[^。]{0,60}",
    r"【?黑猫投诉】?[^。]{0,20}",
    r".{0,60}新浪众测.{0,80}",
    r"[（(]?意见领袖(?:\s?[丨|｜].{1,40}|专栏[）)]?)",
    r"(?:点击)?(?:进入|查看|专题)?专题\s?[:：>》].{1,60}",
    r"(?:点击)?(?:展开全文|阅读全文|查看全文|查看更多|返回.{0,6}首页).{0,6}",
    r"(?:\s?[\[【(（]?(?:我来说两句|发表评论|我要评论|评论|打印|推荐|收藏|关闭窗口?)[\]】)）]?){1,6}",
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
        # advertisements and players of others
        "iframe",
        "ins[class*=ads]",
        "[id^=ad_]",
        ".art_img_mini_img .num",
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
        ORIGINAL_TITLE,
        # the pages of an old article: [上一页] [1] [2] [下一页]; by its first character most
        # lines are told from it at once
        r"(?=[\[【上前后下首末尾全\d])(?=.{0,80}[上前后下]一页)"
        r"(?:[\[【]?(?:[上前后下]一页|首页|末页|尾页|全文|\d{1,2}(?!\d))[\]】]?\s?){1,16}",
    ),
    drop_edges=(*CREDIT_LINES, *_PROMOTION),
    # …/x.jpg/w700d1q75cms.jpg?by=cms_fixed_width is x.jpg made to measure
    original_image=(
        (r"^(https?://[\w.]*sinaimg\.cn/.+?)/w\d+d\d+q\d+\w*\.\w{3,4}(?:\?.*)?$", r"\1"),
    ),
    captions=(".img_descr", ".picIntro", ".art_img_tit"),
)
